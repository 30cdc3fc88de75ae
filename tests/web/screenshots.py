"""What ``make screenshots`` does: opens the page on the sample handbook, and keeps pictures of it.

    python -m tests.web.screenshots

They stand in docs/screenshots, at the width of a desk and of a phone, and README shows them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from build_hooks import page as building

from tests.dialects.served import HANDBOOK, QUESTION, serve, stook
from tests.web.browser import running_browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs" / "screenshots"
PERSON = "noah.bergstrom@example.com"
WIDTHS: dict[str, Any] = {
    "desk": {"width": 1440, "height": 760},
    "phone": {"width": 390, "height": 844},
}
PATIENCE = 60_000  # milliseconds


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Good answer").last.wait_for()


def answer(page: Page, url: str) -> None:
    """An answer; on a desk with its source beside it."""
    ask(page, QUESTION)
    if page.viewport_size == WIDTHS["desk"]:
        page.get_by_role("button", name="Source 1:").first.click()
        page.get_by_role("complementary", name="Source").locator("mark").first.wait_for()


def search(page: Page, url: str) -> None:
    """What was found, counted."""
    page.goto(f"{url}/search?q=parentel leave")
    page.locator(".hits li mark").first.wait_for()


PICTURES: dict[str, Callable[[Page, str], None]] = {
    "answer": answer,
    "search": search,
}


def main() -> None:
    building.make_page(ROOT)
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        stook("index", str(HANDBOOK), "--datasource", "handbook", data_dir=data)
        stook("user", "add", PERSON, "--name", "Noah Bergström", data_dir=data)
        with serve(data) as served, running_browser() as browser:
            for name, size in WIDTHS.items():
                made = stook("user", "link", PERSON, "--url", served.url, "--json", data_dir=data)
                with browser.new_context(viewport=size, locale="en-GB") as context:
                    context.set_default_timeout(PATIENCE)
                    page = context.new_page()
                    page.goto(json.loads(made)["link"])
                    for picture, arrange in PICTURES.items():
                        arrange(page, served.url)
                        page.mouse.move(0, 0)
                        page.wait_for_timeout(500)  # until nothing moves
                        page.screenshot(path=KEPT / f"{picture}-{name}.png")


if __name__ == "__main__":
    main()
