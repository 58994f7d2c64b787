"""What a row of the two registers may not say."""

from collections.abc import Iterable, Mapping
from typing import Any

from commlms import Objection
from commlms_recognition.kinds import KINDS

_KNOWN = {c.key for c in KINDS}
#: Words of titles that are counted: in an unknown title they mean that it was written together with its rank or its place.
_COUNTED = ("实验", "示范", "学习型社区", "优质学习品牌")


def wrong_statuses(rows: Iterable[Mapping[str, Any]]) -> list[Objection]:
    """Rows that would be counted where they should not be, or nowhere though they should."""
    return [Objection(row["line"], *wrong) for row in rows for wrong in _wrong(row)]


def _wrong(row: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    kind, since, until = row.get("kind"), row.get("since"), row.get("until")
    if kind not in _KNOWN and any(word in str(kind) for word in _COUNTED):
        yield (
            "kind", f"称号「{kind}」不能识别：级别写在「级别」一列，称号写实验区、示范区、学习型社区等",
            f"the title {kind} is not known: its rank belongs in the column of ranks, the title is such as 实验区 or 示范区",
        )
    if row.get("ended") and not until:
        yield "until", "写了失效原因，须写失效日期", "a title that has ended needs the day on which it ended"
    if since and until and until <= since:
        yield "until", "失效日期须晚于授予日期", "the day on which it ends must be after the day on which it began"
    if row.get("state") == "seeking" and not since:
        yield "since", "创建中的称号须写起始日期", "what is being sought needs the day from which it is"
    if kind in ("star", "brand", "activity_brand") and not row.get("holder"):
        yield "holder", "须写获得者（品牌名称或姓名）", "the name of the brand or person is needed"
    if kind == "criticism":
        for field, zh, en in (("number", "文号", "document number"), ("reason", "事由", "reason"), ("since", "日期", "date")):
            if not row.get(field):
                yield field, f"通报批评须写{zh}", f"criticism by circular needs its {en}"


def wrong_namings(rows: Iterable[Mapping[str, Any]]) -> list[Objection]:
    """Rounds that named nobody."""
    none = ("named", "命名数量为 0，不是一次命名", "a round that named none is no round")
    return [Objection(row["line"], *none) for row in rows if row.get("named") == 0]
