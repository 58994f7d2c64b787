"""What a clerk's terminal shows and asks: 80 columns, consoles that lack characters, questions with a safe answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commlms import LMS
from commlms.cli.terminal import Progress, agree, ask, echo, table, width, wrapped
from commlms.core.labels import Label
from tests.cli.console import Console

CHOICES = {"s": Label("同一人", "same"), "d": Label("不是同一人", "different"), "l": Label("以后再定", "later")}
QUESTION = Label("这两行是一个人吗？", "is this one person?")
ASKED = """
from commlms.cli.terminal import ask
from tests.cli.test_terminal import CHOICES, QUESTION
print("got", ask(QUESTION, CHOICES, "l", lang="{lang}"))
"""


def _asked(lang: str, encoding: str = "utf-8") -> Console:
    return Console(
        "-c", ASKED.format(lang=lang), folder=Path(__file__).parents[2], encoding=encoding, env={"PYTHONIOENCODING": encoding},
    )


@pytest.mark.parametrize(("typed", "answer"), [
    ("\n", "l"), ("s\n", "s"), ("Ｄ\n", "d"), ("同一人\n", "s"), ("\x04", "l"), ("？\n x \nd\n", "d"),
])
def test_a_question_takes_a_key_its_word_or_enter(typed: str, answer: str) -> None:
    """In capitals and full width too; something else is asked again; the end of the input is Enter."""
    with _asked("zh") as console:
        assert "[s] 同一人  [d] 不是同一人  [l] 以后再定（回车 = l）：" in console.until("：")
        console.type(typed)
        status, shown = console.end()
    assert status == 0
    assert f"got {answer}" in shown
    assert shown.count("请输入方括号里的一项") == (2 if "x" in typed else 0)


def test_a_question_on_a_gbk_console_takes_gbk_and_bytes_that_are_none() -> None:
    """What cannot be read is asked again."""
    with _asked("zh", "gbk") as console:
        assert "这两行是一个人吗" in console.until("（回车 = l）：")
        console.encoding = "latin-1"
        console.type("\xff\xff\n")
        console.encoding = "gbk"
        console.until("（回车 = l）：")
        console.type("同一人\n")
        assert console.end()[1].endswith("got s\n")


def test_where_nobody_can_answer_the_default_is_taken_and_yes_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard input is no terminal here; what was taken is said on the error stream."""
    assert ask(QUESTION, CHOICES, "l", lang="zh") == "l"
    assert ask(QUESTION, CHOICES, "l", True, lang="en") == "l"
    assert ask(QUESTION, CHOICES, "l", True, lang="en", agreed="s") == "s"
    assert not agree(Label("写入 {n} 行吗？", "write {n} rows?"), lang="zh", n=3)
    assert agree(Label("写入 {n} 行吗？", "write {n} rows?"), True, lang="en", n=3)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "这两行是一个人吗？ → 以后再定", "is this one person? → later", "is this one person? → same",
        "写入 3 行吗？ → 否", "write 3 rows? → yes",
    ]


@example("111111111、、、、、（", 20)
@example("中（ 文", 20)
@given(st.text("中文，。（）「」 ab/.x1、：é", max_size=200), st.integers(20, 90))
def test_wrapping_changes_nothing_but_white_space_and_fits(text: str, limit: int) -> None:
    """A line is longer only where it is one piece that has no place to end; none begins with a closing sign."""
    lines = wrapped(text, limit).split("\n")
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert width(line) <= limit or len(line.split()) == 1


def test_a_path_stays_whole() -> None:
    """It can be copied, in Chinese too."""
    path = "/办公室/2023年/大渡口街道老年大学秋季班学员花名册-rejects.xlsx"
    assert wrapped(f"被拒的行及原因在：{path}", 40).split("\n") == ["被拒的行及原因在：", f"  {path}"]


@given(st.text("中，。「」 ab", max_size=200), st.integers(20, 90))
def test_no_line_begins_with_a_closing_sign(text: str, limit: int) -> None:
    """Such signs cling to what they close; one after a space closes nothing, and is written nowhere."""
    text = re.sub(r" +(?=[，。」、])", "", text)
    lines = wrapped(text, limit).split("\n")
    for line in lines[1:]:
        assert not line.strip().startswith(("，", "。", "」", "、"))


@given(st.lists(st.lists(st.text("中文ab1", max_size=40), min_size=3, max_size=3), min_size=1, max_size=4), st.integers(30, 90))
def test_a_table_fits_and_cuts_no_number(rows: list[list[str]], wide: int) -> None:
    """Texts are cut with …; the numbers of a column to the right stand whole."""
    numbers = [[a, b, str(n * 1_000_003)] for n, (a, b, _) in enumerate(rows)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(wide))
        lines = table([["x" * 30, "名称", "一共有多少人次"], *numbers], right=(2,)).splitlines()
    for line, (_, _, number) in zip(lines[1:], numbers, strict=True):
        assert line.endswith(number)
    assert all(width(line) <= wide for line in lines)


def test_progress_says_how_much_is_done_and_how_long_it_takes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A quarter took 30 seconds, so three quarters take 90; a shorter line leaves nothing of the longer one; in scripts there is none."""
    clock = iter([0.0, 0.5, 30.0, 120.0, 130.0, 131.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with Progress("zh") as progress:
        progress.begin(Label("读入", "reading"), 40_000)
        progress(100)
        progress(10_000)
        progress(40_000)
        progress.begin(Label("写入", "writing"), 0)
        progress(3)
    shown = capsys.readouterr().err.split("\r")
    assert [s.rstrip() for s in shown] == ["", "读入 100 / 40,000", "读入 10,000 / 40,000，约剩 1:30", "读入 40,000", "写入 3", "", ""]
    assert width(shown[3]) >= width("读入 10,000 / 40,000，约剩 1:30")
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    with Progress("zh") as silent:
        silent(10_000)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("typed", "left"), [("\n", 1), ("n\n", 1), ("\x04", 1), ("y\n", 0), ("是\n", 0)])
def test_what_cannot_be_undone_is_done_only_if_somebody_says_so(tmp_path: Path, typed: str, left: int) -> None:
    """Enter does no harm."""
    with LMS(tmp_path / "city.db") as lms:
        lms.add({"code": "L1", "name": "王芳"}, "learner")
    with Console("-m", "commlms", "--db", "city.db", "--lang", "zh", "person", "erase", "L1", folder=tmp_path) as console:
        console.until("（回车 = n）：")
        console.type(typed)
        status, shown = console.end()
    assert (status, "没有删除任何内容" in shown) == (left, bool(left))
    with LMS(tmp_path / "city.db") as lms:
        assert len(list(lms.rows("learner"))) == left


def test_what_is_printed_cannot_steer_the_console(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may be named with an escape sequence; the lines of a table stay lines."""
    monkeypatch.setattr("click._compat.should_strip_ansi", lambda *_, **__: False)
    echo("台账\x1b[2J\x07.xlsx\n\t第二行")
    assert capsys.readouterr().out == "台账\ufffd[2J\ufffd.xlsx\n\t第二行\n"


NAMED = """
from commlms.cli.terminal import say, table, tell
from commlms.core.labels import Label
name = "签\\x1b[2J到\\x07\\n二行\\r.xlsx"
tell(name)
say(Label("{f}：不收", "{f}: not taken"), "zh", f="a\\x1b]0;x")
print(len(table([("file", "n"), (name, "1")]).splitlines()))
"""


def test_the_name_of_a_file_that_was_sent_does_not_steer_the_terminal_or_break_a_table() -> None:
    with Console("-c", NAMED, folder=Path(__file__).parents[2]) as console:
        status, shown = console.end()
    assert (status, "\x1b" in shown, "\x07" in shown) == (0, False, False)
    assert "签\ufffd[2J到\ufffd" in shown
    assert shown.rstrip().endswith("2")
