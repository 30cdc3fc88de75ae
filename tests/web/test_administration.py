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
    from playwright.sync_api import Page

playwright = pytest.importorskip("playwright.sync_api", reason=f"{NO_BROWSER}: no Playwright here")
expect = playwright.expect
expect.set_options(timeout=PATIENCE)
PHONE: Any = {"width": 390, "height": 844}
SECTIONS = ["Overview", "Documents"]


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


@pytest.mark.parametrize("name", SECTIONS)
def test_a_phone_shows_each_section_without_scrolling_sideways(admins: Page, name: str) -> None:
    section(admins, name)
    admins.set_viewport_size(PHONE)
    expect(admins.get_by_text("Loading…")).to_have_count(0)
    assert not violations(admins)
    assert admins.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    wide = "main => main.scrollWidth <= main.clientWidth"
    assert admins.get_by_role("main").evaluate(wide)
