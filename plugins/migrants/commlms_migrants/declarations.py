"""What the plugin declares: groups, populations, the curriculum, the figures, and one rule."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from commlms import (
    Metric,
    Objection,
    Population,
    StandingGroup,
    Total,
    category,
    curriculum_from_toml,
    home_area,
    hukou,
    occupation,
    population_metrics,
    sessions,
    standing,
)

GROUPS = (StandingGroup("new_citizen", "新市民", "new citizen", ("新居民",)),)
_RURAL_HUKOU = hukou.in_("local_rural", "other_rural")
_WORKS = occupation.in_("worker", "self_employed", "employed")

MIGRANT_WORKERS = Population(
    "migrant_workers", "进城务工人员", "migrant workers", _RURAL_HUKOU & home_area.is_("urban") & _WORKS,
    aliases=("外来务工人员", "务工人员", "农民工"),
)
NEW_CITIZENS = Population(
    "new_citizens", "新市民", "new citizens", standing("new_citizen") | hukou.in_("other_rural", "other_urban"),
)
POPULATIONS = (MIGRANT_WORKERS, NEW_CITIZENS)
CURRICULUM = curriculum_from_toml(Path(__file__).with_name("curriculum.toml"))
_KINDS = (
    ("city_life", "城市文明培训", "city life"), ("skills", "技能培训", "skills"), ("degree", "学历提升", "degrees"),
)

METRICS = (
    *population_metrics("migrants", MIGRANT_WORKERS, residents="migrant_workers", audience=("migrant_workers",)),
    *population_metrics("migrants", NEW_CITIZENS, name="new_citizens", residents="new_citizens", audience=("new_citizens",)),
    *(
        Metric(
            f"migrants.{tag}", f"进城务工人员：{zh}", f"migrant workers: {en}",
            Total(where=sessions(category.in_(*CURRICULUM.tagged(tag))) >= 1, among=MIGRANT_WORKERS),
            Total(among=MIGRANT_WORKERS), population="migrant_workers",
        )
        for tag, zh, en in _KINDS
    ),
    Metric(
        "migrants.all_three", "三类培训都参加的进城务工人员", "migrant workers who had all three kinds",
        Total(
            where=(sessions(category.in_(*CURRICULUM.tagged("city_life"))) >= 1)
            & (sessions(category.in_(*CURRICULUM.tagged("skills"))) >= 1)
            & (sessions(category.in_(*CURRICULUM.tagged("degree"))) >= 1),
            among=MIGRANT_WORKERS,
        ),
        Total(among=MIGRANT_WORKERS), population="migrant_workers",
    ),
)


def sensitive_standings(rows: Iterable[Mapping[str, Any]]) -> list[Objection]:
    """Objections to standings that would put a sensitive label on a person."""
    words = {w.casefold() for a in CURRICULUM.audiences if a.sensitive for w in (a.key, a.label.zh, a.label.en, *a.aliases)}
    return [
        Objection(
            row["line"],
            "group",
            "这类人群只记在班次或人数上，不记在个人名下",
            "this group is recorded for a class or headcount, never for a person",
        )
        for row in rows
        if str(row.get("group")).casefold() in words
    ]
