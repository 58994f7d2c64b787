"""A report as one HTML file that needs nothing else: style, script and pictures stand in it, no link leaves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from commlms.core.days import iso
from commlms.core.labels import Label, Lang
from commlms.core.pack_words import ACTORS, GROUPS, LEVELS, ROLES, word
from commlms.measure.judge import VERDICTS
from commlms.report import display
from commlms.report.cells import Cell
from commlms.report.charts import charts
from commlms.report.content import Content, PlaceRow, Rule, Verdict
from commlms.report.display import pair_of, slashed
from commlms.report.listing import Listed, listed
from commlms.report.matrix import tally
from commlms.report.multiples import Multiples
from commlms.report.numbers import in_unit, whole
from commlms.report.parts import ORDER, Matrix, Tally, Trend
from commlms.report.words import INVENTED, SIGNS, TEXTS, UNITS

#: Places from the county up stand open; what is below opens on a click.
_OPEN_LEVELS = ("province", "city", "county")
_PARTICIPATION = "core.participation"


def html_parts(content: Content, lang: Lang) -> Iterator[str]:
    """The report as HTML piece by piece, in ``lang`` with the other language beside every label."""
    page = _Page(content, lang)
    environment = Environment(
        loader=PackageLoader("commlms.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )
    environment.filters.update(both=page.both, tip=page.tip, slash=page.slash, whole=whole, iso=iso)
    source = environment.loader
    assert source is not None
    inline = {name: Markup(source.get_source(environment, name)[0]) for name in ("report.css", "report.js")}
    return environment.get_template("report.html.j2").generate(
        c=content, lang=lang, t=TEXTS, d=display, page=page, units=UNITS, invented=INVENTED, css=inline["report.css"],
        js=inline["report.js"], charts=charts(content, lang), rules=content.rules, svg=Markup,
        colon="：" if lang == "zh" else ": ", semicolon="；" if lang == "zh" else "; ", order=ORDER, verdicts=VERDICTS, signs=SIGNS,
        word=word, groups=GROUPS, roles=ROLES, actors=ACTORS, levels=LEVELS,
    )


class _Page:
    """What the template asks for."""

    def __init__(self, content: Content, lang: Lang) -> None:
        self.content, self.lang = content, lang
        self.rules = content.rules
        self.numbers = {metric: i for i, metric in enumerate(self.rules)}
        self.documents = {d.key: d for d in content.documents}

    def both(self, label: Label) -> Markup:
        """A label in the report's language, the other one small beside it."""
        first, second = pair_of(label, self.lang)
        if first == second:
            return escape(first)
        other = "en" if self.lang == "zh" else "zh"
        # Put together here: ``Markup.format`` takes several times as long, and a city has hundreds of thousands of labels.
        return Markup(f'{escape(first)} <small lang="{other}">{escape(second)}</small>')

    def tip(self, label: Label) -> Markup:
        """A label that stands at many figures: in the report's language, the other one shown on pointing at it."""
        first, second = pair_of(label, self.lang)
        return Markup(f'<span title="{escape(second)}">{escape(first)}</span>')

    def slash(self, label: Label) -> str:
        """A label in both languages as plain text."""
        return slashed(label, self.lang)

    def flat(self, rows: Iterable[PlaceRow]) -> Iterator[PlaceRow | None]:
        """Each place, those below it, then None where it ends: a macro that calls itself would give the whole tree as one text."""
        for row in rows:
            yield row
            yield from self.flat(row.children)
            yield None

    def opened(self, row: PlaceRow) -> bool:
        """Whether a place's children stand open at first."""
        return row.depth == 0 or row.level in _OPEN_LEVELS

    def rate(self, row: PlaceRow) -> Cell | None:
        """The participation of a place: what its line shows."""
        return row.cell(_PARTICIPATION)

    def bar(self, cell: Cell) -> tuple[str, str] | None:
        """The widths of a rate's bar in percent: proven, ceiling."""
        if cell.numerator is None or cell.denominator is None or cell.numerator.value is None or not cell.denominator.value:
            return None
        ceiling = cell.ceiling.value if cell.ceiling and cell.ceiling.value is not None else cell.numerator.value
        return tuple(f"{min(100.0, 100 * n / cell.denominator.value):.1f}" for n in (cell.numerator.value, ceiling))  # type: ignore[return-value]  # two values

    def cells(self, row: PlaceRow) -> list[Cell]:
        """The figures a place's table shows: those that are not blank."""
        return [c for c in row.cells if not c.blank]

    def local_names(self, row: PlaceRow) -> list[tuple[str, Label]]:
        """What each document in force at a place calls its institution: document id and name."""
        found = []
        for key in row.documents:
            level = self.documents[key].level(row.level)
            if level is not None:
                found.append((self.documents[key].id, level.institution))
        return found

    def nil(self, rule: Rule) -> bool:
        """Whether nothing is recorded for a figure: on paper it stands without its definition."""
        return all(cell is None or cell.blank for cell in (top.cell(rule.metric) for top in self.content.tops))

    # -- documents --------------------------------------------------------------------------------------

    def width(self, matrix: Matrix) -> str:
        """How many columns a matrix has: on paper and on small screens the wider ones stand as lists."""
        columns = len(matrix.columns)
        return "few" if columns <= 6 else "some" if columns <= 12 else "many"

    def tally(self, group: Sequence[Verdict]) -> Tally:
        """How many verdicts of one target are which."""
        return tally(group)

    def unfolded(self, group: Sequence[Verdict]) -> bool:
        """Whether a target's verdicts stand open at first: where something is missing that is known."""
        return len(group) == 1 and group[0].verdict in ("short", "not_shown")

    def quiet(self, group: Sequence[Verdict]) -> bool:
        """Whether nothing was judged of a target: the reasons stand together below, so that paper has the heads only."""
        return all(v.verdict in ("no_data", "not_applicable", "no_verdict") for v in group)

    def needed(self, group: Sequence[Verdict]) -> str:
        """What all the places or rows judged need together; empty where it is not known of each, or where it is one."""
        needs = [v.needed for v in group]
        if len(group) < 2 or None in needs or group[0].compare not in (">=", ">", "between"):
            return ""
        return in_unit(sum(n for n in needs if n is not None), group[0].counted)

    def listed(self, group: Sequence[Verdict]) -> Listed:
        """Those of a target's verdicts that are listed."""
        return listed(group)

    def small(self, trend: Trend) -> Iterator[str]:
        """The small pictures of a rate."""
        return Multiples(trend, self.lang).pictures()
