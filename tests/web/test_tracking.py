"""*Item Tracking Lines*: many numbers at once, and what is wrong with them shown in place."""

from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

import earmark
from earmark import (
    Adjust,
    DocumentEntry,
    DocumentKind,
    EnterDocuments,
    LineEntry,
    Numbers,
    StockRow,
)
from tests.web.browsing import Shot, dialog_named, violations

PUMPS = "/sales-orders/SO4711?line=1"


def opened(window: Page, address: str = PUMPS) -> Locator:
    """The dialog of the chosen line."""
    window.goto(address)
    window.keyboard.press("t")
    dialog = window.get_by_role("dialog", name="Item Tracking Lines", exact=True)
    dialog.wait_for()
    return dialog


def row(dialog: Locator, number: int) -> Locator:
    return dialog.locator(f"tr[data-at='{number - 1}']")


def scan(window: Page, code: str) -> None:
    """A scanner is a keyboard with very fast fingers, and Enter at the end."""
    burst = """code => {
        const pressed = [...code, 'Enter'].map(
            key => new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
        for (const key of pressed) document.activeElement.dispatchEvent(key);
    }"""
    window.evaluate(burst, code)


def test_every_number_says_whether_it_can_be_had(window: Page, shot: Shot) -> None:
    dialog = opened(window)
    expect(row(dialog, 1)).to_contain_text("Reserved")
    expect(row(dialog, 6)).to_contain_text("Held nonspecifically: SO4720/1")
    expect(row(dialog, 7)).to_contain_text("Blocked: QN117, alarm test")
    expect(dialog.locator("#undefined-quantity")).to_have_text("3")
    shot(window, "item-tracking-lines")
    assert violations(window) == []


def test_a_duplicate_is_flagged_in_its_row_not_counted_and_undone(window: Page) -> None:
    dialog = opened(window)
    window.keyboard.press("Control+End")
    window.keyboard.press("Home")
    window.keyboard.press("ArrowRight")
    window.keyboard.type("VP2-0422", delay=50)
    window.keyboard.press("Enter")
    expect(row(dialog, 10)).to_contain_text("Same serial as row 6; not counted")
    expect(dialog.locator("#undefined-quantity")).to_have_text("3")
    expect(dialog.get_by_role("alert")).to_contain_text("Row 10 is a duplicate")
    window.keyboard.press("Control+z")
    expect(dialog.get_by_role("alert")).to_have_text("")
    expect(row(dialog, 10)).to_contain_text("new")


def test_a_range_is_read_back_before_it_is_added_and_may_exceed_but_not_be_saved(
    window: Page, demo: earmark.Database
) -> None:
    dialog = opened(window)
    dialog.get_by_role("textbox", name="Add many").fill("VP2-0431..VP2-0436")
    expect(dialog.locator("#read-as")).to_contain_text("Read as 6 numbers")
    expect(dialog.locator("#read-as")).to_contain_text("1 unknown (0436)")
    dialog.get_by_role("button", name="Add all 5, exceed by 2").click()
    expect(dialog.locator("#undefined-quantity")).to_have_text("\u22122")
    dialog.get_by_role("button", name="Save", exact=True).click()
    said = "The item tracking lines of SO4711/1 add up to 14; the line has 12."
    expect(dialog.get_by_role("alert")).to_contain_text(said)
    assert len(earmark.tracking_lines(demo, "SO4711/1")) == 9
    window.keyboard.press("Control+z")
    expect(dialog.locator("#undefined-quantity")).to_have_text("3")


def test_entries_are_selected_numbers_assigned_and_customised(
    window: Page, demo: earmark.Database
) -> None:
    dialog = opened(window)
    window.keyboard.press("F4")
    expect(dialog.locator("#undefined-quantity")).to_have_text("0")
    assert len(earmark.tracking_lines(demo, "SO4711/1")) == 12
    dialog.get_by_role("button", name="Assign Serial No.").click()
    expect(dialog.get_by_role("alert")).to_contain_text("must be greater than zero")
    row(dialog, 12).get_by_role("gridcell").first.click()
    window.keyboard.press("Delete")
    dialog.get_by_role("button", name="Create customised SN").click()
    dialog.get_by_label("First serial no.").fill("KIT-100")
    dialog.get_by_label("How many").fill("1")
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(row(dialog, 12)).to_contain_text("KIT-100")
    expect(row(dialog, 12)).to_contain_text("Nobody has this number yet")


def test_a_scanned_code_is_acknowledged_and_one_of_other_goods_refused(window: Page) -> None:
    dialog = opened(window)
    scan(window, "(01)05712345000427(17)280930(10)P2609(21)VP2-0443")
    said = dialog.locator("#scan-said")
    expect(said).to_contain_text(
        "Row 10 added GTIN of 2230 · expires 2028-09-30 · lot P2609 · serial VP2-0443"
    )
    expect(row(dialog, 10)).to_contain_text("scanned")
    scan(window, "(01)05712345001042(10)L2503")
    expect(said).to_contain_text("1040")
    expect(row(dialog, 11)).to_contain_text("new")
    dialog.get_by_role("button", name="Undo scan").click()
    expect(row(dialog, 10)).to_contain_text("new")


def test_what_another_entered_meanwhile_is_not_overwritten(
    window: Page, demo: earmark.Database
) -> None:
    dialog = opened(window)
    earmark.select_entries(demo, earmark.SelectEntries(line="SO4711/1", by="Ben"))
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Someone else changed")
    dialog.get_by_role("button", name="Show theirs").click()
    expect(row(dialog_named(window, "Item Tracking Lines"), 12)).to_be_visible()


def test_ten_thousand_serial_numbers_are_pasted_and_saved(
    window: Page, demo: earmark.Database
) -> None:
    many = 10_000
    window.set_default_timeout(60_000)  # a busy machine
    serials = [f"BULK-{n:05d}" for n in range(many)]
    stock = [
        StockRow(
            item_no="4100",
            location_code="EAST",
            quantity=Decimal(1),
            numbers=Numbers("LOT9", serial_no),
        )
        for serial_no in serials
    ]
    earmark.adjust(demo, Adjust(rows=tuple(stock)))
    line = LineEntry(item_no="4100", quantity=Decimal(many), location_code="EAST")
    order = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO5000", lines=(line,))
    earmark.enter_documents(demo, EnterDocuments(documents=(order,)))
    dialog = opened(window, "/sales-orders/SO5000")
    window.evaluate("text => navigator.clipboard.writeText(text)", "\n".join(serials))
    window.keyboard.press("Control+v")
    expect(dialog.locator("#read-as")).to_contain_text("10000 available in LOT9", timeout=60_000)
    dialog.get_by_role("button", name="Add 10000").click()
    expect(dialog.locator("#undefined-quantity")).to_have_text("0", timeout=60_000)
    assert dialog.locator("#tracking-rows tbody tr").count() < 100
    row(dialog, many).get_by_role("gridcell").first.click()
    window.keyboard.press("Control+Home")
    expect(row(dialog, 1)).to_contain_text("BULK-00000")
    window.keyboard.press("Control+Enter")
    expect(dialog).not_to_be_attached(timeout=60_000)
    assert len(earmark.tracking_lines(demo, "SO5000/1")) == many
