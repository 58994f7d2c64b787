"""What the plugin declares: a register, groups, populations, the curriculum, the figures."""

import datetime as dt
from pathlib import Path

from commlms import (
    Metric,
    Population,
    StandingGroup,
    Total,
    age,
    category,
    choice,
    choice_of,
    curriculum_from_toml,
    day,
    form,
    has,
    home_area,
    identifier,
    minutes,
    population_metrics,
    record,
    ref,
    sessions,
    sex,
    standing,
)


@record("farmers.certificate", zh="职业农民证书", en="farmer's certificate", identity=("learner", "grade", "since"))
class Certificate:
    """A certificate of a new-type professional farmer, in force from a day until it ends."""

    learner: str = ref("learner", "学员", "learner", aliases=("学员编号",))
    grade: str = choice(
        "等级", "grade", choice_of("初级", "初级", "basic"), choice_of("中级", "中级", "middle"), choice_of("高级", "高级", "advanced")
    )
    since: dt.date = day("发证日期", "since", aliases=("起始日期",))
    until: dt.date | None = day("失效日期", "until", default=None, future=True, last=("有效期至", "有效期止", "到期日期"))
    number: str | None = identifier("证书编号", "certificate number", default=None, tier="personal")


GROUPS = (
    StandingGroup("new_type_farmer", "新型职业农民", "new-type professional farmer", ("职业农民", "高素质农民")),
    StandingGroup("left_behind", "留守人员", "left behind", ("留守", "留守老人", "留守妇女", "留守儿童", "农村留守人员")),
)
_LEFT_BEHIND = standing("left_behind")

NEW_FARMERS = Population(
    "new_farmers", "新型职业农民", "new-type farmers", standing("new_type_farmer") | has(Certificate), aliases=("职业农民",),
)
CERTIFIED = Population("certified_farmers", "高级职业农民", "farmers with an advanced certificate", has(Certificate, grade="高级"))
RURAL = Population("rural_residents", "农村居民", "rural residents", home_area.is_("rural"), aliases=("村民",))
ELDERLY = Population("left_behind_elderly", "农村留守老人", "left-behind elderly", _LEFT_BEHIND & (age >= 60))
WOMEN = Population("left_behind_women", "农村留守妇女", "left-behind women", _LEFT_BEHIND & sex.is_("female") & (age >= 18) & (age < 60))
CHILDREN = Population("left_behind_children", "农村留守儿童", "left-behind children", _LEFT_BEHIND & (age < 18))
POPULATIONS = (NEW_FARMERS, CERTIFIED, RURAL, ELDERLY, WOMEN, CHILDREN)
CURRICULUM = curriculum_from_toml(Path(__file__).with_name("curriculum.toml"))

_PRACTICE = form.is_("practice")
_SKILLS = category.in_(*CURRICULUM.tagged("practical"))

METRICS = (
    *population_metrics("farmers", NEW_FARMERS, residents="new_farmers", audience=("new_farmers",)),
    *population_metrics("farmers", RURAL, name="rural", residents="rural_residents", audience=("rural_residents", "farmers")),
    *(m for p in (ELDERLY, WOMEN, CHILDREN) for m in population_metrics("farmers", p, name=p.key, audience=(p.key,))),
    Metric(
        "farmers.practical_minutes",
        "人均实训分钟",
        "practical minutes per learner",
        Total(minutes(_PRACTICE), among=NEW_FARMERS),
        Total(among=NEW_FARMERS),
        unit="minute",
        population="new_farmers",
    ),
    Metric(
        "farmers.skills_reach",
        "学过实用技术的新型职业农民",
        "new-type farmers who learned practical skills",
        Total(where=sessions(_SKILLS) >= 1, among=NEW_FARMERS),
        Total(among=NEW_FARMERS),
        population="new_farmers",
    ),
    Metric(
        "farmers.certified",
        "持高级证书的学员",
        "learners with an advanced certificate",
        Total(among=CERTIFIED),
        population="certified_farmers",
    ),
    Metric(
        "farmers.rural_practice",
        "参加过实训的农村居民",
        "rural residents who came to practical training",
        Total(where=sessions(_PRACTICE) >= 1, among=RURAL),
        Total(among=RURAL),
        population="rural_residents",
    ),
)
