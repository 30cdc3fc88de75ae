"""Administrators at the page, in a real browser, against the real server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import NO_BROWSER
from tests.dialects.served import Served
from tests.web.browser import violations
from tests.web.conftest import PATIENCE

pytestmark = pytest.mark.xdist_group("in a browser")

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason=f"{NO_BROWSER}: no Playwright here")
expect = playwright.expect
expect.set_options(timeout=PATIENCE)
PHONE: Any = {"width": 390, "height": 844}
SECTIONS = [
    "Overview",
    "Insights",
    "Answers",
    "Documents",
    "People",
    "Groups",
    "Tokens",
    "Explain an answer",
    "Audit log",
]


def section(page: Page, name: str) -> None:
    """Open a section of administration, as people do."""
    page.get_by_role("link", name="Administration").click()
    page.get_by_role("navigation", name="Administration").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def figure(page: Page, name: str) -> str:
    found = page.locator(".figures div", has=page.get_by_text(name, exact=True)).first
    return found.locator("dd").inner_text()


def test_only_administrators_are_shown_administration(page: Page, served: Served) -> None:
    expect(page.get_by_role("link", name="Search")).to_be_visible()
    expect(page.get_by_role("link", name="Administration")).to_have_count(0)
    page.goto(f"{served.url}/admin")
    expect(page.get_by_text("This is for administrators only.")).to_be_visible()
    assert not violations(page)


def test_the_overview_counts_and_tells_where_settings_come_from(admins: Page) -> None:
    section(admins, "Overview")
    expect(admins.get_by_text("The search index is level")).to_be_visible()
    assert int(figure(admins, "Documents")) > 1
    assert int(figure(admins, "Passages")) >= int(figure(admins, "Documents"))
    assert figure(admins, "Database").endswith("B")
    row = admins.get_by_role("row", name="STOOK_LOG_FORMAT")
    expect(row).to_contain_text("the environment")
    expect(admins.get_by_role("row", name="STOOK_RATE_LIMITS")).to_have_count(0)
    admins.get_by_label("Show those left at their default").check()
    expect(admins.get_by_role("row", name="STOOK_RATE_LIMITS")).to_contain_text("default")
    assert not violations(admins)


def test_documents_are_found_sorted_looked_into_and_removed(admins: Page) -> None:
    section(admins, "Documents")
    rows = admins.get_by_role("table", name="All documents").get_by_role("row")
    admins.get_by_label("Find documents").fill("holidays")
    expect(rows.nth(1)).to_contain_text("holidays")
    admins.get_by_role("button", name="Changed").click()
    expect(admins.get_by_role("columnheader", name="Changed")).to_have_attribute(
        "aria-sort", "ascending"
    )
    assert not violations(admins)
    admins.reload()  # what is shown stands in the address
    expect(admins.get_by_label("Find documents")).to_have_value("holidays")
    title = rows.nth(1).get_by_role("link").inner_text()
    rows.nth(1).get_by_role("link").click()
    expect(admins.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(admins.locator(".passages li").first).to_contain_text(title)
    admins.get_by_label("Find people").fill("rita")
    viewer = admins.get_by_role("row", name="rita@alderbrook.example")
    expect(viewer).to_contain_text("Yes")
    expect(viewer).to_contain_text("Everyone")
    assert not violations(admins)
    admins.once("dialog", lambda dialog: dialog.dismiss())
    admins.get_by_role("button", name="Remove this document").click()
    expect(admins.get_by_role("heading", level=1, name=title)).to_be_visible()
    admins.once("dialog", lambda dialog: dialog.accept())
    admins.get_by_role("button", name="Remove this document").click()
    expect(admins.get_by_role("heading", level=1, name="Documents")).to_be_visible()
    admins.get_by_label("Find documents").fill(title)
    expect(admins.get_by_text("No document is like this.")).to_be_visible()


def test_a_person_is_invited_and_opens_the_link(
    browser: Browser, admins: Page, served: Served
) -> None:
    section(admins, "People")
    admins.get_by_label("E-mail address").fill("ivo@alderbrook.example")
    admins.get_by_label("Name", exact=True).fill("Ivo")
    admins.get_by_role("button", name="Invite").click()
    link = admins.locator(".once input").input_value()
    assert link.startswith(f"{served.url}/sign-in#")
    assert not violations(admins)
    with browser.new_context() as other:
        invited = other.new_page()
        invited.goto(link)
        expect(invited.get_by_label("Your question")).to_be_visible()
        expect(invited.get_by_role("link", name="Administration")).to_have_count(0)
    admins.get_by_role("link", name="Ivo").click()
    expect(admins.get_by_role("heading", level=1, name="Ivo")).to_be_visible()
    admins.once("dialog", lambda dialog: dialog.accept())
    admins.get_by_role("button", name="Shut out").click()
    expect(admins.get_by_role("button", name="Let in again")).to_be_visible()
    assert not violations(admins)
    admins.get_by_role("link", name="What they may see").click()
    expect(admins.get_by_text("No document is like this.")).to_be_visible()


def test_a_group_is_made_joined_and_removed(admins: Page, complaints: list[str]) -> None:
    section(admins, "Groups")
    admins.get_by_label("Name of the group").fill("crew")
    admins.get_by_role("button", name="Make", exact=True).click()
    expect(admins.get_by_role("heading", level=1, name="crew")).to_be_visible()
    admins.get_by_label("E-mail address").fill("typo@alderbrook.example")
    admins.get_by_role("button", name="Add", exact=True).click()
    expect(admins.get_by_role("alert")).to_contain_text("There is no person typo@")
    assert "400" in complaints.pop()
    admins.get_by_label("E-mail address").fill("rita@alderbrook.example")
    admins.get_by_role("button", name="Add", exact=True).click()
    expect(admins.get_by_role("row", name="rita@alderbrook.example")).to_be_visible()
    assert not violations(admins)
    admins.once("dialog", lambda dialog: dialog.accept())
    admins.get_by_role("button", name="Remove this group").click()
    expect(admins.get_by_text("No group is called this.")).to_be_visible()


def test_a_token_is_made_shown_once_and_revoked(admins: Page) -> None:
    section(admins, "Tokens")
    admins.get_by_label("Name of the token").fill("intranet bot")
    admins.get_by_label("Whose it is").fill("rita@alderbrook.example")
    admins.get_by_role("button", name="Make the token").click()
    assert admins.locator(".once input").input_value().startswith("stook_")
    row = admins.get_by_role("row", name="intranet bot")
    expect(row).to_contain_text("CHAT, SEARCH")
    assert not violations(admins)
    admins.once("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)
    admins.get_by_label("Show those that ended").check()
    expect(row).to_contain_text("revoked")


def test_an_answer_is_explained_with_bars(admins: Page) -> None:
    section(admins, "Explain an answer")
    admins.get_by_label("A question").fill("How long is parental leave?")
    admins.get_by_label("As whom").fill("rita@alderbrook.example")
    admins.get_by_role("button", name="Explain").click()
    expect(admins.locator(".passage")).to_contain_text("weeks")
    assert figure(admins, "The question is") == "answered"
    expect(admins.locator(".candidates [data-taken]").first).to_be_visible()
    admins.get_by_text("Features").first.click()
    widths = "bars => bars.map(bar => bar.getBoundingClientRect().width)"
    assert max(admins.locator(".bars rect").evaluate_all(widths)) > 50
    assert not violations(admins)
    admins.get_by_label("A question").fill("Who approves the budget for team events?")
    admins.get_by_role("button", name="Explain").click()
    expect(admins.locator(".passage li").first).to_be_visible()
    assert figure(admins, "The question is") == "closest shown"


def test_an_unanswered_question_gets_an_answer(admins: Page) -> None:
    question = "Who feeds the zebrafish in the lobby?"
    admins.get_by_label("Your question").fill(question)
    admins.keyboard.press("Enter")
    expect(admins.get_by_role("button", name="Ask again")).to_be_visible()
    section(admins, "Insights")
    cluster = admins.locator(".clusters li", has_text=question)
    expect(cluster).to_contain_text("asked 1 time")
    assert int(figure(admins, "Questions")) >= 1
    expect(admins.get_by_role("img", name="Questions a day")).to_be_visible()
    admins.get_by_text("As a table").click()
    assert not violations(admins)
    cluster.get_by_role("button", name="Add an answer").click()
    assert not violations(admins)
    cluster.get_by_label("Answer", exact=True).fill("Ivo feeds them at noon.")
    cluster.get_by_role("button", name="Save the answer").click()
    expect(cluster).to_contain_text("It is given from now on.")
    admins.get_by_role("link", name="New chat").click()
    admins.get_by_label("Your question").fill(question)
    admins.keyboard.press("Enter")
    expect(admins.get_by_text("Ivo feeds them at noon.").first).to_be_visible()
    section(admins, "Answers")
    row = admins.get_by_role("row", name=question)
    expect(row).to_contain_text("Ivo feeds them at noon.")
    admins.once("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="Take back").click()
    expect(row).to_have_count(0)


def test_the_audit_log_is_narrowed_and_exported(admins: Page) -> None:
    section(admins, "Audit log")
    table = admins.get_by_role("table", name="What was done")
    expect(table.get_by_role("row", name="signed in").first).to_contain_text("Ada".lower())
    admins.get_by_label("What", exact=True).select_option("settings.changed")
    expect(table.get_by_role("row")).to_have_count(2)
    table.get_by_text("Details").click()
    expect(table).to_contain_text("STOOK_LOG_FORMAT")
    assert not violations(admins)
    with admins.expect_download() as downloading:
        admins.get_by_role("link", name="CSV").click()
    assert downloading.value.path().read_text().count("settings.changed") == 1
    admins.get_by_label("From").fill("2001-01-01")
    admins.get_by_label("Before").fill("2001-01-02")
    expect(admins.get_by_text("Nothing was done that is like this.")).to_be_visible()


@pytest.mark.parametrize("name", SECTIONS)
def test_a_phone_shows_each_section_without_scrolling_sideways(admins: Page, name: str) -> None:
    section(admins, name)
    admins.set_viewport_size(PHONE)
    expect(admins.get_by_text("Loading…")).to_have_count(0)
    assert not violations(admins)
    assert admins.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    wide = "main => main.scrollWidth <= main.clientWidth"
    assert admins.get_by_role("main").evaluate(wide)
