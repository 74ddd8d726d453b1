"""Set-up in dialogs, and importing a sheet: checked first, wrong rows by number, then entered."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.web.browsing import Shot, Windows, violations

GOOD = "item_no,description,tracking_code\n9001,Syringe 5 ml,LOTEXP\n9002,Syringe 10 ml,LOTEXP\n"
BAD = "item_no,description,tracking_code\n9001,Syringe 5 ml,NOTHING\n,Syringe 10 ml,LOTEXP\n"


def test_a_customer_is_entered_and_changed(window: Page) -> None:
    window.goto("/set-up")
    customers = window.locator("section", has=window.get_by_role("heading", name="Customers"))
    customers.get_by_role("button", name="New").click()
    window.get_by_label("No.", exact=True).fill("C9000")
    window.get_by_label("Name").fill("Harbour Clinic")
    window.get_by_label("Minimum shelf life, days").fill("thirty")
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("alert")).to_contain_text("thirty")
    window.get_by_label("Minimum shelf life, days").fill("30")
    window.keyboard.press("Control+Enter")
    row = window.locator("#customers tr[data-key=C9000]")
    expect(row).to_contain_text("Harbour Clinic")
    row.get_by_role("button").click()
    window.get_by_label("Transit, days").fill("2")
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("dialog")).to_have_count(0)
    expect(row.locator("td.num").last).to_have_text("2")


def test_an_item_that_was_in_stock_keeps_its_base_unit(window: Page) -> None:
    window.goto("/set-up/items/1040")
    window.get_by_label("Base unit").fill("KG")
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("alert")).to_contain_text("set-up-fixed")


def test_a_sheet_is_checked_and_then_entered(window: Page, shot: Shot, tmp_path: Path) -> None:
    sheet = tmp_path / "items.csv"
    sheet.write_text(GOOD)
    window.goto("/import")
    window.get_by_label("File, .csv or .xlsx").set_input_files(sheet)
    window.get_by_role("button", name="Check").click()
    expect(window.get_by_text("2 rows of items.csv are good.")).to_be_visible()
    shot(window, "import-checked")
    window.get_by_role("button", name="Enter 2 rows of items").click()
    expect(window.get_by_text("2 rows of items.csv are entered")).to_be_visible()
    window.goto("/set-up/items/9002")
    expect(window.get_by_label("Description")).to_have_value("Syringe 10 ml")


def test_wrong_rows_of_a_sheet_are_shown_with_their_numbers(
    window: Page, shot: Shot, tmp_path: Path
) -> None:
    sheet = tmp_path / "items.csv"
    sheet.write_text(BAD)
    window.goto("/import")
    window.get_by_label("File, .csv or .xlsx").set_input_files(sheet)
    window.get_by_role("button", name="Check").click()
    rows = window.get_by_role("table", name="Rows that are wrong").locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("NOTHING")
    expect(window.get_by_text("nothing was imported")).to_be_visible()
    shot(window, "import-refused")


def test_set_up_and_import_pass_axe(windows: Windows, shot: Shot) -> None:
    for colors in ("light", "dark"):
        page = windows(colors)
        for name in ("set-up", "import", "set-up/tracking-codes/LOTEXP", "set-up/items/1040"):
            page.goto(f"/{name}")
            assert violations(page) == []
            shot(page, f"{name.replace('/', '-')}-{colors}")
