"""What the plugin declares: a register, a population, the curriculum, two figures."""

import datetime as dt
from pathlib import Path

from commlms import Metric, Population, Rows, Total, category, curriculum_from_toml, day, has, record, ref, sessions


@record("libraries.card", zh="读者证", en="library card", identity=("learner", "library", "since"))
class Card:
    """A reader's card of one library, in force from a day until it ends."""

    learner: str = ref("learner", "读者", "reader", aliases=("学员编号",))
    library: str = ref("institution", "图书馆", "library")
    since: dt.date = day("发证日期", "since")
    until: dt.date | None = day("失效日期", "until", default=None, future=True, last=("有效期至",))


READERS = Population("readers", "读者", "readers", has(Card), aliases=("图书馆读者",))
CURRICULUM = curriculum_from_toml(Path(__file__).with_name("curriculum.toml"))
METRICS = (
    Metric("libraries.cards", "有效读者证", "library cards in force", Rows("libraries.card"), unit="row"),
    Metric(
        "libraries.circle_reach", "参加读书会的读者", "readers at a reading circle",
        Total(where=sessions(category.in_(*CURRICULUM.tagged("circle"))) >= 1, among=READERS), Total(among=READERS), population="readers",
    ),
)
