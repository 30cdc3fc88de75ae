"""Chats at the page: shared with a colleague, kept as files, begun in an application; the keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import NO_BROWSER
from tests.dialects.served import QUESTION, SECRET_QUESTION, SECRET_WORD, held_up
from tests.web.browser import violations
from tests.web.conftest import ADMINISTRATOR
from tests.web.test_page import PHONE, STRANGE, ask, expect

pytestmark = pytest.mark.xdist_group("in a browser")

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytest.importorskip("playwright.sync_api", reason=f"{NO_BROWSER}: no Playwright here")


def test_a_chat_is_shared_and_each_sees_what_they_may_see(page: Page, admins: Page) -> None:
    ask(page, QUESTION)
    ask(page, SECRET_QUESTION)
    expect(page.locator(".answer").last).to_contain_text(SECRET_WORD)
    page.get_by_role("button", name="Share", exact=True).click()
    dialog = page.get_by_role("dialog", name="Share this chat")
    dialog.get_by_label("E-mail address of a colleague").fill(ADMINISTRATOR)
    dialog.get_by_role("button", name="Share", exact=True).click()
    expect(dialog.get_by_role("listitem")).to_contain_text(ADMINISTRATOR)
    assert not violations(page)
    admins.reload()
    admins.get_by_role("link", name=QUESTION).click()  # shared with you
    expect(admins.get_by_text("from Rita")).to_be_visible()
    expect(admins.get_by_text("This answer rests on documents that you may not")).to_be_visible()
    expect(admins.locator(".prose table")).to_be_visible()
    assert SECRET_WORD not in admins.content()
    expect(admins.get_by_label("Your question")).to_have_count(0)
    expect(admins.get_by_role("button", name="Share", exact=True)).to_have_count(0)
    admins.get_by_role("button", name="Source 1:").first.click()
    expect(admins.get_by_role("complementary", name="Source").locator("mark").first).to_be_visible()
    assert not violations(admins)
    dialog.get_by_role("button", name=f"No longer share with {ADMINISTRATOR}").click()
    expect(dialog.get_by_role("listitem")).to_have_count(0)


def test_a_colleague_that_nobody_knows_is_named(page: Page, complaints: list[str]) -> None:
    ask(page, STRANGE)
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_label("E-mail address of a colleague").fill("typo@alderbrook.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("typo@alderbrook.example")
    assert "400" in complaints.pop()


def test_a_chat_is_kept_as_a_file_and_on_paper(page: Page) -> None:
    ask(page, QUESTION)
    for item, holds in (("As Markdown", "- [1] Company holidays 2026"), ("As JSON", "messages")):
        page.get_by_role("button", name="Keep this chat").click()
        with page.expect_download() as kept:
            page.get_by_role("menuitem", name=item).click()
        text = Path(kept.value.path()).read_text(encoding="utf-8")
        assert holds in text and (item == "As Markdown" or json.loads(text)["messages"])
    expect(page.locator(".printed")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".printed")).to_contain_text("[1] Company holidays 2026")
    expect(page.get_by_role("navigation", name="Chats")).to_be_hidden()
    expect(page.locator(".composer")).to_be_hidden()
    assert page.pdf().startswith(b"%PDF-")


def test_a_chat_begins_in_an_application_and_keeps_what_was_chosen(page: Page) -> None:
    page.get_by_label("Application").select_option("Time off")
    page.get_by_label("Research in depth").check()
    assert not violations(page)
    page.get_by_role("button", name=QUESTION, exact=True).click()  # a question to begin with
    expect(page.get_by_role("button", name="Source 1:").first).to_be_visible()
    expect(page.get_by_label("Research in depth")).to_be_checked()
    expect(page.get_by_label("Application")).to_have_count(0)  # a chat stays where it began
    ask(page, SECRET_QUESTION)  # which is answered by another datasource
    assert SECRET_WORD not in page.locator(".answer").last.inner_text()
    page.get_by_role("link", name="New chat").click()
    page.get_by_label("Application").select_option("All documents")
    page.get_by_label("Sources").select_option("stipends")
    ask(page, SECRET_QUESTION)
    expect(page.locator(".answer").last).to_contain_text(SECRET_WORD)


def test_the_keys_are_shown_and_do_what_is_said(page: Page) -> None:
    page.get_by_role("main").focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet.get_by_text("Show these keys")).to_be_visible()
    assert not violations(page)
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.get_by_role("main").focus()
    page.keyboard.press("s")
    expect(page.get_by_label("Search for documents")).to_be_focused()


def test_a_phone_shows_a_chat_without_scrolling_sideways(page: Page) -> None:
    page.set_viewport_size(PHONE)
    ask(page, QUESTION)
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_in_viewport()
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_reloaded_page_shows_the_answer_that_is_being_written(page: Page, data_dir: Path) -> None:
    ask(page, QUESTION)
    with held_up(data_dir, page.url.rpartition("/")[2]):
        page.get_by_label("Your question").fill(SECRET_QUESTION)
        page.keyboard.press("Enter")
        while page.evaluate("sessionStorage.getItem('stook.live')") in (None, "[]"):
            page.wait_for_timeout(50)  # until the page knows which answer it will come back to
        page.reload()
        asked = page.get_by_role("article", name="You").last
        expect(asked).to_contain_text(SECRET_QUESTION)
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.locator(".answer").last).to_contain_text(SECRET_WORD)
