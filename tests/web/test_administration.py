"""Administrators at the page, in a real browser, against the real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
PHONE = {"width": 390, "height": 844}
SECTIONS = ["Overview"]


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


@pytest.mark.parametrize("name", SECTIONS)
def test_a_phone_shows_each_section_without_scrolling_sideways(admins: Page, name: str) -> None:
    section(admins, name)
    admins.set_viewport_size(PHONE)
    expect(admins.get_by_role("status")).to_have_count(0)
    assert not violations(admins)
    assert admins.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    wide = "main => main.scrollWidth <= main.clientWidth"
    assert admins.get_by_role("main").evaluate(wide)
