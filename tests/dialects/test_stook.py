"""Stook's own API: sessions of browsers, asking, chats, sources, files, search."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from stook.conversation import feedback
from stook.dialects.stook.access import COOKIE
from stook.identity import browser_sessions, users
from stook.identity.browser_sessions import IDLE, LONGEST
from stook.storage import clock
from stook.storage.tables import browser_sessions as stored
from tests.dialects.served import (
    FOLLOW_UP,
    INSIDER,
    PATIENCE,
    QUESTION,
    READER,
    SECRET_QUESTION,
    SECRET_WORD,
    Credentials,
    Served,
    opened,
    stook,
)
from tests.knowledge.files_by_code import pdf

API = "/api/stook/v1"
PAGE = {"X-Stook-Page": "1"}
LEAVER = "lena@alderbrook.example"


def link(data_dir: Path, email: str) -> str:
    with opened(data_dir) as database:
        return database.write_now(browser_sessions.make_link, email)


@contextlib.contextmanager
def signed_in(served: Served, data_dir: Path, email: str) -> Iterator[httpx.Client]:
    with served.client() as client:
        client.headers.update(PAGE)
        answer = client.post(f"{API}/sign-in", json={"link": link(data_dir, email)})
        assert answer.status_code == 200, answer.text
        yield client


@pytest.fixture(scope="module")
def page(served: Served, data_dir: Path, people: Credentials) -> Iterator[httpx.Client]:
    """A browser of the reader's."""
    with signed_in(served, data_dir, READER) as client:
        yield client


@pytest.fixture(scope="module")
def insiders_page(served: Served, data_dir: Path, people: Credentials) -> Iterator[httpx.Client]:
    with signed_in(served, data_dir, INSIDER) as client:
        yield client


def lines(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines() if line]


def ask(client: httpx.Client, question: str, **more: Any) -> list[dict[str, Any]]:
    events = lines(client.post(f"{API}/ask", json={"question": question, **more}))
    assert events[0]["type"] == "started" and events[-1]["type"] == "finished", events[-1]
    return events


def text_of(events: list[dict[str, Any]]) -> str:
    return "".join(event["text"] for event in events if event["type"] == "text")


def citations(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event["citation"] for event in events if event["type"] == "citation"]


# --- sessions ------------------------------------------------------------------------------------


def test_a_link_signs_in_once_and_its_cookie_is_the_browsers_alone(
    served: Served, data_dir: Path, people: Credentials
) -> None:
    secret = link(data_dir, READER)
    with served.client() as client:
        begun = client.post(f"{API}/sign-in", json={"link": secret}, headers=PAGE)
        cookie = begun.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/api/stook" in cookie
        assert client.get(f"{API}/me").json()["email"] == READER
        again = client.post(f"{API}/sign-in", json={"link": secret}, headers=PAGE)
        assert (again.status_code, again.json()["code"]) == (401, "not_signed_in")
    kept = (data_dir / "stook.db").read_bytes() + (data_dir / "stook.db-wal").read_bytes()
    assert secret.encode() not in kept
    assert client.cookies["stook_session"].encode() not in kept


def test_a_stranger_is_told_to_sign_in(stranger: httpx.Client) -> None:
    for cookie in ("", "nonsense", "stook_" + "0" * 49):
        answer = stranger.get(f"{API}/chats", headers={"Cookie": f"stook_session={cookie}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_other_sites_can_change_nothing(page: httpx.Client) -> None:
    cookie = {"Cookie": f"stook_session={page.cookies['stook_session']}"}
    base = str(page.base_url)
    foreign = [
        {},  # as a form of another site
        {**PAGE, "Origin": "https://evil.example"},
        {**PAGE, "Origin": "null"},
        {**PAGE, "Sec-Fetch-Site": "cross-site"},
        {**PAGE, "Sec-Fetch-Site": "same-site"},
    ]
    for headers in foreign:
        refused = httpx.delete(f"{base}{API}/chats", headers=cookie | headers, timeout=PATIENCE)
        assert refused.status_code == 403, headers
    own = {**PAGE, "Origin": base.rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    patched = httpx.delete(f"{base}{API}/turns/none", headers=cookie | own, timeout=PATIENCE)
    assert patched.json() == {"stopped": False}


def test_sessions_are_listed_and_ended_by_their_person_only(
    served: Served, data_dir: Path, page: httpx.Client, insiders_page: httpx.Client
) -> None:
    with signed_in(served, data_dir, READER) as other:
        listed = other.get(f"{API}/sessions").json()["sessions"]
        (current,) = [each["id"] for each in listed if each["current"]]
        assert insiders_page.delete(f"{API}/sessions/{current}").status_code == 404
        assert page.delete(f"{API}/sessions/{current}").status_code == 200
        assert other.get(f"{API}/me").status_code == 401
    with signed_in(served, data_dir, READER) as leaving:
        secret = leaving.cookies["stook_session"]
        assert leaving.post(f"{API}/sign-out").status_code == 200
        assert "stook_session" not in leaving.cookies
        answer = leaving.get(f"{API}/me", headers={"Cookie": f"stook_session={secret}"})
        assert answer.status_code == 401


@pytest.mark.parametrize("age", [{"seen_at": IDLE}, {"created_at": LONGEST}])
def test_a_session_ends_by_itself(served: Served, data_dir: Path, age: dict[str, int]) -> None:
    with signed_in(served, data_dir, READER) as client, opened(data_dir) as database:
        assert client.get(f"{API}/me").status_code == 200
        session = client.get(f"{API}/me").json()["session_id"]
        past = {name: clock.now() - long for name, long in age.items()}
        database.write_now(
            lambda c: c.execute(sa.update(stored).where(stored.c.id == session).values(past))
        )
        assert client.get(f"{API}/me").status_code == 401


def test_nobody_who_was_shut_out_stays_signed_in(served: Served, data_dir: Path) -> None:
    with opened(data_dir) as database:
        database.write_now(users.add, LEAVER, "Lena")
        unused = database.write_now(browser_sessions.make_link, LEAVER)
        with signed_in(served, data_dir, LEAVER) as client:
            database.write_now(users.deactivate, LEAVER)
            assert client.get(f"{API}/me").status_code == 401
            late = client.post(f"{API}/sign-in", json={"link": unused})
            assert late.status_code == 401


def test_a_token_does_as_well_and_needs_no_page(reader: httpx.Client) -> None:
    assert reader.get(f"{API}/me").json()["email"] == READER
    assert reader.delete(f"{API}/turns/none").status_code == 200
    found = reader.get(f"{API}/search", params={"query": "leave"})
    assert (found.status_code, found.json()["code"]) == (403, "forbidden")  # CHAT only


# --- asking --------------------------------------------------------------------------------------


def test_an_answer_streams_and_its_source_has_the_cited_words(page: httpx.Client) -> None:
    events = ask(page, QUESTION)
    first = citations(events)[0]
    span = first["answer_range"]
    assert text_of(events)[span["start"] : span["end"]].strip()
    query = {"words": first["text"], "near": first["start"]}
    source = page.get(f"{API}/documents/{first['document']['id']}", params=query).json()
    cited = source["cited"]
    assert source["text"][cited["start"] : cited["end"]] == first["text"]
    assert cited["start"] == first["start"]
    gone = page.get(f"{API}/documents/{first['document']['id']}", params={"words": "no such words"})
    assert gone.json()["cited"] is None


def test_an_answer_says_what_it_amounts_to_and_so_does_its_chat(page: httpx.Client) -> None:
    for question, outcome in (
        (QUESTION, "answered"),
        ("Is there a gym at the office?", "closest"),
        ("What is the capital of Mongolia?", "nothing"),
    ):
        events = ask(page, question)
        assert (events[-1]["outcome"], events[-1]["refused"]) == (outcome, outcome != "answered")
        chat = page.get(f"{API}/chats/{events[0]['chat_id']}").json()
        assert chat["messages"][-1]["outcome"] == outcome


def test_an_answer_can_be_read_again_from_any_line_and_by_its_asker_only(
    page: httpx.Client, insiders_page: httpx.Client
) -> None:
    answer = page.post(f"{API}/ask", json={"question": QUESTION})
    events, turn = lines(answer), answer.headers["X-Stook-Turn"]
    assert lines(page.get(f"{API}/turns/{turn}/events", params={"after": 2})) == events[2:]
    assert insiders_page.get(f"{API}/turns/{turn}/events").status_code == 404


def test_what_may_not_be_seen_is_neither_answered_nor_shown(
    page: httpx.Client, insiders_page: httpx.Client
) -> None:
    secret = citations(ask(insiders_page, SECRET_QUESTION))[0]["document"]["id"]
    assert SECRET_WORD not in json.dumps(ask(page, SECRET_QUESTION))
    assert insiders_page.get(f"{API}/documents/{secret}").status_code == 200
    for path in (f"/documents/{secret}", f"/documents/{secret}/original", "/documents/none"):
        assert page.get(API + path).status_code == 404
    found = page.get(f"{API}/search", params={"query": "quillwort stipend"})
    assert SECRET_WORD not in found.text


def test_a_turn_is_asked_anew_in_its_place(page: httpx.Client) -> None:
    chat = ask(page, QUESTION)[0]["chat_id"]
    ask(page, FOLLOW_UP, chat_id=chat)
    before = page.get(f"{API}/chats/{chat}").json()["messages"]
    ask(page, "How long is parental leave?", chat_id=chat, replaces=before[0]["turn_id"])
    after = page.get(f"{API}/chats/{chat}").json()["messages"]
    assert [each["text"] for each in after if each["author"] == "user"] == [
        "How long is parental leave?"
    ]
    assert not {each["id"] for each in before} & {each["id"] for each in after}
    missing = page.post(
        f"{API}/ask", json={"question": QUESTION, "chat_id": chat, "replaces": "none"}
    )
    assert missing.status_code == 404
    assert page.get(f"{API}/chats/{chat}").json()["messages"] == after


def test_a_question_must_be_one(page: httpx.Client) -> None:
    for body in ({"question": " "}, {"question": 5}, {}, {"question": "a", "more": 1}):
        answer = page.post(f"{API}/ask", json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request"), body


# --- chats, files, search ------------------------------------------------------------------------


def test_chats_are_found_renamed_pinned_and_deleted(
    page: httpx.Client, insiders_page: httpx.Client
) -> None:
    chat = ask(page, "What is the Kestrel rota of on-call?")[0]["chat_id"]
    path = f"{API}/chats/{chat}"

    def found(words: str) -> bool:
        listed = page.get(f"{API}/chats", params={"query": words}).json()["chats"]
        return chat in [each["id"] for each in listed]

    assert found("kestrel ROTA") and not found("kestrel sextant") and not found("%")
    changed = page.patch(path, json={"title": "Night duty", "pinned": True}).json()
    assert (changed["title"], changed["pinned"]) == ("Night duty", True)
    assert chat in [each["id"] for each in page.get(f"{API}/chats").json()["pinned"]]
    assert found("night") and found("kestrel")
    assert page.patch(path, json={"title": " "}).status_code == 400
    for call in (insiders_page.get, insiders_page.delete):
        assert call(path).status_code == 404
    assert insiders_page.patch(path, json={"pinned": False}).status_code == 404
    assert page.delete(path).json() == {"deleted": 1}
    assert page.delete(path).status_code == page.get(path).status_code == 404


def test_a_file_is_asked_about_and_only_its_owner_reads_it(
    page: httpx.Client, insiders_page: httpx.Client
) -> None:
    content = pdf("The brass ferry leaves Tarn Quay at 06:40 on weekdays.")
    form = {"files": ("ferry.pdf", content, "application/pdf")}
    (file,) = page.post(f"{API}/files", files=form).json()["files"]
    until = time.monotonic() + PATIENCE
    while file["status"] == "PROCESSING" and time.monotonic() < until:
        (file,) = page.get(f"{API}/files", params={"ids": file["id"]}).json()["files"]
    assert file["status"] == "PROCESSED"
    events = ask(page, "When does the brass ferry leave Tarn Quay?", files=[file["id"]])
    assert "06:40" in text_of(events)
    (document,) = {each["document"]["id"] for each in citations(events)}
    path = f"{API}/documents/{document}"
    assert document == file["document_id"] and page.get(path).json()["has_original"]
    original = page.get(f"{path}/original")
    assert original.content == content
    assert original.headers["content-disposition"] == "attachment"
    assert insiders_page.get(path).status_code == 404
    assert insiders_page.get(f"{path}/original").status_code == 404
    assert insiders_page.delete(f"{API}/files/{file['id']}").status_code == 404
    other = insiders_page.post(f"{API}/ask", json={"question": "When?", "files": [file["id"]]})
    assert other.status_code == 400
    assert page.delete(f"{API}/files/{file['id']}").status_code == 200
    assert page.get(path).status_code == 404


def test_search_says_how_it_read_the_query(page: httpx.Client) -> None:
    found = page.get(f"{API}/search", params={"query": "parentel leave"}).json()
    assert (found["searched"], found["corrected"]) == ("parental leave", True)
    snippet = found["results"][0]["snippets"][0]
    marked = [snippet["text"][each["start"] : each["end"]] for each in snippet["highlights"]]
    assert {"parental", "leave"} <= {word.lower() for word in marked}
    exact: dict[str, str | bool] = {"query": "parentel leave", "exact": True}
    assert not page.get(f"{API}/search", params=exact).json()["corrected"]
    first = page.get(f"{API}/search", params={"query": "policy"}).json()
    cursor = {"query": "policy", "cursor": first["next_cursor"]}
    if first["next_cursor"]:
        second = page.get(f"{API}/search", params=cursor).json()
        shown = [each["document"]["id"] for each in first["results"] + second["results"]]
        assert len(set(shown)) == len(shown)


def test_feedback_is_kept(page: httpx.Client, data_dir: Path) -> None:
    message = ask(page, QUESTION)[0]["message_id"]
    body = {"message_id": message, "good": False, "reason": "old", "comment": "Last year's."}
    assert page.post(f"{API}/feedback", json=body).status_code == 200
    with opened(data_dir) as database:
        kept = database.read_now(feedback.list_feedback, READER)[-1]
    assert (kept.event, kept.tracking_tokens) == ("DOWNVOTE", (message,))
    assert kept.details == {"reason": "old", "comment": "Last year's."}


def test_what_was_found_is_counted_and_narrowed_by_operators(page: httpx.Client) -> None:
    def found(query: str) -> dict[str, Any]:
        body: dict[str, Any] = page.get(f"{API}/search", params={"query": query}).json()
        return body

    whole = found("leave")
    counted = {facet["operator"]: facet["values"] for facet in whole["facets"]}
    assert {"app", "type", "from"} <= set(counted)
    for operator, values in counted.items():
        for each in values:
            narrowed = found(f'leave {operator}:"{each["value"]}"')
            assert 0 < each["count"] == narrowed["total"] <= whole["total"], (operator, each)
    assert found("leave app:nowhere")["facets"] == []


def test_a_question_is_put_to_an_application(page: httpx.Client, data_dir: Path) -> None:
    options = ("--datasource", "secrets", "--starter", SECRET_QUESTION, "--json")
    made = json.loads(stook("application", "create", "Own", *options, data_dir=data_dir))
    known = {each["id"]: each for each in page.get(f"{API}/me").json()["applications"]}
    assert known[made["id"]]["starters"] == [SECRET_QUESTION]
    inside = ask(page, QUESTION, application_id=made["id"])
    assert inside[-1]["outcome"] != "answered"  # the reader sees nothing in there
    again = ask(page, QUESTION, chat_id=inside[0]["chat_id"])
    assert again[-1]["outcome"] != "answered"  # where the chat stays
    assert ask(page, QUESTION)[-1]["outcome"] == "answered"
    wrong = page.post(f"{API}/ask", json={"question": QUESTION, "application_id": "none"})
    assert wrong.status_code == 404


def test_a_session_is_described_as_a_way_in(page: httpx.Client) -> None:
    described = page.get("/openapi.json").json()
    session = described["components"]["securitySchemes"]["Session"]
    assert (session["type"], session["in"], session["name"]) == ("apiKey", "cookie", COOKIE)
    for path, operations in described["paths"].items():
        for operation in operations.values():
            ways = operation.get("security", [])
            is_own = path.startswith(API) and "/widget/" not in path and "/sign-in" not in path
            assert ({"Session": []} in ways and {"Token": []} in ways) == is_own, path
