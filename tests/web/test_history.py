"""History: narrowed, as of a past moment, and undone, as a person does it."""

import httpx
from playwright.sync_api import Page, expect

import earmark
from tests.web.browsing import Shot, Windows, violations


def test_the_slider_moves_the_whole_page(window: Page) -> None:
    window.goto("/history?q=item:1040")
    rows = window.locator("#changes tbody tr[data-moment]")
    expect(rows.first).to_contain_text("SO4699/1")
    slider = window.get_by_role("slider", name="Moment")
    slider.focus()
    for _ in range(9):
        window.keyboard.press("ArrowLeft")
    expect(window.get_by_role("heading", level=1)).to_have_text("1040 as of 2026-11-24 10:00")
    expect(window.locator(".cut-row")).to_contain_text("not yet known then: 7 changes of 1040")
    expect(rows.first).to_have_class("greyed later")
    compared = window.locator("#compared tbody", has_text="L2503")
    expect(compared.locator("td.num")).to_have_text(["32", "20"])
    assert "at=2026-11-24T10%3A00" in window.url
    window.reload()
    expect(window.locator(".cut-row")).to_be_visible()
    window.get_by_role("link", name="Back to now").click()
    expect(window.locator(".cut-row")).to_have_count(0)


def test_history_goes_change_by_change(window: Page) -> None:
    window.goto("/history?q=item:1040&at=2026-11-24T10:00")
    window.locator("#changes td").first.focus()
    window.keyboard.press("[")
    expect(window.get_by_role("heading", level=1)).to_have_text("1040 as of 2026-11-24 09:12")
    window.locator("#changes td").first.focus()
    window.keyboard.press("]")
    expect(window.get_by_role("heading", level=1)).to_have_text("1040 as of 2026-11-24 10:06")


def test_history_is_narrowed_by_words_and_by_kind(window: Page) -> None:
    window.goto("/history")
    window.get_by_role("searchbox").fill("item:1040 lot:L2417")
    window.keyboard.press("Enter")
    expect(window.locator("#changes tbody tr[data-moment]")).to_have_count(2)
    expect(window.locator("#changes")).to_contain_text("QN118, cap torque")
    window.goto("/history")
    window.get_by_role("link", name="Postings").click()
    expect(window.locator("#changes tbody tr").first).to_contain_text("Received")


def test_a_reservation_is_undone_with_a_preview_and_by_keyboard(
    window: Page, demo: earmark.Database
) -> None:
    window.goto("/history?q=SO4705/1")
    window.locator("#changes tbody tr").first.locator("td").first.focus()
    expect(window.locator("#chosen-change")).to_contain_text("reserved 0 → 20")
    window.keyboard.press("u")
    trial = window.get_by_role("dialog")
    expect(trial).to_contain_text("Undo what was done to SO4705/1")
    expect(trial).to_contain_text("given back")
    assert earmark.line(demo, "SO4705/1").reserved == 20
    window.keyboard.press("Control+Enter")
    expect(window.locator(".said")).to_contain_text("Undone: SO4705/1. 20 released")
    expect(window.locator("#changes tbody tr").first).to_contain_text("Undone")
    expect(window.locator("#changes tbody tr").nth(1)).to_contain_text("undone")
    assert earmark.line(demo, "SO4705/1").reserved == 0


def test_what_can_not_be_undone_any_more_says_why(window: Page) -> None:
    window.goto("/history?q=item:1040")
    row = window.locator("#changes tbody tr", has_text="SO4699/1").nth(1)
    row.get_by_role("button").click()
    expect(window.get_by_role("dialog")).to_contain_text("SO4699/1 is gone since")
    expect(window.get_by_role("button", name="Undo", exact=True)).to_have_count(0)


def test_history_goes_to_a_spreadsheet_and_a_wrong_moment_is_refused(address: str) -> None:
    answer = httpx.get(f"{address}/history/export.csv?q=item:1040")
    assert "SO4705/1" in answer.text
    assert answer.text.lstrip("\ufeff").startswith("moment,time,who")
    html = {"accept": "text/html"}
    wrong = httpx.get(f"{address}/history?at=yesterday", headers=html)
    assert wrong.status_code == 422


def test_older_changes_stand_on_pages_of_their_own(window: Page) -> None:
    window.goto("/history")
    newest = window.locator("#changes tbody tr").first.get_attribute("data-moment")
    window.get_by_role("link", name="Older changes").click()
    expect(window.locator("#changes tbody tr").first).not_to_have_attribute(
        "data-moment", newest or ""
    )


def test_history_passes_axe_in_light_and_dark(windows: Windows, shot: Shot) -> None:
    for colors in ("light", "dark"):
        page = windows(colors)
        page.goto("/history?q=item:1040&at=2026-11-24T10:00")
        assert violations(page) == []
        shot(page, f"history-{colors}")
        page.goto("/history")
        page.locator("#changes tbody tr").first.get_by_role("button").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert violations(page) == []


def test_what_a_document_changed_is_said_once_and_not_for_each_of_its_lines(
    window: Page, demo: earmark.Database
) -> None:
    finished = earmark.ChangeStatus(document_no="MO308", status=earmark.DocumentStatus.FINISHED)
    earmark.change_status(demo, finished)
    window.goto("/history")
    why = window.locator("#changes tbody tr").first.locator("td.why")
    expect(why).to_have_text("status released → finished")
