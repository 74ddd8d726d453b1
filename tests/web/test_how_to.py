"""The main job, word for word, as a person does it in the browser."""

from playwright.sync_api import Page, expect

import earmark
from earmark import ChangeNumber, Numbers, change_number
from tests.web.browsing import Shot, Windows, dialog_named, violations

ORDER = "/sales-orders/SO4716"


def add_pump(window: Page, order: str = ORDER) -> None:
    """A new line for one infusion pump, tracked by serial and lot number."""
    window.goto(order)
    window.get_by_role("button", name="New line").click()
    new = dialog_named(window, "New line")
    new.get_by_label("Item No.").fill("4100")
    new.get_by_label("Shipment Date").fill("2026-12-09")
    window.keyboard.press("Control+Enter")
    expect(window.locator("#lines tr[aria-selected=true]")).to_contain_text("Infusion pump IP-1")


def assign(window: Page, serial_no: str, lot_no: str) -> None:
    """*Line -> Item Tracking Lines*: one row, saved."""
    window.get_by_role("button", name="Line", exact=True, expanded=False).click()
    window.get_by_role("menuitem", name="Item Tracking Lines").click()
    tracking = dialog_named(window, "Item Tracking Lines")
    expect(tracking.locator("tbody tr[data-at='0']")).to_contain_text("new")
    window.keyboard.type(serial_no)
    window.keyboard.press("Tab")
    window.keyboard.type(lot_no)
    window.keyboard.press("Enter")
    expect(tracking.locator("#undefined-quantity")).to_have_text("0")
    tracking.get_by_role("button", name="Save", exact=True).click()
    expect(tracking).not_to_be_attached()


def ask(window: Page) -> None:
    """*Functions -> Reserve*."""
    window.get_by_role("button", name="Functions", exact=True).click()
    window.get_by_role("menuitem", name="Reserve", exact=True).click()


def answer_yes(window: Page, number: str) -> None:
    """*Yes*, the number, *OK*."""
    question = dialog_named(window, "Do you want to reserve specific item tracking numbers?")
    question.get_by_role("button", name="Yes").click()
    numbers = dialog_named(window, "Item Tracking List")
    numbers.get_by_role("row", name=number).get_by_role("gridcell").first.click()
    numbers.get_by_role("button", name="OK").click()


def test_a_serial_and_lot_number_is_reserved_specifically(
    window: Page, demo: earmark.Database, shot: Shot
) -> None:
    add_pump(window)
    assign(window, "SN1", "LOT1")
    ask(window)
    shot(window, "question")
    assert violations(window) == []
    answer_yes(window, "SN1")
    reservation = dialog_named(window, "Reservation")
    stock = reservation.get_by_role("row", name="Item Ledger Entry 1 entry")
    expect(stock).to_contain_text("1 entry")
    expect(reservation).to_contain_text("1 PCS of the total reserved quantity are nonspecific and")
    shot(window, "reservation")
    assert violations(window) == []
    reservation.get_by_role("button", name="Auto Reserve", exact=True).click()
    expect(reservation.locator(".balance-figure").nth(1)).to_contain_text("1")
    expect(window.get_by_role("status").filter(has_text="nothing is lost")).to_contain_text(
        "SO4729/1"
    )
    window.keyboard.press("Escape")
    (entry,) = earmark.reservations(demo, "SO4716/2")
    assert entry.is_specific
    assert entry.asked == Numbers("LOT1", "SN1")
    (moved,) = earmark.reservations(demo, "SO4729/1")
    assert moved.quantity == 1
    assert moved.numbers.serial_no != "SN1"
    expect(window.locator("#lines tr[aria-selected=true]")).to_contain_text("Full")


def test_reserve_from_current_line_and_its_cancellation(
    window: Page, demo: earmark.Database
) -> None:
    add_pump(window)
    assign(window, "SN2", "LOT1")
    ask(window)
    answer_yes(window, "SN2")
    reservation = dialog_named(window, "Reservation")
    reservation.get_by_role("button", name="Reserve from Current Line").click()
    expect(reservation.locator(".balance-figure").nth(1)).to_contain_text("1")
    assert earmark.reservations(demo, "SO4716/2")[0].is_specific
    reservation.get_by_role("button", name="Cancel Reservation from Current Line").click()
    dialog_named(window, "Cancel Reservation from Current Line?")
    window.keyboard.press("Control+Enter")
    expect(reservation.locator(".balance-figure").nth(1)).to_contain_text("0")
    assert earmark.reservations(demo, "SO4716/2") == ()


def test_no_reserves_any_number_and_cancel_reserves_nothing(
    window: Page, demo: earmark.Database
) -> None:
    add_pump(window)
    assign(window, "SN1", "LOT1")
    ask(window)
    dialog_named(window, "Do you want to reserve specific item tracking numbers?")
    window.keyboard.press("Escape")
    assert earmark.reservations(demo, "SO4716/2") == ()
    ask(window)
    question = dialog_named(window, "Do you want to reserve specific item tracking numbers?")
    question.get_by_role("button", name="No", exact=True).click()
    reservation = dialog_named(window, "Reservation")
    expect(reservation).to_contain_text("nonspecific, any number that is good")
    reservation.get_by_role("button", name="Auto Reserve", exact=True).click()
    expect(reservation.locator(".balance-figure").nth(1)).to_contain_text("1")
    assert not earmark.reservations(demo, "SO4716/2")[0].is_specific


def test_a_lot_blocked_while_reserving_is_refused_with_the_reason(
    window: Page, demo: earmark.Database
) -> None:
    add_pump(window)
    assign(window, "SN3", "LOT1")
    ask(window)
    answer_yes(window, "SN3")
    reservation = dialog_named(window, "Reservation")
    change_number(
        demo,
        ChangeNumber(item_no="4100", numbers=Numbers(serial_no="SN3"), is_blocked=True, by="Eva"),
    )
    reservation.get_by_role("button", name="Reserve from Current Line").click()
    expect(reservation.get_by_role("alert")).to_contain_text("Serial SN3, Lot LOT1 of item 4100")
    expect(reservation.get_by_role("alert")).to_contain_text("is blocked")
    assert earmark.reservations(demo, "SO4716/2") == ()


def test_with_the_keyboard_alone(window: Page, demo: earmark.Database) -> None:
    window.goto(ORDER)
    window.keyboard.press("n")
    dialog_named(window, "New line")
    window.keyboard.type("4100")
    window.keyboard.press("Control+Enter")
    expect(window.locator("#lines tr[aria-selected=true]")).to_contain_text("Infusion pump IP-1")
    window.keyboard.press("t")
    dialog_named(window, "Item Tracking Lines")
    window.keyboard.type("SN1")
    window.keyboard.press("Enter")
    expect(window.locator("#tracking-rows tr[data-at='0']")).to_contain_text("LOT1")
    window.keyboard.press("Control+Shift+Enter")
    dialog_named(window, "Do you want to reserve specific item tracking numbers?")
    window.keyboard.press("y")
    dialog_named(window, "Item Tracking List")
    window.keyboard.press("Enter")
    dialog_named(window, "Reservation")
    window.keyboard.press("Enter")
    expect(window.locator("dialog.reservation .balance-figure").nth(1)).to_contain_text("1")
    window.keyboard.press("Escape")
    expect(window.locator("#lines tr[aria-selected=true]")).to_contain_text("Full")
    assert window.evaluate("document.activeElement.closest('tr').dataset.key") == "2"
    assert earmark.reservations(demo, "SO4716/2")[0].asked == Numbers("LOT1", "SN1")


def test_two_people_ask_for_the_last_unit_and_one_gets_it(
    windows: Windows, demo: earmark.Database
) -> None:
    ana, ben = windows(), windows()
    for window, order in ((ana, "/sales-orders/SO4716"), (ben, "/sales-orders/SO4709")):
        add_pump(window, order)
        assign(window, "SN2", "LOT1")
        ask(window)
        answer_yes(window, "SN2")
        dialog_named(window, "Reservation")
    for window in (ana, ben):
        window.evaluate(
            "document.querySelector('dialog.reservation [data-cap=\"Shift+R\"]').click()"
        )
    for window in (ana, ben):
        expect(window.locator(".said")).to_contain_text("reserved")
    held = [
        entry for line in ("SO4716/2", "SO4709/2") for entry in earmark.reservations(demo, line)
    ]
    assert len(held) == 1
    assert held[0].numbers.serial_no == "SN2"
    said = " ".join(window.locator(".said").inner_text() for window in (ana, ben))
    assert "1 reserved" in said
    assert "1 could not be reserved" in said
