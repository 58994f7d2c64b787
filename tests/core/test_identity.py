"""ID numbers: what is checked, and what may be kept of them."""

from __future__ import annotations

import pytest

from commlms.core.identity import BadIdNumber, check_digit, read_id_number

FIRST = "99010119550809002"
NUMBER = FIRST + check_digit(FIRST)


def test_the_check_digit_is_that_of_the_standard() -> None:
    """GB 11643 gives 11010519491231002X as its example; 99010119550809002 by hand: the weighted sum is 330 = 30 x 11, so 1."""
    assert check_digit("11010519491231002") == "X"
    assert 63 + 81 + 5 + 4 + 2 + 9 + 30 + 15 + 72 + 45 + 4 == 330
    assert check_digit(FIRST) == "1"


def test_every_other_last_character_fails() -> None:
    """One right of eleven."""
    for last in set("0123456789X") - {NUMBER[-1]}:
        with pytest.raises(BadIdNumber, match="id_checksum"):
            read_id_number(FIRST + last)


def test_what_a_number_says() -> None:
    """Birth date, sex by the 17th digit, three and one characters shown."""
    number = read_id_number(NUMBER)
    assert (number.born, number.sex, number.masked) == (19550809, "female", f"990{'*' * 14}1")
    male = "99010119550809001"
    assert read_id_number(male + check_digit(male)).sex == "male"


@pytest.mark.parametrize("text", ["", "990101550809002", NUMBER[:-1], NUMBER + "0", "A" + NUMBER[1:], NUMBER.replace("9", "九", 1)])
def test_another_form_is_refused(text: str) -> None:
    """15 digits of the old kind too."""
    with pytest.raises(BadIdNumber, match="id_form"):
        read_id_number(text)


def test_a_birth_date_that_is_no_day_is_refused() -> None:
    """The right check digit does not make 30 February one."""
    first = "99010119550230002"
    with pytest.raises(BadIdNumber, match="id_checksum"):
        read_id_number(first + check_digit(first))


def test_the_digest_depends_on_the_office_key_and_the_number_is_never_shown() -> None:
    """64 hexadecimal digits; the text of the object does not contain the number."""
    number = read_id_number(NUMBER)
    assert number.digest(b"a") != number.digest(b"b")
    assert len(number.digest(b"a")) == 64
    assert NUMBER not in repr(number)
    assert NUMBER[3:17] not in repr(number)
