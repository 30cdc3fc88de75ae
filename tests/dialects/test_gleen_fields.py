"""Gleen's other fields: pages, FAQs, functions, metadata, locale; and its keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from stook.application.functions import called
from stook.dialects.gleen.requests import Function
from stook.storage.tables import chats, documents, faqs, messages
from tests.dialects.served import (
    HANDBOOK,
    QUESTION,
    READER,
    SECRET_QUESTION,
    SECRET_WORD,
    opened,
    stook,
)
from tests.dialects.streaming import data_of, frames

PATH, FAQS = "/api/v1/send_message", "/api/v1/product-faqs"
REFUSED = "Can you track my order A-17?"
NOTICE = "How long is the notice period?"
TRACK = {
    "name": "track_order",
    "description": "Says where an order is.",
    "parameters": {
        "type": "object",
        "properties": {"order": {"type": "string"}, "customer": {"type": "string"}},
        "required": ["order"],
    },
}


def page(name: str) -> str:
    return (HANDBOOK / name).as_uri()


def ask(client: httpx.Client, question: str, **fields: Any) -> dict[str, Any]:
    answer = client.post(PATH, json={"query_text": question, **fields})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


# --- pages and their questions -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"), [("people/contractors.md", "15 days"), ("people/onboarding.md", "two weeks")]
)
@pytest.mark.parametrize("more", ["", "#notice", "?utm_source=x", "/"])
def test_the_page_is_asked_first(reader: httpx.Client, name: str, words: str, more: str) -> None:
    told = ask(reader, NOTICE, page_url=page(name) + more)
    assert [source["url"] for source in told["citations"]] == [page(name)]
    assert words in told["content"]


def test_a_page_that_does_not_answer_leaves_the_others(reader: httpx.Client) -> None:
    for url in (page("products/weir.md"), "https://elsewhere.example/", "", "\0", "x" * 4000):
        told = ask(reader, QUESTION, page_url=url)
        assert "holidays" in told["citations"][0]["url"]


def test_questions_of_a_page_are_answered_by_number(reader: httpx.Client) -> None:
    url = page("time-off/vacation.md")
    offered = reader.get(FAQS, params={"page_url": url}).json()["faqs"]
    assert 2 <= len(offered) <= 5
    assert all(list(faq) == ["id", "question", "answer"] for faq in offered)
    thread = ask(reader, QUESTION)["thread_id"]
    for faq in offered:
        for fields in ({}, {"thread_id": thread}, {"page_url": page("people/hiring.md")}):
            told = ask(reader, faq["question"], faq_id=faq["id"], **fields)
            assert told["content"] == faq["answer"]
            assert [source["url"] for source in told["citations"]] == [url]
    assert reader.get(FAQS, params={"page_url": url}).json()["faqs"] == offered


def test_a_number_goes_with_its_question(reader: httpx.Client) -> None:
    offered = reader.get(FAQS, params={"page_url": page("work/equipment.md")}).json()["faqs"]
    wrong = {"query_text": offered[0]["question"].lower(), "faq_id": offered[0]["id"]}
    answer = reader.post(PATH, json=wrong)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("query_text must be the question of faq_id")
    unknown = reader.post(PATH, json={"query_text": "x", "faq_id": 2**31 - 1})
    assert (unknown.status_code, unknown.text) == (404, '{"error":"faq not found"}')


def test_questions_of_unseen_pages(
    reader: httpx.Client, insider: httpx.Client, data_dir: Path
) -> None:
    """Neither the page nor a number that somebody passes on tells anything."""
    secret = ask(insider, SECRET_QUESTION)["citations"][0]["url"]
    with opened(data_dir) as database:
        hidden = database.read_now(
            lambda c: c.scalar(sa.select(documents.c.id).where(documents.c.url == secret))
        )
        row = {"document_id": hidden, "question": SECRET_QUESTION}
        database.write_now(lambda c: c.execute(sa.insert(faqs).values(row)).rowcount)
        number = database.read_now(
            lambda c: c.scalar(sa.select(faqs.c.id).where(faqs.c.document_id == hidden))
        )
    assert reader.get(FAQS, params={"page_url": secret}).json() == {"faqs": []}
    body = {"query_text": SECRET_QUESTION, "faq_id": number}
    refused = [reader.post(PATH, json=body | more) for more in ({}, {"query_text": "x"})]
    assert {answer.text for answer in refused} == {'{"error":"faq not found"}'}
    assert SECRET_WORD in insider.post(PATH, json=body).json()["content"]
    assert SECRET_WORD not in reader.post(PATH, json={**body, "faq_id": None}).text
    assert SECRET_WORD not in json.dumps(ask(reader, SECRET_QUESTION, page_url=secret))


def test_faqs_need_a_page(reader: httpx.Client, stranger: httpx.Client) -> None:
    answer = reader.get(FAQS)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert "page_url" in answer.json()["error"]
    assert reader.get(FAQS, params={"page_url": "x" * 5000}).status_code == 400
    nobody = stranger.get(FAQS, params={"page_url": page("work/equipment.md")})
    assert nobody.status_code == 401 and nobody.json()["error"].startswith("Invalid API key")


# --- functions -----------------------------------------------------------------------------------


def test_a_function_is_named_where_the_documents_do_not_answer(reader: httpx.Client) -> None:
    wrapped = {"type": "function", "function": TRACK}
    told = ask(reader, REFUSED, functions=[wrapped], user_metadata={"_customer": "c-9", "n": 1})
    call = told["function_call"]
    assert (call["name"], json.loads(call["arguments"])) == (
        "track_order",
        {"order": "A-17", "customer": "c-9"},
    )
    assert told["handoff"] is False and told["citations"] == []
    events = reader.post(
        PATH,
        json={"query_text": REFUSED, "functions": [TRACK], "stream": True},
        headers={"Accept": "text/event-stream"},
    ).text
    assert data_of(frames(events)[-1])["function_call"] == {
        "name": "track_order",
        "arguments": '{"order":"A-17"}',
    }


def test_a_person_is_needed_where_nothing_answers(reader: httpx.Client) -> None:
    alone = ask(reader, REFUSED)
    assert (alone["function_call"], alone["handoff"]) == (None, True)
    answered = ask(reader, QUESTION, functions=[{"name": "company_holidays"}])
    assert (answered["function_call"], answered["handoff"]) == (None, False)


@pytest.mark.parametrize(
    ("question", "name", "properties", "arguments"),
    [
        ("Please cancel order 12", "cancel_order", {"id": {"type": "integer"}}, {"id": 12}),
        ("Where is my order 12?", "cancel_order", {"id": {"type": "integer"}}, None),
        ("Cancel orders 12 and 13", "cancelOrder", {"id": {"type": "integer"}}, None),
        ("My order's status, #A-17?", "getOrderStatus", {"id": {"type": "string"}}, {"id": "A-17"}),
        ("Refund order: 9.50", "refund_order", {"id": {"type": ["number", "null"]}}, {"id": 9.5}),
        ("Book a LARGE room", "book_room", {"id": {"enum": ["small", "large"]}}, {"id": "large"}),
        ("Book a small or large room", "book_room", {"id": {"enum": ["small", "large"]}}, None),
        ("Book a room", "book_room", {"id": {"type": "object"}}, None),
        ("Book a room for me", "book_room", {"_x": {}, "id": {}, "who": {}}, {"id": 1, "who": "R"}),
        (
            "Book room 9",
            "book_room",
            {"id": {"type": "string"}, "o": {"type": "string"}},
            {"id": "9"},
        ),
        ("Get it", "get", {"id": {}}, None),
    ],
)
def test_only_what_is_certain_is_an_argument(
    question: str, name: str, properties: dict[str, Any], arguments: dict[str, Any] | None
) -> None:
    parameters = {"properties": properties, "required": ["id"]}
    function = Function.model_validate({"name": name, "parameters": parameters})
    known = {"_id": 1, "who": "R"} if "who" in properties else {}
    call = called([function.function()], question, known)
    assert (call.arguments if call else None) == arguments


def test_the_function_with_the_longer_name_is_meant() -> None:
    named = [
        Function(name=name).function() for name in ("cancel_order", "cancel_last_order", "order")
    ]
    call = called(named, "Cancel my last order", {})
    assert call is not None and call.name == "cancel_last_order"


# --- metadata, locale ----------------------------------------------------------------------------


def test_private_metadata_is_not_kept(reader: httpx.Client, data_dir: Path) -> None:
    known = {"plan": "gold", "_token": "quagga", "seats": [1, 2], "": None}
    thread = ask(reader, QUESTION, user_metadata=known, page_url="https://p.example/")["thread_id"]
    with opened(data_dir) as database:
        of_thread = sa.select(messages).join(chats).where(chats.c.number == int(thread))
        kept = database.read_now(lambda c: c.execute(of_thread.order_by("position")).all())
    assert kept[0].details == {
        "page_url": "https://p.example/",
        "user_metadata": {"plan": "gold", "seats": [1, 2], "": None},
    }
    assert "quagga" not in str(kept)


@pytest.mark.parametrize(
    ("locale", "said"), [("de", "Dokumenten"), ("fr-CA", "visibles"), ("en", "could"), (None, "I ")]
)
def test_the_locale_is_that_of_the_answer(
    reader: httpx.Client, locale: str | None, said: str
) -> None:
    told = ask(reader, REFUSED, locale=locale)
    assert told["locale"] == (locale or "en")
    assert said in told["content"]


# --- keys ----------------------------------------------------------------------------------------


def test_keys_are_made_listed_and_revoked(stranger: httpx.Client, data_dir: Path) -> None:
    create = ("token", "create", "shop", "--scopes", "CHAT", "--user", READER)
    rate = ("--rate-limit", "chat=1/d burst 2", "--json")
    made = json.loads(stook(*create, *rate, data_dir=data_dir))
    sent: dict[str, Any] = {
        "headers": {"Authorization": f"Bearer {made['token']}"},
        "json": {"query_text": "Hi"},
    }
    assert [stranger.post(PATH, **sent).status_code for _ in range(3)] == [200, 200, 429]
    listed = stook("token", "list", "--json", data_dir=data_dir)
    own = next(token for token in json.loads(listed) if token["id"] == made["id"])
    assert (own["name"], own["user"], own["scopes"]) == ("shop", READER, ["CHAT"])
    assert own["rate_limits"] == "chat=1/d burst 2" and own["revoked_at"] is None
    assert own["last_used_at"] is not None
    assert made["token"] not in listed
    stook("token", "revoke", made["id"], data_dir=data_dir)
    for answer in (stranger.post(PATH, **sent), stranger.get(FAQS, headers=sent["headers"])):
        assert (answer.status_code, answer.json()) == (401, {"error": "Invalid API key"})
        assert answer.headers["content-type"] == "application/json; charset=UTF-8"
