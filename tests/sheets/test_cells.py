"""What a cell means, written by whatever program."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.errors import DateInvalid, QuantityInvalid, ValueInvalid
from earmark.sheets import Cell, Dialect, date_of, number_of, text_of
from earmark.sheets.cells import written_number

COMMA = Dialect(",")
SEMICOLON = Dialect(";")
TAB = Dialect("\t")
EVERY_DIALECT = [COMMA, SEMICOLON, TAB, Dialect()]


@pytest.mark.parametrize("dialect", EVERY_DIALECT)
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("-12", "-12"),
        ("+12", "12"),
        ("12-", "-12"),
        ("\u221212", "-12"),
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        (",5", "0.5"),
        ("1.", "1"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1234,567", "1234.567"),
        ("1,2340", "1.234"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("1'234.5", "1234.5"),
        ("1\u2019234,567", "1234.567"),
        ("-1.234,50", "-1234.5"),
    ],
)
def test_a_number_that_can_be_only_one_is_read_in_every_dialect(
    text: str, number: str, dialect: Dialect
) -> None:
    assert number_of(text, dialect) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "dialect", "number"),
    [
        ("1,234", SEMICOLON, "1.234"),
        ("1.234", COMMA, "1.234"),
        ("1,234", Dialect(",", "."), "1234"),
        ("1.234", Dialect(";", ","), "1234"),
        ("1.234", Dialect("\t", "."), "1.234"),
        ("1,234", Dialect("", ","), "1.234"),
    ],
)
def test_a_number_that_could_be_two_is_read_with_the_decimal_mark_of_its_file(
    text: str, dialect: Dialect, number: str
) -> None:
    assert number_of(text, dialect) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("1.234", SEMICOLON),
        ("1,234", COMMA),
        ("-1.234", TAB),
        ("999,999", TAB),
        ("1.234", Dialect()),
    ],
)
def test_a_number_that_could_be_two_is_refused_where_its_file_does_not_say_which(
    text: str, dialect: Dialect
) -> None:
    with pytest.raises(QuantityInvalid, match="which decimal mark"):
        number_of(text, dialect)


def test_the_refusal_of_an_ambiguous_number_names_both_numbers() -> None:
    with pytest.raises(QuantityInvalid, match=r"it may be 12.345 or 12345;"):
        number_of("12,345", COMMA)


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", "1e5", "1,2,3", "1.2.3,4", "12,34.5", "1..5", "--1", "-1-", "+", ".", ",", "-",
        "1 2", "NaN", "Infinity", "\u0661\u0662", "1_000", "0x10", "1.234,567.8", "12 345 6",
    ],
)  # fmt: skip
def test_what_is_not_a_number_is_refused_in_every_dialect(text: str) -> None:
    for dialect in EVERY_DIALECT:
        with pytest.raises(QuantityInvalid, match="not a number"):
            number_of(text, dialect)


@pytest.mark.parametrize(("text", "mark"), [("1.5", ","), ("1,5", "."), ("1.23,4", ",")])
def test_a_decimal_mark_that_was_said_is_the_only_one(text: str, mark: str) -> None:
    with pytest.raises(QuantityInvalid, match="not a number"):
        number_of(text, Dialect(";", mark))


def test_a_sixth_decimal_is_refused_and_not_rounded_away() -> None:
    with pytest.raises(QuantityInvalid, match="five decimals"):
        number_of("0,000001", SEMICOLON)


def test_a_date_is_not_a_number() -> None:
    with pytest.raises(QuantityInvalid, match="it is a date"):
        number_of(date(2026, 5, 1))


@given(
    st.decimals(-(10**12), 10**12, places=5, allow_nan=False),
    st.sampled_from([Dialect(d, m) for d in (",", ";", "\t", "") for m in ("", ".", ",")]),
)
def test_a_number_as_we_write_it_is_read_as_the_same_number_in_every_dialect(
    number: Decimal, dialect: Dialect
) -> None:
    mark = dialect.decimal_mark or dialect.usual_mark or "."
    for written in (number, number.normalize()):
        assert number_of(written_number(written, mark), dialect) == number


@given(st.decimals(-(10**12), 10**12, places=5, allow_nan=False), st.sampled_from(".,"))
def test_a_number_as_we_write_it_is_never_ambiguous(number: Decimal, mark: str) -> None:
    assert number_of(written_number(number.normalize(), mark), Dialect()) == number


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("31.12.2026", date(2026, 12, 31)),
        ("1.2.2026", date(2026, 2, 1)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_a_date_is_read_in_iso_with_the_day_first_and_from_a_workbook(
    cell: Cell, day: date
) -> None:
    assert date_of(cell) == day


@pytest.mark.parametrize(
    "cell",
    [
        "12/31/2026", "31.12.26", "2026-13-01", "30.02.2026", "20261231", "2026-W01-1", "soon", "",
        "2026-12-31 10:00:00", Decimal(46022), "0000-01-01",
    ],
)  # fmt: skip
def test_what_is_not_one_certain_day_is_refused(cell: Cell) -> None:
    with pytest.raises(DateInvalid):
        date_of(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [("0012", "0012"), (Decimal(12), "12"), (Decimal("1.50"), "1.50"), (Decimal("1E+3"), "1000")],
)
def test_a_text_keeps_its_zeros_and_a_number_is_its_digits(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


def test_a_lot_no_that_a_spreadsheet_made_a_date_of_is_refused() -> None:
    with pytest.raises(ValueInvalid, match="it is a date, not a text"):
        text_of(date(2026, 12, 3), "Lot no.")


def test_a_lot_no_with_more_digits_than_a_spreadsheet_keeps_is_refused() -> None:
    assert text_of(Decimal(10**15 - 1)) == "999999999999999"
    with pytest.raises(ValueInvalid, match="15 digits"):
        text_of(Decimal(10**15), "Lot no.")
