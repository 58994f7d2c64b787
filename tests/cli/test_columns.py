"""``commlms columns`` as a clerk meets it: shown, asked on a terminal, saved; without a terminal shown, saved with --yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.console import Console
from tests.cli.test_bad_input import Desk

LINES = ("序号,村民,男/女,生于,所住村居,说明", "1,周小好,女,1980-01-01,东区,甲", "2,欧阳明,男,1960年2月,东区,乙")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with an office key and two places, and the roster."""
    made = Desk(tmp_path)
    places = made.file("places.csv", "代码,名称,级别,上级代码", "5104,攀枝花市,市,", "510402,东区,县,5104")
    assert made.run("import", "place", places).returncode == 0
    made.file("名册.csv", *LINES)
    return made


def test_without_a_terminal_it_is_shown_and_saved_only_with_yes(desk: Desk) -> None:
    """And the next import reads by it, in either language."""
    shown = desk.run("--lang", "zh", "columns", "名册.csv")
    assert "名册.csv 的表头在第 1 行；看来是「学员」（learner）" in shown.stdout
    assert ["B", "村民", "周**", "欧**", "姓名", "看内容"] in [line.split() for line in shown.stdout.splitlines()]
    assert "没有保存；加 --yes 即照此保存" in shown.stdout
    assert desk.run("columns", "名册.csv", "--yes", "--show").stdout.endswith("nothing was saved; --yes saves it\n")
    assert not (desk.folder / "city.db.columns").exists()
    assert desk.run("import", "learner", "名册.csv").returncode == 1
    saved = desk.run("columns", "名册.csv", "--yes")
    (path,) = (desk.folder / "city.db.columns").iterdir()
    assert f"saved: {path}\n" in saved.stdout
    done = desk.run("import", "learner", "名册.csv")
    assert (done.returncode, f"columns are read as saved in {path.name}" in done.stdout) == (0, True)
    assert "read 2, new 2" in done.stdout
    assert desk.run("--lang", "zh", "columns", "名册.csv").stdout.count("已保存") == 6


def test_what_it_cannot_do_is_one_sentence(desk: Desk) -> None:
    """A record, a sheet, a header that is not there; a folder that is a file; a needed field no column gives."""
    assert desk.run("columns", "名册.csv", "--record", "lerner").stderr == "no such record: lerner. 'commlms schema' lists them all\n"
    assert desk.run("columns", "名册.csv", "--sheet", "二月").stderr.startswith("名册.csv has no such sheet")
    desk.file("数.csv", "1,2,3", "4,5,6")
    assert desk.run("columns", "数.csv").stderr.startswith("数.csv: no row looks like a header")
    assert "--columns" in desk.run("columns", "名册.csv", "--columns", "名册.csv").stderr
    lacking = desk.run("columns", "名册.csv", "--record", "ledger").stdout
    assert "no column is theme: without it this cannot be imported as activity ledger" in lacking


def test_on_a_terminal_each_column_is_asked_and_enter_takes_the_proposal(desk: Desk) -> None:
    """A number is another field, 0 none; a field that has its column is offered no more."""
    env = {**desk.env, "COMMLMS_LANG": "zh"}
    with Console("-m", "commlms", "--db", desk.db, "columns", "名册.csv", "--record", "learner", folder=desk.folder, env=env) as console:
        listed = console.until("A 列「序号」")
        console.until("：")
        console.until("：")
        console.type("\n")
        for header, typed in (("村民", "\n"), ("男/女", "0\n"), ("生于", "\n"), ("所住村居", "\n"), ("说明", "姓名\n" + "职业\n")):
            console.until(f"「{header}」")
            console.until("（回车 = ")
            console.until("）：")
            console.type(typed)
        status, shown = console.end()
    assert status == 0, shown
    assert "请输入方括号里的一项" in shown
    assert " 0 不读" in listed.replace("\n", "\n ")
    assert "2 姓名" in listed
    (path,) = (desk.folder / "city.db.columns").iterdir()
    fields = [line.partition("  #")[0] for line in path.read_text(encoding="utf-8").splitlines()[5:]]
    assert fields == ['"序号" = ""', '"村民" = "name"', '"男/女" = ""', '"生于" = "born"', '"所住村居" = "home"', '"说明" = "occupation"']


def test_ctrl_c_while_it_asks_saves_nothing(desk: Desk) -> None:
    """With status 130 and one sentence."""
    with Console("-m", "commlms", "--db", desk.db, "columns", "名册.csv", folder=desk.folder, env=desk.env) as console:
        console.until("(Enter = ")
        console.type("\x03")
        status, shown = console.end()
    assert status == 130
    assert "Traceback" not in shown
    assert not (desk.folder / "city.db.columns").exists()
