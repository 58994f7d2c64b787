"""What the plugin declares: the population, the curriculum, the figures."""

from pathlib import Path

from commlms import (
    Metric,
    Places,
    Population,
    Rows,
    Total,
    age,
    category,
    curriculum_from_toml,
    minutes,
    population_metrics,
    sessions,
    this,
)

SENIORS = Population("seniors", "老年人", "seniors", age >= 60, aliases=("老年", "老人", "老年朋友", "60岁以上"))
CURRICULUM = curriculum_from_toml(Path(__file__).with_name("curriculum.toml"))

#: Categories about smart phones and other digital things (003 三(二): 智慧助老).
_DIGITAL = category.in_(*CURRICULUM.tagged("digital"))
_POINT = Rows("institution", where=this.kind.is_("seniors_point"))

METRICS = (
    *population_metrics("seniors", SENIORS, residents="seniors", audience=("seniors",)),
    Metric(
        "seniors.digital_reach", "智慧助老覆盖率", "digital reach", Total(where=sessions(_DIGITAL) >= 1, among=SENIORS),
        Total(among=SENIORS), population="seniors",
    ),
    Metric(
        "seniors.digital_minutes", "智慧助老学习分钟", "minutes of digital learning", Total(minutes(_DIGITAL), among=SENIORS),
        unit="minute", population="seniors",
    ),
    Metric(
        "seniors.points", "乡镇（街道）老年学习点覆盖", "townships with a seniors' point",
        Places("township", having=_POINT.at_least(1)), Places("township"), unit="place",
    ),
    Metric(
        "seniors.regulars", "学满十二场的老年人", "seniors with twelve sessions or more", Total(where=sessions() >= 12, among=SENIORS),
        Total(among=SENIORS), population="seniors",
    ),
)


def means_seniors(words: str) -> bool:
    """Whether the free words of an audience column mean seniors."""
    return any(sign in words for sign in ("老年", "老人", "长者", "60岁"))
