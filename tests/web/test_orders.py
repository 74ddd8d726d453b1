"""Orders and their lines: entered, changed with the consequences shown, reserved, exported."""

import csv
import io
from datetime import date

import httpx
from playwright.sync_api import Page, expect

import earmark
from earmark import Choice, Location, Reserve, SetUp
from tests.web.browsing import Shot, Windows, dialog_named, violations

ORDER = "/sales-orders/SO4711?line=2"
PAPER = {"width": 720, "height": 450}


def chosen(window: Page) -> str:
    return window.locator("#lines tr[aria-selected=true]").inner_text().replace("\n", " ")


def test_an_order_shows_the_balance_of_its_lines_and_all_supply(window: Page, shot: Shot) -> None:
    window.goto(ORDER)
    panel = window.locator("#line-panel")
    expect(panel).to_contain_text("180 can be reserved now, 60 not.")
    expect(panel).to_contain_text("tracked only: L2503 96, L2521 84")
    lot = panel.get_by_role("row", name="L2503 2027-05-31 178 96")
    sentence = "24 held specifically, 40 held nonspecifically, 12 on hold until 14:20, 20 free"
    expect(lot.get_by_role("img", name=sentence)).to_be_visible()
    expect(lot).to_contain_text("40 more if SO4698/1 moves")
    expect(panel).to_contain_text("58 days left on arrival, 60 required")
    expect(panel).to_contain_text("Blocked: QN118, cap torque")
    shot(window, "order")
    window.keyboard.press("ArrowDown")
    expect(panel).to_contain_text("Line 3 · 1055")
    assert window.url.endswith("line=3")


def test_orders_and_dialogs_pass_axe_in_light_and_dark(windows: Windows, shot: Shot) -> None:
    for colors in ("light", "dark"):
        window = windows(colors)
        window.goto(ORDER)
        assert violations(window) == []
        shot(window, f"order-{colors}")
        for path in (
            "item-tracking-lines",
            "reserve",
            "item-tracking-list",
            "reservation?lot=L2503",
            "reservation-entries",
        ):
            window.goto(f"/lines/SO4711/2/{path}")
            expect(window.get_by_role("dialog")).to_be_visible()
            assert violations(window) == [], path
            shot(window, f"{path.partition('?')[0]}-{colors}")


def test_a_quantity_is_typed_and_what_it_releases_is_shown_before(
    window: Page, demo: earmark.Database
) -> None:
    window.goto("/sales-orders/SO4711?line=4")
    window.keyboard.type("250")
    window.keyboard.press("Enter")
    preview = dialog_named(window, "Change the line?")
    expect(preview).to_contain_text("Quantity 300 → 250 PCS")
    expect(preview.get_by_role("row", name="SO4711/4 50")).to_contain_text("the line needs less")
    assert earmark.line(demo, "SO4711/4").quantity == 300
    window.keyboard.press("Control+Enter")
    expect(window.locator(".said")).to_contain_text("50 released")
    assert earmark.line(demo, "SO4711/4").reserved == 250


def test_a_change_that_a_rule_forbids_says_why_beside_it(
    window: Page, demo: earmark.Database
) -> None:
    window.goto("/sales-orders/SO4711?line=3")
    window.keyboard.type("90")
    window.keyboard.press("Enter")
    expect(window.locator(".said")).to_contain_text("add up to 96; the line has 90")
    assert earmark.line(demo, "SO4711/3").quantity == 96


def test_a_line_is_deleted_and_its_reservation_with_it(
    window: Page, demo: earmark.Database
) -> None:
    window.goto("/sales-orders/SO4711?line=10")
    window.keyboard.press("Delete")
    gone = dialog_named(window, "Delete line 10?")
    expect(gone).to_contain_text("500 are released")
    window.keyboard.press("Control+Enter")
    expect(window.locator("#lines tbody tr")).to_have_count(9)
    assert not earmark.exists(demo, "SO4711/10")


def test_a_new_order_is_entered_and_a_refusal_stands_beside_its_field(
    window: Page, demo: earmark.Database
) -> None:
    window.goto("/sales-orders")
    window.keyboard.press("n")
    new = dialog_named(window, "New sales order")
    new.get_by_label("No.", exact=True).fill("SO4711")
    new.get_by_label("Customer No.").fill("C0114")
    window.keyboard.press("Control+Enter")
    expect(new.get_by_role("alert")).to_contain_text("Document SO4711 exists already")
    expect(new.get_by_label("No.", exact=True)).to_be_focused()
    new.get_by_label("No.", exact=True).fill("SO9000")
    window.keyboard.press("Control+Enter")
    window.wait_for_url("**/sales-orders/SO9000")
    expect(window.locator("#line-panel")).to_contain_text("This order has no line yet.")
    assert earmark.exists(demo, "SO9000")


def test_the_whole_order_is_reserved_after_a_look_at_what_it_does(
    window: Page, demo: earmark.Database
) -> None:
    window.goto(ORDER)
    window.keyboard.press("Shift+A")
    look = dialog_named(window, "Auto Reserve order SO4711")
    expect(look.get_by_role("row", name="2 1040")).to_contain_text("180")
    assert earmark.line(demo, "SO4711/2").reserved == 0
    window.keyboard.press("Control+Enter")
    expect(window.locator(".said")).to_contain_text("Reserved on 2 of 3 lines")
    assert earmark.line(demo, "SO4711/2").reserved == 180


def test_an_entry_is_changed_in_its_row_and_cancelled(window: Page, demo: earmark.Database) -> None:
    window.goto("/sales-orders/SO4711?line=4")
    window.keyboard.press("e")
    entries = dialog_named(window, "Reservation Entries")
    window.keyboard.type("120")
    window.keyboard.press("Enter")
    expect(window.locator(".said")).to_contain_text("180 released")
    assert earmark.line(demo, "SO4711/4").reserved == 120
    entries.get_by_role("button", name="Cancel Reservation").click()
    dialog_named(window, "Cancel Reservation from Current Line?")
    window.keyboard.press("Control+Enter")
    expect(entries).to_contain_text("Nothing is reserved for this line. 300 are open")
    assert earmark.reservations(demo, "SO4711/4") == ()


def test_what_another_reserves_shows_by_itself_and_is_marked(
    window: Page, demo: earmark.Database
) -> None:
    window.goto(ORDER)
    expect(window.locator("#live-mark")).to_have_attribute("data-state", "on")
    earmark.reserve(demo, Reserve(line="SO4716/1", numbers=Choice.ANY, by="Ben"))
    expect(window.locator("#live-mark")).to_contain_text("by Ben")
    marked = window.locator("#supplies td.changed")
    expect(marked.first).to_be_attached()
    expect(window.locator("#lines tr[aria-selected=true] td").first).to_be_focused()


def test_the_lines_are_exported_for_a_spreadsheet(address: str) -> None:
    table = httpx.get(f"{address}/sales-orders/SO4711/export.csv")
    rows = list(csv.DictReader(io.StringIO(table.text.lstrip("\ufeff"))))
    assert [row["No."] for row in rows][:2] == ["2230", "1040"]
    assert rows[1]["Open"] == "240"
    book = httpx.get(f"{address}/sales-orders/export.xlsx")
    assert book.content.startswith(b"PK")


def test_at_twice_the_size_the_page_is_one_column_and_nothing_is_cut(
    window: Page, shot: Shot
) -> None:
    window.set_viewport_size(PAPER)  # type: ignore[arg-type]
    window.goto(ORDER)
    assert window.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
    shot(window, "order-200-percent")
    window.emulate_media(media="print")
    assert not window.locator(".keybar").is_visible()
    shot(window, "order-printed")


def test_a_dialog_has_an_address_of_its_own(window: Page) -> None:
    window.goto("/lines/SO4711/2/reservation?lot=L2503")
    dialog_named(window, "Reservation")
    refused = httpx.get(window.url.replace("L2503", "L9999"), headers={"accept": "text/html"})
    assert refused.status_code == 409
    assert "is not among the item tracking lines" in refused.text


def test_a_hold_ends_later_than_now(window: Page, demo: earmark.Database) -> None:
    window.goto("/sales-orders/SO4711?line=4")
    window.get_by_role("button", name="Functions", exact=True).click()
    window.get_by_role("menuitem", name="Hold until…").click()
    hold = dialog_named(window, "Hold until…")
    hold.get_by_label("Until").fill("2026-11-24T09:00")
    window.keyboard.press("Control+Enter")
    expect(hold.get_by_role("alert")).to_contain_text("is over")
    hold.get_by_label("Until").fill("2026-11-25T18:00")
    window.keyboard.press("Control+Enter")
    expect(window.locator(".said")).to_contain_text("until 2026-11-25 18:00")
    (entry,) = earmark.reservations(demo, "SO4711/4")
    assert entry.hold_until is not None
    assert entry.hold_until.date() == date(2026, 11, 25)


def test_what_a_change_names_reaches_its_preview_whatever_signs_are_in_it(
    window: Page, address: str, demo: earmark.Database
) -> None:
    earmark.set_up(demo, SetUp(locations=(Location(location_code="R&D"),)))
    window.goto(ORDER)
    token = window.locator("meta[name=csrf-token]").get_attribute("content")
    told = window.request.post(
        f"{address}/lines/SO4711/4",
        form={"location": "R&D", "quantity": "250"},
        headers={"x-csrf-token": str(token)},
    ).json()
    window.goto(told["then"])
    preview = dialog_named(window, "Change the line?")
    expect(preview).to_contain_text("Quantity 300 → 250 PCS")
    expect(preview).to_contain_text("→ R&D")
