"""One name, however it is written: entering, finding and racing, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

import earmark
from earmark import (
    Adjust,
    AskHolder,
    Cancel,
    ChangeNumber,
    Customer,
    Delete,
    Dimension,
    DocumentEntry,
    DocumentKind,
    EditLine,
    EnterDocuments,
    Item,
    LineEntry,
    Location,
    NumberRecord,
    Numbers,
    Outcome,
    Post,
    Posting,
    Reclassify,
    Reserve,
    SetUp,
    StockRow,
    SupplyTake,
    Take,
    Track,
    TrackingCode,
    TrackingLine,
    Undo,
)
from earmark.database import spellings
from earmark.errors import (
    AlreadyExists,
    Conflict,
    EarmarkError,
    NumberDuplicate,
    SerialInStock,
    ValueInvalid,
)
from earmark.usecases import looking_up
from tests import stories
from tests.racing import together
from tests.stories import LOT, PLACE, SERIAL

SALES = DocumentKind.SALES_ORDER
BOTH = Item(item_no="B", tracking_code="BOTH", variants=("RED", "Blue"), units={"BOX": Decimal(2)})


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Items by lot, by serial number and by both, goods of each, and an order."""
    stories.open_shop(database)
    code = TrackingCode("BOTH", specific=frozenset({Dimension.LOT, Dimension.SERIAL}))
    whom = Customer(customer_no="ANNA")
    earmark.set_up(database, SetUp(tracking_codes=(code,), items=(BOTH,), customers=(whom,)))
    stories.stock(database, stories.row("Lot1", 5), stories.row("AB12", 1, SERIAL))
    stories.sales(database, SO1=5)
    return database


def numbers_in_stock(database: earmark.Database, item_no: str) -> set[Numbers]:
    return {row.numbers for row in earmark.inventory(database, item_no=item_no)}


def is_sound(database: earmark.Database) -> bool:
    return not earmark.verify(database)


# -- Numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["ab12", "Ab12 ", "\ufeffAB12\u00a0", "aB12\r\n", "AB12\u200b"])
def test_a_serial_number_in_stock_comes_in_by_no_other_spelling(
    shop: earmark.Database, written: str
) -> None:
    with pytest.raises(SerialInStock):
        stories.stock(shop, stories.row(written, 1, SERIAL))
    elsewhere = replace(stories.row(written, 1, SERIAL), location_code="WEST")
    with pytest.raises(SerialInStock):
        stories.stock(shop, elsewhere)


def test_goods_that_come_in_another_spelling_are_of_the_number_that_is_known(
    shop: earmark.Database,
) -> None:
    stories.stock(shop, stories.row("LOT1", 3))
    assert numbers_in_stock(shop, LOT) == {Numbers(lot_no="Lot1")}
    (row,) = earmark.inventory(shop, item_no="x", numbers=Numbers(lot_no="lot1"))
    assert row.quantity == 8
    assert is_sound(shop)


def test_two_spellings_in_one_adjustment_are_one_number(shop: earmark.Database) -> None:
    with pytest.raises(SerialInStock):
        stories.stock(shop, stories.row("n1", 1, SERIAL), stories.row("N1", 1, SERIAL))
    stories.stock(shop, stories.row("n1", 1), stories.row("N1", 2))
    (row,) = earmark.inventory(shop, item_no=LOT, numbers=Numbers(lot_no="N1"))
    assert (row.numbers.lot_no, str(row.quantity)) == ("n1", "3")


def test_a_number_first_known_on_an_order_gives_the_goods_their_spelling(
    shop: earmark.Database,
) -> None:
    earmark.track(shop, Track(line="SO1/1", numbers=stories.lots({"New": 5})))
    stories.stock(shop, stories.row("NEW", 5))
    outcome = earmark.reserve(shop, Reserve(line="SO1/1", numbers=Numbers(lot_no="new")))
    assert outcome.reserved == 5
    assert Numbers(lot_no="New") in numbers_in_stock(shop, LOT)


def test_a_spelling_that_nobody_has_any_more_binds_nobody(shop: earmark.Database) -> None:
    earmark.track(shop, Track(line="SO1/1", numbers=stories.lots({"typo": 5})))
    earmark.track(shop, Track(line="SO1/1", numbers=()))
    stories.stock(shop, stories.row("TYPO", 1))
    assert Numbers(lot_no="TYPO") in numbers_in_stock(shop, LOT)


def test_undone_an_entry_leaves_no_spelling_behind(shop: earmark.Database) -> None:
    done = earmark.track(shop, Track(line="SO1/1", numbers=stories.lots({"typo": 5})))
    earmark.undo(shop, Undo(posting=str(done.moment)))
    stories.stock(shop, stories.row("TYPO", 1))
    assert Numbers(lot_no="TYPO") in numbers_in_stock(shop, LOT)


def test_a_preview_leaves_no_spelling_behind(shop: earmark.Database) -> None:
    tracked = Track(line="SO1/1", numbers=stories.lots({"typo": 5}), preview=True)
    earmark.track(shop, tracked)
    stories.stock(shop, stories.row("TYPO", 1))
    assert Numbers(lot_no="TYPO") in numbers_in_stock(shop, LOT)


def test_each_kind_of_number_and_each_item_has_its_own_spellings(shop: earmark.Database) -> None:
    pair = Numbers(lot_no="ab12", serial_no="LOT1")
    row = StockRow(item_no="B", location_code=PLACE, quantity=Decimal(1), numbers=pair)
    stories.stock(shop, row)
    assert numbers_in_stock(shop, "B") == {pair}
    with pytest.raises(SerialInStock):
        stories.stock(shop, replace(row, numbers=Numbers(lot_no="AB12", serial_no="lot1")))
    red = replace(row, variant_code="red", numbers=Numbers(lot_no="AB12", serial_no="lot1"))
    stories.stock(shop, red)
    found = {(r.variant_code, r.numbers) for r in earmark.inventory(shop, item_no="b")}
    assert found == {("", pair), ("RED", pair)}


def test_a_number_stands_on_a_line_once_in_whatever_spelling(shop: earmark.Database) -> None:
    for numbers in (stories.lots({"Lot1": 2, "LOT1": 3}), stories.lots({"q": 2, "Q ": 3})):
        with pytest.raises(NumberDuplicate, match="SO1/1"):
            earmark.track(shop, Track(line="SO1/1", numbers=numbers))


def test_every_command_finds_a_number_by_another_spelling(shop: earmark.Database) -> None:
    lot1 = Numbers(lot_no="LOT1")
    earmark.track(shop, Track(line="SO1/1", numbers=stories.lots({"lot1 ": 5})))
    taken = SupplyTake(supply="stock", quantity=Decimal(2), numbers=lot1, is_specific=True)
    assert earmark.take(shop, Take(line="SO1/1", takes=(taken,))).reserved == 2
    assert earmark.reserve(shop, Reserve(line="SO1/1", numbers=lot1)).reserved == 3
    assert earmark.cancel(shop, Cancel(line="SO1/1", numbers=lot1)).released == 5
    earmark.change_number(shop, ChangeNumber(item_no="x", numbers=lot1, is_blocked=True))
    assert earmark.number_overview(shop, "x", Numbers(lot_no="lOT1")).is_blocked
    earmark.change_number(shop, ChangeNumber(item_no="X", numbers=lot1, is_blocked=False))
    assert earmark.window(shop, "so1/1", lot1).rows
    assert earmark.candidates(shop, "so1/1", lot1)
    assert earmark.number(shop, "x", "east", lot1).total == 5
    moved = Reclassify(
        item_no="x",
        location_code="east",
        quantity=Decimal(1),
        numbers=lot1,
        to_location_code="west",
    )
    earmark.reclassify(shop, moved)
    posted = Post(posting=Posting.SHIP, line="so1/1", quantity=Decimal(4))
    earmark.post(shop, replace(posted, numbers=stories.lots({"LOT1": 4})))
    (left,) = earmark.inventory(shop, item_no=LOT)
    assert (left.location_code, left.numbers) == ("WEST", Numbers("Lot1"))
    record = NumberRecord(item_no=LOT, numbers=lot1, description="noted")
    earmark.set_up(shop, SetUp(numbers=(record,)))
    assert earmark.number_overview(shop, LOT, Numbers("Lot1")).description == "noted"
    assert is_sound(shop)


def test_relabelled_to_another_spelling_of_a_known_number_goods_are_of_that_number(
    shop: earmark.Database,
) -> None:
    stories.stock(shop, stories.row("Other", 2))
    relabelled = Reclassify(
        item_no=LOT,
        location_code=PLACE,
        quantity=Decimal(2),
        numbers=Numbers("OTHER"),
        to_lot_no="LOT1",
    )
    earmark.reclassify(shop, relabelled)
    assert numbers_in_stock(shop, LOT) == {Numbers("Lot1")}


def test_where_case_matters_two_spellings_are_two_numbers(shop: earmark.Database) -> None:
    code = TrackingCode("EXACT", specific=frozenset({Dimension.SERIAL}), case_matters=True)
    item = Item(item_no="E", tracking_code="EXACT")
    earmark.set_up(shop, SetUp(tracking_codes=(code,), items=(item,)))
    rows = [replace(stories.row(no, 1, SERIAL), item_no="E") for no in ("a", "A ", "\u00a0b")]
    stories.stock(shop, *rows)
    known = {Numbers(serial_no=no) for no in ("a", "A", "b")}
    assert numbers_in_stock(shop, "E") == known
    with pytest.raises(SerialInStock):
        stories.stock(shop, rows[1])
    with pytest.raises(EarmarkError, match="never had Serial B"):
        earmark.number_overview(shop, "E", Numbers(serial_no="B"))
    insensitive = replace(code, case_matters=False)
    earmark.set_up(shop, SetUp(tracking_codes=(insensitive,)))
    for written in ("a", "A", "b", "B"):
        with pytest.raises(SerialInStock):
            stories.stock(shop, replace(stories.row(written, 1, SERIAL), item_no="E"))
    assert is_sound(shop)


def test_of_two_that_race_with_two_spellings_of_a_serial_number_one_is_refused(
    shop: earmark.Database,
) -> None:
    for at in range(8):
        rows = [
            replace(stories.row(f"race{at}", 1, SERIAL), location_code="EAST"),
            replace(stories.row(f"RACE{at}", 1, SERIAL), location_code="WEST"),
        ]
        answers = together([lambda row=row: stories.stock(shop, row) for row in rows])  # type: ignore[misc]
        done = [answer for answer in answers if isinstance(answer, Outcome)]
        refused = [answer for answer in answers if isinstance(answer, EarmarkError)]
        assert len(done) == 1, [answer.message for answer in refused]
        assert isinstance(refused[0], SerialInStock | Conflict)
    assert len(numbers_in_stock(shop, SERIAL)) == 9
    assert is_sound(shop)


# -- Codes -------------------------------------------------------------------------------------


def test_a_record_entered_in_another_spelling_is_the_one_that_is_known(
    shop: earmark.Database,
) -> None:
    item = Item(item_no=" b", tracking_code="both", description="new", variants=("red", "BLUE"))
    place = Location(location_code="east\n", description="by the sea")
    earmark.set_up(
        shop, SetUp(items=(item,), locations=(place,), customers=(Customer(customer_no="anna"),))
    )
    assert looking_up.items(shop)["B"].description == "new"
    assert looking_up.items(shop)["B"].variants == ("RED", "Blue")
    assert looking_up.items(shop)["B"].tracking_code == "BOTH"
    assert set(looking_up.locations(shop)) == {"EAST", "WEST"}
    assert set(looking_up.customers(shop)) == {"ANNA"}


def test_a_document_takes_the_names_that_are_known(shop: earmark.Database) -> None:
    entry = LineEntry(
        item_no="b ", quantity=Decimal(1), location_code="East", variant_code="RED", unit="box"
    )
    document = DocumentEntry(kind=SALES, document_no="New1", customer_no="Anna", lines=(entry,))
    earmark.enter_documents(shop, EnterDocuments(documents=(document,)))
    line = earmark.line(shop, "new1/1")
    assert (line.line, line.item_no, line.location_code) == ("New1/1", "B", "EAST")
    assert (line.customer_no, line.variant_code, line.unit) == ("ANNA", "RED", "BOX")
    earmark.edit_line(shop, EditLine(line="NEW1/1", variant_code="BLUE", location_code="west"))
    assert earmark.line(shop, "New1/1").variant_code == "Blue"


@pytest.mark.parametrize("written", ["so1", " SO1", "So1\u00a0"])
def test_a_document_exists_in_whatever_spelling(shop: earmark.Database, written: str) -> None:
    with pytest.raises(AlreadyExists, match="SO1"):
        stories.sales(shop, **{written: 1})


def test_two_documents_of_one_name_are_not_entered_together(shop: earmark.Database) -> None:
    with pytest.raises(ValueInvalid, match="the same as N1") as refused:
        stories.sales(shop, N1=1, n1=1)
    assert refused.value.facts["row"] == 1


def test_of_two_that_race_with_two_spellings_of_a_document_one_is_refused(
    shop: earmark.Database,
) -> None:
    for at in range(8):
        names = (f"d{at}", f"D{at}")
        answers = together([lambda name=name: stories.sales(shop, **{name: 1}) for name in names])  # type: ignore[misc]
        refused = [answer for answer in answers if isinstance(answer, EarmarkError)]
        assert [type(answer) for answer in refused] in ([AlreadyExists], [Conflict])


def test_what_no_face_can_carry_is_refused_wherever_it_stands(shop: earmark.Database) -> None:
    bad: list[Callable[[], object]] = [
        lambda: stories.stock(shop, stories.row("A\x00B", 1)),
        lambda: stories.sales(shop, **{"A\ud800": 1}),
        lambda: earmark.set_up(shop, SetUp(items=(Item(item_no="A\uffffB"),))),
        lambda: earmark.set_up(shop, SetUp(items=(Item(item_no="Q", description="\x00"),))),
        lambda: earmark.reserve(shop, Reserve(line="SO1/1\x00/1", numbers=Numbers("A"))),
        lambda: earmark.line(shop, "SO1\x00/1"),
        lambda: earmark.line(shop, "SO1\ud800/1"),
        lambda: earmark.history(shop, "\udcff"),
        lambda: earmark.number_overview(shop, LOT, Numbers("A\x00")),
        lambda: earmark.item_overview(shop, "A\ud800"),
        lambda: earmark.inventory(shop, item_no="A\x00"),
        lambda: earmark.search(shop, "A\x00\ud800"),
    ]
    for at, act in enumerate(bad):
        with pytest.raises(ValueInvalid) as refused:
            act()
        assert "cannot be kept" in refused.value.message, at
        refused.value.message.encode()


def test_each_of_many_is_read_by_itself(shop: earmark.Database) -> None:
    stories.sales(shop, SO2=1)
    commands = [
        Reserve(line="so1/1"),
        Reserve(line="SO2\x00/1"),
        Reserve(line="so2/1 "),
        Reserve(line="no/1"),
    ]
    first, second, third, fourth = earmark.reserve_each(shop, commands)
    assert isinstance(first, Outcome)
    assert first.reference == "SO1/1"
    assert isinstance(second, ValueInvalid)
    assert isinstance(third, EarmarkError | Outcome)
    assert isinstance(fourth, EarmarkError)
    assert [getattr(a, "code", "") for a in (third, fourth)] == ["", "line-unknown"]


def test_the_same_request_in_another_spelling_is_answered_again(shop: earmark.Database) -> None:
    first = earmark.reserve(shop, Reserve(line="so1/1", request_id="R1"))
    again = earmark.reserve(shop, Reserve(line="so1/1", request_id="R1"))
    assert again.is_repeated
    assert (again.reserved, again.reference) == (first.reserved, "SO1/1")


# -- Reading -----------------------------------------------------------------------------------


def test_every_reading_finds_a_line_by_another_spelling(shop: earmark.Database) -> None:
    stories.sales(shop, SO9=1)
    done = earmark.reserve(shop, Reserve(line="SO1/1", by="ada"))
    assert earmark.line(shop, "so1/1 ").line == "SO1/1"
    assert earmark.line(shop, "so1/1", as_of=done.moment).reserved == 5
    assert earmark.document(shop, "so1").document_no == "SO1"
    assert earmark.exists(shop, "So1")
    assert earmark.exists(shop, "So1/1")
    assert not earmark.exists(shop, "So2")
    assert earmark.window(shop, "so1/1").reserved == 5
    assert earmark.why(shop, "so1/1").line == "SO1/1"
    assert earmark.reservations(shop, "so1")
    assert earmark.reservations(shop, "so1/1")
    assert earmark.reservations(shop, "x#1")
    assert earmark.history(shop, "so1/1")[0].reference == "SO1/1"
    assert earmark.history(shop, "so1")
    assert earmark.version(shop, "so1/1") == earmark.version(shop, "SO1/1") != ""
    assert earmark.item_overview(shop, "x").item.item_no == LOT
    assert earmark.demand_of_document(shop, "so1").rows
    assert earmark.demand_of_item(shop, "x").rows
    assert earmark.demand_row(shop, "so1/1").line == "SO1/1"
    assert earmark.supply_rows(shop, "so1/1")


def test_supply_and_holder_are_found_by_another_spelling(shop: earmark.Database) -> None:
    stories.sales(shop, SO2=5)
    earmark.reserve(shop, Reserve(line="SO2/1", supply="x#1", by="ada"))
    asked = AskHolder(line="so1/1", holder="so2/1", numbers=Numbers("LOT1"), by="ben")
    earmark.ask_holder(shop, asked)
    assert earmark.cancel(shop, Cancel(line="so2/1", supply="x#1", by="ada")).released == 5


def test_a_document_is_deleted_by_another_spelling(shop: earmark.Database) -> None:
    earmark.delete(shop, Delete(reference="so1"))
    assert not earmark.exists(shop, "SO1")


def test_a_code_that_is_scanned_or_typed_is_found_in_another_spelling(
    shop: earmark.Database,
) -> None:
    (read,) = earmark.scan(shop, "LOT1").readings
    assert (read.item_no, read.numbers, read.known) == (LOT, Numbers("Lot1"), (Dimension.LOT,))
    (on_line,) = earmark.scan(shop, "lot1", line="so1/1").readings
    assert (on_line.numbers, on_line.fits) == (Numbers("Lot1"), True)
    assert earmark.scan(shop, "ab12").readings[0].numbers == Numbers(serial_no="AB12")
    assert earmark.scan(shop, "b").readings[0].item_no == "B"
    assert [hit.reference for hit in earmark.search(shop, "LOT1")] == ["Lot1"]


# -- Migration ---------------------------------------------------------------------------------


def test_what_was_there_before_names_were_folded_is_found_as_it_is(
    shop: earmark.Database,
) -> None:
    """As after the migration: two serial numbers and two items that differ in case alone."""
    with shop.transaction(writes=True) as session:
        spellings.claim_exactly(session, spellings.names_of(SERIAL, [Numbers(serial_no="ab12")]))
    stories.stock(shop, stories.row("ab12", 1, SERIAL))
    assert numbers_in_stock(shop, SERIAL) == {Numbers(serial_no=no) for no in ("ab12", "AB12")}
    for written in ("ab12", "AB12", "Ab12"):
        with pytest.raises(SerialInStock):
            stories.stock(shop, stories.row(written, 1, SERIAL))


def test_rows_of_an_adjustment_are_told_apart_by_their_place(shop: earmark.Database) -> None:
    with pytest.raises(ValueInvalid) as refused:
        earmark.adjust(shop, Adjust(rows=(stories.row("A", 1), stories.row("B\x07", 1))))
    assert refused.value.facts["row"] == 1


def test_a_number_of_a_tracking_line_is_given_back_as_it_is_known(shop: earmark.Database) -> None:
    entered = TrackingLine(lot_no=" LOT1 ", quantity=Decimal(5))
    earmark.track(shop, Track(line="SO1/1", numbers=(entered,)))
    (shown,) = earmark.tracking_lines(shop, "so1/1")
    assert shown.numbers == Numbers(lot_no="Lot1")
