"""Set-up in dialogs, and importing a sheet: checked first, wrong rows by number, then entered."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

import earmark
from earmark import Dimension
from earmark.usecases import looking_up
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


def test_an_item_tracking_code_is_entered_and_changed(window: Page, demo: earmark.Database) -> None:
    window.goto("/set-up/tracking-codes/new")
    window.get_by_role("textbox", name="Code").fill("PALLET")
    window.get_by_label("Serial No.").select_option("specific")
    window.get_by_label("Lot No.").select_option("required")
    window.get_by_label("used: expired goods").check()
    window.get_by_label("must be entered on receipt").check()
    window.keyboard.press("Control+Enter")
    window.wait_for_url(lambda url: not url.endswith("/new"))
    window.goto("/set-up/tracking-codes/PALLET")
    expect(window.get_by_label("must be entered on receipt")).to_be_checked()
    window.get_by_label("Lot No.").select_option("")
    window.get_by_label("must be entered on receipt").uncheck()
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("dialog")).to_have_count(0)
    code = looking_up.tracking_codes(demo)["PALLET"]
    assert code.specific == {Dimension.SERIAL}
    assert not code.required
    assert (code.expiration_used, code.expiration_required) == (True, False)


def test_a_location_is_entered_with_its_bins(window: Page, demo: earmark.Database) -> None:
    window.goto("/set-up/locations/new")
    window.keyboard.press("Control+Enter")
    expect(window.get_by_label("Code")).to_be_focused()
    window.get_by_label("Code").fill("QUAY")
    window.get_by_label("Description").fill("The quay")
    window.get_by_label("Bins").fill("Q1, Q2,")
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("dialog")).to_have_count(0)
    quay = looking_up.locations(demo)["QUAY"]
    assert (quay.description, quay.bins) == ("The quay", ("Q1", "Q2"))


@pytest.mark.parametrize(
    ("path", "fields", "wrong"),
    [
        ("/set-up/customers", {"customer_no": "C9", "reserve": "now"}, "reserve"),
        ("/set-up/items", {"item_no": "I9", "reserve": "now"}, "reserve"),
        ("/set-up/items", {"item_no": "I9", "picking_order": "last"}, "picking_order"),
        ("/set-up/tracking-codes", {"tracking_code": "T9", "lot": "never"}, "lot"),
        ("/production", {"document_no": "MO9", "status": "begun"}, "status"),
        ("/production/MO308/status", {"to": "begun"}, "to"),
    ],
)
def test_what_is_no_choice_of_a_form_is_refused_at_its_field(
    address: str, path: str, fields: dict[str, str], wrong: str
) -> None:
    with httpx.Client(base_url=address) as browser:
        page = browser.get("/set-up", headers={"accept": "text/html"}).text
        token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
        headers = {"x-csrf-token": token}
        answer = browser.post(path, data=fields, headers=headers)
        file = {"file": ("a.csv", "a\n")}
        sheet = browser.post("/import", data={"what": "cats"}, files=file, headers=headers)
    assert answer.status_code == sheet.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [wrong]
    assert [error["field"] for error in sheet.json()["errors"]] == ["what"]


@pytest.mark.parametrize(
    ("sort", "field", "known"),
    [
        ("tracking-codes", "Code", "LOTEXP"),
        ("locations", "Code", "EAST"),
        ("customers", "No.", "C0114"),
        ("items", "No.", "1040"),
    ],
)
def test_what_is_there_is_not_replaced_by_entering_it_as_new(
    window: Page, demo: earmark.Database, sort: str, field: str, known: str
) -> None:
    before = earmark.history(demo, limit=1)
    window.goto(f"/set-up/{sort}/new")
    window.get_by_role("textbox", name=field, exact=True).fill(known)
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("alert")).to_contain_text("there is one already")
    assert earmark.history(demo, limit=1) == before


def test_an_item_says_how_much_more_may_be_received(window: Page, demo: earmark.Database) -> None:
    window.goto("/set-up/items/1040")
    window.get_by_label("Over-receipt %").fill("10")
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("dialog")).to_have_count(0)
    assert looking_up.items(demo)["1040"].over_receipt_percentage == 10


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


def test_a_sheet_is_cancelled_while_it_is_checked(
    window: Page, demo: earmark.Database, tmp_path: Path
) -> None:
    sheet = tmp_path / "items.csv"
    sheet.write_text(GOOD)
    window.goto("/import")
    window.get_by_label("File, .csv or .xlsx").set_input_files(sheet)
    with demo.transaction(writes=True):  # the check waits for its turn
        window.get_by_role("button", name="Check").click()
        with window.expect_response("**/cancel"):
            window.get_by_role("button", name="Cancel").click()
    expect(window.get_by_text("Cancelled. Nothing was saved.")).to_be_visible()
    assert "9001" not in looking_up.items(demo)


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
