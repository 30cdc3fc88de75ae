"""The widget on a page of another site, in a real browser, against the real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.conftest import NO_BROWSER
from tests.dialects.served import QUESTION, SECRET_QUESTION, SECRET_WORD, Served, stook
from tests.web.browser import AXE, IN_BOTH_THEMES
from tests.web.conftest import PATIENCE, PERSON
from tests.web.host import Host
from tests.web.test_page import PHONE, STRANGE, expect

pytestmark = pytest.mark.xdist_group("in a browser")

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("playwright.sync_api", reason=f"{NO_BROWSER}: no Playwright here")
ADDRESS = "/api/stook/v1/widget/ask"


@pytest.fixture
def visited(browser: Browser, served: Served, host: Host) -> Iterator[Page]:
    with browser.new_context(locale="en-GB", bypass_csp=False) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(host.url)
        page.get_by_role("button", name="Ask a question").click()
        yield page


def ask(page: Page, question: str) -> str:
    """Ask in the widget; returns the answer with the words of its sources."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    answer = page.locator(".answer[data-outcome]").last
    expect(answer).to_be_visible()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    return answer.inner_text()


def test_a_stranger_asks_on_another_sites_page(visited: Page) -> None:
    assert "Christmas" in ask(visited, QUESTION)
    visited.get_by_text("Sources").click()
    expect(visited.get_by_role("listitem").first).to_contain_text("Company holidays 2026")
    assert "November" in ask(visited, "What about this month?")  # it knows what was said
    ask(visited, STRANGE)
    border = "element => getComputedStyle(element).borderTopStyle"
    assert visited.locator(".answer").last.evaluate(border) == "dashed"  # no answer looks so
    font = "element => getComputedStyle(element).fontFamily"
    assert "Georgia" not in visited.locator(".panel").evaluate(font)  # styles of its own
    assert visited.evaluate("Object.keys(window).filter(name => name.length === 1)") == []
    visited.keyboard.press("Escape")
    expect(visited.get_by_role("button", name="Ask a question")).to_be_focused()


def test_a_stranger_sees_documents_that_are_open_to_the_widget(visited: Page) -> None:
    assert SECRET_WORD not in ask(visited, SECRET_QUESTION)


def test_a_visitor_with_a_token_sees_what_they_may_see(
    browser: Browser, served: Served, host: Host, data_dir: Path
) -> None:
    made = stook(
        *("token", "create", "widget", "--scopes", "CHAT", "--user", PERSON, "--json"),
        data_dir=data_dir,
    )
    host.token = str(json.loads(made)["token"])
    try:
        with browser.new_context(locale="en-GB") as context:
            page = context.new_page()
            page.goto(host.url)
            page.get_by_role("button", name="Ask a question").click()
            assert SECRET_WORD in ask(page, SECRET_QUESTION)
    finally:
        host.token = ""


def test_pages_of_other_origins_are_refused(served: Served, host: Host) -> None:
    body = {"question": QUESTION}
    with served.client() as client:
        for origin in ("https://wrong.example", "null", f"{host.url}.wrong.example", ""):
            headers = {"Origin": origin} if origin else {}
            assert client.post(ADDRESS, json=body, headers=headers).status_code == 401, origin
            asked = {**headers, "Access-Control-Request-Method": "POST"}
            allowed = client.options(ADDRESS, headers=asked).headers
            assert "access-control-allow-origin" not in allowed
        right = {"Origin": host.url, "Access-Control-Request-Method": "POST"}
        told = client.options(ADDRESS, headers=right).headers
        assert told["access-control-allow-origin"] == host.url
        elsewhere = client.options("/api/stook/v1/ask", headers=right).headers
        assert "access-control-allow-origin" not in elsewhere


def test_a_token_does_not_open_the_widget_to_other_pages(served: Served, data_dir: Path) -> None:
    options = ("--scopes", "CHAT", "--user", PERSON, "--json")
    made = json.loads(stook("token", "create", "other", *options, data_dir=data_dir))
    headers = {"Authorization": f"Bearer {made['token']}", "Origin": "https://wrong.example"}
    answer = httpx.post(served.url + ADDRESS, json={"question": QUESTION}, headers=headers)
    assert answer.status_code == 403 and "STOOK_WIDGET_ORIGINS" in answer.text


def test_the_widget_is_for_everyone_and_fits_a_phone(
    browser: Browser, served: Served, host: Host
) -> None:
    for theme in IN_BOTH_THEMES:
        with browser.new_context(viewport=PHONE, bypass_csp=True) as context:
            page = context.new_page()
            page.emulate_media(color_scheme=theme)
            page.goto(host.url)
            page.get_by_role("button", name="Ask a question").click()
            ask(page, QUESTION)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            page.evaluate(AXE.read_text(encoding="utf-8"))
            report = page.evaluate("axe.run('stook-widget')")
            assert not [(each["id"], each["nodes"]) for each in report["violations"]]
