"""A real Chromium: the machine's, driven by Playwright."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# A card over a number is in no landmark, as nothing that opens over a page is.
RUN = "tags => axe.run({ runOnly: tags, rules: { region: { enabled: false } } })"
IN_BOTH_THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


class NoBrowser(Exception):
    """There is no browser on this machine."""


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """A browser without a window; raises NoBrowser."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise NoBrowser(f"none of {', '.join(NAMES)} is installed; apt-get install chromium does")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def must_run() -> bool:
    """Whether it is an error that there is no browser."""
    return os.environ.get("CI") == "true"


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page as it stands, in both themes."""
    found = []
    for theme in IN_BOTH_THEMES:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        page.evaluate(AXE.read_text(encoding="utf-8"))  # no script tag: the page's policy holds
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        report = page.evaluate(RUN, tags)
        found += [
            f"{theme}: {each['id']}: {node['html'][:200]} {node['failureSummary']}"
            for each in report["violations"]
            for node in each["nodes"]
        ]
    return found
