"""The attendance list (签到): who came to what, people and session both told as the paper tells them.

One row names a person and the session; the session's columns may be the same in every row (a sign-in sheet has them in
its title).
"""

from __future__ import annotations

import attrs

from commlms.core.kinds import KINDS
from commlms.core.labels import Label
from commlms.core.learners import Learner
from commlms.core.programs import Participation, Session
from commlms.core.records import Field, Record, record_of

_SESSION, _LEARNER = record_of(Session), record_of(Learner)
#: The fields of a session that an attendance list can tell. Its own minutes are the session's; ``attended`` the person's.
_OF_SESSION = (
    "code", "institution", "on", "start", "theme", "minutes", "place", "venue", "category", "form", "mode", "program", "audience",
)
_OF_LEARNER = ("name", "sex", "born", "id_number", "home")


def _attended() -> Field:
    return attrs.evolve(record_of(Participation).field("minutes"), name="attended", aliases=("参与分钟", "参加时长", "个人时长"))


#: A session's fields, those a learner is found by, and how long they stayed.
ATTENDANCE: Record = Record(
    "attendance", Label("签到", "attendance"),
    (
        *(attrs.evolve(_SESSION.field(n), required=False) if n == "institution" else _SESSION.field(n) for n in _OF_SESSION),
        attrs.evolve(_LEARNER.field("code"), name="learner_code"),
        *(attrs.evolve(_LEARNER.field(n), dated=False) for n in _OF_LEARNER),
        Field("phone", Label("电话", "phone"), KINDS["text"], required=False, tier="personal",
              aliases=("联系电话", "手机", "手机号", "手机号码", "联系方式")),
        _attended(),
    ),
    identity=("institution", "on", "theme", "name"), bulk=True,
)
