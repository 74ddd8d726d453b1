"""The two sides of the split screen, with the figures of the story."""

from datetime import timedelta
from decimal import Decimal

import pytest

import earmark
from earmark import Delete, Reserve
from earmark.core.considering import Firmness, SupplyRow
from earmark.errors import DocumentUnknown, LineUnknown
from earmark.usecases import demonstration

LINE = "SO4711/2"


def named(rows: tuple[SupplyRow, ...]) -> dict[str, SupplyRow]:
    """Rows by their lot in stock, by their line on order."""
    return {row.numbers.lot_no if row.supply == "stock" else row.supply: row for row in rows}


def test_every_supply_says_what_can_be_had_what_could_be_freed_and_why_not(
    story: earmark.Database,
) -> None:
    rows = earmark.supply_rows(story, LINE)
    assert [
        (
            row.supply,
            row.numbers.lot_no,
            int(row.quantity),
            int(row.available),
            int(row.freeable),
            row.days_left,
            row.reason,
        )
        for row in rows
    ] == [
        ("stock", "L2503", 96, 20, 40, 178, ""),
        ("PO1208/1", "L2521", 144, 84, 0, 300, ""),
        ("TO61/1", "L2503", 36, 36, 0, 178, ""),
        ("stock", "L2406", 48, 0, 0, 14, "shelf-life"),
        ("stock", "L2411", 120, 0, 0, 58, "shelf-life"),
        ("stock", "L2417", 60, 0, 0, 101, "number-blocked"),
        ("PO1214/1", "L2533", 240, 0, 0, 361, "too-late"),
        ("stock", "L2430", 54, 0, 0, 239, "other-location"),
    ]
    assert sum(row.is_usable for row in rows) == 3


def test_a_row_says_who_holds_it_how_firmly_and_where_he_would_go(story: earmark.Database) -> None:
    holders = named(earmark.supply_rows(story, LINE))["L2503"].holders
    assert [(h.line, h.customer, int(h.quantity), h.firmness, h.by) for h in holders] == [
        ("SO4698/1", "Pharmacy Lindholm", 40, Firmness.NONSPECIFIC, "Ana"),
        ("SO4702/1", "Vester Clinic", 24, Firmness.SPECIFIC, "Ana"),
        ("CART88213/1", "Web shop", 12, Firmness.HOLD, "web shop"),
    ]
    (destination,) = holders[0].moves_to
    assert (destination.quantity, destination.numbers.lot_no) == (Decimal(40), "L2411")
    assert not holders[1].moves_to
    assert holders[2].hold_until is not None


def test_a_hold_that_has_run_out_holds_nothing(story: earmark.Database) -> None:
    story.clock = lambda: demonstration.NOW + timedelta(hours=4)
    row = named(earmark.supply_rows(story, LINE))["L2503"]
    assert (row.available, row.held(Firmness.HOLD)) == (Decimal(32), Decimal(0))


def test_looking_at_supply_moves_nobody(story: earmark.Database) -> None:
    assert earmark.supply_rows(story, LINE) == earmark.supply_rows(story, LINE)


def test_what_the_line_holds_itself_is_its_own(story: earmark.Database) -> None:
    earmark.reserve(story, Reserve(line=LINE, supply="TO61/1"))
    row = named(earmark.supply_rows(story, LINE))["TO61/1"]
    assert (row.own, row.available, row.reason) == (Decimal(36), Decimal(0), "reserved")
    assert row.is_usable


def test_ledger_entries_of_one_lot_are_one_row(story: earmark.Database) -> None:
    more = earmark.StockRow(
        item_no="1040",
        location_code="EAST",
        quantity=Decimal(8),
        numbers=earmark.Numbers("L2503"),
    )
    earmark.adjust(story, earmark.Adjust(rows=(more,)))
    row = named(earmark.supply_rows(story, LINE))["L2503"]
    assert (row.quantity, row.available, row.freeable) == (Decimal(104), Decimal(28), Decimal(40))


def test_the_lines_of_an_order_show_their_balance(story: earmark.Database) -> None:
    rows = earmark.demand_of_document(story, "SO4711").rows
    assert [(row.line_no, int(row.needed), int(row.specific), int(row.any)) for row in rows] == [
        ("1", 12, 5, 0),
        ("2", 240, 0, 0),
        ("3", 96, 96, 0),
        ("4", 300, 0, 300),
        ("5", 144, 0, 144),
        ("6", 24, 0, 12),
        ("7", 72, 0, 72),
        ("8", 200, 0, 200),
        ("9", 48, 48, 0),
        ("10", 500, 0, 500),
    ]
    assert (rows[1].customer, rows[1].tracked, rows[1].open) == (
        "St. Anna Hospital",
        Decimal(180),
        Decimal(240),
    )


def test_components_of_a_production_order_are_its_demand(story: earmark.Database) -> None:
    rows = earmark.demand_of_document(story, "MO308").rows
    assert [row.line for row in rows] == ["MO308/1/1", "MO308/1/2", "MO308/1/3"]


def test_demand_of_an_item_is_every_line_that_still_takes_it(story: earmark.Database) -> None:
    rows = earmark.demand_of_item(story, "1040").rows
    assert [row.line for row in rows][:2] == ["CART88213/1", "SO4695/1"]
    assert {row.line for row in rows if row.open} == {"SO4711/2", "SO4716/1", "SO4718/3"}


def test_demand_of_an_item_is_read_as_it_was(story: earmark.Database) -> None:
    gone = earmark.delete(story, Delete(reference="SO4716"))
    before = earmark.demand_of_item(story, "1040", as_of=gone.moment - 1)
    assert {r.line for r in before.rows} - {
        r.line for r in earmark.demand_of_item(story, "1040").rows
    } == {"SO4716/1"}


def test_all_open_demand_is_counted_and_the_earliest_comes_first(story: earmark.Database) -> None:
    listed = earmark.open_demand(story)
    assert (listed.count, [row.line for row in listed.rows]) == (
        6,
        ["SO4711/1", "SO4711/2", "SO4711/6", "SO4720/1", "SO4716/1", "SO4718/3"],
    )


def test_a_line_whose_hold_has_run_out_is_open_though_nobody_has_written_since(
    story: earmark.Database,
) -> None:
    story.clock = lambda: demonstration.NOW + timedelta(hours=4)
    listed = earmark.open_demand(story)
    assert (listed.count, listed.rows[0].line) == (7, "CART88213/1")


def test_open_demand_beyond_what_is_listed_is_counted(
    story: earmark.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.usecases.considering.AT_MOST", 2)
    listed = earmark.open_demand(story)
    assert (listed.count, len(listed.rows)) == (6, 2)


def test_what_is_no_demand_has_no_supply(story: earmark.Database) -> None:
    with pytest.raises(LineUnknown):
        earmark.supply_rows(story, "PO1214/1")
    with pytest.raises(LineUnknown):
        earmark.demand_row(story, "SO1/1")
    with pytest.raises(DocumentUnknown):
        earmark.demand_of_document(story, "SO1")
