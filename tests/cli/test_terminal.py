"""What a clerk's terminal shows and asks: 80 columns, consoles that lack characters, questions with a safe answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlms.cli.terminal import agree, ask
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
