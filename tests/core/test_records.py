"""Declaring a record: what it is made of, and what is refused."""

from __future__ import annotations

import pytest

from commlms.core.errors import DeclarationError
from commlms.core.problems import PROBLEMS, Problem
from commlms.core.records import Record, day, heading, identifier, record, record_of, ref, text


@record("club.reading", zh="读书会", en="reading club", identity=("code",))
class Reading:
    """A declaration like a plugin's."""

    code: str = identifier("编号", "code")
    title: str = heading("书名", "title")
    learner: str = ref("learner", "学员", "learner")
    note: str | None = text("备注", "note", default=None, since=2)


def test_a_declaration_rides_on_its_class_and_its_rows() -> None:
    """Table name, version, fields with the host key behind them."""
    declared = record_of(Reading)
    assert isinstance(declared, Record)
    assert declared is record_of(Reading(code="1", title="甲", learner="L1"))
    assert (declared.table, declared.version) == ("club_reading", 2)
    assert [f.name for f in declared.fields] == ["code", "title", "learner", "note", "source", "source_key"]
    assert declared.keys == (("source", "source_key"), ("code",))


def test_rows_are_frozen_and_take_names_only() -> None:
    """A row is a value."""
    with pytest.raises(AttributeError):
        Reading(code="1", title="甲", learner="L1").code = "2"  # type: ignore[misc]  # frozen
    with pytest.raises(TypeError):
        Reading("1", "甲", "L1")  # type: ignore[call-arg]  # names only


def _declare(key: str = "club.x", identity: tuple[str, ...] = ("code",), **fields: object) -> None:
    body = {"__annotations__": dict.fromkeys(fields, "str"), **fields}
    record(key, zh="甲", en="x", identity=identity)(type("X", (), body))


def test_declarations_that_cannot_be_kept_are_refused() -> None:
    """A key in capitals, a name that the store needs, a later field without default, an identity that is no field."""
    for wrong in (
        {"key": "Club.X", "code": identifier("编号", "code")},
        {"code": identifier("编号", "code"), "journal": text("甲", "a")},
        {"code": identifier("编号", "code"), "source": text("甲", "a")},
        {"code": identifier("编号", "code"), "late": text("甲", "a", since=2)},
        {"identity": ("other",), "code": identifier("编号", "code")},
        {"identity": ("place", "on"), "place": ref("place", "地点", "place", default=None), "on": day("日期", "date")},
    ):
        with pytest.raises(DeclarationError):
            _declare(**wrong)


def test_a_problem_says_line_and_cell_where_they_are_known() -> None:
    """In both languages."""
    problem = Problem("duplicate", "code", 7, "A7", {"line": 3})
    assert problem.say("zh").startswith("第 7 行（A7）：与本文件第 3 行重复")
    assert problem.say("en").startswith("line 7 (A7): the same as line 3")
    assert not Problem("duplicate", values={"line": 3}).say("zh").startswith("第 0")
    assert {label.zh for label in PROBLEMS.values()} & {label.en for label in PROBLEMS.values()} == set()
