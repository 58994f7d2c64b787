"""A clerk decides at the keyboard who people without keys are."""

from __future__ import annotations

from pathlib import Path

from commlms import LMS
from commlms.cli.context import DONE
from tests.cli.console import Console
from tests.cli.test_commands import Run, city, run
from tests.ingest.clerk import csv_file

__all__ = ["city", "run"]

HEAD = "主办单位,活动日期,活动主题,姓名,出生日期,居住地"


def test_review_shows_what_is_needed_and_takes_a_key(city: Run, tmp_path: Path) -> None:
    """Enter is later, s is the same, q ends; what was decided is said with what is open."""
    rows = ("J1,2022-04-01,太极,王芳,1950,", "J1,2022-04-01,太极,王芳,,", "J1,2022-04-01,太极,刘洋,1960-01-01,")
    status, out, _ = city("import", "attendance", str(csv_file(tmp_path, HEAD, *rows)))
    assert (status, out.splitlines()[-1]) == (DONE, (
        "送来.csv: read 3, new 1, changed 0, unchanged 0, held 1, unnamed 1, rejected 0, not counted 0; "
        "'commlms review' decides who the held are"
    ))
    words = ("-m", "commlms", "--db", tmp_path / "city.db", "--lang", "zh", "review")
    for typed, decided in (("\n", "判定了 0 项，还有 1 项待定"), ("s\n", "判定了 1 项，还有 0 项待定")):
        with Console(*words, folder=tmp_path, env={"COMMLMS_TODAY": "2023-06-30"}) as console:
            shown = console.until("（回车 = l）：")
            console.type(typed)
            assert decided in console.end()[1]
        assert "王芳  1950" in shown
        assert "王芳  1950-01-02  桥头社区" in shown
        assert "[s] 同一人  [d] 不同  [l] 以后再说  [q] 结束" in shown
        assert all(len(line.encode("gbk")) <= 80 for line in shown.splitlines())
    with LMS(tmp_path / "city.db") as lms:
        assert [row.cells["learner"] for row in lms.rows("participation")] == ["L1", "#3." + lms.database.uid]


def test_review_without_anybody_there_decides_nothing(city: Run, tmp_path: Path) -> None:
    """The default answer does no harm; --list asks nothing."""
    city("import", "attendance", str(csv_file(tmp_path, HEAD, "J1,2022-04-01,太极,王芳,1950,")))
    for words in (("review",), ("review", "--list")):
        status, out, _ = city(*words)
        assert (status, out.splitlines()[-1]) == (DONE, "0 decided, 1 still open; 'commlms undo' takes one back")
