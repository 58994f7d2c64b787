"""Reports are written piece by piece: the same text as a whole one, of one moment, and a whole file or none."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commlms import LMS, FileRefused
from commlms.core.labels import Lang
from commlms.report.content import Content
from commlms.report.data import as_data, json_parts
from commlms.report.gather import gather
from commlms.report.page import html_parts
from commlms.report.plain import markdown_parts


@pytest.mark.parametrize("place", [None, "5104", "510402", "510401002001"])
def test_the_json_written_place_by_place_is_that_of_the_whole(lms: LMS, place: str | None) -> None:
    content = gather(lms, "2022", place, None)
    assert "".join(json_parts(content)) == json.dumps(as_data(content), ensure_ascii=False, indent=1) + "\n"


def test_the_json_of_no_places_is_that_of_the_whole() -> None:
    with LMS() as empty:
        content = gather(empty, "2022", None, None)
        assert "".join(json_parts(content)) == json.dumps(as_data(content), ensure_ascii=False, indent=1) + "\n"


def test_no_piece_holds_two_places(lms: LMS) -> None:
    content = gather(lms, "2022", None, None)
    assert all(piece.count('"figures": {') <= 1 for piece in json_parts(content))
    assert all(piece.count("data-name=") <= 1 for piece in html_parts(content, "zh"))


def test_figures_made_when_asked_for_are_of_the_moment_the_report_was_begun(lms: LMS) -> None:
    """25 persons when it was begun; a learner, a day of the 430 school and residents written before its first piece change nothing."""
    def forms(content: Content) -> list[str]:
        return ["".join(parts) for parts in (json_parts(content), html_parts(content, "zh"), markdown_parts(content, "zh"))]

    begun = gather(lms, "2022", "5104", None)
    expected = forms(gather(lms, "2022", "5104", None))
    lms.add({"code": "N", "name": "新学员", "born": dt.date(1950, 1, 1), "home": "510401001"}, "learner")
    lms.add({"code": "S9", "institution": "J1", "on": dt.date(2022, 4, 4), "theme": "书法", "minutes": 30, "program": "430学堂"}, "session")
    lms.add({"learner": "N", "session": "S9"}, "participation")
    later = {"place": "510401", "on": dt.date(2022, 12, 1), "basis": "permanent", "group": "all", "persons": 9000, "nature": "register"}
    lms.add(later, "residents")
    assert forms(begun) == expected
    assert forms(gather(lms, "2022", "5104", None)) != expected


@pytest.mark.parametrize("ending", ["html", "json", "md", "xlsx"])
def test_a_report_that_cannot_be_finished_leaves_what_stood_there(
    lms: LMS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str,
) -> None:
    """The disk is full after the first piece: the old file is whole, and nothing lies beside it."""
    def full(content: Content, lang: Lang = "zh") -> Iterator[str]:
        yield "begun"
        raise OSError(28, "No space left on device")

    def full_book(content: Content, out: Path, lang: Lang) -> None:
        out.write_text("begun")
        raise OSError(28, "No space left on device")

    for name in ("html_parts", "json_parts", "markdown_parts"):
        monkeypatch.setattr(f"commlms.report.build.{name}", full)
    monkeypatch.setattr("commlms.report.build.write_book", full_book)
    out = tmp_path / f"r.{ending}"
    out.write_text("last year's")
    with pytest.raises(FileRefused, match="No space left on device"):
        lms.report(out, "2022")
    assert out.read_text() == "last year's"
    assert list(tmp_path.iterdir()) == [out]
