"""Writes a report in the form that the file's ending names."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from commlms.core.errors import FileRefused
from commlms.core.labels import Label, Lang
from commlms.report.book import write_book
from commlms.report.content import Content
from commlms.report.data import json_parts
from commlms.report.gather import gather
from commlms.report.page import html_parts
from commlms.report.plain import markdown_parts
from commlms.report.source import Source
from commlms.store.sheets import replacing

ENDINGS = (".html", ".xlsx", ".json", ".md")


def write_report(lms: Source, out: Path, period: str, place: str | None, lang: Lang, as_of: dt.date | None) -> Path:
    """Write the report of a period, on one place or the whole database; gives the path written. The whole file or none.

    Documents are judged as of ``as_of``; if None, of the period's last day, or today where that is to come.
    Raises :class:`FileRefused` for another ending or a folder that is not there,
    :class:`UnknownName` for a period or place that is not there.
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise FileRefused(
            Label("报告只能写成 {endings}：{file}", "a report can be written as {endings}: {file}"),
            endings=" ".join(ENDINGS), file=out.name,
        )
    if not out.parent.is_dir():
        raise FileRefused(
            Label("没有文件夹 {folder}；请先建立，或换一个位置", "there is no folder {folder}; make it, or choose another place"),
            folder=out.parent.name,
        )
    content = gather(lms, period, place, as_of)
    with replacing(out) as draft:
        _write(content, draft, ending, lang)
    return out


def _write(content: Content, draft: Path, ending: str, lang: Lang) -> None:
    if ending == ".xlsx":
        write_book(content, draft, lang)
        return
    parts = {".html": html_parts, ".md": markdown_parts}
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json_parts(content) if ending == ".json" else parts[ending](content, lang))
