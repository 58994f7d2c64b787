"""What a row of the registers may not say."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Wrong = tuple[str, str, str]


def _undertaking(row: Mapping[str, Any]) -> Iterable[Wrong]:
    if row.get("since") and row.get("until") and row["until"] <= row["since"]:
        yield "until", "终止日期须晚于启动日期", "the day on which it ends must be after the day on which it began"


def _paper(row: Mapping[str, Any]) -> Iterable[Wrong]:
    if row.get("since") and row.get("until") and row["until"] <= row["since"]:
        yield "until", "失效日期须晚于施行日期", "the day on which it ends must be after the day on which it comes into force"
    if row.get("kind") == "long_plan" and not row.get("since"):
        yield "since", "中长期规划须写施行日期", "a medium or long-term plan needs the day from which it is in force"
    if row.get("kind") in ("year_plan", "duty_report", "assessment", "inspection", "government_report") and not row.get("period"):
        yield "period", "年度材料须写所属年度", "a yearly paper needs its year"


def _survey(row: Mapping[str, Any]) -> Iterable[Wrong]:
    if row["positive"] > row["asked"]:
        yield "positive", "肯定人数不能多于受访人数", "no more can have answered yes than were asked"
    if row["asked"] == 0:
        yield "asked", "受访人数不能为 0", "a survey asks somebody"


RULES: Mapping[str, Callable[[Mapping[str, Any]], Iterable[Wrong]]] = {
    "supervision.undertaking": _undertaking, "supervision.paper": _paper, "supervision.survey": _survey,
}
