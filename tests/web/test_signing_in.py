"""Signing in at the page by password and at an identity provider, in a real browser."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import NO_BROWSER
from tests.dialects.served import Served, serve
from tests.web.browser import violations
from tests.web.conftest import PATIENCE, PERSON

pytestmark = pytest.mark.xdist_group("in a browser")

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason=f"{NO_BROWSER}: no Playwright here")
expect = playwright.expect
expect.set_options(timeout=PATIENCE)
PHONE: Any = {"width": 390, "height": 844}
PASSWORD = "correct horse battery"


@contextlib.contextmanager
def stranger(browser: Browser) -> Iterator[Page]:
    """A browser that nobody is signed in with."""
    with browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


def test_a_password_is_set_and_signs_in(browser: Browser, page: Page, served: Served) -> None:
    page.goto(f"{served.url}/settings")
    expect(page.get_by_text("You have no password")).to_be_visible()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your password is set.")).to_be_visible()
    expect(page.get_by_label("Current password")).to_be_visible()
    assert not violations(page)
    with stranger(browser) as other:
        other.goto(served.url)
        other.get_by_label("E-mail address").fill(PERSON)
        other.get_by_label("Password").fill("something else of mine")
        other.get_by_role("button", name="Sign in").click()
        expect(other.get_by_role("alert")).to_contain_text("The address or the password is wrong")
        assert not violations(other)
        other.set_viewport_size(PHONE)
        assert other.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        other.get_by_label("Password").fill(PASSWORD)
        other.get_by_role("button", name="Sign in").click()
        expect(other.get_by_label("Your question")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Remove the password").click()
    expect(page.get_by_text("You have no password")).to_be_visible()


@pytest.fixture
def by_provider(served: Served, data_dir: Path) -> Iterator[Served]:
    """A server beside the other one that knows an identity provider on the loopback."""
    provider = pytest.importorskip("oidc_provider_mock")
    claims = {"email": PERSON, "email_verified": True}
    people = [provider.User(sub="rita", claims=claims), provider.User(sub="eve")]
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    with (
        provider.run_server_in_thread(require_nonce=True, user_claims=people) as running,
        serve(
            data_dir,
            "--port",
            str(port),
            STOOK_LOG_FORMAT="json",
            STOOK_PUBLIC_URL=f"http://127.0.0.1:{port}",
            STOOK_OIDC_ISSUER=f"http://localhost:{running.server_port}",
            STOOK_OIDC_CLIENT_ID="stook",
            STOOK_OIDC_CLIENT_SECRET="a secret of the client",
            STOOK_OIDC_NAME="Alderbrook",
        ) as server,
    ):
        yield server


def test_an_identity_provider_signs_in(browser: Browser, by_provider: Served) -> None:
    with stranger(browser) as page:
        page.goto(by_provider.url)
        page.get_by_role("link", name="Sign in with Alderbrook").click()
        page.get_by_role("button", name="eve").first.click()
        expect(page.get_by_role("alert")).to_contain_text("did not confirm who you are")
        assert not violations(page)
        page.get_by_role("link", name="Sign in with Alderbrook").click()
        page.get_by_role("button", name="rita").first.click()
        expect(page.get_by_label("Your question")).to_be_visible()
        assert page.url == f"{by_provider.url}/"
