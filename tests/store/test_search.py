"""People are found by what a clerk knows of them; the index follows every write and keeps nothing of the erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlms import LMS, write_table
from commlms.store import search
from tests.ingest.clerk import new_city

NAMES = ("单伟", "曾毅", "解晓东", "欧阳娜娜", "王小芳", "Li Ming", "吕布", "阿依古丽·买买提")


@pytest.fixture
def people(tmp_path: Path) -> LMS:
    """A city in a file with its three learners (王芳 twice, 李雷) and these names, N0, N1 ..."""
    lms = new_city(tmp_path / "city.db")
    lms.add([{"code": f"N{i}", "name": name, "born": f"195{i}", "home": "510402001001"} for i, name in enumerate(NAMES)], "learner")
    return lms


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("王芳", "L1 L2"), ("wangfang", "L1 L2"), ("wang fang", "L1 L2"), ("WF", "L1 L2"), ("Ｗａｎｇ", "L1 L2 N4"),
        ("芳", "L1 L2 N4"), ("小芳", "N4"), ("xiaofang", "N4"), ("wangxiao", "N4"), ("wxf", "N4"), ("王 fang", "L1 L2 N4"),
        ("L3", "L3"), ("l", "L1 L2 L3 N5 N6 N7"), ("shanwei", "N0"), ("dan wei", "N0"), ("zengyi", "N1"), ("cengyi", "N1"),
        ("xie xiaodong", "N2"), ("jiexd", ""), ("ouyangnana", "N3"), ("li ming", "N5"), ("liming", "N5"), ("lvbu", "N6"), ("lübu", "N6"),
        ("guli", "N7"), ("阿依古丽买买提", "N7"), ("xi'an", ""), ("赵", ""), ("“”*: -", ""), ('" OR 1', ""),
    ],
)
def test_words_find_who_they_fit(people: LMS, words: str, who: str) -> None:
    """By code, by characters in a row, by syllables, joined, by initials; a surname by each of its readings."""
    assert sorted(m.reference for m in people.office.find(words)) == who.split()


def test_what_is_shown_is_reference_name_year_and_home_at_most_20(people: LMS) -> None:
    """Those of just this name first."""
    people.add([{"name": f"王芳{c}", "born": "1960-01-01"} for c in "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸"], "learner")
    found = people.office.find("王芳")
    assert len(found) == 20
    first = found[0]
    assert (first.reference, first.name, first.born, first.home) == ("L1", "王芳", "1955", "幸福社区居民委员会")
    assert found[2].reference.startswith("#")


def test_the_index_follows_every_write(people: LMS) -> None:
    """A corrected name, a removed learner, an undone import."""
    assert people.office.find("lilei")
    journal = people.set("learner", "L3", name="李蕾蕾")
    assert (people.office.find("李雷"), [m.reference for m in people.office.find("lileilei")]) == ([], ["L3"])
    people.undo(journal)
    assert ([m.name for m in people.office.find("lilei")], people.office.find("李蕾")) == (["李雷"], [])
    people.remove("learner", "L3")
    assert people.office.find("lilei") == []


def test_an_erased_person_is_in_no_page_of_the_file(people: LMS, tmp_path: Path) -> None:
    """Neither the name nor its pinyin, whatever was searched before and after."""
    people.add([{"code": "X1", "name": "尉迟敬德", "born": "1950-01-01"}], "learner")
    assert people.office.find("yuchi")
    people.add([{"code": "X2", "name": "赵一", "born": "1950-01-01"}], "learner")
    assert people.office.find("zhaoyi")
    file = tmp_path / "city.db"
    people.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"jingde" in file.read_bytes()
    people.people.erase("X1")
    for _ in range(2):
        whole = b"".join(p.read_bytes() for p in tmp_path.glob("city.db*"))
        assert not any(word in whole for word in ("尉迟敬德".encode(), "尉 迟".encode(), b"jingde", b"yuchi"))
        assert people.office.find("jingde") == []
        people.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert [m.reference for m in people.office.find("zhaoyi")] == ["X2"]


def test_the_index_leaves_the_database_in_no_export(people: LMS, tmp_path: Path) -> None:
    """An export of learners has their names and no pinyin; no record is the index."""
    people.office.find("wf")
    out = tmp_path / "out.csv"
    write_table(out, people.sheets.export("learner"), "learner")
    assert b"wangfang" not in out.read_bytes()
    assert search.INDEX not in people.records


def test_without_pypinyin_names_are_found_by_their_characters(people: LMS, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installed later, the index is made anew."""
    monkeypatch.setattr(search, "reads_pinyin", lambda: False)
    assert ([m.reference for m in people.office.find("小芳")], people.office.find("xiaofang")) == (["N4"], [])
    assert [m.reference for m in people.office.find("liming")] == ["N5"]
    monkeypatch.undo()
    assert [m.reference for m in people.office.find("xiaofang")] == ["N4"]
