"""One server with a small handbook and one browser for all tests of the page.

They end with the package: Playwright keeps an event loop running, beside which no other test's can.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from build_hooks import page as building

from stook.server import page as built
from tests.conftest import NO_BROWSER
from tests.dialects.served import HANDBOOK, QUESTION, SECRET, Served, serve, stook
from tests.web.browser import NoBrowser, must_run, running_browser
from tests.web.host import Host, running_host

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

PERSON, ADMINISTRATOR = "rita@alderbrook.example", "ada@alderbrook.example"
FOLDERS = ("holidays", "time-off")
PATIENCE = 60_000  # milliseconds that anything may take on a busy machine


@pytest.fixture(scope="package")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("page")
    for name in FOLDERS:
        shutil.copytree(HANDBOOK / name, made / "handbook" / name)
    stook("index", str(made / "handbook"), "--datasource", "handbook", data_dir=made)
    stook("user", "add", PERSON, "--name", "Rita", data_dir=made)
    (made / "own").mkdir()
    (made / "own" / "stipend.md").write_text(SECRET)
    allowed = ("--datasource", "stipends", "--allow", f"user:{PERSON}")
    stook("index", str(made / "own"), *allowed, data_dir=made)
    starter = ("--datasource", "handbook", "--starter", QUESTION)
    stook("application", "create", "Time off", *starter, data_dir=made)
    stook("user", "add", ADMINISTRATOR, "--name", "Ada", "--administrator", data_dir=made)
    return made


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    try:
        with running_browser() as running:
            yield running
    except NoBrowser as error:
        assert not must_run(), error
        pytest.skip(f"{NO_BROWSER}: {error}")


@pytest.fixture(scope="package")
def host() -> Iterator[Host]:
    """A site of somebody else's, whose page shows the widget."""
    with running_host() as running:
        yield running


@pytest.fixture(scope="package")
def served(browser: Browser, data_dir: Path, host: Host) -> Iterator[Served]:
    root = HANDBOOK.parents[1]
    building.make_page(root)
    building.install(root)
    assert built.built() is not None
    widget = {"STOOK_WIDGET_ORIGINS": host.url, "STOOK_WIDGET_DATASOURCES": "handbook"}
    with serve(data_dir, STOOK_LOG_FORMAT="json", **widget) as running:
        host.stook = running.url
        yield running


def link_for(email: str, served: Served, data_dir: Path) -> str:
    """A link that signs a person in, once."""
    made = stook("user", "link", email, "--url", served.url, "--json", data_dir=data_dir)
    return str(json.loads(made)["link"])


@pytest.fixture
def link(served: Served, data_dir: Path) -> str:
    return link_for(PERSON, served, data_dir)


@pytest.fixture
def complaints() -> list[str]:
    """What the browser said against the page: errors, and what its policy kept it from."""
    return []


@contextlib.contextmanager
def signed_in(browser: Browser, link: str, complaints: list[str]) -> Iterator[Page]:
    """The page, signed in; it asks no other host for anything, and nothing goes wrong in it."""
    with browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(PATIENCE)
        opened = context.new_page()
        home = link.partition("/sign-in")[0]
        hosts: set[str] = set()
        opened.on("request", lambda request: hosts.add(request.url))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("console", lambda said: _note(said, complaints))
        opened.goto(link)
        opened.get_by_label("Your question").wait_for()
        yield opened
        assert not [url for url in hosts if not url.startswith((home, "data:", "blob:"))]
        assert not complaints


@pytest.fixture
def page(browser: Browser, link: str, complaints: list[str]) -> Iterator[Page]:
    with signed_in(browser, link, complaints) as opened:
        yield opened


@pytest.fixture
def admins(
    browser: Browser, served: Served, data_dir: Path, complaints: list[str]
) -> Iterator[Page]:
    """The page of the administrator."""
    with signed_in(browser, link_for(ADMINISTRATOR, served, data_dir), complaints) as opened:
        yield opened


def _note(said: ConsoleMessage, complaints: list[str]) -> None:
    if said.type in ("error", "warning"):
        complaints.append(said.text)
