"""The plugin host: loads, lists and isolates the plugins that ``finding`` found. A typed face over pluggy; one per LMS.

What is left out is decided before anything is imported. A plugin that fails is a value, a
:class:`PluginFailure`; the default is to stop with one sentence that names it and how to leave it out.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import attrs
import pluggy

from commlms import hookspecs
from commlms.core.curricula import Curriculum
from commlms.core.declared import check_metric
from commlms.core.demos import Demo, DemoFile
from commlms.core.engines import Engine
from commlms.core.errors import CommLMSError, PluginError
from commlms.core.events import WriteEvent
from commlms.core.labels import Label
from commlms.core.metrics import Metric, Population, StandingGroup
from commlms.core.pack_extends import with_bases
from commlms.core.policies import Policy, with_repeals
from commlms.core.problems import Objection
from commlms.core.records import Record, record_of
from commlms.core.registry import CORE, Registry
from commlms.finding import FAILS, FoundPlugin, find_plugins

Stage = Literal["find", "import", "register", "migrate", "hook"]


@attrs.frozen
class PluginFailure:
    """What went wrong with one plugin, where, and in whose package."""

    name: str
    distribution: str
    version: str
    stage: Stage
    exception: BaseException = attrs.field(eq=False)

    def label(self) -> Label:
        """One screen: which plugin, whose package, what happened, which command leaves it out."""
        detail = f"{type(self.exception).__name__}: {self.exception}"
        if isinstance(self.exception, CommLMSError):
            zh, en = self.exception.say("zh"), self.exception.say("en")
        else:
            zh = en = detail
        stages = {"find": "查找", "import": "导入", "register": "登记", "migrate": "建表", "hook": "调用"}
        return Label(
            f"插件「{self.name}」（{self.distribution} {self.version}）在{stages[self.stage]}时出错：\n  {zh}\n"
            f"去掉它再运行：commlms --without {self.name} …\n查看全部插件：commlms plugins",
            f"plugin {self.name} ({self.distribution} {self.version}) failed at stage {self.stage}:\n  {en}\n"
            f"leave it out: commlms --without {self.name} ...\nlist all plugins: commlms plugins",
        )


class Host:
    """The plugins of one LMS, loaded, with everything they declare in ``registry``."""

    def __init__(
        self, without: Iterable[str] = (), plugins_dir: Path | str | None = None, modules: Mapping[str, Any] | None = None,
        isolate: bool = False,
    ) -> None:
        """Load what is found and not left out.

        ``modules`` are further plugins given as objects, by name. With ``isolate`` failures are kept
        in ``failures`` and the others go on; without it the first raises :class:`PluginError`.
        """
        self.manager = pluggy.PluginManager("commlms")
        self.manager.add_hookspecs(hookspecs)
        self.registry = Registry.of_core()
        self.failures: list[PluginFailure] = []
        self.reports: list[PluginFailure] = []
        self.isolate = isolate
        self.found = find_plugins(without, Path(plugins_dir) if plugins_dir else None)
        for plugin in self.found:
            if not plugin.excluded:
                self._attempt(plugin, lambda plugin=plugin: _import(plugin))  # type: ignore[misc]  # bound per loop
        for name, module in (modules or {}).items():
            plugin = FoundPlugin(name, "given", "-", getattr(module, "__name__", name), None, getattr(module, "COMMLMS_API", None), ())
            self.found.append(plugin)
            self._attempt(plugin, lambda module=module: module)  # type: ignore[misc]  # bound per loop
        self._collect()

    @property
    def names(self) -> set[str]:
        """The names of the loaded plugins."""
        return {name for name, _ in self.manager.list_name_plugin()}

    def _attempt(self, plugin: FoundPlugin, load: Callable[[], Any]) -> None:
        stage: Stage = "find"
        try:
            _check_found(plugin)
            stage = "import"
            module = load()
            stage = "register"
            self.manager.register(module, name=plugin.name)
            try:
                self.manager.check_pending()
            except FAILS:
                self.manager.unregister(module)
                raise
        except FAILS as error:
            self._failed(plugin, stage, error)

    def _failed(self, plugin: FoundPlugin, stage: Stage, error: BaseException) -> None:
        failure = PluginFailure(plugin.name, plugin.distribution, plugin.version, stage, error)
        self.failures.append(failure)
        if not self.isolate:
            raise PluginError(failure.label()) from error

    def fail(self, name: str, stage: Stage, error: BaseException) -> None:
        """Record the failure of a plugin by name; raises unless isolating."""
        plugin = next((p for p in self.found if p.name == name), FoundPlugin(name, "?", "?", name, None, None, ()))
        self._failed(plugin, stage, error)

    def _collect(self) -> None:
        registry = self.registry
        for hook, take in (
            ("register_records", self._take_records), ("register_populations", self._take_populations),
            ("register_curricula", lambda p, items: registry.add(p, "curriculum", registry.curricula, ((c.key, c) for c in items))),
            ("register_metrics", self._take_metrics),
            ("register_policies", lambda p, items: registry.add(p, "policy", registry.policies, ((x.key, x) for x in items))),
            ("register_demos", lambda p, items: registry.add(p, "demo", registry.demos, ((x.key, x) for x in items))),
        ):
            for implementation in getattr(self.manager.hook, hook).get_hookimpls():
                name = implementation.plugin_name
                try:
                    take(name, implementation.function() or ())
                except FAILS as error:
                    self.fail(name, "register", error)
        for key, metric in tuple(registry.metrics.items()):
            try:
                check_metric(metric, registry.records)
            except CommLMSError as error:
                del registry.metrics[key]
                self.fail(registry.owner[f"metric:{key}"], "register", error)
        self._complete_policies()

    def _complete_policies(self) -> None:
        """Documents that extend another take over what it has; documents that another ends get their last day."""
        policies = self.registry.policies
        found, failed = with_bases(policies)
        for key, error in failed.items():
            del policies[key]
            self.fail(self.registry.owner.pop(f"policy:{key}"), "register", error)
        policies.update(with_repeals(found))

    def _take_records(self, plugin: str, classes: Sequence[type]) -> None:
        records = [record_of(c) for c in classes]
        _check_names(plugin, [r.key for r in records])
        for r in records:
            _check_references(plugin, r)
        self.registry.add(plugin, "record", self.registry.records, ((r.key, r) for r in records))

    def _take_populations(self, plugin: str, items: Sequence[Population | StandingGroup]) -> None:
        registry = self.registry
        registry.add(plugin, "population", registry.populations, ((p.key, p) for p in items if isinstance(p, Population)))
        registry.add(plugin, "standing", registry.standings, ((g.key, g) for g in items if isinstance(g, StandingGroup)))

    def _take_metrics(self, plugin: str, items: Sequence[Metric]) -> None:
        _check_names(plugin, [m.key for m in items])
        self.registry.add(plugin, "metric", self.registry.metrics, ((m.key, m) for m in items))

    # -- hooks, each with its law --------------------------------------------------------------

    def check_rows(self, record: Record, rows: Iterable[Mapping[str, Any]]) -> list[Objection]:
        """Every plugin is asked; an exception counts as an objection to every row."""
        objections: list[Objection] = []
        for implementation in self.manager.hook.check_rows.get_hookimpls():
            try:
                objections += self._call(implementation, record=record.key, rows=rows) or ()
            except FAILS as error:
                name = implementation.plugin_name
                self.report(name, error)
                objections += [
                    Objection(int(r["line"]), "", f"插件 {name} 检查时出错，未写入", f"plugin {name} failed while checking; not written")
                    for r in rows
                ]
        return objections

    def provide_audience(self, words: str) -> str | None:
        """The first plugin's answer. An error is raised with the plugin's name."""
        answer = self._first("provide_audience", words=words)
        return None if answer is None else str(answer)

    def provide_engine(self, name: str, options: Mapping[str, str]) -> Engine | None:
        """The first plugin's engine of a name. An error is raised with the plugin's name."""
        engine: Engine | None = self._first("provide_engine", name=name, options=options)
        return engine

    def write_demo(self, demo: Demo, folder: Path) -> Sequence[DemoFile]:
        """The files of a demo, written below a folder. An error is raised with the plugin's name."""
        try:
            return demo.files(folder)
        except FAILS as error:
            raise PluginError(self._failure(self.registry.owner[f"demo:{demo.key}"], error).label()) from error

    def _first(self, hook: str, **values: Any) -> Any:
        """The first answer to a hook that is not None; None if there is none."""
        for implementation in reversed(getattr(self.manager.hook, hook).get_hookimpls()):
            try:
                answer = self._call(implementation, **values)
            except FAILS as error:
                raise PluginError(self._failure(implementation.plugin_name, error).label()) from error
            if answer is not None:
                return answer
        return None

    def after_write(self, event: WriteEvent) -> None:
        """Every plugin is told, each alone: an exception is kept in ``reports`` and undoes nothing."""
        for implementation in reversed(self.manager.hook.after_write.get_hookimpls()):
            try:
                self._call(implementation, event=event)
            except FAILS as error:
                self.report(implementation.plugin_name, error)

    def _call(self, implementation: Any, **values: Any) -> Any:
        return implementation.function(*(values[name] for name in implementation.argnames))

    def _failure(self, name: str, error: BaseException) -> PluginFailure:
        plugin = next((p for p in self.found if p.name == name), None)
        return PluginFailure(name, plugin.distribution if plugin else "?", plugin.version if plugin else "?", "hook", error)

    def report(self, name: str, error: BaseException) -> None:
        """Keep the failure of a hook for whoever asks."""
        self.reports.append(self._failure(name, error))

    def owners(self) -> dict[str, list[Record]]:
        """The records of the core and of each loaded plugin."""
        return self.registry.by_plugin("record", self.registry.records)

    def metrics_by_plugin(self) -> dict[str, list[Metric]]:
        """The metrics of the core and of each loaded plugin, those without any included."""
        return {name: [] for name in self.names} | self.registry.by_plugin("metric", self.registry.metrics)

    def curricula(self) -> Mapping[str, Curriculum]:
        """The curricula of the loaded plugins."""
        return self.registry.curricula

    def policies(self) -> Mapping[str, Policy]:
        """The rule packs of the loaded plugins."""
        return self.registry.policies


def _check_found(plugin: FoundPlugin) -> None:
    if trouble := plugin.trouble():
        raise PluginError(trouble)


def _check_names(plugin: str, keys: Iterable[str]) -> None:
    for key in keys:
        if not key.startswith(f"{plugin}."):
            raise PluginError(
                Label("键「{key}」应以「{plugin}.」开头", "the key {key} must begin with {plugin}."), key=key, plugin=plugin
            )


def _check_references(plugin: str, record: Record) -> None:
    for f in record.fields:
        if f.target and "." in f.target and not f.target.startswith(f"{plugin}."):
            raise PluginError(
                Label("「{key}」引用了另一个插件的登记「{target}」；插件之间没有外键",
                      "{key} refers to another plugin's record {target}; there are no foreign keys between plugins"),
                key=record.key, target=f.target,
            )


def _import(plugin: FoundPlugin) -> ModuleType:
    if plugin.version != "local" or plugin.path is None:
        return importlib.import_module(plugin.module)
    if plugin.module in sys.modules:
        return sys.modules[plugin.module]
    spec = importlib.util.spec_from_file_location(
        plugin.module, plugin.path, submodule_search_locations=[str(plugin.path.parent)] if plugin.path.name == "__init__.py" else None
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[plugin.module] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(plugin.module, None)
        raise
    return module


__all__ = ["CORE", "FAILS", "FoundPlugin", "Host", "PluginFailure", "find_plugins"]
