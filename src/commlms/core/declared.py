"""Whether a metric asks its registers for what they have: checked once at the start, so that no figure fails when it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from commlms.core.errors import DeclarationError
from commlms.core.expressions import Column, parts_in
from commlms.core.labels import Label
from commlms.core.metrics import Measure, Metric, Rows
from commlms.core.records import Field, Record

#: The kinds of field whose values are integers that can be summed.
SUMMED = ("integer", "hundredths", "money", "area", "minutes", "people")
#: The kinds of field that say when a row was, the second by naming a period.
DATED = ("day", "period")


def check_metric(metric: Metric, records: Mapping[str, Record]) -> None:
    """Raise :class:`DeclarationError` where a metric asks a known register for a field it lacks or that is of another kind.

    Registers that are not known are those of absent plugins: their figures have no data.
    """
    for measure in metric.measures:
        if isinstance(measure, Rows) and measure.record in records:
            for fault in _faults(measure, records[measure.record]):
                raise DeclarationError(Label(f"指标「{metric.key}」：{fault.zh}", f"metric {metric.key}: {fault.en}"))
    if (wrong := _wrong_unit(metric, metric.numerator, records)) is not None:
        raise DeclarationError(wrong)


def _wrong_unit(metric: Metric, counted: Measure, records: Mapping[str, Record]) -> Label | None:
    """Money is counted in fen and nothing else is."""
    if isinstance(counted, Rows) and counted.record not in records:
        return None
    money = isinstance(counted, Rows) and bool(counted.value) and records[counted.record].field(counted.value).kind.name == "money"
    if money == (metric.unit == "fen"):
        return None
    return Label(f"指标「{metric.key}」：单位 fen 用于且只用于金额", f"metric {metric.key}: the unit fen is for money and nothing else")


def _faults(measure: Rows, record: Record) -> Iterator[Label]:
    fields = {f.name: f for f in record.fields}
    if measure.value:
        yield from _of_kind(record, fields, measure.value, SUMMED, Label("求和的整数字段", "an integer field to sum"))
    if measure.day:
        yield from _of_kind(record, fields, measure.day, DATED, Label("日期或时期字段", "a date or period field"))
    if measure.open_until:
        yield from _of_kind(record, fields, measure.open_until, ("day",), Label("日期字段", "a date field"))
    asked = [c.name for c in parts_in(measure.where, Column) if c.scope == "row"]
    stored = {"id", *(c for f in record.fields for c in f.columns)}
    for name in (*measure.distinct, *asked):
        if name not in stored:
            yield Label(f"登记「{record.key}」没有字段「{name}」", f"record {record.key} has no field {name}")


def _of_kind(record: Record, fields: Mapping[str, Field], name: str, kinds: tuple[str, ...], what: Label) -> Iterator[Label]:
    field = fields.get(name)
    if field is None or field.kind.name not in kinds or field.dated or field.virtual:
        yield Label(f"登记「{record.key}」的「{name}」不是{what.zh}", f"{name} of record {record.key} is not {what.en}")
