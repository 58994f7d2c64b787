"""Text as offices write it, made regular without losing anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlms.core.text import cell_name, harmless, has_control, key_of, narrow, person_name, unguarded, units, visible


def test_width_and_spaces() -> None:
    """Full-width digits and letters become half-width, runs of spaces one."""
    assert narrow("　２０２２　年 \t Ａ ") == "2022 年 A"
    assert person_name("王　芳") == "王芳"
    assert key_of("秋季 “健康”讲座（ＩＩ）") == key_of("秋季健康讲座ii")


@pytest.mark.parametrize(("column", "line", "name"), [(0, 5, "A5"), (25, 1, "Z1"), (26, 1, "AA1"), (299, 2, "KN2"), (16_383, 9, "XFD9")])
def test_cells_have_the_names_of_spreadsheets(column: int, line: int, name: str) -> None:
    """Up to the last column there is."""
    assert cell_name(column, line) == name


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1f", "\x7f", chr(0xD800), chr(0xDFFF), "\ufffd", "\ufffe", "\uffff"])
def test_characters_that_no_cell_can_have(character: str) -> None:
    """They are found, and shown as the sign of a lost character."""
    assert has_control(f"甲{character}")
    assert visible(f"甲{character}") == "甲\ufffd"


@pytest.mark.parametrize("text", ["甲\n乙\t丙\r", "😀", "\u200b", "ﬁ"])
def test_characters_that_a_cell_can_have(text: str) -> None:
    """Line breaks, tabs, signs beyond the first plane."""
    assert not has_control(text)
    assert visible(text) == text


def test_length_is_counted_as_spreadsheets_count_it() -> None:
    """In UTF-16 units."""
    assert (units("甲乙"), units("😀a")) == (2, 3)


@given(st.text())
def test_length_agrees_with_the_encoding(text: str) -> None:
    """Two bytes a unit."""
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "'=", "''"])
def test_signs_that_begin_a_formula_get_one_in_front(sign: str) -> None:
    """And exactly that one comes off again."""
    assert harmless(f"{sign}1") == f"'{sign}1"
    assert unguarded(f"'{sign}1") == f"{sign}1"


@pytest.mark.parametrize("text", ["", "甲=1", "'甲", "1-2", "'"])
def test_other_texts_stay(text: str) -> None:
    """An apostrophe before a word is part of it."""
    assert harmless(text) == text == unguarded(text)
