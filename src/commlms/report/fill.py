"""Forms from above, filled: the received workbook or text document as it is, figures where it asks, and where each is from."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import attrs

from commlms.core.errors import FileRefused
from commlms.core.labels import Label, Lang
from commlms.report.answers import Answer, Answers
from commlms.report.bindings import Bindings, read_bindings
from commlms.report.source import Source
from commlms.report.words import INVENTED
from commlms.store.sheets import replacing

#: The sheet, or the page, that says where every figure is from; and its columns.
NOTES = Label("取数说明", "Where the figures are from")
HEADS = (
    Label("位置", "where"), Label("地点", "place"), Label("时期", "period"), Label("指标", "metric"),
    Label("口径（分子）", "rule (numerator)"), Label("口径（分母）", "rule (denominator)"), Label("分子", "numerator"),
    Label("分母", "denominator"), Label("填入", "written"), Label("备注", "note"),
)
_DAMAGED = Label(
    "{file} 打不开：已损坏、有密码或不是表单；请重新要一份", "{file} cannot be opened: damaged, locked, or no form; ask for it again",
)
_MISSING = Label(
    "填表需要安装 commlms[forms]（缺 {package}）", "filling forms needs {package}: pip install 'commlms[forms]'",
)
_BOOKS, _TEXTS = (".xlsx", ".xlsm"), (".docx",)


@attrs.frozen
class Filled:
    """A filled form: where it is, every figure in it, and what of the form could not be kept as it was."""

    path: Path
    answers: tuple[Answer, ...]
    lost: tuple[str, ...] = ()


def fill(
    source: Source, form: Path, *, period: str | None = None, bindings: Path | None = None, out: Path | None = None, lang: Lang,
) -> Filled:
    """Fill a form (.xlsx, .xlsm, .docx) by the TOML file beside it; the form itself stays as it came.

    Raises :class:`PolicyError` with file and line for a wrong binding (an unknown metric, a cell with a formula), and
    :class:`FileRefused` for a form that cannot be read or written; nothing is written then.
    """
    ending, named = form.suffix.lower(), bindings or form.with_suffix(".toml")
    if ending not in (*_BOOKS, *_TEXTS):
        raise FileRefused(Label("只能填 .xlsx、.xlsm 和 .docx：{file}", "a form is .xlsx, .xlsm or .docx: {file}"), file=form.name)
    for path in (form, named):
        if not path.is_file():
            raise FileRefused(Label(
                "找不到 {file}；表样旁边要有同名的 .toml，写明哪一格填哪个指标（见 docs/how-to/forms.md）",
                "there is no {file}; a form needs a .toml of its name beside it: which cell is which metric (docs/how-to/forms.md)",
            ), file=path.name)
    bound = read_bindings(named)
    answers = Answers(source, bound, _period(bound, period), lang)
    target = out or form.with_name(f"{form.stem}-filled{ending}")
    if target.resolve() == form.resolve():
        raise FileRefused(Label(
            "不能写在收到的表上：{file}；请用 --out 另写一个文件", "{file} is the form itself; name another file with --out",
        ), file=form.name)
    with source.moment(), tempfile.TemporaryDirectory(prefix="commlms-") as folder:
        draft = Path(folder) / f"form{ending}"
        if ending in _TEXTS:
            from commlms.report.fill_text import fill_text as write
        else:
            from commlms.report.fill_book import fill_book as write
        found, lost = write(form, draft, answers)
        with replacing(target) as place:
            shutil.copyfile(draft, place)
    return Filled(target, tuple(found), tuple(lost))


def _period(bound: Bindings, period: str | None) -> str:
    found = period or bound.period
    if not found:
        raise bound.wrong(1, "没有写明时期；请用 --period，或加 [form] period", "no period is given; use --period, or add [form] period")
    return found


def notes(answers: Answers, found: list[Answer]) -> Iterator[list[object]]:
    """The lines of the page that says where every figure is from, the heads first."""
    lang = answers.lang
    if answers.source.invented:
        yield [INVENTED.say(lang)]
    yield [head.say(lang) for head in HEADS]
    for a in found:
        written = f"{a.value}%" if a.share else a.value
        label = f"{a.metric.label.say(lang)} [{a.metric.key}]"
        note = a.note.say(lang) if a.note else ""
        yield [a.where, a.place, a.period, label, *answers.rule(a.metric), a.numerator, a.denominator, written, note]


def damaged(form: Path) -> FileRefused:
    """The error for a form that is not what its name says."""
    return FileRefused(_DAMAGED, file=form.name)


def missing(package: str) -> FileRefused:
    """The error where what writes such forms is not installed."""
    return FileRefused(_MISSING, package=package)
