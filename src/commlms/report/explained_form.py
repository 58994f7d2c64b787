"""An explanation as lines of text, as JSON and as one HTML page: three forms of one content, down to the last row.

JSON holds integers, texts, true and null; a label is ``{"zh": ..., "en": ...}``. ``explain`` says of what; ``rule`` gives the
sentence with everything to be known of it; ``verdict`` its word and its integers in the unit of what is counted (money in fen,
areas in 1/100 square metre), null where there is none or it is hidden; ``rounding`` what is demanded exactly, as a fraction,
and the whole number that reaches; ``bounds`` from what is proven to the most that can be; ``parts`` the numerator, denominator
and ceiling in words, as a statement, with how many rows count and how many do not for each reason; ``rows`` every row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from commlms.core.days import iso
from commlms.core.labels import Label, Lang
from commlms.measure.amounts import HUNDREDTHS, amount, amount_words
from commlms.measure.explain import ExplainedRow
from commlms.measure.shown import HIDDEN
from commlms.report.display import pair_of
from commlms.report.explained import Explained, PartShown
from commlms.report.explained_facts import Fact
from commlms.report.words import INVENTED

PARTS = {
    "numerator": Label("分子", "numerator"), "denominator": Label("分母", "denominator"), "ceiling": Label("上限另加", "ceiling adds"),
}
HEADS = (
    Label("部分", "part"), Label("行", "row"), Label("地点", "place"), Label("内容", "detail"), Label("计入", "adds"),
    Label("未计入的原因", "left out"), Label("文件", "file"), Label("工作表", "sheet"), Label("单元格", "cell"), Label("存档号", "kept as"),
)
TITLES = {
    "rule": Label("规定", "the rule"), "verdict": Label("判定", "verdict"), "reach": Label("要求与取整", "what is demanded, and rounding"),
    "bounds": Label("上下限", "bounds"), "parts": Label("分子与分母", "numerator and denominator"), "rows": Label("逐行", "row by row"),
    "beside": Label("另注", "beside it"), "counted": Label("计入", "counted"), "only": Label("仅供参考", "information only"),
    "no_data": Label("无数据", "no data"), "sql": Label("语句", "statement"), "metric": Label("指标", "metric"),
    "explanation": Label("计算说明", "explanation"), "sources": Label("出处", "said in"), "none": Label("没有行", "no row"),
}
#: What the lines of text tell already in words of their own.
_SAID = ("clause", "demand", "verdict")


# -- lines of text ------------------------------------------------------------------------------------


def text_lines(found: Explained, lang: Lang, *, sql: bool = False) -> Iterator[str]:
    """Everything but the rows themselves, a line each."""
    yield f"{found.label.say(lang)} [{found.key}]  {found.about.say(lang)}  {found.figures.period.key}"
    if found.rule is not None:
        yield from _rule_lines(found, lang)
    for why in found.only:
        yield f"{TITLES['only'].say(lang)}{_colon(lang)}{why.say(lang)}"
    yield from _fact_lines(found.verdict, lang)
    if found.metric is not None and found.rule is not None:
        yield f"{TITLES['metric'].say(lang)}{_colon(lang)}{found.metric.label.say(lang)} [{found.metric.key}]"
    for part in found.parts:
        yield f"{PARTS[part.name].say(lang)} = {_with_unit(part).say(lang)}  {part.words.say(lang)}"
        if sql and part.sql:
            yield f"    {part.sql}"
    if found.missing is not None:
        yield f"{TITLES['no_data'].say(lang)}{_colon(lang)}{found.missing.say(lang)}"
    yield from _fact_lines((*found.reach, *found.bounds), lang)
    yield from (line.say(lang) for line in found.beside)
    for part in found.parts:
        for reason, number in part.counts:
            told, name = (reason or TITLES["counted"]).say(lang), PARTS[part.name].say(lang)
            yield f"  {name}：{number} 行 {told}" if lang == "zh" else f"  {name}: {number} row(s) {told}"


def _rule_lines(found: Explained, lang: Lang) -> Iterator[str]:
    assert found.rule is not None
    policy, target = found.rule.policy, found.rule.target
    yield f"{policy.number} {target.clause}：{target.quote}"
    if target.gloss:
        yield f"    {target.gloss}"
    if target.unit != "undefined":
        yield next(f.value.say(lang) for f in found.rule.facts if f.key == "demand")
    yield from _fact_lines((f for f in found.rule.facts if f.key not in _SAID), lang)


def _fact_lines(facts: Iterable[Fact], lang: Lang) -> Iterator[str]:
    for each in facts:
        start = "" if each.key == "verdict" else "  "
        yield f"{start}{each.title.say(lang)}{_colon(lang)}{each.value.say(lang)}"


def _colon(lang: Lang) -> str:
    return "：" if lang == "zh" else ": "


def value_of(part: PartShown) -> str:
    """A part's value in the unit people read it in; what stands there where it is hidden, a dash where there is none."""
    return HIDDEN[part.hidden] if part.hidden else "—" if part.value is None else amount(part.value, part.unit)


def _with_unit(part: PartShown) -> Label:
    """The same, with what it is a number of where that is no whole number of something."""
    shown = value_of(part)
    return amount_words(part.value, part.unit) if part.value is not None and part.unit in HUNDREDTHS else Label(shown, shown)


def table_of(found: Explained, lang: Lang, *, sources: bool = True) -> Iterator[list[Any]]:
    """The rows as a table, the header first: each on one line, each further cell that says it on a line of its own."""
    yield [head.say(lang) for head in HEADS]
    cents = {p.name for p in found.parts if p.unit in HUNDREDTHS}
    for row in found.rows(sources):
        why = row.left_out.say(lang) if row.left_out else ""
        adds = amount(row.adds, "fen") if row.part in cents else row.adds
        first: list[Any] = [PARTS[row.part].say(lang), row.row, row.place, row.detail, adds, why]
        further: list[Any] = [*first[:3], "", None, ""]
        cells = [[s.file, s.sheet, s.cell, s.archive] for s in row.sources] or [[""] * 4]
        for number, cell in enumerate(cells):
            yield [*(further if number else first), *cell]


# -- JSON ---------------------------------------------------------------------------------------------


def json_parts(found: Explained, *, sources: bool = True) -> Iterator[str]:
    """The text of the explanation as JSON, row by row."""
    yield json.dumps(as_data(found), ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "rows": ['
    before = "\n  "
    for row in () if found.not_listed else found.rows(sources):
        yield before + json.dumps(_row(row), ensure_ascii=False)
        before = ",\n  "
    yield "\n ]\n}\n"


def as_data(found: Explained) -> dict[str, Any]:
    """Everything but the rows as dictionaries and lists."""
    judged, period = found.judgement, found.figures.period
    return {
        "explain": {
            "key": found.key, "label": _label(found.label), "metric": found.metric.key if found.metric else None,
            "about": _label(found.about), "places": [{"code": p.code, "name": p.name, "level": p.level} for p in found.places],
            "subject": found.subject or None, "period": period.key, "first": iso(period.first), "last": iso(period.last),
            "tree": found.figures.tree.tree, "invented": found.invented, "origin": _label(found.origin),
        },
        "rule": _rule(found),
        "verdict": None if judged is None else {
            "verdict": judged.verdict, "facts": _facts(found.verdict), "counted": judged.counted, "divided_by": judged.divided_by or None,
            **found.numbers,
        },
        "information_only": [_label(why) for why in found.only],
        "rounding": _facts(found.reach),
        "bounds": _facts(found.bounds),
        "parts": [
            {
                "part": p.name, "words": _label(p.words), "sql": p.sql, "value": p.value, "unit": p.unit, "suppressed": bool(p.hidden),
                "rows": [{"left_out": _label(why), "rows": int(n) if n.isdecimal() else None} for why, n in p.counts],
            }
            for p in found.parts
        ],
        "no_data": _label(found.missing),
        "beside": [_label(line) for line in found.beside],
        "not_listed": _label(found.not_listed),
    }


def _rule(found: Explained) -> dict[str, Any] | None:
    if found.rule is None:
        return None
    policy, target = found.rule.policy, found.rule.target
    return {
        "policy": policy.key, "number": policy.number, "target": target.id, "clause": target.clause, "quote": target.quote,
        "gloss": target.gloss, "literal": target.literal, "compare": target.compare, "value": str(target.value),
        "value_max": None if target.value_max is None else str(target.value_max), "unit": target.unit, "facts": _facts(found.rule.facts),
    }


def _facts(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    return [{"key": f.key, "title": _label(f.title), "value": _label(f.value), **(f.data or {})} for f in facts]


def _label(label: Label | None) -> dict[str, str] | None:
    return None if label is None else {"zh": label.zh, "en": label.en}


def _row(row: ExplainedRow) -> dict[str, Any]:
    return {
        "part": row.part, "row": row.row, "place": row.place, "detail": row.detail, "adds": row.adds, "left_out": _label(row.left_out),
        "sources": [{"file": s.file, "sheet": s.sheet, "cell": s.cell, "archive": s.archive} for s in row.sources],
    }


# -- HTML ---------------------------------------------------------------------------------------------


def html_parts(found: Explained, lang: Lang, *, sources: bool = True) -> Iterator[str]:
    """The explanation as one page that needs nothing else, in ``lang`` with the other language beside every label."""
    environment = Environment(
        loader=PackageLoader("commlms.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )
    page = _Page(found, lang, sources)
    environment.filters.update(both=page.both)
    source = environment.loader
    assert source is not None
    css = Markup(source.get_source(environment, "report.css")[0])
    return environment.get_template("explain.html.j2").generate(
        f=found, lang=lang, t=TITLES, parts=PARTS, heads=HEADS, page=page, css=css, invented=INVENTED, colon=_colon(lang),
    )


class _Page:
    """What the template asks for."""

    def __init__(self, found: Explained, lang: Lang, sources: bool) -> None:
        self.found, self.lang, self.sources = found, lang, sources
        self.units = {p.name: p.unit for p in found.parts}

    def both(self, label: Label) -> Markup:
        """A label in the page's language, the other one small beside it."""
        first, second = pair_of(label, self.lang)
        other = "en" if self.lang == "zh" else "zh"
        return escape(first) if first == second else Markup(f'{escape(first)} <small lang="{other}">{escape(second)}</small>')

    def facts(self) -> list[tuple[Label, tuple[Fact, ...]]]:
        """The sections of facts that there are."""
        found = [(TITLES["reach"], self.found.reach), (TITLES["bounds"], self.found.bounds)]
        return [(title, facts) for title, facts in found if facts]

    def value(self, part: PartShown) -> Label:
        """A part's value with what it is a number of."""
        shown = value_of(part)
        return amount_words(part.value, part.unit, part.of) if part.value is not None and not part.hidden else Label(shown, shown)

    def adds(self, row: ExplainedRow) -> str:
        """What a row adds, as its part is read."""
        return amount(row.adds, self.units.get(row.part, "row"))

    def rows(self) -> Iterator[ExplainedRow]:
        """The rows that may be shown."""
        return iter(()) if self.found.not_listed else self.found.rows(self.sources)
