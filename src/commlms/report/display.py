"""Values of a report as texts, the same in every form that people read."""

from __future__ import annotations

from commlms.core.days import iso
from commlms.core.labels import Label, Lang
from commlms.core.pack_tables import UNITS as UNITS_ASKED
from commlms.measure.amounts import counted_words
from commlms.measure.judge import VERDICTS
from commlms.measure.reporting import NOT_REPORTED, words
from commlms.measure.shown import SMALL, demanded, strength_words
from commlms.report.cells import Cell, Shown
from commlms.report.content import PlaceRow, ResidentsNote, Rule, Verdict
from commlms.report.numbers import amount, in_unit, ratio, whole
from commlms.report.parts import AskedPlaces, Line, Moved, Tally, Trend
from commlms.report.words import SIGNS, TEXTS, text


def pair_of(label: Label, lang: Lang) -> tuple[str, str]:
    """A label's two languages, the report's first."""
    return (label.zh, label.en) if lang == "zh" else (label.en, label.zh)


def slashed(label: Label, lang: Lang) -> str:
    """A label in both languages, the report's first."""
    first, second = pair_of(label, lang)
    return first if first == second else f"{first} / {second}"


def number(shown: Shown | None, unit: str = "") -> str:
    """An integer, in yuan or square metres where it is of these; ``<5`` or ``*`` where it is hidden; a dash where there is none."""
    if shown is None:
        return "—"
    if shown.value is None:
        return "<5" if shown.hidden == SMALL else "*"
    return in_unit(shown.value, unit)


def pair(top: Shown | None, bottom: Shown | None, unit: str = "", under: str = "") -> str:
    """Two integers of a ratio."""
    return number(top, unit) if bottom is None else f"{number(top, unit)} / {number(bottom, under)}"


def cell_pair(cell: Cell, rule: Rule) -> str:
    """The integers of a figure."""
    return pair(cell.numerator, cell.denominator, rule.unit, rule.under)


def verdict_pair(verdict: Verdict) -> str:
    """The integers that were judged."""
    return pair(verdict.numerator, verdict.denominator, verdict.counted, verdict.divided_by)


def ratio_text(top: Shown | None, bottom: Shown | None, rule: Rule) -> str:
    """A ratio divided: a percentage of a share, else an average; empty where a part is hidden, missing or zero."""
    if top is None or bottom is None or top.value is None or not bottom.value:
        return ""
    return f"{ratio(top.value, bottom.value, rule.scale, rule.limits)}{'%' if rule.share else ''}"


def cell_ratio(cell: Cell, rule: Rule) -> str:
    """A figure's ratio."""
    return ratio_text(cell.numerator, cell.denominator, rule)


def cell_ceiling(cell: Cell, rule: Rule) -> str:
    """The ratio of a figure's ceiling."""
    return ratio_text(cell.ceiling, cell.denominator, rule)


def verdict_ratio(verdict: Verdict, top: Shown | None, lang: Lang) -> str:
    """A judged ratio in the unit of its target, never rounded across it; empty where the demand is no ratio."""
    bottom = verdict.denominator
    if top is None or bottom is None or top.value is None or not bottom.value or not UNITS_ASKED[verdict.unit].ratio:
        return ""
    lines = tuple(v for v in (verdict.value, verdict.value_max) if v is not None)
    return amount(top.value, bottom.value, verdict.unit, lang, lines)


def demand(verdict: Verdict, lang: Lang) -> str:
    """What the target demands: ``≥ 75%``."""
    return "" if verdict.unit == "undefined" else demanded(verdict.compare, verdict.value, verdict.value_max, verdict.unit).say(lang)


def has_bounds(verdict: Verdict) -> bool:
    """Whether more could be true than what is proven."""
    return any(most is not None and most != verdict.numerator for most in (verdict.ceiling, verdict.bound))


def needed_text(verdict: Verdict) -> str:
    """The smallest numerator that reaches, and the largest where there is one; empty where neither is known."""
    least, most = (None if n is None else in_unit(n, verdict.counted) for n in (verdict.needed, verdict.limit))
    if least is None:
        return "" if most is None else f"≤ {most}"
    return least if most is None or most == least else f"{least}–{most}"


def missing_to_it(verdict: Verdict) -> Label | None:
    """How many more would have to be named, or by how many it falls short even so, or is above what is allowed."""
    if verdict.excess is not None:
        return _counted("above", verdict.excess, verdict)
    if verdict.by is None or verdict.numerator is None or verdict.verdict not in ("short", "not_shown"):
        return None
    key = "to_name" if verdict.verdict == "not_shown" else "falls_short" if has_bounds(verdict) else "short_by"
    return _counted(key, verdict.by, verdict)


def _counted(key: str, shown: Shown, verdict: Verdict) -> Label:
    told, found, one = number(shown, verdict.counted), TEXTS[key], shown.value == 1
    zh, en = (counted_words(n, verdict.counted, verdict.of, one=one) for n in (told, f"{told} more" if key == "to_name" else told))
    return Label(found.say("zh", amount=zh.zh), found.say("en", amount=en.en))


def silent_text(silent: int, leaves: int) -> Label:
    """How many of the lowest places recorded nothing."""
    return text("silent", silent=whole(silent), leaves=whole(leaves))


def reasons(verdict: Verdict) -> list[Label]:
    """What a verdict rests on besides its integers."""
    silent = silent_text(verdict.silent, verdict.leaves) if verdict.leaves else None
    found = (verdict.why, missing_to_it(verdict), silent, not_reported_text(verdict), running_text(verdict), verdict.note)
    return [w for w in found if w]


def running_text(verdict: Verdict) -> Label | None:
    """That the period judged has not ended, where that may change the verdict."""
    return text("running", period=verdict.period) if verdict.running and verdict.verdict in ("short", "not_shown") else None


def not_reported_text(found: Cell | Verdict) -> Label | None:
    """How many of how many senders have not reported on a figure; None where all have, or where nothing else is said of it."""
    told = found.not_reported
    if told is None or not told[0] or (isinstance(found, Verdict) and found.why is not None):
        return None
    return words(told)


def is_unreported(cell: Cell) -> bool:
    """Whether there is no figure because nothing was reported."""
    return cell.missing is NOT_REPORTED


def silent_leaf_text(cell: Cell | None) -> Label:
    """What is said of a lowest place without a session: that there is no data, or that it was reported so."""
    told = cell.not_reported if cell else None
    return TEXTS["no_data"] if told is None or told[0] else TEXTS["nothing_held"]


def no_data_text(missing: Label) -> Label:
    """That there is no figure, and what is missing to it."""
    empty = TEXTS["no_data"]
    return Label(f"{empty.zh}：{missing.zh}", f"{empty.en}: {missing.en}")


def known_text(row: PlaceRow, metric: str) -> Label | None:
    """How surely the persons of a rate are known at a place reported on; None of any other figure."""
    return strength_words(row.known[metric], whole) if metric in row.known else None


def residents_label(note: ResidentsNote) -> Label:
    """Date, basis and nature of residents in both languages."""
    return Label(residents_text(note, "zh"), residents_text(note, "en"))


def residents_text(note: ResidentsNote, lang: Lang) -> str:
    """Date, basis and nature of residents: ``2022-12-31 常住 估算``."""
    dates = iso(note.dates[0]) if len(note.dates) == 1 else f"{iso(note.dates[0])}..{iso(note.dates[-1])}"
    words = [dates, note.basis.say(lang), *(n.say(lang) for n in note.natures)]
    if note.summed:
        words.append(TEXTS["summed"].say(lang))
    if note.about:
        words.append(TEXTS["about"].say(lang))
    return (" " if lang == "zh" else ", ").join(words)


def reasons_here(verdict: Verdict) -> list[Label]:
    """What one of many verdicts of a target rests on: without what is said once of all of them."""
    return [w for w in reasons(verdict) if w is not verdict.note]


def moved_text(moved: Moved) -> Label:
    """Which places joined another or left it, from which day."""
    head = text("moved", day=iso(moved.day), place=moved.place)
    told = [(key, names) for key, names in (("joined", moved.joined), ("parted", moved.left)) if names]
    zh, en = ("，".join(TEXTS[key].say("zh", names="、".join(names)) for key, names in told),
              ", ".join(TEXTS[key].say("en", names=", ".join(names)) for key, names in told))
    return Label(f"{head.zh}{zh}", f"{head.en}: {en}")


def line_text(line: Line, trend: Trend, lang: Lang) -> str:
    """What a target asks for of a rate, with the day it is due."""
    asked = demanded(line.compare, line.value, line.most, trend.unit).say(lang)
    return f"{asked} ({iso(line.due)})" if line.due else asked


def asked_text(asked: AskedPlaces) -> Label:
    """At how many of the places that are asked something is recorded."""
    key = "asked_places" if asked.least == 1 else "asked_least"
    values = {"done": whole(asked.done), "of": whole(asked.of), "least": asked.least}
    return Label(TEXTS[key].say("zh", level=asked.level.zh, **values), TEXTS[key].say("en", level=asked.level.en, **values))


def tally_text(tally: Tally, lang: Lang) -> str:
    """Verdicts counted, as text: ``√ 达到 3；× 未达到 1``; of a single one the word."""
    told = (f"{SIGNS[v]} {VERDICTS[v].say(lang)}{'' if tally.one else f' {whole(n)}'}" for v, n in tally.found)
    return ("；" if lang == "zh" else "; ").join(told)
