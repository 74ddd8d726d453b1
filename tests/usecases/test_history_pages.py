"""History narrowed and page by page, what needs a person, and the search, on the story."""

from datetime import date, timedelta
from decimal import Decimal

import earmark
from earmark import (
    ChangeKind,
    ChangeNumber,
    EditLine,
    HistoryFilter,
    Numbers,
    Repair,
    Track,
    TrackingLine,
    Undo,
)
from earmark.core.changes import ChangeRow
from earmark.core.hits import HitKind
from earmark.usecases import demonstration

NOW = demonstration.NOW


def told(row: ChangeRow) -> tuple[str, ...]:
    """One row as one reads it."""
    if not row.shifts:
        return (row.by, row.verb, row.reference)
    shift = row.shifts[0]
    goods = " -> ".join(map(", ".join, filter(None, (shift.from_supplies, shift.to_supplies))))
    return (row.by, row.verb, shift.line, goods, f"{shift.before:f} -> {shift.after:f}")


def test_what_happened_to_an_item_is_told_with_before_and_after(story: earmark.Database) -> None:
    page = earmark.changes(story, HistoryFilter(item_no="1040"), limit=9)
    assert [told(row) for row in page.rows] == [
        ("Ben", "delete", "SO4699/1", "PO1208/1", "12 -> 0"),
        ("web shop", "reserve", "CART88213/1", "L2503", "0 -> 12"),
        ("web shop", "enter", "CART88213"),
        ("Ben", "ask", "SO4711/2"),
        ("Ana", "track", "SO4711/2"),
        ("Ben", "reserve", "SO4699/1", "PO1208/1", "0 -> 12"),
        ("Ben", "enter", "SO4709/1", "PO1208/1", "0 -> 60"),
        ("Ana", "reserve", "SO4705/1", "L2411", "0 -> 20"),
        ("Ana", "reserve", "SO4695/1", "L2406", "0 -> 12"),
    ]
    assert page.rows[4].fields == (("tracking SO4711/2", "0", "180"),)
    assert f"{page.rows[1].hold_until:%H:%M}" == "14:20"
    older = earmark.changes(story, HistoryFilter(item_no="1040"), before=page.older, limit=1)
    assert [(r.verb, f"{r.posted:f}", r.numbers) for r in older.rows] == [
        ("receive", "120", ("L2411",))
    ]


def test_history_is_narrowed_by_number_line_kind_and_person(story: earmark.Database) -> None:
    blocked = HistoryFilter(item_no="1040", numbers=Numbers(lot_no="L2417"))
    rows = earmark.changes(story, blocked).rows
    assert [row.verb for row in rows] == ["number", "adjust"]
    assert ("blocked L2417", "false", "true") in rows[0].fields
    of_line = earmark.changes(story, HistoryFilter(reference="SO4705/1", item_no="1040")).rows
    assert [row.verb for row in of_line] == ["reserve", "enter"]
    by_tom = earmark.changes(story, HistoryFilter(by="Tom", kind=ChangeKind.POSTINGS)).rows
    assert [row.verb for row in by_tom] == ["receive", "adjust", "adjust", "adjust"]
    released = earmark.changes(story, HistoryFilter(kind=ChangeKind.RELEASES)).rows
    assert [row.reference for row in released] == ["SO4699"]


def test_a_move_is_told_and_so_is_its_undo(story: earmark.Database) -> None:
    (alert,) = earmark.alerts(story)
    to = alert.repairs[0].to_supply
    done = earmark.repair(story, Repair(line=alert.line, supply=alert.supply, to_supply=to))
    moves = earmark.changes(story, HistoryFilter(kind=ChangeKind.MOVES)).rows
    assert told(moves[0]) == ("", "repair", "SO4706/2", "F116 -> F121", "20 -> 20")
    assert moves[0].shifts[0].is_move
    undone = earmark.undo(story, Undo(posting=str(done.moment)))
    first, second = earmark.changes(story, limit=2).rows
    assert (first.undoes, second.undone_by) == (done.moment, undone.moment)


def test_what_changed_of_a_line_or_a_number_is_told_with_before_and_after(
    story: earmark.Database,
) -> None:
    moved = EditLine(line="SO4716/1", quantity=Decimal(25), date=date(2026, 12, 10))
    earmark.edit_line(story, moved)
    earmark.edit_line(story, EditLine(line="SO4716/1", location_code="WEST", bin_code="B1"))
    later = ChangeNumber(
        item_no="1040", numbers=Numbers(lot_no="L2406"), expiration_date=date(2026, 12, 20)
    )
    earmark.change_number(story, later)
    rows = earmark.changes(story, HistoryFilter(item_no="1040"), limit=3).rows
    assert [set(row.fields) for row in rows] == [
        {("expires L2406", "2026-12-18", "2026-12-20")},
        {("location", "EAST", "WEST"), ("bin", "none", "B1")},
        {("quantity", "30", "25"), ("date", "2026-12-09", "2026-12-10")},
    ]


def test_a_reservation_that_became_specific_is_told_where_it_stands(
    story: earmark.Database,
) -> None:
    lot = TrackingLine(lot_no="L2406", quantity=Decimal(12))
    earmark.track(story, Track(line="SO4695/1", numbers=(lot,)))
    (row,) = earmark.changes(story, limit=1).rows
    (shift,) = row.shifts
    assert (shift.from_supplies, shift.to_supplies) == ((), ("L2406",))
    assert f"{shift.quantity:f} {shift.before:f} {shift.after:f}" == "12 12 12"
    assert not shift.is_move


def test_a_page_beyond_the_first_command_is_empty(story: earmark.Database) -> None:
    assert earmark.changes(story, before=1).rows == ()


def test_activity_counts_commands_in_slots_of_time(story: earmark.Database) -> None:
    start = NOW.replace(hour=10, minute=0)
    counts = earmark.activity(story, start, NOW, timedelta(minutes=15))
    assert counts == (2, 1, 4, 0)


def test_then_and_now_stand_beside_each_other(story: earmark.Database) -> None:
    then = NOW.replace(hour=10, minute=0)
    rows = earmark.then_and_now(story, "1040", then, location_code="EAST")
    figures = {r.name: f"{r.available_then:f} {r.available_now:f}" for r in rows}
    assert figures["L2503"] == "32 20"
    assert figures["PO1208"] == "0 84"
    assert figures["L2411"] == "100 100"


def test_a_lot_is_seen_blocked_in_the_past_as_it_was(story: earmark.Database) -> None:
    before = NOW.replace(day=19)
    (lot,) = [
        r for r in earmark.then_and_now(story, "1040", before, location_code="EAST")
        if r.name == "L2417"
    ]  # fmt: skip
    assert lot.then is not None
    assert lot.now is not None
    assert (lot.then.is_blocked, lot.now.is_blocked) == (False, True)


def test_what_needs_a_person_has_the_figures_of_the_story(story: earmark.Database) -> None:
    seen = earmark.needing_attention(story, location_code="EAST")
    assert [a.line for a in seen.alerts] == ["SO4706/2"]
    assert [s.line for s in seen.short_lines] == ["SO4711/1", "SO4711/2", "SO4711/6", "SO4720/1"]
    assert (f"{seen.expiring_quantity:f}", len(seen.expiring)) == ("214", 4)
    assert [a.document_no for a in seen.arrivals] == ["TO61", "PO1208", "PO1216", "MO309"]
    assert seen.arrivals[3].waiting == ("SO4708/1", "SO4711/5")
    assert [(h.line, f"{h.ends_at:%H:%M}") for h in seen.holds] == [("CART88213/1", "14:20")]
    ready = {r.document_no: (r.lines, r.may_move) for r in seen.ready}
    assert ready["SO4702"] == (1, 0)
    assert ready["SO4695"] == (1, 1)
    assert "SO4711" not in ready
    assert "SO4706" not in ready
    assert seen.leaving_now == 0
    elsewhere = earmark.needing_attention(story, location_code="WEST")
    assert (elsewhere.alerts, elsewhere.short_lines, elsewhere.holds) == ((), (), ())


def test_a_search_finds_documents_lines_items_customers_and_numbers(
    story: earmark.Database,
) -> None:
    def found(text: str) -> list[tuple[str, str]]:
        return [(hit.kind.value, hit.reference) for hit in earmark.search(story, text)]

    assert found("4711") == [("document", "SO4711")]
    assert ("line", "SO4711/2") in found("SO4711/")
    assert found("enteral") == [("item", "1040")]
    assert ("customer", "C0114") in found("Anna")
    assert found("l2503") == [("lot", "L2503")]
    assert ("package", "PK-00871") in found("PK-0087")
    assert found("0403") == [("serial", "VP2-0403")]
    assert found(" ") == []
    assert found("%") == []


def test_a_number_that_is_scanned_says_who_holds_it(story: earmark.Database) -> None:
    (hit,) = earmark.search(story, "VP2-0403")
    assert (hit.kind, hit.item_no, hit.place) == (HitKind.SERIAL, "2230", "in stock, EAST")
    assert hit.holders == ("SO4703/1",)
