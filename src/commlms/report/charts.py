"""The pictures of a report as inline SVG, drawn by Altair and vl-convert (the extra ``report``).

Colours are of the Okabe-Ito set and differ in lightness and in shape too, so that the pictures can be read
without colour. Where the libraries are not installed there are no pictures, and the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import attrs

from commlms.core.labels import Label, Lang
from commlms.report.content import Content, PlaceRow
from commlms.report.display import pair_of, slashed
from commlms.report.words import TEXTS, UNITS

FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
DARK, LIGHT, LINE = "#0072B2", "#9ECAE1", "#B33A00"
_WIDTH = 370
_PARTICIPATION = "core.participation"
_LONGEST_NAME = 12
#: So many lines a picture has at most that one page of paper holds.
_MOST_LINES = 25


@attrs.frozen
class Chart:
    """One picture with its title and what a reader who cannot see it is told."""

    title: Label
    words: Label
    svg: str


def charts(content: Content, lang: Lang) -> list[Chart] | None:
    """The pictures that the content has figures for; None where the drawing libraries are not installed."""
    try:
        import altair
        import vl_convert
    except ImportError:
        return None
    found = []
    for number, (title, words, spec) in enumerate(_specs(altair, content, lang)):
        svg = vl_convert.vegalite_to_svg(vl_spec=spec, allowed_base_urls=[])
        found.append(Chart(title, words, _alone(svg, f"c{number}")))
    return found


def _specs(alt: Any, content: Content, lang: Lang) -> Iterator[tuple[Label, Label, dict[str, Any]]]:
    for title, words, made in (
        (TEXTS["chart_counties"], _SAYS["counties"], _counties(alt, content, lang)),
        (TEXTS["chart_years"], _SAYS["years"], _years(alt, content, lang)),
        (TEXTS["chart_spread"], _SAYS["spread"], _spread(alt, content, lang)),
        (TEXTS["chart_populations"], _SAYS["populations"], _populations(alt, content, lang)),
    ):
        if made is not None:
            yield title, words, _styled(alt, made).to_dict()


_SAYS = {
    "counties": Label(
        "深色：已证明；浅色：上限；竖线：文件要求的最高比率。没有居民数的地点不画",
        "dark: proven; light: ceiling; line: the highest rate a document demands. Places without residents are not drawn",
    ),
    "years": Label("人数与人次分开画，纵轴不同", "persons and visits are drawn apart, each on its own axis"),
    "spread": Label("每点一个乡镇（街道）；上下错开只为看清", "one dot a township; moved up and down only to be seen"),
    "populations": Label("期末居住在本地、至少参加一场的不同学员", "different learners with their home here who came at least once"),
}


def _styled(alt: Any, made: Any) -> Any:
    return (
        made.configure(font=FONT, background="#ffffff", padding=4)
        .configure_axis(labelFontSize=14, titleFontSize=14, labelLimit=170, titleFontWeight="normal", gridColor="#e3e3e3")
        .configure_legend(labelFontSize=14, labelLimit=0, title=None, orient="top").configure_view(stroke=None)
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _rated(rows: list[PlaceRow]) -> list[tuple[PlaceRow, float, float]]:
    """The places with a participation rate that may be shown: proven and ceiling in percent."""
    found = []
    for row in rows:
        cell = row.cell(_PARTICIPATION)
        if cell and cell.numerator and cell.denominator and cell.numerator.value is not None and cell.denominator.value:
            ceiling = cell.ceiling.value if cell.ceiling and cell.ceiling.value is not None else cell.numerator.value
            found.append((row, 100 * cell.numerator.value / cell.denominator.value, 100 * ceiling / cell.denominator.value))
    return found


def _first_level(content: Content) -> list[PlaceRow]:
    """The places reported on, each followed by those right below it."""
    return [row for top in content.tops for row in (top, *top.children)][:40]


def _limit(content: Content) -> float | None:
    rule = content.rules.get(_PARTICIPATION)
    return float(max(rule.limits)) if rule and rule.limits else None


def _counties(alt: Any, content: Content, lang: Lang) -> Any:
    rated = _rated(_first_level(content))
    if not rated:
        return None
    names = [slashed(TEXTS["proven"], lang), slashed(TEXTS["ceiling"], lang)]
    data = [
        {"place": _short(row.name), "what": name, "rate": round(value, 4)}
        for row, proven, ceiling in rated for name, value in ((names[1], ceiling), (names[0], proven))
    ]
    order = [_short(row.name) for row, *_ in rated]
    top = max([100.0, *(ceiling for _, _, ceiling in rated)])
    bars = alt.Chart(alt.Data(values=data)).mark_bar(stroke="#333333", strokeWidth=0.6).encode(
        y=alt.Y("place:N", sort=order, title=None),
        x=alt.X("rate:Q", stack=None, title=slashed(TEXTS["unit_rate"], lang), scale=alt.Scale(domain=[0, top])),
        color=alt.Color("what:N", scale=alt.Scale(domain=names, range=[DARK, LIGHT])),
        size=alt.Size("what:N", scale=alt.Scale(domain=names, range=[9, 18]), legend=None),
    ).properties(width=_WIDTH, height={"step": 26})
    limit = _limit(content)
    if limit is None:
        return bars
    words = [{"rate": limit, "text": f"{slashed(TEXTS['target'], lang)} {limit:g}%"}]
    rule = alt.Chart(alt.Data(values=words)).mark_rule(color=LINE, strokeWidth=2, strokeDash=[6, 3]).encode(x="rate:Q")
    text = alt.Chart(alt.Data(values=words)).mark_text(
        color=LINE, fontSize=13, align="center", y=0, dy=-9, fontWeight="bold",
    ).encode(x="rate:Q", text="text:N")
    return bars + rule + text


def _years(alt: Any, content: Content, lang: Lang) -> Any:
    if not any(y.persons or y.named or y.unnamed for y in content.years):
        return None
    names = [slashed(TEXTS[k], lang) for k in ("persons", "named_visits", "unnamed_visits")]
    data = [
        {"year": str(y.year), "what": name, "count": count}
        for y in content.years for name, count in zip(names, (y.persons, y.named, y.unnamed), strict=True)
    ]

    def bars(of: list[str], title: str, colours: list[str]) -> Any:
        own = [d for d in data if d["what"] in of]
        return alt.Chart(alt.Data(values=own)).mark_bar(stroke="#333333", strokeWidth=0.6).encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("count:Q", title=title, axis=alt.Axis(format="~s", tickCount=4)),
            color=alt.Color("what:N", scale=alt.Scale(domain=of, range=colours), legend=None if len(of) == 1 else alt.Legend(columns=1)),
            order=alt.Order("what:N"),
        ).properties(width=150, height=200)

    persons = bars(names[:1], names[0], [DARK])
    visits = bars(names[1:], slashed(UNITS["visit"], lang), ["#D55E00", "#F7D08A"])
    return alt.hconcat(persons, visits, spacing=24).resolve_scale(color="independent")


def _spread(alt: Any, content: Content, lang: Lang) -> Any:
    groups = [(parent, row) for parent in content.walk() for row in parent.children if row.level == "township"]
    owner = {row.code: parent for parent, row in groups}
    if len({parent.code for parent in owner.values()}) > _MOST_LINES:
        above = {child.code: parent for parent in content.walk() for child in parent.children}
        owner = {code: above.get(parent.code, parent) if parent.level == "county" else parent for code, parent in owner.items()}
    rated = _rated([row for _, row in groups])
    if not rated:
        return None
    data = [
        {"place": _short(owner[row.code].name), "rate": round(proven, 4), "shift": number % 5}
        for number, (row, proven, _) in enumerate(rated)
    ]
    order = list(dict.fromkeys(_short(owner[row.code].name) for row, *_ in rated))
    most = max([1.0, *(proven for _, proven, _ in rated)])
    return alt.Chart(alt.Data(values=data)).mark_point(
        shape="circle", size=70, filled=True, fill=DARK, fillOpacity=0.45, stroke="#222222", strokeWidth=0.8,
    ).encode(
        y=alt.Y("place:N", sort=order, title=None, axis=alt.Axis(grid=True)),
        yOffset=alt.YOffset("shift:Q", scale=alt.Scale(domain=[-1, 5])),
        x=alt.X("rate:Q", title=slashed(TEXTS["unit_rate"], lang), scale=alt.Scale(domain=[0, most], nice=True)),
    ).properties(width=_WIDTH, height={"step": 34})


def _populations(alt: Any, content: Content, lang: Lang) -> Any:
    data = []
    for rule in content.rules.values():
        if rule.population is None or not rule.metric.endswith("persons"):
            continue
        values = [c.numerator.value for top in content.tops if (c := top.cell(rule.metric)) and c.numerator]
        if values and None not in values:
            data.append({"who": "\n".join(dict.fromkeys(pair_of(rule.population, lang))), "count": sum(filter(None, values))})
    if not any(d["count"] for d in data):
        return None
    base = alt.Chart(alt.Data(values=data)).encode(
        y=alt.Y("who:N", sort=[d["who"] for d in data], title=None, axis=alt.Axis(labelExpr="split(datum.label, '\\n')")),
        x=alt.X("count:Q", title=slashed(TEXTS["persons"], lang), axis=alt.Axis(format="~s", tickCount=4)),
    ).properties(width=_WIDTH - 40, height={"step": 40})
    bars = base.mark_bar(color=DARK, stroke="#333333", strokeWidth=0.6)
    return bars + base.mark_text(align="left", dx=4, fontSize=13).encode(text=alt.Text("count:Q", format=","))


def _alone(svg: str, prefix: str) -> str:
    """An SVG that can stand beside others in a page: its ids are its own, its size follows its column."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    svg = re.sub(r'(xlink:href|href)="#([^"]+)"', rf'\1="#{prefix}-\2"', svg)
    head, rest = svg.split(">", 1)
    width = re.search(r' width="([\d.]+)"', head)
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    style = f' style="width:100%;max-width:{width[1]}px;height:auto"' if width else ""
    return f'{head} role="img"{style}>{rest}'
