"""Requests as released programs send them, and what those programs expect."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from stook.identity import indexing_tokens
from stook.identity.indexing_tokens import Limits
from stook.understanding import locales
from stook.understanding.languages.base import Faults
from tests.dialects.served import READER, Credentials, Served, opened
from tests.dialects.streaming import chat_lines

API = "/rest/api/v1"
DAYS = "How many days of vacation do I get?"
ABSENT = "Who won the chess world cup of 1931?"
STREAMS = ("X-Accel-Buffering", "Cache-Control")


@pytest.fixture(scope="module")
def everything(served: Served, searchers: dict[str, str]) -> Iterator[httpx.Client]:
    """The reader, by a token with all scopes that a person may have."""
    with served.client(searchers[READER]) as client:
        yield client


def user(text: str, **more: Any) -> dict[str, Any]:
    return {"author": "USER", "fragments": [{"text": text}], **more}


def chat(client: httpx.Client, *messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = client.post(f"{API}/chat", json={"messages": list(messages), **more})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def lines_of(client: httpx.Client, **more: Any) -> list[dict[str, Any]]:
    body = {"messages": [user(DAYS)], "stream": True, **more}
    return chat_lines(client.post(f"{API}/chat", json=body).text)


# --- chats -------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{}, {"saveChat": False}, {"saveChat": None}])
def test_what_is_not_saved_has_no_id_to_go_on_with(
    reader: httpx.Client, more: dict[str, Any]
) -> None:
    assert "chatId" not in chat(reader, user(DAYS), **more)
    assert not any("chatId" in line for line in lines_of(reader, **more))


def test_what_is_saved_has_an_id_that_works(reader: httpx.Client) -> None:
    ids = {line["chatId"] for line in lines_of(reader, saveChat=True)}
    assert len(ids) == 1
    assert chat(reader, user("And for contractors?"), chatId=ids.pop())["chatId"]


def test_null_is_absent(reader: httpx.Client) -> None:
    bare = {"fragments": [{"text": DAYS}], "author": None, "messageType": None, "ts": None}
    assert chat(reader, bare)["messages"][-1]["citations"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/rest/api/v1/chat/", {"messages": [{"fragments": [{"text": DAYS}]}]}),
        ("/rest/api/v1/listchats/", {}),
        ("/api/v1/send_message/", {"query_text": DAYS}),
    ],
)
def test_a_path_with_a_slash_at_its_end_is_the_path(
    reader: httpx.Client, path: str, body: dict[str, Any]
) -> None:
    answer = reader.post(path, json=body)
    assert answer.status_code == 200 and answer.json()


def test_every_message_names_its_step(reader: httpx.Client) -> None:
    """A released bridge shows the messages whose steps are called search or respond."""
    steps = [message["stepId"] for message in chat(reader, user(DAYS))["messages"]]
    assert steps == ["search", "read", "respond"]
    streamed = [line["messages"][0]["stepId"] for line in lines_of(reader)]
    assert streamed[:2] == ["search", "read"] and set(streamed[2:]) == {"respond"}


# --- messages in either order ------------------------------------------------------------------


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_question_its_answer_and_another_question(
    reader: httpx.Client, newest_first: bool
) -> None:
    first, second = "How many days of vacation do I get?", "What are the core hours?"
    said: list[dict[str, Any]] = [user(first)]
    answer = chat(reader, *said)["messages"][-1]
    said += [
        {"author": "GLEAN_AI", "fragments": [{"text": answer["fragments"][0]["text"]}]},
        user(second),
    ]
    searched = chat(reader, *(said[::-1] if newest_first else said))["messages"][0]
    assert searched["fragments"][1]["querySuggestion"]["query"] == second


# --- streams -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "accept"),
    [
        (f"{API}/chat", {"messages": [user(DAYS)], "stream": True}, "*/*"),
        (f"{API}/agents/runs/stream", {"agent_id": "ask-your-documents", "input": {"q": DAYS}},
         "text/event-stream"),
        ("/api/chat", {"input": DAYS, "stream": True, "store": False}, "*/*"),
        ("/api/agents/ask-your-documents/runs", {"input": {"question": DAYS}, "stream": True},
         "*/*"),
        ("/api/v1/send_message", {"query_text": DAYS, "stream": True}, "text/event-stream"),
        ("/ai/v1/message", {"query": DAYS, "stream": True}, "*/*"),
        ("/ai/v1/chat/completions",
         {"messages": [{"role": "user", "content": DAYS}], "stream": True}, "*/*"),
        ("/ai/v2/responses", {"input": DAYS, "stream": True}, "*/*"),
    ],
)  # fmt: skip
def test_no_proxy_holds_a_stream_back(
    everything: httpx.Client, path: str, body: dict[str, Any], accept: str
) -> None:
    answer = everything.post(path, json=body, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    assert [answer.headers.get(name) for name in STREAMS] == ["no", "no-store, no-transform"]


def test_a_whole_answer_is_no_stream(reader: httpx.Client) -> None:
    answer = reader.post(f"{API}/chat", json={"messages": [user(DAYS)]})
    assert STREAMS[0] not in answer.headers


# --- agents ------------------------------------------------------------------------------------


def run(client: httpx.Client, agent: str, query: str = "", **more: Any) -> httpx.Response:
    return client.post(f"{API}/agents/runs/wait{query}", json={"agent_id": agent, **more})


@pytest.mark.parametrize("name", ["input", "question", "Question", "text", "Was möchten Sie?"])
def test_an_agent_takes_the_one_text_that_is_sent(everything: httpx.Client, name: str) -> None:
    answer = run(everything, "ask-your-documents", input={name: DAYS})
    assert answer.status_code == 200, answer.text
    [block] = answer.json()["messages"][-1]["content"]
    assert block["annotations"]
    found = run(everything, "search-your-documents", input={name: "vacation", "limit": 3})
    assert "](" in found.json()["messages"][-1]["content"][0]["text"]
    platform = "/api/agents/ask-your-documents/runs"
    assert everything.post(platform, json={"input": {name: DAYS}}).status_code == 200


def test_two_texts_are_not_guessed_between(everything: httpx.Client) -> None:
    answer = run(everything, "ask-your-documents", input={"a": DAYS, "b": "x"})
    assert answer.status_code == 400 and "input.question" in answer.text


# --- languages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("by_header", [True, False])
def test_the_language_is_read_wherever_it_is_named(
    everything: httpx.Client, by_header: bool
) -> None:
    query, headers = (
        ("", {"Accept-Language": "de-AT,en;q=0.5"}) if by_header else ("?locale=de", {})
    )

    def post(path: str, **body: Any) -> str:
        return everything.post(f"{API}/{path}{query}", json=body, headers=headers).text

    refused = "habe ich dazu keine Antwort gefunden"
    assert refused in post("chat", messages=[user(ABSENT)])
    ask = {"agent_id": "ask-your-documents", "input": {"question": ABSENT}}
    assert refused in post("agents/runs/wait", **ask)
    assert refused in post("agents/runs/stream", **ask)
    assert "gibt es nicht" in post("getdocuments", documentSpecs=[{"id": "no-such"}])
    assert "niemanden namens" in post("people", emailIds=["nobody@nowhere.example"])


@pytest.fixture(scope="module")
def routes(everything: httpx.Client) -> list[tuple[str, str]]:
    """The method and path of every call of Glean's Client API."""
    paths = everything.get("/openapi.json").json()["paths"]
    return [
        (method, path.replace("{", "").replace("}", ""))
        for path, methods in paths.items()
        for method in methods
        if path.startswith(f"{API}/") and method != "head"
    ]


def test_every_call_tells_errors_in_the_language(
    everything: httpx.Client, routes: list[tuple[str, str]]
) -> None:
    assert len(routes) > 30
    for method, path in routes:
        stranger = {"Authorization": "Bearer none"}
        refused = everything.request(method, path, params={"locale": "de"}, headers=stranger)
        assert refused.status_code == 401, path
        assert "gültige Zugangsdaten nötig" in refused.text, path
        spoken = {"Accept-Language": "es-MX,es;q=0.9"}
        if path.endswith("deleteallchats"):  # which takes no body
            continue
        broken = everything.request(method, path, headers=spoken, content=b"{")
        if broken.status_code == 400:
            assert "No se entiende esta solicitud. (" in broken.text, path


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("getchat", {"id": "no-such"}, 404, "Cela n’existe pas, ou vous ne pouvez pas le voir."),
        ("no-such-call", {}, 404, "Il n’y a rien à cette adresse ; GET /"),
        ("agents/runs/wait", {"agent_id": "no-such"}, 404, "Cela n’existe pas"),
        ("search", {"query": "x" * 30_000}, 400, "Cette demande n’est pas compréhensible. ("),
        ("search", {"query": "hi", "timeoutMillis": 1}, 408, "La réponse n’était pas prête à"),
        ("chat", {"messages": []}, 400, "Cette demande n’est pas compréhensible. ("),
        ("chat", {"messages": [], "chatId": "no"}, 404, "Cela n’existe pas"),
        ("tools/call", {"name": "no", "parameters": {}}, 404, "ou vous ne pouvez pas le voir. ("),
    ],
)  # fmt: skip
def test_each_kind_of_error_is_told_in_the_language(
    everything: httpx.Client, path: str, body: dict[str, Any], status: int, said: str
) -> None:
    answer = everything.post(f"{API}/{path}?locale=fr-CA", json=body)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    english = everything.post(f"{API}/{path}?locale=xx", json=body).text
    assert "Cela" not in english and "demande" not in english


def test_a_wrong_method_and_a_missing_scope_are_told_in_the_language(
    everything: httpx.Client, reader: httpx.Client
) -> None:
    assert "kennt diese Methode nicht" in everything.get(f"{API}/chat?locale=de").text
    told = reader.post(f"{API}/search?locale=de", json={"query": "x"})
    assert told.status_code == 403 and "--scopes SEARCH angelegt" in told.text


@pytest.mark.parametrize("language", ["de-AT", "es", "fr_FR", "it", "ja", "nl", "pt-BR"])
def test_sentences_are_in_the_language(language: str) -> None:
    for said in (locales.nothing_found, locales.no_sentences, locales.no_document):
        assert said(language) not in ("", said("en"))
    assert "Åsa {}" in locales.nobody(language, "Åsa {}")
    kinds = [field.name for field in dataclasses.fields(Faults)]
    faults = {kind: locales.fault(language, kind, "CHAT") for kind in kinds}
    assert len(set(faults.values())) == len(kinds) and None not in faults.values()
    assert "CHAT" in str(faults["missing_scope"])


# --- documents and search ----------------------------------------------------------------------


def test_an_unknown_document_is_an_error_of_its_entry(everything: httpx.Client) -> None:
    specs = [{"id": "no-such"}, {"url": "https://nowhere.example/x"}]
    answer = everything.post(f"{API}/getdocuments", json={"documentSpecs": specs})
    assert answer.status_code == 200
    held = answer.json()["documents"]
    assert set(held) == {"no-such", "https://nowhere.example/x"}
    assert all(set(each) == {"error"} and each["error"] for each in held.values())


@pytest.mark.parametrize("path", ["search", "adminsearch"])
def test_search_refuses_in_json(
    served: Served, people: Credentials, stranger: httpx.Client, path: str
) -> None:
    with served.client(people.unscoped) as unscoped:
        for client, status in ((stranger, 401), (unscoped, 403)):
            answer = client.post(f"{API}/{path}", json={"query": "x"})
            assert answer.status_code == status
            assert answer.headers["content-type"].startswith("application/json")
            [message] = answer.json()["errorMessages"]
            assert message["errorMessage"]
    assert stranger.post(f"{API}/{path}", json={}).headers["www-authenticate"] == "Bearer"


# --- people ------------------------------------------------------------------------------------

STAFF: list[dict[str, Any]] = [
    {"email": "priya@staff.example", "firstName": "Priya", "lastName": "Raman",
     "department": "Hydrology", "title": "Principal Flow Engineer", "location": "Porto",
     "managerEmail": "otto@staff.example", "type": "CONTRACTOR", "preferredName": "Pri"},
    {"email": "otto@staff.example", "firstName": "Otto", "lastName": "van Dam",
     "department": "Hydrology", "title": "Director of Hydrology", "id": "77",
     "structuredLocation": {"city": "Delft", "country": "Netherlands"}},
    {"email": "mei@staff.example", "firstName": "Mei", "lastName": "Ling",
     "department": "Payroll", "title": "Accountant", "managerId": "77"},
]  # fmt: skip


@pytest.fixture(scope="module")
def staff(served: Served, data_dir: Path) -> None:
    with opened(data_dir) as database:
        token = database.write_now(indexing_tokens.create, "staff", Limits()).secret
    with served.client(token) as client:
        for employee in STAFF:
            pushed = client.post("/api/index/v1/indexemployee", json={"employee": employee})
            assert pushed.status_code == 200, pushed.text


def entities(client: httpx.Client, query: str = "", **filters: Any) -> list[str]:
    given = [
        {"fieldName": name, "values": [{"value": value, "relationType": "EQUALS"}]}
        for name, value in filters.items()
    ]
    body = {"entityType": "PEOPLE", "query": query, "filter": given}
    answer = client.post(f"{API}/listentities", json=body)
    assert answer.status_code == 200, answer.text
    return [person["metadata"]["email"].partition("@")[0] for person in answer.json()["results"]]


def test_people_are_kept_as_they_were_pushed(everything: httpx.Client, staff: None) -> None:
    emails = [employee["email"] for employee in STAFF]
    found = everything.post(f"{API}/people", json={"emailIds": emails}).json()["results"]
    by_email = {person["metadata"]["email"]: person["metadata"] for person in found}
    priya, otto, mei = (by_email[email] for email in emails)
    for name in ("firstName", "lastName", "department", "title", "location", "type"):
        assert priya[name] == STAFF[0][name]
    assert priya["manager"]["metadata"]["email"] == otto["email"]
    assert mei["manager"]["name"] == "Otto van Dam"
    assert otto["location"] == "Delft, Netherlands" and otto["lastName"] == "van Dam"


@pytest.mark.parametrize(
    ("query", "filters", "expected"),
    [
        ("flow engineer", {}, ["priya"]),
        ("hydrology", {}, ["otto", "priya"]),
        ("DELFT", {}, ["otto"]),
        ("raman porto", {}, ["priya"]),
        ("staff.example", {"department": "payroll"}, ["mei"]),
        ("", {"department": "Hydrology", "first_name": "Pri"}, ["priya"]),
        ("", {"firstName": "Otto"}, ["otto"]),
        ("", {"last_name": "van dam"}, ["otto"]),
        ("", {"title": "accountant"}, ["mei"]),
        ("", {"location": "Netherlands"}, ["otto"]),
        ("", {"manager": "otto@staff.example"}, ["priya"]),
        ("", {"manager": "Otto van Dam"}, ["mei", "priya"]),
        ("", {"department": "Hydro"}, []),
    ],
)  # fmt: skip
def test_people_are_found_by_what_was_pushed(
    everything: httpx.Client,
    staff: None,
    query: str,
    filters: dict[str, str],
    expected: list[str],
) -> None:
    assert sorted(entities(everything, query, **filters)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("priya raman porto", ["priya"]),
        ('reportsto:"Otto van Dam"', ["mei", "priya"]),
        ("reportsto:otto@staff.example department:Hydrology", ["priya"]),
        ("Porto title:accountant", []),
    ],
)
def test_people_are_found_by_a_tool(
    everything: httpx.Client, staff: None, query: str, expected: list[str]
) -> None:
    call = {"name": "Employee Search", "parameters": {"query": {"name": "query", "value": query}}}
    answer = everything.post(f"{API}/tools/call", json=call)
    assert answer.status_code == 200, answer.text
    found = [person["metadata"]["email"] for person in answer.json()["rawResponse"]["results"]]
    assert sorted(email.partition("@")[0] for email in found) == expected


@pytest.mark.parametrize("name", ["shoe_size", "", None, "departments"])
def test_a_filter_of_people_that_is_not_known_is_refused(
    everything: httpx.Client, name: str | None
) -> None:
    body = {"filter": [{"fieldName": name, "values": [{"value": "x"}]}]}
    answer = everything.post(f"{API}/listentities", json=body)
    assert answer.status_code == 400 and "department" in answer.text


# --- where answers end -------------------------------------------------------------------------

COMPLETIONS = ("/ai/v1/chat/completions", "/ai/v2/chat/completions")


def completed(client: httpx.Client, path: str, **more: Any) -> dict[str, Any]:
    model = {} if "/v1/" in path else {"auto_routing": True}
    body = {"messages": [{"role": "user", "content": DAYS}], **model, **more}
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    choice: dict[str, Any] = answer.json()["choices"][0]
    return choice


@pytest.mark.parametrize("path", COMPLETIONS)
def test_a_cut_completion_says_so(reader: httpx.Client, path: str) -> None:
    whole = completed(reader, path)
    assert whole["finish_reason"] == "stop"
    assert completed(reader, path, max_tokens=5000)["finish_reason"] == "stop"
    cut = completed(reader, path, max_tokens=10)
    assert cut["finish_reason"] == "length"
    assert len(cut["message"]["content"]) <= 40 < len(whole["message"]["content"])


def test_a_cut_stream_and_a_cut_response_say_so(reader: httpx.Client) -> None:
    body = {"messages": [{"role": "user", "content": DAYS}], "stream": True, "max_tokens": 10}
    streamed = reader.post(COMPLETIONS[0], json=body).text
    assert '"finish_reason":"length"' in streamed
    response = reader.post("/ai/v2/responses", json={"input": DAYS, "max_output_tokens": 10}).json()
    assert response["status"] == "incomplete"
    assert response["incomplete_details"] == {"reason": "max_output_tokens"}


@pytest.mark.parametrize("path", COMPLETIONS)
@pytest.mark.parametrize(
    "stop", [["days"], "days", ["nowhere", "27 d", "days"], ["\u2603", "days"]]
)
def test_stop_sequences_end_the_answer(reader: httpx.Client, path: str, stop: Any) -> None:
    whole = completed(reader, path)["message"]["content"]
    choice = completed(reader, path, stop=stop)
    given = [stop] if isinstance(stop, str) else stop
    first = min(whole.index(each) for each in given if each in whole)
    assert (choice["message"]["content"], choice["finish_reason"]) == (whole[:first], "stop")


@pytest.mark.parametrize("stop", [None, [], ["\u2603"]])
def test_no_sequence_ends_nothing(reader: httpx.Client, stop: Any) -> None:
    assert completed(reader, COMPLETIONS[0], stop=stop) == completed(reader, COMPLETIONS[0])


@pytest.mark.parametrize("stop", [[""], ["a"] * 5, [1], "x" * 101])
def test_stop_sequences_have_bounds(reader: httpx.Client, stop: Any) -> None:
    body = {"messages": [{"role": "user", "content": DAYS}], "stop": stop}
    assert reader.post(COMPLETIONS[0], json=body).status_code in (400, 422)
