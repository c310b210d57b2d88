"""What people type as a phone number, and which number that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.cycles.phones import international, local_phone, local_phones, same_phone

ONE, TWO = "0912345678", "0987654321"


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        (ONE, [ONE]),
        ("84912345678", [ONE]),
        ("+84912345678", [ONE]),
        ("(+84) 912.345.678", [ONE]),
        ("0084 912 345 678", [ONE]),
        ("+840912345678", [ONE]),
        ("0912-345-678", [ONE]),
        ("912345678", [ONE]),
        ("ĐT: 0912345678", [ONE]),
        ("0912345678 (Chị Xuân)", [ONE]),
        ("01651234567", ["0351234567"]),
        ("+841201234567", ["0701234567"]),
        ("028 3812 3456", ["02838123456"]),
        ("(024) 3812-3456", ["02438123456"]),
        ("0912345678 - 0987654321", [ONE, TWO]),
        ("0912345678-0987654321", [ONE, TWO]),
        ("0912345678/0987654321", [ONE, TWO]),
        ("0912 345 678 0987 654 321", [ONE, TWO]),
        ("0912345678 hoặc +84987654321", [ONE, TWO]),
        ("+1 415 555 2671 / 0912345678", [ONE]),
        ("+1 415 555 2671", []),
        ("+66 81 234 5678", []),
        ("113", []),
        ("1900 1234", []),
        ("1800 599 920", []),
        ("0901 234 567 012", []),
        ("0912ABCDEF", []),
        ("091234x678", []),
        ("09123x45678", []),
        ("091****678", []),
        ("0912345678 / 098*******", []),
        ("không có", []),
        ("", []),
    ],
)
def test_numbers_are_read_in_their_usual_form(typed: str, numbers: list[str]) -> None:
    assert list(local_phones(typed)) == numbers
    assert local_phone(typed) == (numbers[0] if numbers else "")


def test_two_texts_are_one_phone_where_they_share_a_number() -> None:
    assert same_phone("+84 987 654 321", "0912345678 - 0987654321")
    assert same_phone("01651234567", "0351234567")
    assert not same_phone("0912345678", "09123456789")
    assert not same_phone("", "")
    assert not same_phone("091****678", "091****678")


def test_the_other_form_has_the_country_and_no_plus() -> None:
    assert international(ONE) == "84912345678"


@given(st.text(st.sampled_from("0123456789+-.() /xA*ơ"), max_size=40))
def test_whatever_is_typed_is_a_number_or_none(typed: str) -> None:
    for number in local_phones(typed):
        assert local_phones(number) == (number,)
        assert number.isdecimal()
        assert len(number) in (10, 11)
