"""commlms: learning management for community education, with figures that can be defended.

    import commlms
    lms = commlms.LMS("city.db")
    lms.import_file("ledger", "台账.xlsx", under="510402")
    for policy, judgement in lms.judge(as_of=date(2022, 12, 31)):
        print(policy.label.zh, judgement.verdict)
"""

from commlms.core.curricula import Audience, Category, Curriculum, curriculum_from_toml
from commlms.core.days import Period
from commlms.core.engines import Engine, ParquetTable
from commlms.core.errors import (
    CommLMSError,
    DeclarationError,
    FileRefused,
    LakeError,
    PluginError,
    PolicyError,
    RowsRefused,
    StoreError,
    UndoRefused,
    UnknownName,
)
from commlms.core.events import WriteEvent
from commlms.core.expressions import (
    age,
    audience,
    category,
    form,
    has,
    home_area,
    home_kind,
    hukou,
    minutes,
    mode,
    occupation,
    program,
    sessions,
    sex,
    standing,
    this,
)
from commlms.core.labels import Label
from commlms.core.learners import Learner, Standing
from commlms.core.metrics import UNNAMED, Hosted, Metric, Places, Population, Residents, Rows, StandingGroup, Total, population_metrics
from commlms.core.outcomes import Outcome
from commlms.core.places import Institution, Place
from commlms.core.places import Residents as ResidentsRecord
from commlms.core.policies import Policy, Target, policy_from_toml
from commlms.core.problems import Objection, Problem
from commlms.core.programs import Course, Headcount, Offering, Participation, Session
from commlms.core.records import (
    birth,
    choice,
    choice_of,
    clock,
    day,
    duration,
    flag,
    full_name,
    heading,
    hundredths,
    identifier,
    number,
    people,
    record,
    ref,
    text,
)
from commlms.hookspecs import API_VERSION, hookimpl
from commlms.host import Host, find_plugins
from commlms.lake.publish import Publication, publish
from commlms.lms import LMS, check_policy, open_lake
from commlms.store.journal import Actor
from commlms.store.keys import LakeKey, OfficeKey
from commlms.store.sheets import write_table

__version__ = "0.1.0"

__all__ = [
    "API_VERSION", "LMS", "UNNAMED", "Actor", "Audience", "Category", "CommLMSError", "Course", "Curriculum", "DeclarationError",
    "Engine", "FileRefused", "Headcount", "Host", "Hosted", "Institution", "Label", "LakeError", "LakeKey", "Learner", "Metric",
    "Objection", "Offering", "OfficeKey", "Outcome", "ParquetTable", "Participation", "Period", "Place", "Places", "PluginError",
    "Policy", "PolicyError", "Population", "Problem", "Publication", "Residents", "ResidentsRecord", "Rows", "RowsRefused",
    "Session", "Standing", "StandingGroup", "StoreError", "Target", "Total", "UndoRefused", "UnknownName", "WriteEvent",
    "__version__", "age", "audience", "birth", "category", "check_policy", "choice", "choice_of", "clock", "curriculum_from_toml",
    "day", "duration", "find_plugins", "flag", "form", "full_name", "has", "heading", "home_area", "home_kind", "hookimpl",
    "hukou", "hundredths", "identifier", "minutes", "mode", "number", "occupation", "open_lake", "people", "policy_from_toml",
    "population_metrics", "program", "publish", "record", "ref", "sessions", "sex", "standing", "text", "this", "write_table",
]
