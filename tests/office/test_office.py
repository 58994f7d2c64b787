"""Sixty files taken in one command: what became of each, what the database holds, and the way back."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commlms import LMS
from tests.office import office

BASIS = ("1-place", "2-institution", "3-learner")
NUMBERS = ("read", "new", "changed", "unchanged", "held", "unnamed", "not_counted", "rejected")
#: What commands end with: all well, and something rejected or not taken.
DONE, REJECTED = 0, 3


class Desk:
    """A folder with a database, its key, and the command line."""

    def __init__(self, out: Path) -> None:
        self.out, self.database = out, out / "office.db"
        self.manifest: dict[str, Any] = office.read(out / "manifest.json")
        self.fates: dict[str, dict[str, Any]] = {}

    def run(self, *words: str, ends: tuple[int, ...] = (DONE,)) -> str:
        """One command in a process of its own."""
        command = (sys.executable, "-m", "commlms", "--db", str(self.database), "--lang", "en", *words)
        return office.run(*command, ends=ends, COMMLMS_KEY_FILE=str(self.out / "office.key"))

    def take(self, *paths: Path, more: tuple[str, ...] = (), ends: int = REJECTED) -> dict[str, dict[str, Any]]:
        """Take files, or the folder; what became of each, by its name below the folder."""
        given = map(str, paths or (self.out / "files",))
        printed = self.run("take", *given, "--yes", "--year", "2022", "--json", *more, ends=(ends,))
        told = [json.loads(line) for line in printed.splitlines()]
        return {str(Path(file["path"]).relative_to(self.out / "files")): file for file in told}

    def open(self) -> LMS:
        """The database from Python."""
        return LMS(self.database, lang="en")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that has its places, schools and roster, and has taken nothing yet."""
    out = tmp_path_factory.mktemp("before")
    office.generate(out)
    desk = Desk(out)
    desk.run("init", "--invented")
    desk.run("key", "new")
    for name in BASIS:
        desk.run("import", name.split("-")[1], str(out / "basis" / f"{name}.csv"))
    return out


@pytest.fixture(scope="module")
def desk(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The same, and everything taken once."""
    out = tmp_path_factory.mktemp("taken") / "office"
    shutil.copytree(before, out)
    made = Desk(out)
    made.fates = made.take()
    return made


@pytest.fixture
def lms(desk: Desk) -> Iterator[LMS]:
    with desk.open() as opened:
        yield opened


def test_every_file_has_the_fate_that_the_oracle_knows(desk: Desk) -> None:
    """One line a file; what was taken by sender, shape and period, with the eight numbers; and their sum holds."""
    assert set(desk.fates) == {file["file"] for file in desk.manifest["files"]}
    for file in desk.manifest["files"]:
        fates = desk.fates[file["file"]]["fates"]
        if file["fate"] == "not taken":
            assert [fate["fate"] for fate in fates] == ["not_taken"], file["file"]
            continue
        assert {fate["fate"] for fate in fates} == {"taken"}, file["file"]
        assert office.by_delivery(fates, NUMBERS) == office.by_delivery(file["sheets"], NUMBERS), file["file"]
        assert all(fate["read"] == sum(fate[name] for name in NUMBERS[1:]) for fate in fates), file["file"]


def test_what_is_not_taken_is_said_in_words_a_clerk_can_act_on(desk: Desk) -> None:
    """The password, the wrong year, and the resent file that says much less."""
    said = {f["why"]: desk.fates[f["file"]]["fates"][0]["why"] for f in desk.manifest["files"] if f["why"]}
    assert "password" in said["password"]
    assert "2021" in said["wrong year"]
    assert "fewer" in said["fewer rows"]


def test_every_rejected_row_is_named_by_its_cell(desk: Desk) -> None:
    for file in desk.manifest["files"]:
        if file["fate"] != "not taken":
            told = [problem for fate in desk.fates[file["file"]]["fates"] for problem in fate["problems"]]
            wanted = [row for sheet in file["sheets"] for row in sheet["rejected_rows"]]
            assert sorted((p["line"], p["cell"]) for p in told) == sorted((r["line"], r["cell"]) for r in wanted), file["file"]


def test_the_database_holds_what_the_files_say_and_nothing_else(desk: Desk, lms: LMS) -> None:
    """Sessions with their numbers, learners by strength of identity, who came, and who is not known."""
    assert office.sessions(lms) == office.wanted_sessions(desk.manifest)
    assert office.strengths(lms) == desk.manifest["learners"]
    assert lms.database.one("SELECT COUNT(*) FROM participation") == desk.manifest["participations"]
    assert office.unmatched(lms) == desk.manifest["unmatched"]
    assert lms.recount(check=True) == []


def test_the_live_deliveries_are_those_that_were_not_replaced(desk: Desk, lms: LMS) -> None:
    taken = [sheet for file in desk.manifest["files"] if file["fate"] == "taken" for sheet in file["sheets"]]
    assert office.live(lms) == {(sheet["sender"], sheet["shape"], sheet["period"]) for sheet in taken}


def test_everything_that_stands_leads_back_to_its_line_and_cell(desk: Desk, lms: LMS) -> None:
    """In a text file there is no sheet."""
    wanted = {(file, "" if file.endswith(".csv") else sheet, *rest) for file, sheet, *rest in desk.manifest["origins"]}
    assert office.origins(lms) == wanted


def test_persons_and_visits_of_every_township_are_the_oracles(desk: Desk, lms: LMS) -> None:
    """A village that ended in July stands at its township; those held and unnamed are visits and no persons."""
    figures = lms.figures("2022")
    for code, wanted in desk.manifest["figures"].items():
        place = lms.place(code, 20221231)
        got = {name: figures.figure(lms.metric(metric), place).numerator for name, metric in office.METRICS.items()}
        assert got == wanted, code


def test_a_rate_knows_its_persons_by_strength_of_identity(desk: Desk, lms: LMS) -> None:
    strengths = lms.figures("2022").strengths(lms.metric("core.participation"), lms.place("5104", 20221231))
    assert strengths is not None
    assert {name: getattr(strengths, name) for name in desk.manifest["identity"]} == desk.manifest["identity"]
    assert strengths.weak == 0


def test_who_has_not_sent_is_listed_and_a_nil_report_is_a_delivery(desk: Desk) -> None:
    told = json.loads(desk.run("deliveries", "--period", "2022", "--json"))
    assert sorted(place["code"] for place in told["missing"]) == desk.manifest["not_reported"]
    assert told["expected"] == desk.manifest["expected_senders"]
    assert [d["sender"] for d in told["deliveries"] if d["nil"]] == ["510402010", "510422207"]


def test_the_lecture_that_two_senders_report_is_offered_as_a_possible_double(lms: LMS) -> None:
    pairs = lms.office.possible_doubles()
    assert [pair.themes for pair in pairs] == [("世界读书日大讲堂", "世界读书日大讲堂")]


def test_taking_everything_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    """The workbooks of rejected rows that now lie beside the files are known for what they are."""
    out = tmp_path / "office"
    shutil.copytree(desk.out, out)
    again = Desk(out)
    with again.open() as lms:
        before = office.content(lms)
    fates = again.take()
    became = {name: {fate["fate"] for fate in file["fates"]} for name, file in fates.items()}
    for file in again.manifest["files"]:
        assert became.pop(file["file"]) == {"not_taken" if file["fate"] == "not taken" else "same"}, file["file"]
    assert {fate for kinds in became.values() for fate in kinds} == {"aside"}, "the workbooks of rejected rows"
    with again.open() as lms:
        assert office.content(lms) == before


def test_undoing_every_delivery_in_reverse_gives_the_former_content(before: Path, desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "office"
    shutil.copytree(desk.out, out)
    writes = sorted(fate["write"] for file in desk.fates.values() for fate in file["fates"] if fate["fate"] == "taken")
    with Desk(before).open() as lms:
        former = office.content(lms)
    with Desk(out).open() as lms:
        for write in reversed(writes):
            lms.undo(write)
        assert office.content(lms) == former
        assert lms.recount(check=True) == []


def test_the_shorter_version_is_taken_when_a_person_says_so(desk: Desk, tmp_path: Path) -> None:
    """Rows that it no longer says go, one has another number, one is new."""
    out = tmp_path / "office"
    shutil.copytree(desk.out, out)
    (file,) = (f for f in desk.manifest["files"] if f["why"] == "fewer rows")
    again = Desk(out)
    fates = again.take(out / "files" / file["file"], more=("--fewer",), ends=DONE)[file["file"]]["fates"]
    assert office.by_delivery(fates, NUMBERS) == office.by_delivery(file["sheets"], NUMBERS)
    with again.open() as lms:
        held = [key for key in office.sessions(lms) if key[0] == "清香坪街道社区学校"]
        assert len(held) == sum(file["sheets"][0][name] for name in ("new", "changed", "unchanged"))
        assert lms.recount(check=True) == []


def test_the_lecture_counts_once_when_it_is_decided_to_be_one(desk: Desk, tmp_path: Path) -> None:
    """Of 9 and 9 names 4 are on both lists, and 60 were present: 14 visits by name and 46 others, where there were 18 and 102."""
    out = tmp_path / "office"
    shutil.copytree(desk.out, out)
    with Desk(out).open() as lms:
        before, content = office.of_the_city(lms), office.content(lms)
        (pair,) = lms.office.possible_doubles()
        write = lms.same("session", pair.one, pair.other)
        after = office.of_the_city(lms)
        assert {name: after[name] - before[name] for name in before} == {"persons": 0, "visits": -4, "unnamed_visits": -56, "sessions": -1}
        assert lms.office.possible_doubles() == []
        assert lms.recount(check=True) == []
        lms.undo(write)
        assert office.content(lms) == content


def test_three_held_rows_are_decided_and_the_same_files_do_not_ask_again(desk: Desk, tmp_path: Path) -> None:
    """One is the second of two of her name; one is she whose home nobody knows; one, of another sex, is somebody new.

    So there are two more persons with a home, two more visits of theirs, and three visits of nobody fewer.
    """
    out = tmp_path / "office"
    shutil.copytree(desk.out, out)
    answers = {"王秀英": ("same", 1), "李桂芳": ("same", 0), "陈文": ("different", 0)}
    with Desk(out).open() as lms:
        before, content = office.of_the_city(lms), office.content(lms)
        cases = [case for case in lms.office.open_cases() if case.kind == "held"]
        assert {case.asked.name: len(case.candidates) for case in cases} == {"王秀英": 2, "李桂芳": 1, "陈文": 1}
        writes = [lms.office.decide(case, *answers[case.asked.name]) for case in cases]
        after = office.of_the_city(lms)
        assert {name: after[name] - before[name] for name in before} == {"persons": 2, "visits": 2, "unnamed_visits": -3, "sessions": 0}
        assert [case for case in lms.office.open_cases() if case.kind == "held"] == []
        assert lms.recount(check=True) == []
        decided = office.content(lms)
    Desk(out).take()
    with Desk(out).open() as lms:
        assert office.content(lms) == decided
        for write in reversed(writes):
            lms.undo(write)
        assert office.content(lms) == content
