"""People at the page, in a real browser, against the real server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import NO_BROWSER
from tests.dialects.served import QUESTION, Served
from tests.knowledge.files_by_code import pdf
from tests.web.browser import violations
from tests.web.conftest import PATIENCE

# On one worker, where one server and one browser do for all of them.
pytestmark = pytest.mark.xdist_group("in a browser")

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason=f"{NO_BROWSER}: no Playwright here")
expect = playwright.expect
PHONE: Any = {"width": 390, "height": 844}
STRANGE = "Who won the football world cup of 1998?"
FERRY = "The brass ferry leaves Tarn Quay at 06:40 on weekdays."
GROUND = "said => getComputedStyle(said).backgroundColor"
CLOSE = "Who approves the budget for team events?"
expect.set_options(timeout=PATIENCE)


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".answer[aria-busy=false]").last).to_be_visible()
    expect(page.get_by_role("button", name="Good answer").last).to_be_visible()


def test_a_link_signs_in_once_and_leaves_no_trace(
    browser: Browser, page: Page, link: str, served: Served
) -> None:
    assert page.evaluate("location.href") == f"{served.url}/"
    assert page.evaluate("document.cookie") == ""
    with browser.new_context() as other:
        late = other.new_page()
        late.goto(link)  # which the fixture has used
        expect(late.get_by_text("This link has been used")).to_be_visible()
        assert not violations(late)
        late.goto(f"{served.url}/chat/1")
        expect(late.get_by_role("heading", name="Sign in to Stook")).to_be_visible()


def test_an_answer_shows_its_source_with_the_cited_words_marked(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator(".prose table")).to_be_visible()
    mark = page.get_by_role("button", name="Source 1:").first
    mark.hover()
    words = page.locator(".card blockquote")
    expect(words).to_contain_text("2026")
    cited = " ".join(words.inner_text().split())
    mark.click()
    source = page.get_by_role("complementary", name="Source")
    expect(source.locator("mark").first).to_be_in_viewport()
    marked = " ".join(" ".join(source.locator("mark").all_inner_texts()).split())
    assert marked == cited
    assert not violations(page)
    page.keyboard.press("Escape")
    expect(source).to_have_count(0)
    page.reload()  # the chat has an address of its own, and is stored
    expect(page.get_by_role("button", name="Source 1:").first).to_be_visible()


def test_nothing_found_looks_different(page: Page) -> None:
    ask(page, STRANGE)
    expect(page.get_by_text("No answer found")).to_be_visible()
    expect(page.locator(".sources")).to_have_count(0)
    assert page.locator(".said").evaluate(GROUND) != "rgba(0, 0, 0, 0)"
    assert not violations(page)
    page.get_by_role("link", name="Search the documents for this").click()
    expect(page.get_by_label("Search for documents")).to_have_value(STRANGE)


def test_what_comes_closest_looks_like_no_answer_and_has_its_sources(page: Page) -> None:
    ask(page, CLOSE)
    expect(page.get_by_text("What comes closest")).to_be_visible()
    border = "said => getComputedStyle(said).borderTopStyle"
    assert page.locator(".said").evaluate(border) == "dashed"
    expect(page.locator(".sources li").first).to_be_visible()
    assert not violations(page)


def test_a_long_answer_is_read_from_its_beginning(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    ask(page, QUESTION)
    expect(page.locator(".asked").last).to_be_in_viewport()
    ask(page, "How long is parental leave?")  # which goes to the top, above its answer
    top = "asked => asked.getBoundingClientRect().top"
    assert page.locator(".asked").last.evaluate(top) < 100


def test_a_card_goes_when_its_source_is_opened(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="Source 1:").first.click()
    expect(page.get_by_role("complementary", name="Source")).to_be_visible()
    page.wait_for_timeout(500)  # longer than a card takes to open
    expect(page.locator(".card")).to_have_count(0)


def test_a_question_is_edited_and_asked_in_its_place(page: Page) -> None:
    ask(page, STRANGE)
    page.locator(".asked").hover()
    page.get_by_role("button", name="Edit question").click()
    page.get_by_label("Edit question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).first.click()
    expect(page.get_by_role("button", name="Source 1:").first).to_be_visible()
    expect(page.locator(".asked")).to_have_count(1)
    page.get_by_role("button", name="Bad answer").click()
    page.get_by_role("button", name="It is out of date").click()
    expect(page.get_by_text("Thank you")).to_be_visible()


def test_a_pdf_is_dropped_asked_about_and_its_page_drawn_and_marked(page: Page) -> None:
    box = page.get_by_label("Your question")
    transfer = page.evaluate_handle(
        """bytes => {
            const transfer = new DataTransfer();
            const file = new File([new Uint8Array(bytes)], "ferry.pdf", {type: "application/pdf"});
            transfer.items.add(file);
            return transfer;
        }""",
        list(pdf(FERRY)),
    )
    page.locator(".composer").dispatch_event("drop", {"dataTransfer": transfer})
    expect(page.locator(".attachments")).to_contain_text("ferry.pdf")
    box.fill("When does the brass ferry leave Tarn Quay?")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Source 1:").first.click()
    expect(page.locator(".asked .attached")).to_contain_text("ferry.pdf")
    marked = page.locator(".textLayer .marked").first
    expect(marked).to_be_visible()
    assert "ferry" in marked.inner_text()
    expect(page.get_by_text("Page 1 of 1")).to_be_visible()
    assert page.locator(".sheet canvas").evaluate(DRAWN), "nothing is drawn on the page"
    assert not violations(page)


DRAWN = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, at) => at % 4 === 0 && value < 100 && data[at + 3] > 200);
}"""


def test_chats_are_found_renamed_and_deleted(page: Page) -> None:
    ask(page, "How long is parental leave?")
    page.on("dialog", lambda dialog: dialog.accept())
    chats = page.get_by_role("navigation", name="Chats")
    chats.get_by_role("button", name="Actions for How long is parental leave?").first.click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_label("Title").fill("Time with the children")
    page.keyboard.press("Enter")
    expect(chats.get_by_role("link", name="Time with the children")).to_be_visible()
    page.get_by_label("Find a chat").fill("parental")
    chats.get_by_role("button", name="Actions for Time with the children").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(chats.get_by_role("link", name="Time with the children")).to_have_count(0)
    assert page.evaluate("location.pathname") == "/"


def test_searching_as_one_types(page: Page) -> None:
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Search for documents").fill("parentel leave")
    hit = page.locator(".hits li").first
    expect(hit.locator("mark").first).to_be_visible()
    expect(page.get_by_text("Results for parental leave")).to_be_visible()
    assert not violations(page)
    page.get_by_role("button", name="Search for parentel leave instead").click()  # undone
    expect(page.get_by_text("Results for parental leave")).to_have_count(0)
    page.get_by_label("Search for documents").fill("parental leave")
    hit.get_by_role("button", name="Parental leave").click()
    expect(page.get_by_role("complementary", name="Source").locator("mark").first).to_be_visible()
    hit.get_by_role("button", name="Ask about this").click()
    expect(page.get_by_label("Your question")).to_have_value("Parental leave: ")


def test_results_are_narrowed_by_what_they_have(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/search?q=leave")
    kind = page.get_by_role("group", name="Author").get_by_role("button").first
    kind.click()
    box = page.get_by_label("Search for documents")
    expect(box).to_have_value(re.compile(r"^leave from:"))
    expect(kind).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".hits li").first).to_be_visible()
    kind.click()
    expect(box).to_have_value("leave")
    page.get_by_text("What can be typed").click()
    assert not violations(page)
    page.get_by_role("button", name="type:pdf").click()
    expect(box).to_have_value("type:pdf")
    expect(page.get_by_text("Nothing found that you may see.")).to_be_visible()
    assert not violations(page)


LANGUAGES = {"de": "Einstellungen", "es": "Ajustes", "fr": "Réglages", "ja": "設定"}


def test_settings_in_every_language(page: Page) -> None:
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_text("this browser")).to_be_visible()
    assert not violations(page)
    for language, title in LANGUAGES.items():
        page.locator("main select").select_option(language)
        expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
        assert page.locator("html").get_attribute("lang") == language


def test_dates_are_written_as_in_the_readers_country(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/search?q=parental leave")
    about = page.locator(".hits small").first
    expect(about).to_have_text(re.compile(r"\d{1,2} \w{3,4} 20\d\d$"))  # of a browser in Britain


@pytest.mark.parametrize("width", [PHONE["width"], 1280])
def test_the_page_reads_from_right_to_left(page: Page, served: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    ask(page, QUESTION)
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.get_by_role("button", name="Source 1:").first.click()
    expect(page.get_by_role("complementary", name="Source").locator("mark").first).to_be_visible()
    left = "element => element.getBoundingClientRect().left"
    if width > PHONE["width"]:
        sidebar = page.get_by_role("navigation", name="Chats")
        assert sidebar.evaluate(left) > page.locator(".conversation").evaluate(left)
        assert page.locator(".source").evaluate(left) < page.locator(".conversation").evaluate(left)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not violations(page)


@pytest.mark.parametrize("path", ["/", "/search", "/settings"])
def test_a_phone_shows_everything_without_scrolling_sideways(
    page: Page, served: Served, path: str
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(served.url + path)
    expect(page.get_by_role("main")).to_be_visible()
    page.get_by_role("button", name="Chats", exact=True).click()
    expect(page.get_by_role("link", name="New chat")).to_be_visible()
    assert not violations(page)
    page.get_by_role("button", name="Close", exact=True).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_page_fits_what_it_promises_to_weigh() -> None:
    """Scripts of the chat page, compressed; the rest is loaded when it is needed."""
    from stook.server import page as built

    held = built.built()
    assert held is not None
    wanted = [name for name in held.files if name in held.index and name.endswith(".js")]
    packed = [held.files[f"{name}.gz"] for name in wanted]
    assert wanted and sum(Path(each).stat().st_size for each in packed) <= 250_000
