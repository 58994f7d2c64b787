"""Every command on a small database with long names and rare characters: no line wider than 80 columns, on any console."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import commlms
from commlms.cli.main import COMMANDS, main
from commlms.cli.terminal import width

LONG = "云岭市东区人民路街道桥头社区居民委员会第三学习中心𠮷祥老年大学①②班✓😀"
#: Every command with words that make it print for a person. ``{file}`` is a bad roster, ``{out}`` a file to write.
WORDS: dict[str, list[str]] = {
    "init": ["init"], "import": ["import learner {file}"], "template": ["template learner {out}"], "export": ["export learner {out}"],
    "list": ["list learner", "list session", "list institution"], "show": ["show learner L1", "show session S1"],
    "add": ["add learner code=L9 name=赵"], "set": ["set learner L1 occupation=务农"], "remove": ["remove learner L3"],
    "history": ["history learner L1"], "checkin": ["checkin L1 S1"], "imports": ["imports", "imports --all"], "undo": ["undo 2"],
    "metrics": ["metrics", "metrics --period 2022", "metrics --period 2022 --metric core.participation"],
    "recount": ["recount", "recount --check"], "judge": ["judge", "judge --as-of 2022-12-31"],
    "explain": ["explain core.participation --place 1 --period 2022"],
    "report": ["report {out} --period 2022"], "publish": ["publish {file}"], "plugins": ["plugins"],
    "policies": ["policies", "policies show guangdong-2016", "policies show gz --only target"],
    "doctor": ["doctor"], "schema": ["schema learner"], "person": ["person"], "key": ["key show"],
    "columns": ["columns {file}", "columns {file} --record ledger"],
    "take": ["take {file} --dry-run", "take {file} --yes --under 1", "take 台账✓.csv --yes --under 1"],
    "deliveries": ["deliveries", "deliveries --period 2022"], "find": ["find wangfang", "find 王"], "review": ["review --list"],
    "reported": ["reported --period 2022"], "fill": ["fill {file} --period 2022"], "archive": ["archive list", "archive retention"],
    "demo": ["demo", "demo {out} --city atlantis", "demo . --city atlantis"],
}
#: What other programs read, one value a line, is never broken.
DATA = ("add", "set", "remove", "history", "checkin")


def new_city(folder: Path) -> Path:
    """A city with a name of 70 columns for everything; and a roster with problems."""
    with commlms.LMS(folder / "city.db", today=dt.date(2023, 6, 30)) as lms:
        lms.add({"code": "1", "name": LONG, "level": "city"}, "place")
        lms.add({"place": "1", "on": "2020-11-01", "basis": "permanent", "persons": 10, "nature": "census"}, "residents")
        lms.add({"code": "J1", "name": LONG, "place": "1"}, "institution")
        lms.add({"code": "S1", "institution": "J1", "on": "2022-03-05", "theme": LONG, "minutes": 60}, "session")
        lms.add([{"code": f"L{i}", "name": "王芳", "born": "1950-01-02", "home": "1"} for i in (1, 2, 3)], "learner")
        lms.add({"learner": "L2", "session": "S1"}, "participation")
    lines = [f"学员编号,姓名,出生日期,备注①{LONG}", "N1,赵一,1980-02-30,✓", "N2,钱二,坏,😀", "N3,孙三,1980-01-01,"]
    (folder / "名册①✓.csv").write_text("\n".join(lines), encoding="utf-8")
    lines = [f"{LONG}2022年3月活动台账✓,,", "活动日期,活动主题,参加人数", f"2022-03-05,{LONG},50", f"2022-02-30,{LONG},50"]
    (folder / "台账✓.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def words_of(name: str, folder: Path) -> list[list[str]]:
    """The lines of a command as lists of words."""
    ending = "html" if name == "report" else "csv"
    return [[w.format(file="名册①✓.csv", out=f"out.{ending}") for w in line.split()] for line in WORDS[name]]


def test_every_command_has_its_words() -> None:
    """A new command is tried here too."""
    assert WORDS.keys() == COMMANDS.keys()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [n for n in WORDS if n not in DATA])
def test_no_line_is_wider_than_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, lang: str,
) -> None:
    """COLUMNS says how wide it is; a path stays whole, so that it can be copied."""
    monkeypatch.chdir(new_city(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("COMMLMS_TODAY", "2023-06-30")
    for words in [*words_of(name, tmp_path), [name, "--help"], ["--help"]]:
        with pytest.raises(SystemExit):
            main(["--db", "city.db", "--lang", lang, *words])
        out, err = capsys.readouterr()
        assert out + err
        for line in (out + err).splitlines():
            assert width(line) <= 80 or (" " not in line.strip() and os.sep in line), (words, line, width(line))


#: What a console of Chinese Windows cannot show, and what it can.
LACKING, SHOWN = "𠮷✓😀", "祥老年大学①②班"


def gbk(folder: Path, *words: str, encoding: str = "gbk") -> tuple[int, str, str]:
    """A command in a process of its own, on a console of this encoding."""
    env = {**os.environ, "PYTHONIOENCODING": encoding, "COMMLMS_TODAY": "2023-06-30", "COLUMNS": "300", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "commlms", "--db", "city.db", "--lang", "zh", *words], cwd=folder, env=env, capture_output=True, check=False,
    )
    return done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding)


@pytest.mark.parametrize("words", [
    "import learner {file}", "list institution", "list session --format csv", "show session S1", "metrics --period 2022", "judge",
    "explain core.participation --place 1 --period 2022", "columns {file}", "import ✓😀 {file}", "import learner 没有𠮷.csv",
    "list learner --limit ①", "export session -", "--help",
    "take {file} 台账✓.csv --yes --under 1", "deliveries", "find 王", "review --list",
])
def test_a_gbk_console_shows_what_it_can(tmp_path: Path, words: str) -> None:
    """What it lacks is replaced, whoever prints it; nothing is a traceback."""
    status, out, err = gbk(new_city(tmp_path), *(w.format(file="名册①✓.csv") for w in words.split()))
    assert "Traceback" not in err
    assert status in (0, 1, 2, 3)
    assert out + err
    assert not set(LACKING) & set(out + err)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "cp936", "ascii", "cp437"])
def test_json_for_other_programs_loses_nothing_on_any_console(tmp_path: Path, encoding: str) -> None:
    """What the encoding lacks is escaped."""
    folder = new_city(tmp_path)
    for words in (("list", "session", "--format", "jsonl"), ("export", "session", "-")):
        status, out, _ = gbk(folder, *words, encoding=encoding)
        assert status == 0
        found = json.loads(out.splitlines()[0])
        assert LONG in found.values()


def test_what_a_take_tells_other_programs_names_files_whole_on_any_console(tmp_path: Path) -> None:
    """A file's name is what such a program goes by."""
    folder = new_city(tmp_path)
    assert (folder / "台账✓.csv").is_file()
    for encoding in ("gbk", "ascii"):
        _, out, _ = gbk(folder, "take", "台账✓.csv", "--json", "--dry-run", "--under", "1", encoding=encoding)
        assert json.loads(out)["file"] == "台账✓.csv"
