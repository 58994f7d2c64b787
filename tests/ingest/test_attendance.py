"""The attendance list: it makes sessions and finds or makes people; whoever cannot be told to be one person is a visit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commlms import LMS
from commlms.ingest.load import ImportResult
from tests.ingest.clerk import column, csv_file, dump, found, id_number, new_city, sentences

HEAD = "主办单位,活动日期,活动主题,姓名,性别,出生日期,身份证号,居住地,学员编号,参与时长,电话"
#: Two villages of the city, and people of the store: L1 王芳 1955-08-09 at HERE, L2 王芳 1960-01-02, L3 李雷 1970-05-06.
HERE, THERE = "510402001001", "510403001001"


def row(
    name: str, born: str = "", home: str = "", *, sex: str = "", card: str = "", code: str = "", minutes: str = "", phone: str = "",
    on: str = "2022-04-01", theme: str = "太极",
) -> str:
    """One line under HEAD."""
    return ",".join(("JG1", on, theme, name, sex, born, card, home, code, minutes, phone))


def take(city: LMS, folder: Path, *rows: str) -> ImportResult:
    """Import these rows as an attendance list; what is kept must always be what a recount gives."""
    result = city.import_file("attendance", csv_file(folder, HEAD, *rows))
    assert city.recount(check=True) == []
    done = (result.new, result.changed, result.unchanged, result.held, result.unnamed, result.rejected, result.not_counted)
    assert result.read == sum(done)
    return result


def done(result: ImportResult) -> dict[str, int]:
    """The counts of a result that are not zero, without ``read``."""
    names = ("new", "changed", "unchanged", "held", "unnamed", "rejected", "not_counted")
    return {n: value for n in names if (value := getattr(result, n))}


def came(city: LMS) -> list[str]:
    """Who has come by name, by code or name and birth date."""
    sql = (
        "SELECT COALESCE(l.code, l.name || ' ' || l.born_first || ' ' || l.born_last) FROM participation p "
        "JOIN learner l ON l.id = p.learner ORDER BY 1"
    )
    return [r[0] for r in city.database.execute(sql)]


def unmatched(city: LMS) -> list[tuple[str, str]]:
    """Name and state of who came without being known."""
    return list(city.database.execute("SELECT name, state FROM unmatched ORDER BY name, turn"))


@pytest.mark.parametrize(
    ("told", "who"),
    [
        (row("王芳", code="L1"), "L1"),
        (row("李雷", card=id_number("1970-05-06", "male")), "L3"),
        (row("王芳", card=id_number("1955-08-09")), "L1"),
        (row("王芳", "1955-08-09"), "L1"),
        (row("王芳", "1955-08-09", THERE), "L1"),
        (row("王芳", "1955", HERE), "L1"),
        (row("王芳", "1955-08", HERE), "L1"),
        (row("王芳", "1960-01-02", sex="女"), "L2"),
    ],
)
def test_a_row_is_the_stored_person_it_names(city: LMS, tmp_path: Path, told: str, who: str) -> None:
    """By code, ID number, name and birth date, or name, birth year and home."""
    assert done(take(city, tmp_path, told)) == {"new": 1}
    assert (came(city), column(city, "learner", "code"), unmatched(city)) == ([who], ["L1", "L2", "L3"], [])


@pytest.mark.parametrize(
    "told",
    [
        row("王芳", "1955-08-10", HERE), row("王芳", "1956", HERE), row("王芳", "1955", THERE), row("张三", "1955-08-09"),
        row("张三", "1955", HERE),
        row("张三", card=id_number("1980-01-01")), row("王芳", "1955-08-09", card=id_number("1955-08-09", serial=7)),
    ],
)
def test_whoever_fits_nobody_and_tells_enough_is_a_new_person(city: LMS, tmp_path: Path, told: str) -> None:
    """Enough is an ID number, name and birth date, or name, birth year and home; two ID numbers are two people."""
    assert done(take(city, tmp_path, told)) == {"new": 1}
    assert len(column(city, "learner", "code")) == 4
    assert done(take(city, tmp_path, told)) == {"unchanged": 1}


@pytest.mark.parametrize(
    "told",
    [row("王芳"), row("李雷", home=HERE), row("李雷", phone="13900000000"), row("张三", "1955"), row("王芳", "1999")],
)
def test_a_name_with_a_phone_or_a_home_is_nobody(city: LMS, tmp_path: Path, told: str) -> None:
    """It is an unnamed visit and listed, even where only one person has that name."""
    assert done(take(city, tmp_path, told)) == {"unnamed": 1}
    assert (came(city), [state for _, state in unmatched(city)]) == ([], ["unnamed"])
    assert column(city, "headcount", "persons") == ["1"]
    assert done(take(city, tmp_path, told)) == {"unchanged": 1}


@pytest.mark.parametrize(
    "told",
    [row("王芳", "1955"), row("王芳", "1955-08-09", sex="男"), row("李雷", "1970", HERE), row("王芳", "1960-01")],
)
def test_who_may_be_a_stored_person_is_held(city: LMS, tmp_path: Path, told: str) -> None:
    """A birth year where a home is not known; a birth date with another sex. Held is a visit and no person."""
    assert done(take(city, tmp_path, told)) == {"held": 1}
    assert (came(city), len(column(city, "learner", "code")), column(city, "headcount", "persons")) == ([], 3, ["1"])
    assert done(take(city, tmp_path, told)) == {"unchanged": 1}


def test_several_people_who_fit_are_held_and_the_home_tells_them_apart(city: LMS, tmp_path: Path) -> None:
    """Two 赵一 of one day in two villages."""
    city.add([{"code": c, "name": "赵一", "born": "1950-01-01", "home": h} for c, h in (("N1", HERE), ("N2", THERE))], "learner")
    assert done(take(city, tmp_path, row("赵一", "1950-01-01"), row("赵一", "1950-01-01", THERE))) == {"new": 1, "held": 1}
    assert came(city) == ["N2"]


def test_a_row_that_knows_more_fills_in_what_is_empty(city: LMS, tmp_path: Path) -> None:
    """Birth date, sex, home and ID number of a person known by year and home; and undo takes it back."""
    city.add([{"code": "N1", "name": "赵一", "born": "1950", "home": HERE}], "learner")
    before = dump(city)
    result = take(city, tmp_path, row("赵一", home=HERE, card=id_number("1950-03-04")))
    assert (done(result), came(city)) == ({"new": 1}, ["N1"])
    shown = list(city.rows("learner"))[-1].cells
    assert (shown["born"], shown["sex"], shown["id_number"] != "") == ("1950-03-04", "女", True)
    assert done(take(city, tmp_path, row("李雷", "1970-05-06", HERE))) == {"new": 1}
    assert list(city.rows("learner", current=True))[2].cells["home"] == HERE
    for entry in [e.id for e in city.imports()]:
        city.undo(entry)
        assert city.recount(check=True) == []
    assert [line for line in dump(city) if "journal" not in line] == [line for line in before if "journal" not in line]


def test_two_people_of_the_list_who_could_be_one_stored_person_are_held(city: LMS, tmp_path: Path) -> None:
    """The store knows one 赵一 of 1950; neither of two with birth dates is preferred."""
    city.add([{"code": "N1", "name": "赵一", "born": "1950", "home": HERE}], "learner")
    assert done(take(city, tmp_path, row("赵一", "1950-03-04", HERE), row("赵一", "1950-06-07", HERE))) == {"held": 2}


def test_what_contradicts_the_person_named_is_refused_and_never_quoted(city: LMS, tmp_path: Path) -> None:
    """A code of somebody else, an unknown code, an ID number of another name, or against the row's own birth date."""
    card = id_number("1955-08-09")
    result = take(
        city, tmp_path, row("李雷", code="L1"), row("李雷", code="L9"), row("李丽", card=card), row("王芳", "1955-08-10", card=card),
        row("王芳", "1955-08-10", code="L1"), row("王芳", "1955-08-09", code="L1"),
    )
    assert found(result) == [
        ("conflict", 2, "D2"), ("unknown_learner", 3, "I3"), ("conflict", 4, "D4"), ("id_birth", 5, "G5"), ("conflict", 6, "F6"),
    ]
    assert done(result) == {"new": 1, "rejected": 5}
    assert not any(word in sentences(result.problems) for word in ("李雷", "李丽", "王芳", card, "1955"))


def test_a_card_of_two_names_is_nobodys_until_it_is_known_whose_it_is(city: LMS, tmp_path: Path) -> None:
    """Both rows are refused, whichever name comes first; of a stored person's card only the wrong name is."""
    card = id_number("1962-03-04")
    listed = take(city, tmp_path, row("甲某", card=card), row("乙某", card=card), row("甲某", card=card), row("丙某", "1950-01-01"))
    assert found(listed) == [("identity_clash", n, f"G{n}") for n in (2, 3, 4)]
    assert done(listed) == {"new": 1, "rejected": 3}
    assert done(take(city, tmp_path, row("甲某", card=card))) == {"new": 1}
    assert found(take(city, tmp_path, row("甲某", card=card), row("乙某", card=card))) == [("conflict", 3, "D3")]


def test_one_person_said_twice_is_one_visit_and_two_of_one_name_are_two(city: LMS, tmp_path: Path) -> None:
    """Whoever is known comes once to one session; names alone may be two people."""
    result = take(city, tmp_path, row("王芳", "1955-08-09"), row("王芳", code="L1"), row("刘洋"), row("刘洋"))
    assert done(result) == {"new": 1, "unchanged": 1, "unnamed": 2}
    assert column(city, "headcount", "persons") == ["2"]
    assert column(city, "unmatched", "turn") == ["1", "2"]


def test_the_session_is_found_or_made_and_its_facts_are_kept(city: LMS, tmp_path: Path) -> None:
    """S1 stands in the store at 09:00; a new theme makes a session with its own minutes and headcount."""
    head = "主办单位,活动日期,开始时间,活动主题,时长,参加人数,姓名,出生日期"
    lines = ("JG1,2022-03-05,,健康 讲座,,40,王芳,1955-08-09", "JG1,2022-05-01,14:00,书法,60,约20,王芳,1955-08-09")
    result = city.import_file("attendance", csv_file(tmp_path, head, *lines))
    assert done(result) == {"new": 2}
    assert column(city, "session", "theme") == ["健康讲座", "合唱", "书法"]
    assert column(city, "session", "minutes") == ["90", "", "60"]
    assert column(city, "headcount", "persons") == ["40", "约20"]
    again = city.import_file("attendance", csv_file(tmp_path, head, lines[0].replace("40", "41"), lines[1].replace("60", "75")))
    assert (done(again), column(city, "session", "minutes"), column(city, "headcount", "persons")) == (
        {"changed": 2}, ["90", "", "75"], ["41", "约20"],
    )
    assert city.recount(check=True) == []


def test_a_list_without_an_organiser_is_of_the_senders_only_institution(city: LMS, tmp_path: Path) -> None:
    """Below the street there is one school; below the other county none, which is said."""
    lines = ("活动日期,活动主题,姓名,出生日期", "2022-04-01,太极,王芳,1955-08-09")
    result = city.import_file("attendance", csv_file(tmp_path, *lines), under="510402001")
    assert (done(result), column(city, "session", "institution")[-1]) == ({"new": 1}, "JG1")
    result = city.import_file("attendance", csv_file(tmp_path, *lines), under="510403")
    assert ([(p.code, p.line) for p in result.problems], done(result)) == ([("no_organiser", 2)], {"rejected": 1})


def test_minutes_of_a_person_are_theirs_and_a_strict_or_dry_run_writes_nothing(city: LMS, tmp_path: Path) -> None:
    """The longest of several tellings is kept."""
    rows = (row("王芳", "1955-08-09", minutes="30"), row("王芳", "1955-08-09", minutes="45"), row("刘洋", minutes="20"))
    path = csv_file(tmp_path, HEAD, *rows, row("李雷", code="L9"))
    before = dump(city)
    assert city.import_file("attendance", path, dry_run=True).rejected == 1
    assert city.import_file("attendance", path, strict=True).journal is None
    assert dump(city) == before
    assert done(take(city, tmp_path, *rows)) == {"new": 1, "unchanged": 1, "unnamed": 1}
    assert (column(city, "participation", "minutes"), column(city, "unmatched", "minutes")) == (["45"], ["20"])
    assert done(take(city, tmp_path, *rows)) == {"unchanged": 3}
    assert done(take(city, tmp_path, row("刘洋", minutes="25"))) == {"changed": 1}


def test_rows_given_by_a_program_land_all_or_none(city: LMS) -> None:
    """``add`` takes attendance as it takes any record."""
    given = {"institution": "JG1", "on": "2022-04-01", "theme": "太极", "name": "王芳", "born": "1955-08-09"}
    assert city.add([given, given | {"name": "刘洋", "born": None}], "attendance").new == 1
    assert (came(city), unmatched(city)) == (["L1"], [("刘洋", "unnamed")])


names = st.sampled_from(["王芳", "李雷", "赵一"])
births = st.sampled_from(["", "1955", "1955-08", "1955-08-09", "1970-05-06", "1970"])
lines = st.builds(
    row, names, births, st.sampled_from(["", HERE, THERE]), sex=st.sampled_from(["", "男", "女"]),
    card=st.sampled_from(["", "", "", id_number("1955-08-09"), id_number("1955-08-09", serial=7), id_number("1970-05-06", "male")]),
    code=st.sampled_from(["", "", "", "", "L1", "L3", "L9"]), minutes=st.sampled_from(["", "30", "60"]),
    theme=st.sampled_from(["太极", "书法"]),
)


def content(city: LMS) -> list[list[tuple[object, ...]]]:
    """What is kept, without the numbers of journal entries."""
    tables = ("session", "learner", "learner_state", "participation", "unmatched", "headcount")
    named = {t: ", ".join(f'"{c}"' for c in city.database.columns(t) if c != "journal") for t in tables}
    return [sorted(city.database.execute(f"SELECT {named[t]} FROM {t}"), key=repr) for t in tables]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_lines_and_a_second_time_change_nothing(tmp_path: Path, rows: list[str], random: object) -> None:
    """The same rows in any order give the same content; taken again they are all unchanged; undone, nothing is left."""
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    with new_city() as city, new_city() as other:
        before = content(city)
        first = take(city, tmp_path, *rows)
        take(other, tmp_path, *shuffled)
        assert content(city) == content(other)
        kept = content(city)
        again = take(city, tmp_path, *shuffled)
        assert (again.unchanged, again.rejected) == (len(rows) - first.rejected, first.rejected)
        assert content(city) == kept
        for entry in [e.id for e in city.imports() if e.record == "attendance"]:
            city.undo(entry)
            assert city.recount(check=True) == []
        assert content(city) == before
