"""Small pictures of one rate: a place each, all on one scale, with the lines that documents ask for.

They are drawn here, without a library: a document has hundreds of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from markupsafe import escape

from commlms.core.labels import Lang
from commlms.core.pack_tables import UNITS
from commlms.report.numbers import amount
from commlms.report.parts import Point, Series, Trend
from commlms.report.words import TEXTS

_LEFT, _TOP, _WIDTH, _HEIGHT = 8, 34, 124, 44
_BOTTOM = _TOP + _HEIGHT
_LONGEST = 11


def point_text(point: Point, trend: Trend, lang: Lang) -> str:
    """A point as a number in the unit of its targets; a dash where there is none."""
    if not point.drawn or point.numerator is None or point.denominator is None:
        return "—"
    assert point.numerator.value is not None
    assert point.denominator.value is not None
    return amount(point.numerator.value, point.denominator.value, trend.unit, lang, trend.limits)


class Multiples:
    """The pictures of one trend."""

    def __init__(self, trend: Trend, lang: Lang) -> None:
        self.trend, self.lang = trend, lang
        rates = [rate for series in trend.series for p in series.points if (rate := self._rate(p)) is not None]
        self.most = max([*rates, *map(float, trend.limits)], default=0.0) or 1.0

    def pictures(self) -> Iterator[str]:
        """An SVG for each place."""
        for series in self.trend.series:
            yield self._picture(series)

    def _rate(self, point: Point) -> float | None:
        if not point.drawn or point.numerator is None or point.denominator is None:
            return None
        assert point.numerator.value is not None
        assert point.denominator.value is not None
        return float(Decimal(point.numerator.value) * UNITS[self.trend.unit].factor / point.denominator.value)

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
        return (
            f'<svg viewBox="0 0 140 94" role="img" aria-label="{escape(series.place)}: {escape("; ".join(texts))}">'
            f"<title>{escape(series.place)}: {escape('; '.join(texts))}</title>"
            f'<text x="{_LEFT}" y="12" class="pn">{escape(name)}</text>'
            f'<path class="ax" d="M{_LEFT} {_BOTTOM}h{_WIDTH}"/>' + "".join((*self._lines(series), *self._curve(series), *years))
            + f'<text x="{_LEFT + _WIDTH}" y="{_BOTTOM + 13}" text-anchor="end">{last}</text></svg>'
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

    def _curve(self, series: Series) -> Iterator[str]:
        """The points, those of years that follow each other joined; the last one's number; a mark where borders were others."""
        path, last, before = "", None, False
        for point in series.points:
            rate = self._rate(point)
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
