"""Values of a report as texts, the same in every form that people read."""

from __future__ import annotations

from decimal import Decimal

from commlms.core.days import iso
from commlms.core.labels import Label, Lang
from commlms.measure.reporting import NOT_REPORTED, words
from commlms.measure.shown import SMALL, strength_words
from commlms.report.cells import Cell, Shown
from commlms.report.content import PlaceRow, ResidentsNote, Rule, Verdict
from commlms.report.numbers import amount, percent, ratio, threshold, whole
from commlms.report.words import TEXTS, UNITS, text

_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "="}


def pair_of(label: Label, lang: Lang) -> tuple[str, str]:
    """A label's two languages, the report's first."""
    return (label.zh, label.en) if lang == "zh" else (label.en, label.zh)


def slashed(label: Label, lang: Lang) -> str:
    """A label in both languages, the report's first."""
    first, second = pair_of(label, lang)
    return first if first == second else f"{first} / {second}"


def number(shown: Shown | None) -> str:
    """An integer; ``<5`` or ``*`` where it is hidden; a dash where there is none."""
    if shown is None:
        return "—"
    if shown.value is None:
        return "<5" if shown.hidden == SMALL else "*"
    return whole(shown.value)


def pair(top: Shown | None, bottom: Shown | None) -> str:
    """Two integers of a ratio."""
    return number(top) if bottom is None else f"{number(top)} / {number(bottom)}"


def ratio_text(top: Shown | None, bottom: Shown | None, rule: Rule) -> str:
    """A ratio divided: a percentage of a share, else an average; empty where a part is hidden, missing or zero."""
    if top is None or bottom is None or top.value is None or not bottom.value:
        return ""
    if rule.share:
        return percent(top.value, bottom.value, rule.limits)
    return str(ratio(top.value, bottom.value, Decimal(1)))


def cell_ratio(cell: Cell, rule: Rule) -> str:
    """A figure's ratio."""
    return ratio_text(cell.numerator, cell.denominator, rule)


def cell_ceiling(cell: Cell, rule: Rule) -> str:
    """The ratio of a figure's ceiling."""
    return ratio_text(cell.ceiling, cell.denominator, rule)


def verdict_ratio(verdict: Verdict, top: Shown | None, lang: Lang) -> str:
    """A judged ratio in the unit of its target, never rounded across it."""
    bottom = verdict.denominator
    if top is None or bottom is None or top.value is None or not bottom.value:
        return ""
    return amount(top.value, bottom.value, verdict.unit, lang, (verdict.value,))


def demand(verdict: Verdict, lang: Lang) -> str:
    """What the target demands: ``≥ 75%``."""
    return f"{_SIGNS[verdict.compare]} {threshold(verdict.value, verdict.unit, lang)}"


def missing_to_it(verdict: Verdict) -> Label | None:
    """How many more would have to be named, or by how many it falls short even so."""
    if verdict.by is None or verdict.verdict not in ("short", "not_shown"):
        return None
    key = "falls_short" if verdict.verdict == "short" else "to_name"
    unit = UNITS.get(verdict.counted, UNITS["row"])
    return text(key, by=number(verdict.by), unit=unit)


def silent_text(silent: int, leaves: int) -> Label:
    """How many of the lowest places recorded nothing."""
    return text("silent", silent=whole(silent), leaves=whole(leaves))


def reasons(verdict: Verdict) -> list[Label]:
    """What a verdict rests on besides its integers."""
    silent = silent_text(verdict.silent, verdict.leaves) if verdict.leaves else None
    return [w for w in (verdict.why, missing_to_it(verdict), silent, not_reported_text(verdict), verdict.note) if w]


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
