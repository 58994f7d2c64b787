"""commlms: learning management for community education, with figures that can be defended.

    import commlms
    lms = commlms.LMS("city.db")
    lms.import_file("ledger", "台账.xlsx", under="510402")
    for policy, judgement in lms.judge(as_of=date(2022, 12, 31)):
        print(policy.label.zh, judgement.verdict)
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

#: Every public name, after the module it is in. The module is imported when the name is first used, so that `import commlms` costs
#: nothing and a command starts at once; type checkers read the same names from __init__.pyi.
_PUBLIC = {
    "core.curricula": "Audience Category Curriculum curriculum_from_toml",
    "core.days": "Period",
    "core.demos": "Demo DemoFile",
    "core.engines": "Engine ParquetTable",
    "core.errors": (
        "CommLMSError DeclarationError FileRefused LakeError PluginError PolicyError RowsRefused StoreError UndoRefused UnknownName"
    ),
    "core.events": "WriteEvent",
    "core.expressions": (
        "age audience category form has home_area home_kind hukou minutes mode occupation program sessions sex standing this"
    ),
    "core.labels": "Label",
    "core.learners": "Learner Standing",
    "core.metrics": "Hosted Levels Metric Places Population Residents Rows StandingGroup Total UNNAMED population_metrics",
    "core.outcomes": "Outcome",
    "core.places": "Institution Place ResidentsRecord",
    "core.policies": "Policy Target policy_from_toml",
    "core.problems": "Objection Problem",
    "core.programs": "Course Headcount Offering Participation Session",
    "core.records": (
        "birth choice choice_of clock day duration flag floor_area full_name heading hundredths identifier money number people period "
        "record ref text"
    ),
    "hookspecs": "API_VERSION hookimpl",
    "host": "Host find_plugins",
    "ingest.deliveries": "Fate Plan",
    "ingest.doubles": "Double",
    "ingest.received": "Received",
    "ingest.review": "Case",
    "ingest.taking": "Offer Refusal TakeOptions",
    "lake.publish": "Publication publish",
    "lms": "LMS",
    "office": "Office",
    "opening": "check_policy open_lake",
    "report.fill": "Filled",
    "store.archive": "Archive KeptFile",
    "store.journal": "Actor",
    "store.keys": "LakeKey OfficeKey",
    "store.search": "Match",
    "store.sheets": "write_table",
}
_MODULES = {name: module for module, names in _PUBLIC.items() for name in names.split()}

__all__ = sorted([*_MODULES, "__version__"])


def __getattr__(name: str) -> Any:
    """A public name, brought from its module and kept."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return found


def __dir__() -> list[str]:
    """The public names, for completion."""
    return __all__
