"""Small pictures of one rate: a place each, all on one scale, with the lines that documents ask for.

They are drawn here, without a library: a document has hundreds of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from markupsafe import escape

from commlms.core.labels import Lang
from commlms.core.pack_tables import UNITS
from commlms.report.cells import Shown
from commlms.report.numbers import amount
from commlms.report.parts import Point, Series, Trend
from commlms.report.words import TEXTS

_LEFT, _TOP, _WIDTH, _HEIGHT = 8, 34, 124, 44
_BOTTOM = _TOP + _HEIGHT
_LONGEST = 11


def point_text(point: Point, trend: Trend, lang: Lang) -> str:
    """A point as a number in the unit of its targets, and its ceiling where it has one; a dash where there is none."""
    told = [_text(top, point.denominator, trend, lang) for top in (point.numerator, point.ceiling)]
    return " / ".join(filter(None, told)) or "—"


def _text(top: Shown | None, bottom: Shown | None, trend: Trend, lang: Lang) -> str:
    if top is None or bottom is None or top.value is None or not bottom.value:
        return ""
    return amount(top.value, bottom.value, trend.unit, lang, trend.limits)


class Multiples:
    """The pictures of one trend."""

    def __init__(self, trend: Trend, lang: Lang) -> None:
        self.trend, self.lang = trend, lang
        points = [p for series in trend.series for p in series.points]
        rates = [rate for p in points for top in (p.numerator, p.ceiling) if (rate := self._rate(top, p.denominator)) is not None]
        self.most = max([*rates, *map(float, trend.limits)], default=0.0) or 1.0

    def pictures(self) -> Iterator[str]:
        """An SVG for each place."""
        for series in self.trend.series:
            yield self._picture(series)

    def _rate(self, top: Shown | None, bottom: Shown | None) -> float | None:
        if top is None or bottom is None or top.value is None or not bottom.value:
            return None
        return float(Decimal(top.value) * UNITS[self.trend.unit].factor / bottom.value)

    def _x(self, year: int) -> float:
        first, last = self.trend.years[0], self.trend.years[-1]
        return _LEFT + _WIDTH / 2 if first == last else round(_LEFT + _WIDTH * (year - first) / (last - first), 1)

    def _y(self, rate: float) -> float:
        return round(_BOTTOM - _HEIGHT * min(rate, self.most) / self.most, 1)

    def _picture(self, series: Series) -> str:
        texts = [f"{p.year} {point_text(p, self.trend, self.lang)}" for p in series.points]
        name = series.place if len(series.place) <= _LONGEST else f"{series.place[:_LONGEST - 1]}…"
        first, last = self.trend.years[0], self.trend.years[-1]
        years = [f'<text x="{_LEFT}" y="{_BOTTOM + 13}">{first}</text>'] if first != last else []
        drawn = "".join((*self._ceiling(series), *self._lines(series), *self._curve(series), *years))
        return (
            f'<svg viewBox="0 0 140 94" role="img" aria-label="{escape(series.place)}: {escape("; ".join(texts))}">'
            f"<title>{escape(series.place)}: {escape('; '.join(texts))}</title>"
            f'<text x="{_LEFT}" y="12" class="pn">{escape(name)}</text>'
            f'<path class="ax" d="M{_LEFT} {_BOTTOM}h{_WIDTH}"/>{drawn}'
            f'<text x="{_LEFT + _WIDTH}" y="{_BOTTOM + 13}" text-anchor="end">{last}</text></svg>'
        )

    def _lines(self, series: Series) -> Iterator[str]:
        """What is asked here: up to the year it is due, from the year in which the one before it was."""
        lines = [line for line in self.trend.lines if line.target in series.targets]
        dues = sorted({line.due // 10_000 for line in lines if line.due})
        for line in lines:
            due = line.due // 10_000 if line.due else self.trend.years[-1]
            start = max([self.trend.years[0], *(d for d in dues if line.due and d < due)])
            if due < self.trend.years[0] or start > self.trend.years[-1]:
                continue
            left, right = self._x(start), self._x(min(due, self.trend.years[-1]))
            if right <= left:  # asked of one year drawn only
                left, right = max(_LEFT, left - 8), min(_LEFT + _WIDTH, right + 8)
            for value in (line.value, line.most):
                if value is not None:
                    yield f'<path class="tl" d="M{left} {self._y(float(value))}H{right}"/>'

    def _ceiling(self, series: Series) -> Iterator[str]:
        """What lies between the axis and the most that can be true, of years that follow each other."""
        if not self.trend.has_ceiling:
            return
        run: list[tuple[float, float]] = []
        for point in (*series.points, None):
            rate = None if point is None else self._rate(point.ceiling or point.numerator, point.denominator)
            if point is not None and rate is not None:
                run.append((self._x(point.year), self._y(rate)))
                continue
            if len(run) == 1:
                (x, y), = run
                run = [(max(_LEFT, x - 4), y), (min(_LEFT + _WIDTH, x + 4), y)]
            if run:
                yield f'<path class="cl" d="M{run[0][0]} {_BOTTOM}{"".join(f"L{x} {y}" for x, y in run)}V{_BOTTOM}Z"/>'
            run = []

    def _curve(self, series: Series) -> Iterator[str]:
        """The points, those of years that follow each other joined; the last one's number; a mark where borders were others."""
        path, last, before = "", None, False
        for point in series.points:
            rate = self._rate(point.numerator, point.denominator)
            if rate is None:
                before = False
                if point.other_borders:
                    yield f'<text x="{self._x(point.year)}" y="{_BOTTOM - 3}" text-anchor="middle" class="ob">/' \
                          f"<title>{escape(TEXTS['other_borders'].say(self.lang))}</title></text>"
                continue
            path += f"{'L' if before else 'M'}{self._x(point.year)} {self._y(rate)}"
            yield f'<circle cx="{self._x(point.year)}" cy="{self._y(rate)}" r="2.6"/>'
            before, last = True, point
        if path:
            yield f'<path class="cv" d="{path}"/>'
        text = TEXTS["no_data"].say(self.lang) if last is None else point_text(last, self.trend, self.lang)
        style = "" if last is None else ' class="lv"'
        yield f'<text x="{_LEFT + _WIDTH}" y="26" text-anchor="end"{style}>{escape(text)}</text>'
