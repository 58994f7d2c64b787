"""Broken spreadsheets at 17:50, through the real command in a process of its own: a sentence and a status, never a traceback."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

ROSTER = "学员编号,姓名,性别,出生日期,身份证号,居住地"


class Desk:
    """A clerk's desk: a database in a folder, and the command."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.db = folder, folder / "city.db"
        self.env = {
            **os.environ, "COMMLMS_KEY_FILE": str(folder / "office.key"), "COMMLMS_TODAY": "2023-06-30", "COMMLMS_LANG": "en",
            "PYTHONUTF8": "1", "COMMLMS_OUTBOX": str(folder / "outbox.jsonl"),
        }

    def run(self, *words: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Type a command; whatever comes of it is no traceback."""
        done = subprocess.run(
            [sys.executable, "-m", "commlms", "--db", str(self.db), *map(str, words)], cwd=self.folder, env=self.env, input=text,
            capture_output=True, encoding="utf-8", timeout=120, check=False,
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        assert "panicked" not in done.stderr, done.stderr
        return done

    def file(self, name: str, *lines: str) -> Path:
        """A UTF-8 file of these lines."""
        path = self.folder / name
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return path

    def dump(self) -> list[str]:
        """The whole content of the database."""
        with sqlite3.connect(self.db) as connection:
            found = list(connection.iterdump())
        connection.close()
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with an office key and two places."""
    made = Desk(tmp_path)
    assert made.run("key", "new").returncode == 0
    places = made.file("places.csv", "代码,名称,级别,上级代码", "5104,攀枝花市,市,", "510402,东区,县,5104")
    assert made.run("import", "place", places).returncode == 0
    return made


def test_files_that_are_no_tables_end_with_one_sentence_and_status_1(desk: Desk) -> None:
    """What is not what its name says, hostile, empty, missing; the database stays as it is."""
    far = openpyxl.Workbook()
    far.worksheets[0]["A1"], far.worksheets[0]["XFD1048576"] = "姓名", "x"
    far.save(desk.folder / "远.xlsx")
    with zipfile.ZipFile(desk.folder / "炸弹.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60 << 20))
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    contents = {
        "网页.xlsx": b"<html></html>", "网页.csv": b"<html></html>\n", "旧.xls": ole, "信.doc": ole, "旧.xlsx": ole,
        "密.xlsx": ole + "EncryptedPackage".encode("utf-16-le"), "空.csv": b"", "空.xlsx": b"",
        "零.csv": "姓名,编号\n甲\0,1\n".encode(),
        "断.xlsx": (desk.folder / "远.xlsx").read_bytes()[:2000],
        "引号.csv": '姓名,学员编号\n"甲,1\n乙,2\n'.encode(), "坏.jsonl": b"\xff\n",
    }
    for name, content in contents.items():
        (desk.folder / name).write_bytes(content)
    (desk.folder / "夹.csv").mkdir()
    before = desk.dump()
    for name in [*contents, "远.xlsx", "炸弹.xlsx", "夹.csv", "没有.csv", "长" * 300 + ".csv"]:
        done = desk.run("import", "learner", name)
        assert done.returncode == 1, (name, done)
        assert done.stderr.startswith(f"{name}: "), (name, done.stderr)
        assert len(done.stderr.strip().splitlines()) == 1, (name, done.stderr)
    assert desk.dump() == before
    assert not list(desk.folder.glob("*rejects*"))


def test_good_rows_land_and_the_others_are_told_with_line_cell_and_status_3(desk: Desk) -> None:
    """Without a personal value in anything printed, in either language; the rejects file is named."""
    path = desk.file(
        "名册.csv", "2023年名册", ROSTER, "N1,周好,女,1980-01-01,,东区", "N2,赵小满,女,1871年2月3日,,东区",
        "N3,钱小暑,女,1981-02-03,990101198102030010,",
        "N4,孙小雪,女,1982-02-03,,火星村", "合计,,,,,",
    )
    en = desk.run("import", "learner", path)
    assert en.returncode == 3
    assert "line 4 (D4): birth date means an age over 120" in en.stdout
    assert "line 5 (E5): the ID number" in en.stdout
    assert "line 6 (F6): the place in home is not known" in en.stdout
    assert "名册.csv: read 4, new 1, changed 0, unchanged 0, held 0, rejected 3, not counted 1" in en.stdout
    assert "名册-rejects.xlsx" in en.stdout
    zh = desk.run("--lang", "zh", "import", "learner", path)
    assert "第 4 行（D4）" in zh.stdout
    for value in ("赵小满", "钱小暑", "孙小雪", "1871", "1981-02-03", "99010119810203", "火星村"):
        assert value not in en.stdout + en.stderr + zh.stdout + zh.stderr


def test_the_rejects_workbook_is_corrected_and_imported_again(desk: Desk) -> None:
    """By the clerk, in a spreadsheet program."""
    desk.run("import", "learner", desk.file("名册.csv", "学员编号,姓名,出生日期", "N1,赵一,1980-02-30", "007,=钱二,坏"))
    rejects = desk.folder / "名册-rejects.xlsx"
    book = openpyxl.load_workbook(rejects)
    page = book.worksheets[0]
    for row in page.iter_rows(min_row=2):
        row[2].value = "1980-02-28"
    book.save(rejects)
    done = desk.run("import", "learner", rejects)
    assert done.returncode == 0
    assert "read 2, new 2," in done.stdout
    exported = [json.loads(line) for line in desk.run("export", "learner", "-").stdout.splitlines()]
    assert [(row["学员编号"], row["姓名"], row["出生日期"]) for row in exported] == [
        ("N1", "赵一", "1980-02-28"), ("007", "=钱二", "1980-02-28"),
    ]


def test_a_dry_run_prints_the_numbers_of_the_real_run_and_writes_nothing(desk: Desk) -> None:
    """Compared with a dump of the whole database; no rejects file either."""
    path = desk.file("名册.csv", ROSTER, "N1,周好,女,1980-01-01,,东区", "N2,赵一,女,坏,,东区", "合计,,,,,")
    desk.run("import", "learner", desk.file("前.csv", ROSTER, "N3,吴好,女,1980-01-01,,东区"))
    before = desk.dump()
    dry = desk.run("import", "learner", path, "--dry-run")
    assert desk.dump() == before
    assert "nothing was written" in dry.stdout
    assert not list(desk.folder.glob("*rejects*"))
    real = desk.run("import", "learner", path)
    assert dry.returncode == real.returncode == 3
    numbers = [next(line for line in done.stdout.splitlines() if "read " in line) for done in (dry, real)]
    assert numbers[0] == numbers[1]
    assert desk.dump() != before


def test_strict_writes_nothing_and_ends_with_status_1(desk: Desk) -> None:
    """One wrong row among two."""
    before = desk.dump()
    done = desk.run("import", "learner", desk.file("名册.csv", ROSTER, "N1,周好,女,,,", "N2,赵一,女,坏,,"), "--strict")
    assert done.returncode == 1
    assert desk.dump() == before


@pytest.mark.parametrize("name", ["名册.csv", "退回.txt", "夹.csv", "places.csv/退回.csv"])
def test_rejects_that_cannot_be_written_end_with_a_sentence(desk: Desk, name: str) -> None:
    """The file being read itself, an ending that is no table, a folder, a folder that is a file."""
    path = desk.file("名册.csv", ROSTER, "N2,赵一,女,坏,,")
    (desk.folder / "夹.csv").mkdir()
    content = path.read_bytes()
    done = desk.run("import", "learner", path, "--rejects", desk.folder / name)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert path.read_bytes() == content


def test_an_id_number_without_an_office_key_says_which_command_makes_one(desk: Desk) -> None:
    """Nothing is kept of it."""
    (desk.folder / "office.key").unlink()
    done = desk.run("import", "learner", desk.file("名册.csv", ROSTER, "N1,周好,,,990101195508090021,"))
    assert done.returncode == 3
    assert "commlms key new" in done.stdout
    assert "19550809" not in "\n".join(desk.dump())


def test_unknown_sheets_records_and_places_end_with_what_there_is(desk: Desk) -> None:
    """Each in one sentence."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "名册"
    book.worksheets[0].append(["学员编号", "姓名"])
    book.save(desk.folder / "名册.xlsx")
    for words, said in (
        (("import", "learner", "名册.xlsx", "--sheet", "二月"), "choose one of: 名册"),
        (("import", "students", "名册.xlsx"), "no such record: students"),
        (("import", "learner", "名册.xlsx", "--under", "火星"), "no such place: 火星"),
    ):
        done = desk.run(*words)
        assert done.returncode == 1
        assert said in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_json_lines_in_and_out_for_other_programs(desk: Desk) -> None:
    """From standard input, the result as one JSON line with every problem in both languages."""
    rows = [{"code": "N1", "name": "周好", "home": "510402"}, {"code": "N2", "name": ["x"]}, {"code": "N3", "name": "\ud800"}]
    done = desk.run("import", "learner", "-", "--json", text="".join(json.dumps(row) + "\n" for row in rows))
    assert done.returncode == 3
    result = json.loads(done.stdout)
    assert (result["read"], result["new"], result["rejected"]) == (3, 1, 2)
    assert [(p["line"], p["code"]) for p in result["problems"]] == [(2, "not_one_value"), (3, "control_character")]
    assert all(p["zh"] and p["en"] for p in result["problems"])
    assert [json.loads(line)["code"] for line in desk.run("list", "learner", "--format", "jsonl").stdout.splitlines()] == ["N1"]


def test_rows_added_together_are_refused_together(desk: Desk) -> None:
    """As JSON lines: all or nothing; by host key twice is once."""
    before = desk.dump()
    lines = ['{"code": "K1", "title": "书法", "source": "平台", "source_key": "1"}', '{"code": "K2", "title": ""}']
    done = desk.run("add", "course", "--jsonl", desk.file("a.jsonl", *lines))
    assert done.returncode == 1
    assert desk.dump() == before
    path = desk.file("a.jsonl", lines[0])
    assert json.loads(desk.run("add", "course", "--jsonl", path).stdout)["new"] == 1
    assert json.loads(desk.run("add", "course", "--jsonl", path).stdout)["unchanged"] == 1
