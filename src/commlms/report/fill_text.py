"""A received text document (.docx), filled: ``{{ name }}`` where a figure belongs, ``{%tr for row in name %}`` around a table's line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs

from commlms.core.errors import FileRefused
from commlms.core.labels import Label
from commlms.report.answers import Answer, Answers
from commlms.report.bindings import ListBinding
from commlms.report.fill import NOTES, damaged, missing, notes


@attrs.frozen
class Word:
    """A figure in a text: printed as what it is, with its two integers beside it."""

    answer: Answer

    def __str__(self) -> str:
        return f"{self.answer.value}%" if self.answer.share else str(self.answer.value)

    @property
    def numerator(self) -> str:
        """The upper integer."""
        return "" if self.answer.numerator is None else str(self.answer.numerator)

    @property
    def denominator(self) -> str:
        """The lower integer, blank for a total."""
        return "" if self.answer.denominator is None else str(self.answer.denominator)

    @property
    def place(self) -> str:
        """Whose figure it is: code and name."""
        return self.answer.place


def fill_text(form: Path, draft: Path, answers: Answers) -> tuple[list[Answer], list[str]]:
    """Fill a text document into ``draft``; gives every figure. A placeholder without a binding, or the reverse, is refused."""
    try:
        from docxtpl import DocxTemplate
    except ImportError:
        raise missing("docxtpl") from None
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # What stands in a document from outside is no program of ours: nothing in it can reach more than the figures.
    jinja = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        template = DocxTemplate(form)
        names = template.get_undeclared_template_variables(jinja)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except TemplateError:
        raise _unreadable(form) from None
    except Exception:  # what a damaged document raises is of many kinds
        raise damaged(form) from None
    found: list[Answer] = []
    words = _words(answers, found)
    _check_names(form, answers, names, set(words))
    try:
        template.render(words, jinja, autoescape=True)
    except TemplateError:
        raise _unreadable(form) from None
    _explain(template.docx, answers, found)
    template.save(draft)
    return found, []


def _words(answers: Answers, found: list[Answer]) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for name, asked in answers.bindings.values.items():
        found.append(answers.at(asked, name))
        words[name] = Word(found[-1])
    for binding in answers.bindings.lists:
        words[binding.name] = list(_lines(answers, binding, found))
    return words


def _lines(answers: Answers, binding: ListBinding, found: list[Answer]) -> Any:
    figures, _ = answers.figures()
    tree = figures.tree
    below = [p for p in tree.below(answers.top(binding.place, figures)) if tree.nodes[p].level == binding.level]
    for place in sorted(below, key=lambda p: tree.nodes[p].code):
        node = tree.nodes[place]
        line: dict[str, Any] = {"code": node.code, "place": node.name}
        for name, asked in binding.asked.items():
            found.append(answers.at(asked, f"{binding.name}.{name}", place))
            line[name] = Word(found[-1])
        yield line


def _check_names(form: Path, answers: Answers, written: set[str], bound: set[str]) -> None:
    if lacking := sorted(written - bound):
        names = "、".join(lacking)
        raise answers.bindings.wrong(1, f"{form.name} 中的 {names} 没有绑定；请加 [[value]] 或 [[list]]",
                                     f"{names} in {form.name} is not bound; add a [[value]] or a [[list]]")
    if unused := sorted(bound - written):
        names = "、".join(unused)
        raise answers.bindings.wrong(1, f"{form.name} 中没有 {names}；请在文中写 {{{{ 名字 }}}}，或删去绑定",
                                     f"{form.name} has no {names}; write {{{{ name }}}} in it, or delete the binding")


def _unreadable(form: Path) -> FileRefused:
    return FileRefused(Label(
        "{file} 中的占位符写错了；应写 {{{{ 名字 }}}}，表格行写 {{%tr for row in 名字 %}} 与 {{%tr endfor %}}",
        "a placeholder in {file} is wrong; write {{{{ name }}}}, around a table's line {{%tr for row in name %}} and {{%tr endfor %}}",
    ), file=form.name)


def _explain(document: Any, answers: Answers, found: list[Answer]) -> None:
    """Add the page that says where every figure is from."""
    document.add_page_break()
    document.add_heading(NOTES.say(answers.lang), level=1)
    rows = [["" if v is None else str(v) for v in row] for row in notes(answers, found)]
    for row in [r for r in rows if len(r) == 1]:
        document.add_paragraph(row[0])
    lines = [r for r in rows if len(r) > 1]
    table = document.add_table(rows=len(lines), cols=len(lines[0]))
    for line, row in zip(table.rows, lines, strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
