"""``commlms demo`` with a tiny demo of a plugin in a folder: what it makes, what it refuses, how it ends."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

import commlms
from commlms.cli.context import DONE, FAILED, REJECTED, USAGE
from commlms.cli.main import main
from commlms.cli.terminal import width

Run = Callable[..., tuple[int, str, str]]

#: Two demos that share a province: one whose rows are all right, one with a bad row, a file of a plugin that is not there, an
#: event that cannot be. And one whose files cannot be written.
PLUGIN = '''"""Demos of a hamlet."""
import datetime as dt

from commlms import Demo, DemoFile, Label, hookimpl

COMMLMS_API = 1


def _city(code, name, born):
    def files(folder):
        assert not list(folder.iterdir())
        places = folder / f"{code}-places.csv"
        places.write_text(f"代码,名称,级别,上级代码\\n90,示例省,省,\\n{code},{name},市,90\\n", encoding="utf-8")
        learners = folder / f"{code}-learners.csv"
        learners.write_text(f"学员编号,姓名,出生日期,身份证号\\nL{code},王小虎,{born},\\n", encoding="utf-8")
        others = folder / f"{code}-others.csv"
        others.write_text("地点\\n", encoding="utf-8")
        return [DemoFile("place", places), DemoFile("learner", learners, under=code), DemoFile("nobody.knows", others)]
    return files


def _broken(folder):
    raise RuntimeError("no ink")


@hookimpl
def register_demos():
    """Four demos."""
    days = (dt.date(2021, 12, 31), dt.date(2022, 12, 31))
    good = Label("一市一人，全为虚构。", "One city, one person, all invented.")
    return [
        Demo("good", "好城", "Good town", good, days, _city("9001", "好城", "1950-01-02"), place="9001"),
        Demo("bad", "坏城", "Bad town", Label("有一行不对。", "One row is wrong."), days[1:], _city("9002", "坏城", "1950-02-30")),
        Demo("worse", "更坏城", "Worse town", Label("另一行不对。", "Another row is wrong."), days, _city("9002", "坏城", "1950-02-31")),
        Demo("broken", "无字城", "Inkless town", Label("写不出来。", "Cannot be written."), days, _broken),
    ]
'''

#: A plugin with one document, read from the folder in which the command is typed.
PLANS = '''"""A plan."""
from pathlib import Path

from commlms import hookimpl, policy_from_toml

COMMLMS_API = 1


@hookimpl
def register_policies():
    """One pack."""
    return [policy_from_toml(Path("plan.toml"))]
'''
PACK = Path(__file__).resolve().parents[2] / "examples" / "plugin_libraries" / "commlms_libraries" / "reading_plan.toml"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command in ``tmp_path`` with the plugin's folder; gives exit status, output, errors."""
    package = tmp_path / "plugins" / "commlms_hamlet"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(PLUGIN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMMLMS_TODAY", "2023-06-30")
    monkeypatch.setenv("COMMLMS_KEY_FILE", str(tmp_path / "elsewhere.key"))
    monkeypatch.setenv("COLUMNS", "80")

    def typed(*words: str, lang: str = "en") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["--plugins-dir", "plugins", "--lang", lang, *words])
        out, err = capsys.readouterr()
        assert isinstance(end.value.code, int)
        assert all(width(line) <= 80 or (" " not in line.strip() and os.sep in line) for line in (out + err).splitlines())
        return end.value.code, out, err

    return typed


def test_without_a_city_the_demos_are_listed(run: Run, tmp_path: Path) -> None:
    """With what they hold and the days; nothing is made, not even the folder that was named."""
    status, out, _ = run("demo", "there")
    assert status == DONE
    for said in ("good  Good town", "One city, one person, all invented.", "2021-12-31 2022-12-31", "commlms demo DIR --city"):
        assert said in out
    assert "好城" in run("demo", lang="zh")[1]
    assert [p.name for p in tmp_path.iterdir()] == ["plugins"]


def test_a_demo_makes_inputs_a_marked_database_with_its_own_key_and_a_report(run: Run, tmp_path: Path) -> None:
    """The operator's own key and database are not touched; a file whose plugin is away is left out and named."""
    status, out, err = run("demo", "there", "--city", "good")
    folder = tmp_path / "there"
    assert (status, err) == (DONE, "")
    assert {p.name for p in folder.iterdir()} >= {"inputs", "rejects", "good.db", "office.key", "report.html", "demo-folder.txt"}
    assert {p.name for p in (folder / "inputs" / "good").iterdir()} == {"9001-places.csv", "9001-learners.csv", "9001-others.csv"}
    assert "nobody.knows is not loaded" in out
    assert "2 files, 3 rows read, 3 new, 0 rejected" in out
    assert "invented data, no real statistics" in out
    assert f"COMMLMS_DB={Path('there') / 'good.db'}" in out
    with commlms.LMS(folder / "good.db") as lms:
        assert lms.invented
        assert [r.reference for r in lms.rows("learner")] == ["L9001"]
    assert not (tmp_path / "elsewhere.key").exists()
    assert not (tmp_path / "commlms.db").exists()
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "演示" in report
    assert "好城" in report
    assert "示例省" not in report, "the report is about the place of the demo"


def test_verdicts_are_told_for_each_day_and_document_that_binds_the_place(run: Run, tmp_path: Path) -> None:
    """A document of the city, in force in 2022: its one target has no data, for its plugin is away; of 2021 there is no line."""
    status, out, _ = run("demo", "there", "--city", "good", lang="zh")
    assert (status, "判定日" in out) == (DONE, False), "no document binds this city"
    text = PACK.read_text(encoding="utf-8")
    assert 'jurisdiction = "9001"' in text
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    package = tmp_path / "plugins" / "commlms_plans"
    package.mkdir()
    (package / "__init__.py").write_text(PLANS, encoding="utf-8")
    status, out, _ = run("demo", "there", "--city", "good", "--city", "bad")
    assert status == REJECTED
    assert [line.split()[2:] for line in out.splitlines() if re.match(r"20\d\d-12-31 ", line)] == [["0", "0", "0", "1", "0", "0"]]
    assert "2022-12-31" in out
    status, out, _ = run("demo", "there", "--city", "good")
    assert (status, len(re.findall(r"^2022-12-31 ", out, flags=re.M))) == (DONE, 1), "about the demo's place, which it binds"


def test_a_row_that_is_rejected_is_named_and_ends_with_status_3(run: Run, tmp_path: Path) -> None:
    """Its reason is printed, the row is in the folder of rejects, everything else is made."""
    status, out, _ = run("demo", "there", "--city", "bad")
    assert status == REJECTED
    assert "9002-learners.csv: new 0, rejected 1" in out
    assert "1950-02-30" in (tmp_path / "there" / "rejects" / "bad-9002-learners.csv").read_text(encoding="utf-8-sig")
    assert (tmp_path / "there" / "report.html").exists()


def test_several_cities_go_into_one_database(run: Run, tmp_path: Path) -> None:
    """The province that both name is there once; each has its own folder of input files."""
    status, _, _ = run("demo", "there", "--city", "good", "--city", "bad", "--city", "good")
    assert status == REJECTED
    with commlms.LMS(tmp_path / "there" / "good-bad.db") as lms:
        assert sorted(r.cells["code"] for r in lms.rows("place")) == ["90", "9001", "9002"]
    assert {p.name for p in (tmp_path / "there" / "inputs").iterdir()} == {"good", "bad"}


def test_rejected_rows_of_two_cities_do_not_overwrite_each_other(run: Run, tmp_path: Path) -> None:
    """Both cities call their file of learners the same."""
    run("demo", "there", "--city", "bad", "--city", "worse")
    kept = [p.read_text(encoding="utf-8-sig") for p in sorted((tmp_path / "there" / "rejects").iterdir())]
    assert ["1950-02-30" in kept[0], "1950-02-31" in kept[1]] == [True, True]


def test_the_folder_of_an_earlier_demo_is_made_afresh_and_nothing_else_goes(run: Run, tmp_path: Path) -> None:
    """What a demo makes is made anew, the database of the earlier one goes; a note and a database of the operator's stay."""
    run("demo", "there", "--city", "bad")
    folder = tmp_path / "there"
    (folder / "note.txt").write_text("mine", encoding="utf-8")
    (folder / "city.db").write_text("mine too", encoding="utf-8")
    (folder / "inputs" / "old.csv").write_text("old", encoding="utf-8")
    before = (folder / "office.key").read_text(encoding="ascii")
    assert run("demo", "there", "--city", "good")[0] == DONE
    assert (folder / "note.txt").read_text(encoding="utf-8") == "mine"
    assert (folder / "city.db").read_text(encoding="utf-8") == "mine too"
    assert {p.name for p in folder.glob("*.db")} == {"good.db", "city.db"}
    assert [p.name for p in (folder / "inputs").iterdir()] == ["good"]
    assert not list((folder / "rejects").iterdir())
    assert (folder / "office.key").read_text(encoding="ascii") != before


def test_a_folder_with_anything_else_in_it_is_refused_untouched(run: Run, tmp_path: Path) -> None:
    """Even a single file of somebody else's; a file in the place of the folder too; an empty folder is taken."""
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "thesis.docx").write_text("three years", encoding="utf-8")
    for lang, said in (("en", "nothing was touched"), ("zh", "什么也没有动")):
        status, out, err = run("demo", "there", "--city", "good", lang=lang)
        assert (status, out, said in err.replace("\n  ", " ").replace("\n", "")) == (FAILED, "", True)
    assert [p.name for p in folder.iterdir()] == ["thesis.docx"]
    assert run("demo", "there/thesis.docx", "--city", "good")[0] == FAILED
    assert (folder / "thesis.docx").read_text(encoding="utf-8") == "three years"
    (tmp_path / "empty").mkdir()
    assert run("demo", "empty", "--city", "good")[0] == DONE


def test_wrong_words_and_a_demo_that_cannot_be_written_are_one_sentence(run: Run, tmp_path: Path) -> None:
    """An unknown city names those there are and makes nothing; a plugin's failure has the plugin's name; a folder is needed."""
    status, _, err = run("demo", "there", "--city", "atlantis")
    assert (status, "good, bad, worse, broken" in err.replace("\n  ", " ")) == (FAILED, True)
    assert not (tmp_path / "there").exists()
    assert run("demo", "--city", "good")[0] == USAGE
    status, _, err = run("demo", "there", "--city", "broken")
    assert (status, "--without hamlet" in err, "no ink" in err, "Traceback" in err) == (FAILED, True, True, False)
    assert run("demo", "there", "--city", "good")[0] == DONE, "the folder can be used again"
    with sqlite3.connect(tmp_path / "there" / "good.db") as connection:
        assert connection.execute("SELECT COUNT(*) FROM learner").fetchone() == (1,)
    connection.close()


def plugin_of(tmp_path: Path, name: str, *replaced: tuple[str, str]) -> None:
    """The same plugin with other words, under a name of its own: one that was imported once is not read again."""
    text = PLUGIN
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "plugins" / "commlms_hamlet").rename(tmp_path / "plugins" / f"commlms_{name}")
    (tmp_path / "plugins" / f"commlms_{name}" / "__init__.py").write_text(text, encoding="utf-8")


def test_files_of_one_name_of_several_cities_are_told_apart(run: Run, tmp_path: Path) -> None:
    """Each line says whose the file is; of one city alone the name is enough."""
    plugin_of(tmp_path, "twins", ("{code}-learners", "learners"))
    out = run("demo", "there", "--city", "good", "--city", "bad")[1]
    assert "good/learners.csv: new 1, rejected 0" in out
    assert "bad/learners.csv: new 0, rejected 1" in out
    assert "\nlearners.csv: new 1, rejected 0" in run("demo", "there", "--city", "good")[1]


def test_the_sum_counts_as_the_lines_do(run: Run, tmp_path: Path) -> None:
    """A row that says something new of a place that is known counts as new in both."""
    plugin_of(
        tmp_path, "renamed", ("上级代码", "上级代码,生效日期"), ("90,示例省,省,", "90,旧省,省,,2019-01-01\\n90,示例省,省,,2020-01-01"),
        ("{name},市,90", "{name},市,90,2019-01-01"),
    )
    out = run("demo", "there", "--city", "good")[1]
    assert "9001-places.csv: new 3, rejected 0" in out
    assert "2 files, 4 rows read, 4 new, 0 rejected" in out
