"""Passwords: optional, set by oneself, hashed, tried so often only, forgotten by a link."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from stook.identity import audit, users
from stook.storage.tables import browser_sessions, passwords
from tests.dialects.served import Credentials, Served, opened, serve
from tests.dialects.test_stook import API, PAGE, signed_in

GOOD, BETTER = "correct horse battery", "a staple of another kind"


@contextlib.contextmanager
def person(served: Served, data_dir: Path, name: str) -> Iterator[tuple[str, httpx.Client]]:
    """Somebody new, and a browser of theirs."""
    email = f"{name}@alderbrook.example"
    with opened(data_dir) as database:
        database.write_now(users.add, email, name.title())
    with signed_in(served, data_dir, email) as browser:
        yield email, browser


def put(browser: httpx.Client, new: str, current: str = "") -> httpx.Response:
    return browser.post(f"{API}/password", json={"current": current, "new": new})


def try_in(served: Served, email: str, password: str, **headers: str) -> httpx.Response:
    body = {"email": email, "password": password}
    with served.client() as client:
        return client.post(f"{API}/sign-in/password", json=body, headers={**PAGE, **headers})


def grow_old(data_dir: Path, email: str) -> None:
    """As if the person's sessions had begun two hours ago."""
    sessions = browser_sessions
    older = sa.update(sessions).where(sessions.c.user_email == email)
    begun = {"created_at": sessions.c.created_at - 2 * 3600 * 1_000_000}
    with opened(data_dir) as database:
        database.write_now(lambda connection: connection.execute(older.values(begun)) and None)


def test_a_password_is_set_used_changed_and_forgotten(
    served: Served, people: Credentials, data_dir: Path
) -> None:
    with person(served, data_dir, "petra") as (email, browser):
        assert try_in(served, email, GOOD).status_code == 401
        assert not browser.get(f"{API}/me").json()["has_password"]
        assert put(browser, GOOD).status_code == 200
        assert browser.get(f"{API}/me").json()["has_password"]
        begun = try_in(served, email.upper(), GOOD)
        assert begun.status_code == 200 and begun.json()["email"] == email
        cookie = begun.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=strict" in cookie
        grow_old(data_dir, email)  # the link is no longer fresh: the current one has to be told
        assert put(browser, BETTER, "something else").status_code == 400
        assert put(browser, BETTER).status_code == 400
        assert put(browser, BETTER, GOOD).status_code == 200
        assert try_in(served, email, GOOD).status_code == 401
        assert try_in(served, email, BETTER).status_code == 200
        assert browser.post(f"{API}/password/removal", json={"current": GOOD}).status_code == 400
        removed = browser.post(f"{API}/password/removal", json={"current": BETTER})
        assert removed.status_code == 200
        assert try_in(served, email, BETTER).status_code == 401
        with opened(data_dir) as database:
            recorded = database.read_now(audit.find, audit.Wanted(subject=email), None, 99)
        done = [each.action for each in recorded]
        assert done.count("password.set") == 2 and done.count("password.removed") == 1
        assert "session.refused" in done
        assert GOOD not in str(recorded) and BETTER not in str(recorded)


def test_only_a_hash_is_kept_and_nothing_is_logged(
    served: Served, people: Credentials, data_dir: Path
) -> None:
    with person(served, data_dir, "hal") as (email, browser):
        assert put(browser, GOOD).status_code == 200
        with opened(data_dir) as database:
            query = sa.select(passwords.c.hash).where(passwords.c.user_email == email)
            kept = database.read_now(lambda connection: connection.scalar(query))
        assert kept is not None and kept.startswith("$argon2id$") and GOOD not in kept
    assert GOOD not in served.log.read_text()


def test_a_change_ends_all_other_sessions(
    served: Served, people: Credentials, data_dir: Path
) -> None:
    with (
        person(served, data_dir, "olaf") as (email, browser),
        signed_in(served, data_dir, email) as other,
    ):
        assert put(browser, GOOD).status_code == 200
        assert other.get(f"{API}/me").status_code == 401
        assert browser.get(f"{API}/me").status_code == 200


def test_a_password_goes_with_its_person(
    served: Served, people: Credentials, data_dir: Path
) -> None:
    """The address may be somebody else's when it is let in again."""
    with person(served, data_dir, "nora-leaves") as (email, browser):
        assert put(browser, GOOD).status_code == 200
        assert try_in(served, email, GOOD).status_code == 200
    with opened(data_dir) as database:
        database.write_now(users.deactivate, email)
        database.write_now(users.add, email, "Nora")
    assert try_in(served, email, GOOD).status_code == 401


def test_a_link_sets_a_forgotten_one_anew(
    served: Served, people: Credentials, data_dir: Path
) -> None:
    with person(served, data_dir, "fay-forgets") as (email, browser):
        assert put(browser, GOOD).status_code == 200
    with signed_in(served, data_dir, email) as afterwards:
        assert put(afterwards, BETTER).status_code == 200
    assert try_in(served, email, BETTER).status_code == 200


def test_guessing_comes_to_an_end(served: Served, people: Credentials, data_dir: Path) -> None:
    with person(served, data_dir, "gail") as (email, browser):
        assert put(browser, GOOD).status_code == 200
        tried = [try_in(served, email, f"guess number {n}").status_code for n in range(21)]
        assert tried[0] == 401
        for _ in range(20):  # on a slow machine one more may be tried meanwhile
            tried.append(try_in(served, email, "another guess").status_code)
            right = try_in(served, email, GOOD).status_code  # tells nothing, too
            if (tried[-1], right) == (429, 429):
                break
        else:
            pytest.fail(f"guessing goes on: {tried}")
        assert browser.get(f"{API}/me").status_code == 200  # who is signed in stays so


@pytest.mark.parametrize(
    "password",
    ["short", "aaaaaaaaaaaaaaaa", "wanda@alderbrook.example", "x" * 201, "wandawandawanda"],
)
def test_what_is_easily_guessed_is_refused(
    served: Served, people: Credentials, data_dir: Path, password: str
) -> None:
    with person(served, data_dir, "wanda") as (_, browser):
        assert put(browser, password).status_code == 400


def test_other_sites_and_programs_set_no_password(
    served: Served, people: Credentials, data_dir: Path
) -> None:
    with person(served, data_dir, "cleo") as (email, browser):
        assert try_in(served, email, GOOD, Origin="https://evil.example").status_code == 403
        evil: dict[str, Any] = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        answer = browser.post(f"{API}/password", json={"new": GOOD}, headers=evil)
        assert answer.status_code == 403
        with served.client(people.reader) as program:
            assert program.post(f"{API}/password", json={"new": GOOD}).status_code in (401, 403)


def test_who_was_shut_out_gets_in_no_more(
    served: Served, people: Credentials, data_dir: Path
) -> None:
    with person(served, data_dir, "sven") as (email, browser):
        assert put(browser, GOOD).status_code == 200
        with opened(data_dir) as database:
            database.write_now(users.deactivate, email)
        assert try_in(served, email, GOOD).status_code == 401
        assert try_in(served, "nobody@nowhere.example", GOOD).json() == (
            try_in(served, email, GOOD).json()
        )
        assert try_in(served, "", GOOD).status_code == 401


def test_passwords_can_be_switched_off(people: Credentials, data_dir: Path) -> None:
    with serve(data_dir, STOOK_PASSWORDS="false") as served:
        with served.client() as stranger:
            assert stranger.get(f"{API}/sign-in/options").json() == {
                "passwords": False,
                "provider": None,
            }
        assert try_in(served, "ada@alderbrook.example", GOOD).status_code == 403
