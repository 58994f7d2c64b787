"""Which plugins there are, known without importing any: name, package, hooks and API version, and who is left out.

It stands apart from the host so that listing the plugins loads nothing that is declared in the core.
"""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import os
from collections.abc import Iterable
from pathlib import Path

import attrs

from commlms import hookspecs
from commlms.core.errors import UnknownName
from commlms.core.labels import Label

GROUP = "commlms"
#: What counts as the failure of a plugin. ``sys.exit`` in one must not end a command in silence.
FAILS = (Exception, SystemExit)


@attrs.frozen
class FoundPlugin:
    """A plugin that could be loaded, known without importing it.

    ``rival``: an installed package has a plugin of this name too. ``unread``: why its source could not be read.
    """

    name: str
    distribution: str
    version: str
    module: str
    path: Path | None
    api: int | None
    hooks: tuple[str, ...]
    excluded: bool = False
    rival: str = ""
    unread: Label | None = None

    def trouble(self) -> Label | None:
        """Why it cannot be loaded, as far as can be told without importing it."""
        if self.rival:
            return Label(
                f"插件目录中的「{self.name}」与已安装的 {self.rival} 同名；请给它换个名字，或用 --without {self.name} 都去掉",
                f"{self.name} in the plugins folder has the name of a plugin of {self.rival}; give it another name, "
                f"or leave both out with --without {self.name}",
            )
        ours = hookspecs.API_VERSION
        if self.unread is None and self.api is None:
            return Label(f"缺少 COMMLMS_API：请加上 COMMLMS_API = {ours}", f"COMMLMS_API is missing: add COMMLMS_API = {ours}")
        if self.unread is None and self.api != ours:
            return Label(
                f"它按接口版本 {self.api} 编写，这里是 {ours}；请安装与本版 commlms 相配的插件版本",
                f"it was written for hook API {self.api}, this is {ours}; install the release that fits this commlms",
            )
        return self.unread


def excluded_names(without: Iterable[str] = ()) -> set[str]:
    """The plugins left out: those given, and those in the variable ``COMMLMS_WITHOUT``."""
    variable = os.environ.get("COMMLMS_WITHOUT", "")
    return {*without, *filter(None, (n.strip() for n in variable.split(",")))}


def find_plugins(without: Iterable[str] = (), plugins_dir: Path | None = None) -> list[FoundPlugin]:
    """Every plugin there is, by name: entry points of the group ``commlms``, and packages in ``plugins_dir``.

    Nothing is imported: hooks and API version are read from the plugin's source as syntax. The
    variable ``COMMLMS_PLUGINS``, where set, is the deployment's list: others are excluded. A name in
    ``without`` that no plugin has is refused; a variable may name what is not installed everywhere.
    """
    without = set(without)
    left_out = excluded_names(without)
    allowed = os.environ.get("COMMLMS_PLUGINS")
    only = None if allowed is None else {n.strip() for n in allowed.split(",")}
    found: dict[str, FoundPlugin] = {}
    for entry in importlib.metadata.entry_points(group=GROUP):
        dist = entry.dist
        path = _source_of(entry.module)
        found[entry.name] = _found(entry.name, dist.name if dist else "?", dist.version if dist else "?", entry.module, path)
    for path in sorted(plugins_dir.iterdir()) if plugins_dir else ():
        source = path / "__init__.py" if path.is_dir() else path
        module = path.stem
        if source.suffix == ".py" and source.is_file() and module.startswith("commlms_"):
            name = module.removeprefix("commlms_")
            rival = found[name].distribution if name in found else ""
            found[name] = attrs.evolve(_found(name, path.name, "local", module, source), rival=rival)
    if unknown := sorted(without - set(found)):
        known = ", ".join(sorted(found))
        raise UnknownName(
            what=Label("插件", "plugin"), name=", ".join(unknown), hint=Label(f"现有的插件：{known}", f"The plugins are: {known}")
        )
    return [
        attrs.evolve(p, excluded=p.name in left_out or (only is not None and p.name not in only))
        for _, p in sorted(found.items())
    ]


def _source_of(module: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(module)
    except FAILS:  # the package around it is imported to find it
        return None
    return Path(spec.origin) if spec and spec.origin else None


def _found(name: str, distribution: str, version: str, module: str, path: Path | None) -> FoundPlugin:
    found = FoundPlugin(name, distribution, version, module, path, None, ())
    if path is None:
        return attrs.evolve(found, unread=Label(f"找不到模块 {module}；请重新安装它", f"there is no module {module}; install it again"))
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError as error:
        return attrs.evolve(found, unread=Label(
            f"{path.name} 第 {error.lineno} 行有语法错误", f"syntax error in {path.name}, line {error.lineno}"))
    except (OSError, ValueError) as error:
        return attrs.evolve(found, unread=Label(f"读不了 {path.name}：{error}", f"{path.name} cannot be read: {error}"))
    return attrs.evolve(found, api=_api_in(tree), hooks=tuple(
        s.name for s in tree.body if isinstance(s, ast.FunctionDef) and any(_is_hookimpl(d) for d in s.decorator_list)
    ))


def _api_in(tree: ast.Module) -> int | None:
    """The API version that a plugin's source names."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Constant):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if "COMMLMS_API" in (t.id for t in targets if isinstance(t, ast.Name)) and isinstance(statement.value.value, int):
                return statement.value.value
    return None


def _is_hookimpl(decorator: ast.expr) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")) == "hookimpl"
