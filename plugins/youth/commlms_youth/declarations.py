"""What the plugin declares: a register, the populations, the curriculum, the figures."""

import datetime as dt
from pathlib import Path

from commlms import (
    Metric,
    Places,
    Population,
    Rows,
    Total,
    age,
    choice,
    choice_of,
    curriculum_from_toml,
    day,
    has,
    population_metrics,
    program,
    record,
    ref,
    sessions,
    this,
)

#: The program that a session of the 430 school names.
PROGRAM = "430学堂"


@record("youth.enrolment", zh="430学堂报名", en="430 school enrolment", identity=("learner", "institution", "since"))
class Enrolment:
    """A child enrolled in a 430 school from a day on, and how it goes home."""

    learner: str = ref("learner", "学员", "learner", aliases=("学员编号",))
    institution: str = ref("institution", "学堂", "430 school", aliases=("机构", "学堂名称"))
    since: dt.date = day("入学日期", "since", aliases=("起始日期",))
    until: dt.date | None = day("离开日期", "until", default=None, future=True)
    goes_home: str = choice(
        "离校方式", "goes home", choice_of("collected", "家长接", "collected"), choice_of("alone", "自行回家", "alone"),
        default="collected", tier="sensitive",
    )


MINORS = Population("minors", "未成年人", "minors", age < 18, aliases=("青少年", "少年儿童", "儿童"))
AFTER_SCHOOL = Population("after_school", "430学堂学员", "children in a 430 school", (age < 18) & has(Enrolment))
CURRICULUM = curriculum_from_toml(Path(__file__).with_name("curriculum.toml"))

_HELD = Rows("session", where=this.program.is_(PROGRAM), day="on", distinct=("institution", "on"))

METRICS = (
    *population_metrics("youth", MINORS, residents="minors", audience=("minors", "pupils", "primary_pupils")),
    *population_metrics("youth", AFTER_SCHOOL, name="after_school"),
    Metric("youth.school430_days", "430学堂开放天数", "days of the 430 school", _HELD, unit="day"),
    Metric(
        "youth.school430_villages",
        "430学堂覆盖村（社区）",
        "villages with a 430 school",
        Places("village", _HELD.at_least(1)),
        Places("village"),
        unit="place",
    ),
    Metric(
        "youth.enrolled",
        "430学堂在册学员",
        "children enrolled in a 430 school",
        Rows("youth.enrolment"),
        unit="row",
        population="after_school",
    ),
    Metric(
        "youth.school430_reach",
        "参加430学堂的未成年人",
        "minors who came to a 430 school",
        Total(where=sessions(program.is_(PROGRAM)) >= 1, among=MINORS),
        Total(among=MINORS),
        population="minors",
    ),
)
