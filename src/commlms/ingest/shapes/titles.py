"""What stands above a table: the activity of a sign-in sheet, the year, the month, the words of the title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from commlms.core.calendar import month_in, period_in, year_in
from commlms.core.days import Period
from commlms.core.labels import Label
from commlms.core.text import narrow, unguarded
from commlms.ingest.shapes.grid import Line, text_of
from commlms.ingest.shapes.parts import Context
from commlms.ingest.shapes.words import LABELS, LESSONS, MINUTES

_RUN = re.compile(r"([\u3400-\u9fff]{1,12})(?:\([^)]*\))?\s*:")
_AFTER_SIGN = re.compile(r"(?:^|[\s;,。、|()])$")
_FULL_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]")
_CLASS = re.compile(r".(?:班|课|社|队|团|讲座|培训|沙龙)$")
_LIST = re.compile(r"(?:表|册|簿|台账|名单|清单)(?:\(.*\))?$")
#: How many columns further a title reaches that is merged over its table.
_SPANNED = 3
#: When the sheet was filled in is not when anything was held.
_FILLED_IN = re.compile(r"(?:填报|填表|制表|报送|上报|统计|打印|更新|截止|印发|填写)(?:日期|时间)\s*:?\s*\S*|(?:截至|截止)\S*")
_UNITED = re.compile(r"分钟|分|小时|学时|课时|min|h")
_SIGNED_IN = re.compile(r"签到|考勤|点名|出勤|到课|参加人员|参训人员|参会人员")
_SUFFIX = re.compile(
    r"(?:(?:参加|参训|参会|到场)?(?:人员|学员|居民|群众|老年人|家长|学生))?(?:现场)?(?:签到|考勤|点名|出勤|到课|上课|参加人员|参训人员|参会人员|名单|人员)?(?:情况)?"
    r"(?:登记|记录|统计|汇总)?(?:表|册|簿|单|名册|名单)$"
)
_WHEN = re.compile(
    r"(?:19|20)\d{2}(?:年度?|[-./]\d{1,2}(?:[-./]\d{1,2})?)?|\d{1,2}(?:月份?)?[-~—至到]+\d{1,2}月份?|\d{1,2}月份?(?:\d{1,2}[日号])?|[上下]半年|第?[一二三四1-4]季度"
    r"|附件\d*[:：]?|\([^)]*\)"
)


@attrs.frozen
class Fact:
    """What a title row says: the value as it stands, and its cell."""

    value: Any
    cell: str


@attrs.frozen
class Title:
    """The lines above a table. ``facts`` by header word; ``texts`` in order."""

    texts: tuple[str, ...]
    facts: dict[str, Fact]
    cells: dict[str, str] = attrs.field(factory=dict)

    @property
    def signed_in(self) -> bool:
        """Whether it speaks of people signing in."""
        return any(_SIGNED_IN.search(t) for t in self.texts)

    def day(self) -> Fact | None:
        """The day that a title names: 2022年3月12日健康讲座签到表."""
        days = {m[0]: self.cells[text] for text in self.texts for m in _FULL_DAY.finditer(_FILLED_IN.sub("", text))}
        return Fact(*next(iter(days.items()))) if len(days) == 1 else None

    def theme(self, sheet: str) -> Fact | None:
        """What is left of a title such as 2022年3月书法班考勤表 without when and what kind of list it is; else a sheet's name
        that is one of a class.
        """
        for text in self.texts:
            if _SIGNED_IN.search(text) and not _RUN.search(text):
                left = _SUFFIX.sub("", _WHEN.sub("", text.replace(" ", ""))).strip("的 _-—·:")
                if len(left) > 1:
                    return Fact(left, self.cells[text])
        left = _WHEN.sub("", sheet.replace(" ", ""))
        return Fact(left, "A1") if _CLASS.search(left) else None


def title_of(lines: Sequence[Line]) -> Title:
    """What the lines above a table say."""
    facts: dict[str, Fact] = {}
    cells: dict[str, str] = {}
    for line in lines:
        columns = line.filled
        for i, column in enumerate(columns):
            text = narrow(unguarded(line.text(column)))
            cells.setdefault(text, line.name(column))
            for word, value in inline(text):
                following = columns[i + 1] if i + 1 < len(columns) else None
                if value:
                    facts.setdefault(word, Fact(value, line.name(column)))
                elif following is not None and not _is_label(line.text(following)):
                    facts.setdefault(word, Fact(line.cells[following], line.name(following)))
    return Title(tuple(cells), {word: fact for word, found in facts.items() if (fact := _with_unit(word, found))}, cells)


def inline(text: str) -> Iterable[tuple[str, str]]:
    """The labels of a text with their values: 活动主题：健康讲座 地点：活动室. A label that is all of it has an empty value."""
    if text in LABELS:
        return [(LABELS[text], "")]
    found: list[tuple[int, int, str]] = []
    for match in _RUN.finditer(text):
        run = match[1]
        if run in LABELS or _AFTER_SIGN.search(text[: match.start()]):
            found.append((match.start(), match.end(), LABELS.get(run, "")))
        elif label := next((run[i:] for i in range(1, len(run) - 1) if run[i:] in LABELS), ""):
            found.append((match.end(1) - len(label), match.end(), LABELS[label]))
    ends = [*(start for start, _, _ in found[1:]), len(text)][: len(found)]
    return [(word, text[begins:end].strip(" _;,。、|")) for (_, begins, word), end in zip(found, ends, strict=True) if word]


def is_title(line: Line) -> bool:
    """Whether a line between two tables is the title of the second: one text that names a list, or spans the sheet."""
    columns = line.filled
    return len(columns) == 1 and (bool(_LIST.search(line.text(columns[0]))) or line.wide.get(columns[0], 0) - columns[0] >= _SPANNED)


def _is_label(text: str) -> bool:
    return narrow(text).rstrip(": ") in LABELS or bool(_RUN.match(narrow(text)))


def _with_unit(word: str, fact: Fact) -> Fact | None:
    """A number of lessons with its unit; how long something took without a unit may be lessons, hours or minutes: it says nothing."""
    if word not in (MINUTES, LESSONS) or _UNITED.search(str(fact.value)):
        return fact
    return Fact(f"{text_of(fact.value)}学时", fact.cell) if word == LESSONS else None


# -- when ----------------------------------------------------------------------------------------


@attrs.frozen
class Times:
    """The year, month and period that title, sheet and file name tell, and where the year is from."""

    year: int | None
    month: int | None
    period: Period | None
    source: Label


_SOURCES = (
    Label("标题", "the title"), Label("工作表名", "the sheet's name"), Label("文件名", "the file's name"), Label(" --year ", "--year"),
)


def times_of(texts: Sequence[str], sheet: str, file_name: str, context: Context) -> Times:
    """What is known of when the rows below were; the title before the sheet's name, that before the file's."""
    sources = [[_FILLED_IN.sub("", narrow(t)) for t in texts], [sheet], [re.sub(r"\.\w+$", "", file_name)]]
    year, source = next(
        ((y, s) for group, s in zip(sources, _SOURCES[:3], strict=True) for t in group if (y := year_in(t)) is not None),
        (context.year, _SOURCES[3]),
    )
    month = next((m for group in sources for t in group if (m := month_in(t)) is not None), None)
    found = [[p for t in group if (p := period_in(t, year)) is not None] for group in sources]
    return Times(year, month, _chosen(found), source)


def _chosen(found: list[list[Period]]) -> Period | None:
    """The smallest period of the first source that has one; a smaller one inside it, of a later source, if it is but a year."""
    best: Period | None = None
    for group in found:
        for period in group:
            inside = best is None or (best.first <= period.first and period.last <= best.last)
            if inside and (best is None or best.is_year or group is found[0]):
                best = period
    return best
