"""What is pasted into one field is read row by row, each with its own error in place."""

from datetime import date
from decimal import Decimal

import pytest

from earmark.core.number_ranges import NUMBERS_AT_MOST
from earmark.core.pasted import NumberRow, read_numbers
from earmark.core.tracking import Dimension, Numbers, TrackingLine


def serials(rows: tuple[NumberRow, ...]) -> list[str]:
    return [row.numbers.serial_no for row in rows]


def codes(rows: tuple[NumberRow, ...]) -> list[str]:
    return [row.error.code if row.error else "" for row in rows]


def test_ranges_lists_and_rows_are_read_in_the_order_given() -> None:
    rows = read_numbers("A008..A010, B7\r\n\nC1; C2\n")
    assert serials(rows) == ["A008", "A009", "A010", "B7", "C1", "C2"]
    assert [row.at for row in rows] == [1, 2, 3, 4, 5, 6]
    assert codes(rows) == [""] * 6


def test_columns_without_heads_are_serial_lot_package_quantity_expiration() -> None:
    (row,) = read_numbers("SN1\tL1\tP1\t1\t31.12.2027")
    assert row.tracking_line == TrackingLine(
        serial_no="SN1",
        lot_no="L1",
        package_no="P1",
        quantity=Decimal(1),
        expiration_date=date(2027, 12, 31),
    )


def test_columns_are_those_the_item_has() -> None:
    (row,) = read_numbers("L1\t2.5\t2027-12-31", dimensions=[Dimension.LOT])
    assert (row.numbers, row.quantity) == (Numbers(lot_no="L1"), Decimal("2.5"))


def test_heads_say_which_column_is_which() -> None:
    rows = read_numbers("Quantity\tNote\tLot No.\n5\tgood\tL1\n6\t\tL2")
    assert [(row.numbers.lot_no, int(row.quantity)) for row in rows] == [("L1", 5), ("L2", 6)]


def test_a_row_that_happens_to_name_a_lot_like_a_head_is_a_row() -> None:
    assert serials(read_numbers("LOT")) == ["LOT"]
    assert serials(read_numbers("S1\tL1\nSerial\tLot")) == ["S1", "Serial"]


def test_a_range_in_a_column_is_many_rows_with_what_stands_beside_it() -> None:
    rows = read_numbers("S1..S3\tL1")
    assert [(row.numbers.serial_no, row.numbers.lot_no) for row in rows] == [
        ("S1", "L1"),
        ("S2", "L1"),
        ("S3", "L1"),
    ]


def test_a_row_that_is_wrong_says_so_and_leaves_the_others_alone() -> None:
    rows = read_numbers("S1\tL1\t\tabc\nS2\tL1\t\t1\t2027-02-30\nS3\tL1\t\t2\nA5..A1\n\t\t\t4\nS4")
    assert codes(rows) == [
        "quantity-invalid",
        "date-invalid",
        "value-invalid",
        "value-invalid",
        "value-invalid",
        "",
    ]
    assert rows[0].numbers.serial_no == "S1"


def test_a_row_with_more_columns_than_there_are_is_wrong() -> None:
    assert codes(read_numbers("S1\tL1\t\t1\t2027-12-31\tmore")) == ["value-invalid"]
    assert codes(read_numbers("S1\tL1\t\t1\t2027-12-31\t\t")) == [""]


def test_a_number_twice_is_flagged_where_it_stands_again() -> None:
    known = [Numbers(serial_no="S9"), Numbers(lot_no="L9")]
    rows = read_numbers("S1\nS2\nS1\nS9", known=known, line="SO1/1")
    assert codes(rows) == ["", "", "number-duplicate", "number-duplicate"]
    assert [row.duplicate_of for row in rows] == [None, None, 1, 0]
    assert rows[2].error is not None
    assert rows[2].error.message == "Serial S1 stands twice on line SO1/1."


def test_a_lot_may_stand_again_with_another_package() -> None:
    rows = read_numbers("L1\tP1\nL1\tP2\nL1\tP1", dimensions=[Dimension.LOT, Dimension.PACKAGE])
    assert codes(rows) == ["", "", "number-duplicate"]


@pytest.mark.parametrize("code", ["(01)05712345000427(10)L1", "]C110L1", "https://id.gs1.org/01/0"])
def test_a_scanned_code_is_kept_to_be_read_as_one(code: str) -> None:
    (row,) = read_numbers(code)
    assert row.code == code
    assert row.error is None


def test_ten_thousand_numbers_are_read_and_too_many_are_not() -> None:
    assert len(read_numbers("A00001..A10000")) == 10_000
    rows = read_numbers(f"A1..A{NUMBERS_AT_MOST}, B1..B9")
    assert len(rows) == NUMBERS_AT_MOST + 1
    assert codes(rows[-1:]) == ["value-invalid"]
