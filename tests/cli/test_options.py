"""What is typed, read as what it means."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from earmark.cli import options
from earmark.core.commands import Choice
from earmark.core.documents import DocumentStatus
from earmark.core.items import ReservePolicy
from earmark.core.tracking import Numbers
from earmark.errors import DateInvalid, QuantityInvalid, ValueInvalid


def test_a_quantity_keeps_its_decimals_exactly() -> None:
    assert options.quantity_of("0.10000") == Decimal("0.1")


@pytest.mark.parametrize("text", ["abc", "", "1e999", "NaN", "0.000001"])
def test_what_is_no_quantity_is_refused_with_our_code(text: str) -> None:
    with pytest.raises(QuantityInvalid):
        options.quantity_of(text)


@pytest.mark.parametrize("text", ["02.12.2026", "2026-13-01", "tomorrow", ""])
def test_what_is_no_date_is_refused_with_our_code(text: str) -> None:
    with pytest.raises(DateInvalid):
        options.date_of(text)


def test_a_time_without_an_offset_is_utc() -> None:
    assert options.time_of("2026-11-24T14:20") == datetime(2026, 11, 24, 14, 20, tzinfo=UTC)


def test_a_time_with_an_offset_keeps_it() -> None:
    assert options.time_of("2026-11-24T14:20+01:00").astimezone(UTC).hour == 13


def test_a_word_is_no_time() -> None:
    with pytest.raises(DateInvalid):
        options.time_of("noon")


def test_as_of_reads_a_moment_a_time_and_the_end_of_a_day() -> None:
    assert options.moment_of("1796000000000000000") == 1796000000000000000
    assert options.moment_of("2026-11-24T10:00") == datetime(2026, 11, 24, 10, tzinfo=UTC)
    end = options.moment_of("2026-11-24")
    assert isinstance(end, datetime)
    assert (end.date(), end.hour, end.minute) == (date(2026, 11, 24), 23, 59)


def test_numbers_are_any_unless_they_are_named() -> None:
    assert options.ChosenNumbers().chosen is Choice.ANY
    assert options.ChosenNumbers(numbers="all").chosen is Choice.ALL
    assert options.ChosenNumbers(serial="SN1", lot="L1").chosen == Numbers("L1", "SN1")


def test_all_numbers_and_one_number_exclude_each_other() -> None:
    with pytest.raises(ValueInvalid):
        _ = options.ChosenNumbers(numbers="all", lot="L1").chosen
    with pytest.raises(ValueInvalid):
        _ = options.ChosenNumbers(numbers="some").chosen


def test_a_word_that_is_not_known_is_answered_with_those_that_are() -> None:
    assert options.word_of(ReservePolicy, "--reserve", "Always") is ReservePolicy.ALWAYS
    with pytest.raises(ValueInvalid, match="never, optional, always"):
        options.word_of(ReservePolicy, "--reserve", "sometimes")


def test_a_status_may_be_written_with_a_hyphen() -> None:
    assert options.status_of("firm-planned") is DocumentStatus.FIRM_PLANNED
