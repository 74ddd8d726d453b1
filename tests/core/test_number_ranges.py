"""Ranges of numbers count in the digits at the end."""

import pytest

from earmark.core.number_ranges import serial_nos_of
from earmark.errors import ValueInvalid


def test_a_range_counts_in_the_digits_at_the_end_and_keeps_leading_zeros() -> None:
    assert serial_nos_of("A098..A101, B7") == ("A098", "A099", "A100", "A101", "B7")


def test_a_range_of_one_is_that_number() -> None:
    assert serial_nos_of("7..7") == ("7",)


@pytest.mark.parametrize(
    "text",
    [
        "A1..B2",
        "A..B",
        "A5..A1",
        "A1..A999999",
        "A1..A",
        "..",
        "A²..A³",
        f"A1..A{'9' * 5000}",
    ],
)
def test_a_range_that_can_not_be_counted_is_refused(text: str) -> None:
    with pytest.raises(ValueInvalid):
        serial_nos_of(text)
