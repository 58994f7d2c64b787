"""A report as JSON. Every value is an integer, a text, true or null; a ratio is its two integers.

Keys: ``report`` (name, period, first, last, as_of, written, version, invented), ``sections`` (metrics with their
rules), ``documents`` (levels, verdicts, and the parts told in :mod:`commlms.report.parts_data`), ``places`` (a tree:
``figures`` by metric key, ``children``), ``years``, ``left_out``, ``notes``. A label is ``{"zh": ..., "en": ...}``, a day
``2022-12-31``, a target's value a decimal text. A hidden number is null with ``"suppressed": true`` beside it and its place
named in ``suppressed_parts``. Where deliveries are kept ``not_reported`` stands beside figures and verdicts, and ``senders``
in ``report``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from commlms.core.days import iso
from commlms.report.cells import Cell
from commlms.report.content import Content, Document, LeftOut, PlaceRow, ResidentsNote, Rule, Verdict
from commlms.report.parts_data import label_data, numbers_data, parts_data


def json_parts(content: Content) -> Iterator[str]:
    """The text of :func:`as_data` piece by piece, a place at a time; the same for the same content."""
    yield _unclosed(_before(content), "places")
    yield from _places(content.tops, 1)
    yield "," + _text(_after(content)).removeprefix("{") + "\n"


def as_data(content: Content) -> dict[str, Any]:
    """The whole report as dictionaries and lists."""
    return {**_before(content), "places": [_tree(p) for p in content.tops], **_after(content)}


def _text(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)


def _unclosed(data: dict[str, Any], key: str) -> str:
    """An object's text up to the value of one more key."""
    return _text(data).removesuffix("\n}") + f',\n "{key}": '


def _places(rows: Sequence[PlaceRow], depth: int) -> Iterator[str]:
    """The list of these places and those below them, at a key that stands ``depth`` spaces deep."""
    start, deeper = "\n" + " " * depth, "\n" + " " * (depth + 1)
    before = "["
    for row in rows:
        yield before + deeper + _unclosed(_place(row), "children").replace("\n", deeper)
        yield from _places(row.children, depth + 2)
        yield deeper + "}"
        before = ","
    yield start + "]" if rows else "[]"


def _before(content: Content) -> dict[str, Any]:
    return {
        "report": {
            "name": label_data(content.name), "places": list(content.places_reported), "period": content.period,
            "first": iso(content.first), "last": iso(content.last), "as_of": iso(content.as_of),
            "written": content.written, "version": content.version, "invented": content.invented,
            **({"senders": [label_data(said) for said in content.senders]} if content.senders else {}),
        },
        "sections": [
            {"key": s.key, "label": label_data(s.label), "metrics": [_rule(r) for r in s.rules]} for s in content.sections
        ],
        "documents": [_document(d) for d in content.documents],
    }


def _after(content: Content) -> dict[str, Any]:
    return {
        "years": [attrs.asdict(y) for y in content.years],
        "left_out": [_left_out(x) for x in content.left_out],
        "notes": [label_data(n) for n in content.notes],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "key": rule.metric, "label": label_data(rule.label), "unit": rule.unit, "population": label_data(rule.population),
        "share": rule.share, "numerator": label_data(rule.numerator), "denominator": label_data(rule.denominator),
        "ceiling": label_data(rule.ceiling), "note": label_data(rule.note),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    found = numbers_data({"numerator": cell.numerator, "denominator": cell.denominator, "ceiling": cell.ceiling})
    if cell.estimated:
        found["estimated"] = True
    if cell.missing is not None:
        found["missing"] = label_data(cell.missing)
    return found | _senders(cell)


def _senders(found: Cell | Verdict) -> dict[str, Any]:
    told = found.not_reported
    return {} if told is None else {"not_reported": {"missing": told[0], "of": told[1]}}


def _known(row: PlaceRow, metric: str) -> dict[str, Any]:
    if metric not in row.known:
        return {}
    known = row.known[metric]
    return {"strengths": {"suppressed": True} if known is None else attrs.asdict(known)}


def _residents(note: ResidentsNote | None) -> dict[str, Any] | None:
    if note is None:
        return None
    return {
        "persons": note.persons, "basis": label_data(note.basis), "dates": [iso(d) for d in note.dates],
        "natures": [label_data(n) for n in note.natures], "citations": list(note.citations), "estimated": note.estimated,
        "summed": note.summed, "about": note.about,
    }


def _place(row: PlaceRow) -> dict[str, Any]:
    return {
        "code": row.code, "name": row.name, "level": row.level, "level_label": label_data(row.level_label), "kind": row.kind,
        "parent": row.parent, "documents": list(row.documents), "residents": _residents(row.residents),
        "silent": row.silent, "leaves": row.leaves, "figures": {c.metric: _cell(c) | _known(row, c.metric) for c in row.cells},
    }


def _tree(row: PlaceRow) -> dict[str, Any]:
    return {**_place(row), "children": [_tree(c) for c in row.children]}


def _document(document: Document) -> dict[str, Any]:
    return {
        "key": document.key, "id": document.id, "label": label_data(document.label), "number": document.number,
        "issuer": label_data(document.issuer), "jurisdiction": document.jurisdiction,
        "effective": iso(document.effective), "repealed": None if document.repealed is None else iso(document.repealed),
        "issued": None if document.issued is None else iso(document.issued),
        "published": None if document.published is None else iso(document.published),
        "repeals": [label_data(r) for r in document.repeals], "note": label_data(document.note),
        "levels": [
            {
                "level": x.level, "place": label_data(x.place), "institution": label_data(x.institution), "clause": x.clause,
                "quote": x.quote, "note": label_data(x.note), "aliases": list(x.aliases),
            }
            for x in document.levels
        ],
        "verdicts": [_verdict(v) for v in document.verdicts],
        **parts_data(document.parts, _cell),
    }


def _verdict(v: Verdict) -> dict[str, Any]:
    return {
        "target": v.target, "label": label_data(v.label), "metric": v.metric, "compare": v.compare, "value": str(v.value),
        "unit": v.unit, "clause": v.clause, "quote": v.quote, "force": label_data(v.force),
        "due": None if v.due is None else iso(v.due), "basis": label_data(v.basis), "note": label_data(v.note),
        "verdict": v.verdict, "verdict_label": label_data(v.verdict_label), "why": label_data(v.why), "period": v.period,
        "where": label_data(v.where), "places": v.places, "needed": v.needed, "silent": v.silent, "leaves": v.leaves,
        "estimated": v.estimated, "req": list(v.req), "data": label_data(v.data), "code": v.code, "subject": label_data(v.subject),
        "counted": v.counted, "divided_by": v.divided_by, "limit": v.limit, "gloss": v.gloss,
        "value_max": None if v.value_max is None else str(v.value_max), "of": label_data(v.of), "running": v.running,
        "reading": label_data(v.reading),
        **numbers_data({
            "numerator": v.numerator, "denominator": v.denominator, "ceiling": v.ceiling, "bound": v.bound, "by": v.by,
            "excess": v.excess,
        }),
        **_senders(v),
    }


def _left_out(item: LeftOut) -> dict[str, Any]:
    return {
        "key": item.key, "label": label_data(item.label), "why": label_data(item.why), "names": list(item.names),
        **numbers_data({"count": item.count}),
    }
