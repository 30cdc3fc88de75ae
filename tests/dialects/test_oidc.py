"""OpenID Connect against a real provider on the loopback, and a proxy that names its user."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from oidc_provider_mock import run_server_in_thread

from stook.identity import groups, users
from tests.dialects.served import Credentials, Served, opened, serve
from tests.dialects.test_stook import API, PAGE

KNOWN, NEW = "kim@alderbrook.example", "nils@newhere.example"
HEADER = "X-Signed-In-As"
CALLBACK = f"{API}/sign-in/oidc/callback"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with run_server_in_thread(require_nonce=True) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture(scope="module")
def by_provider(provider: str, people: Credentials, data_dir: Path) -> Iterator[Served]:
    """A server that knows the provider, and a proxy on the loopback."""
    with opened(data_dir) as database:
        database.write_now(users.add, KNOWN, "Kim")
    port = free_port()
    with serve(
        data_dir,
        "--port",
        str(port),
        STOOK_PUBLIC_URL=f"http://127.0.0.1:{port}",
        STOOK_OIDC_ISSUER=provider,
        STOOK_OIDC_CLIENT_ID="stook",
        STOOK_OIDC_CLIENT_SECRET="a secret of the client",
        STOOK_OIDC_NAME="Alderbrook",
        STOOK_SIGN_IN_DOMAINS="newhere.example",
        STOOK_TRUSTED_PROXIES="127.0.0.1",
        STOOK_PROXY_USER_HEADER=HEADER,
    ) as running:
        yield running


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def claim(provider: str, email: str, **claims: Any) -> None:
    """What the provider says of somebody from now on."""
    told = {"email": email, "email_verified": True, "name": "Somebody", **claims}
    httpx.put(f"{provider}/users/{email}", json=told).raise_for_status()


def sign_in(served: Served, browser: httpx.Client, email: str) -> httpx.Response:
    """Go to the provider, say who one is, and come back."""
    there = browser.get(f"{API}/sign-in/oidc")
    assert there.status_code == 303, there.text
    back = httpx.post(there.headers["Location"], data={"sub": email}, follow_redirects=False)
    assert back.status_code == 302, back.text
    return browser.get(back.headers["Location"])


def problem(answer: httpx.Response) -> str:
    assert answer.status_code == 303
    return parse_qs(urlsplit(answer.headers["Location"]).query).get("problem", [""])[0]


def test_somebody_known_signs_in_with_pkce_and_is_in_their_groups(
    by_provider: Served, provider: str, data_dir: Path
) -> None:
    claim(provider, KNOWN, groups=["harbour", "night watch"])
    with by_provider.client() as browser:
        assert browser.get(f"{API}/sign-in/options").json()["provider"] == "Alderbrook"
        there = browser.get(f"{API}/sign-in/oidc")
        asked = parse_qs(urlsplit(there.headers["Location"]).query)
        assert asked["code_challenge_method"] == ["S256"] and asked["nonce"] and asked["state"]
        assert "HttpOnly" in there.headers["Set-Cookie"]
        assert "SameSite=lax" in there.headers["Set-Cookie"]
        assert problem(sign_in(by_provider, browser, KNOWN)) == ""
        me = browser.get(f"{API}/me").json()
        assert me["email"] == KNOWN and not me["administrator"]
    with opened(data_dir) as database:
        database.write_now(groups.add, "riggers")
        database.write_now(groups.add_user, "riggers", KNOWN)
    claim(provider, KNOWN, groups=["harbour"])
    with by_provider.client() as browser:
        sign_in(by_provider, browser, KNOWN)
    with opened(data_dir) as database:
        held = {name: database.read_now(groups.members, "", name)
                for name in ("harbour", "night watch", "riggers")}  # fmt: skip
    assert ("user", KNOWN) in held["harbour"] and ("user", KNOWN) not in held["night watch"]
    assert ("user", KNOWN) in held["riggers"]  # what came from elsewhere stays
    claim(provider, KNOWN)  # a provider leaves the claim out for whoever is in no group
    with by_provider.client() as browser:
        sign_in(by_provider, browser, KNOWN)
    with opened(data_dir) as database:
        assert ("user", KNOWN) not in database.read_now(groups.members, "", "harbour")
        assert ("user", KNOWN) in database.read_now(groups.members, "", "riggers")


def test_who_is_let_in_at_the_first_time(
    by_provider: Served, provider: str, data_dir: Path
) -> None:
    claim(provider, NEW)
    with by_provider.client() as browser:
        assert problem(sign_in(by_provider, browser, NEW)) == ""
        assert browser.get(f"{API}/me").json()["email"] == NEW
    for email in ("eve@elsewhere.example", "eve@evil.newhere.example.com"):
        claim(provider, email)
        with by_provider.client() as browser:
            assert problem(sign_in(by_provider, browser, email)) == "unknown"
            assert browser.get(f"{API}/me").status_code == 401
    with opened(data_dir) as database:
        database.write_now(users.deactivate, NEW)
    with by_provider.client() as browser:
        assert problem(sign_in(by_provider, browser, NEW)) == "unknown"


@pytest.mark.parametrize("verified", [False, None, "false"])
def test_an_address_that_is_not_verified_proves_nothing(
    by_provider: Served, provider: str, verified: object
) -> None:
    claim(provider, KNOWN, email_verified=verified)
    with by_provider.client() as browser:
        assert problem(sign_in(by_provider, browser, KNOWN)) == "unconfirmed"
        assert browser.get(f"{API}/me").status_code == 401


def test_what_another_browser_began_is_not_ended_here(by_provider: Served, provider: str) -> None:
    claim(provider, KNOWN)
    with by_provider.client() as attacker, by_provider.client() as victim:
        there = attacker.get(f"{API}/sign-in/oidc").headers["Location"]
        back = httpx.post(there, data={"sub": KNOWN}, follow_redirects=False)
        link = back.headers["Location"]
        assert problem(victim.get(link)) == "unconfirmed"  # without an attempt of its own
        victim.get(f"{API}/sign-in/oidc")
        assert problem(victim.get(link)) == "unconfirmed"  # nor with another one
        assert victim.get(f"{API}/me").status_code == 401
        assert problem(attacker.get(link)) == ""
        assert problem(attacker.get(link)) == "unconfirmed"  # a code counts once
    with by_provider.client() as browser:
        browser.get(f"{API}/sign-in/oidc")
        assert problem(browser.get(CALLBACK, params={"state": "x", "code": "y"})) == "unconfirmed"


def test_a_trusted_proxy_names_who_is_signed_in(by_provider: Served, data_dir: Path) -> None:
    with by_provider.client() as browser:
        named = {HEADER: KNOWN.upper()}
        assert browser.get(f"{API}/me", headers=named).json()["email"] == KNOWN
        assert browser.get(f"{API}/me").status_code == 401
        assert (
            browser.get(f"{API}/me", headers={HEADER: "eve@elsewhere.example"}).status_code == 403
        )
        twice = [(HEADER, KNOWN), (HEADER, NEW)]
        assert browser.get(f"{API}/me", headers=twice).status_code == 401
        unsafe = browser.delete(f"{API}/chats", headers=named)
        assert unsafe.status_code == 403  # another site made the browser ask
        assert browser.delete(f"{API}/chats", headers=named | PAGE).status_code == 200


def test_nobody_else_names_anybody(served: Served, people: Credentials, data_dir: Path) -> None:
    with (
        serve(data_dir, STOOK_TRUSTED_PROXIES="10.9.8.7", STOOK_PROXY_USER_HEADER=HEADER) as other,
        other.client() as stranger,
    ):
        forged = {HEADER: KNOWN, "X-Forwarded-For": "10.9.8.7"}
        assert stranger.get(f"{API}/me", headers=forged).status_code == 401
    with served.client() as stranger:
        assert stranger.get(f"{API}/me", headers={HEADER: KNOWN}).status_code == 401


def test_a_provider_that_cannot_be_reached_is_told(people: Credentials, data_dir: Path) -> None:
    settings = {
        "STOOK_PUBLIC_URL": "http://127.0.0.1:1",
        "STOOK_OIDC_ISSUER": f"http://127.0.0.1:{free_port()}",
        "STOOK_OIDC_CLIENT_ID": "stook",
    }
    with serve(data_dir, **settings) as served, served.client() as browser:
        assert problem(browser.get(f"{API}/sign-in/oidc")) == "provider"
