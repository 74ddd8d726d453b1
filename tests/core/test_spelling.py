"""What a number and a code may be, and which spellings are one."""

from __future__ import annotations

import pytest

from earmark.core.spelling import LENGTH_MOST, cleaned, folded, keepable
from earmark.errors import ValueInvalid

BLANKS = [
    " ",
    "\t",
    "\r\n",
    "\u00a0",
    "\u2003",
    "\u202f",
    "\u3000",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u2028",
    "\x85",
]


@pytest.mark.parametrize("blank", BLANKS, ids=lambda b: f"U+{ord(b[0]):04X}")
def test_blanks_at_the_ends_are_no_part_of_a_name(blank: str) -> None:
    assert cleaned(f"{blank}L 1{blank}{blank}") == "L 1"
    assert not cleaned(blank * 3)


def test_a_blank_within_is_a_plain_space() -> None:
    assert cleaned("L\u00a01\u2009x") == "L 1 x"


def test_letters_are_composed() -> None:
    assert cleaned("A\u0308-1") == "\u00c4-1"


@pytest.mark.parametrize(
    "character",
    [
        *("\x00", "\x1d", "\x07", "\t", "\n", "\x7f", "\x9f", "\ud800", "\udfff", "\uffff"),
        *("\ufffe", "\ufdd0", "\U0001ffff", "\u200b", "\u00ad", "\u202e", "\ufeff"),
    ],
    ids=lambda c: f"U+{ord(c):04X}",
)
def test_what_no_face_can_carry_is_refused_and_told_in_plain_letters(character: str) -> None:
    with pytest.raises(ValueInvalid) as refused:
        cleaned(f"AB{character}12", "Serial no.")
    told = refused.value.message
    assert f"U+{ord(character):04X}" in told
    assert told.isprintable()
    told.encode()


def test_what_joins_letters_stays() -> None:
    persian = "\u0645\u06cc\u200c\u062e"
    assert cleaned(persian) == persian


def test_a_name_has_a_length_that_every_face_takes() -> None:
    assert cleaned(" " + "x" * LENGTH_MOST) == "x" * LENGTH_MOST
    with pytest.raises(ValueInvalid, match="101 characters"):
        cleaned("x" * (LENGTH_MOST + 1))
    with pytest.raises(ValueInvalid, match="101 characters"):
        cleaned("é" * (LENGTH_MOST + 1))


@pytest.mark.parametrize("name", [".", "..", " .. "])
def test_what_an_address_takes_for_a_folder_is_no_name(name: str) -> None:
    with pytest.raises(ValueInvalid, match="address"):
        cleaned(name)


@pytest.mark.parametrize("name", ["SO/2026/0001", "#1001", "50%", 'a"b', "a?b&c", "ロット1", "..."])
def test_whatever_an_address_can_carry_is_a_name(name: str) -> None:
    assert cleaned(name) == name


@pytest.mark.parametrize(
    ("one", "other"), [("AB12", "ab12"), ("Straße", "STRASSE"), ("Ä1", "ä1"), ("ΣΑΣ", "σας")]
)
def test_letters_case_makes_no_other_name(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_different_letters_make_another_name() -> None:
    assert len({folded(name) for name in ("A1", "Ä1", "A-1", "A 1")}) == 4


def test_a_free_text_keeps_its_lines_and_refuses_what_nobody_can_keep() -> None:
    assert keepable("two\n\tlines ") == "two\n\tlines "
    for strange in ("\x00", "\ud800", "\uffff", "\x1b"):
        with pytest.raises(ValueInvalid) as refused:
            keepable(f"a{strange}b")
        refused.value.message.encode()
