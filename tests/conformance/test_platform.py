"""Glean's Platform API: the released client, event streams, rules between fields, problems."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from glean.api_client import Glean, errors

from tests.conformance.findings import proves
from tests.dialects.served import FOLLOW_UP, QUESTION, READER, Credentials, Served
from tests.dialects.streaming import frames
from tests.dialects.tracker import OPEN_TICKETS, TRACKER, VAULT, WORD

ASK = "How many vacation days do employees have?"
NAMES = [
    "RESPONSE_CREATED",
    "RESPONSE_PROGRESS",
    "RESPONSE_OUTPUT_TEXT_DELTA",
    "RESPONSE_OUTPUT_TEXT_DONE",
    "RESPONSE_COMPLETED",
]


@pytest.fixture
def glean(served: Served, searchers: dict[str, str], tracker: None) -> Iterator[Glean]:
    with Glean(api_token=searchers[READER], server_url=served.url) as client:
        yield client


@proves("/api/chat", "input")
def test_chat_answers_with_citations(glean: Glean) -> None:
    answer = glean.chat.create(input=ASK)
    assert answer.id.startswith("resp_") and answer.status == "COMPLETED"
    assert answer.store is True and answer.conversation_id and answer.request_id
    (message,) = answer.output
    (content,) = message.content
    assert "27 days" in content.text
    annotations: Any = content.annotations
    for annotation in annotations:
        assert content.text[annotation.start_index : annotation.end_index].strip()
        assert annotation.sources[0].document_id and annotation.sources[0].url
        assert annotation.snippets[0].text


@proves("/api/chat", "conversation_id")
@proves("/api/chats/{chat_id}", "name")
def test_conversation_goes_on_and_is_renamed(glean: Any, asker: httpx.Client) -> None:
    first = glean.chat.create(input=QUESTION)
    second = glean.chat.create(input=FOLLOW_UP, conversation_id=first.conversation_id)
    assert second.conversation_id == first.conversation_id
    renamed = glean.chat.update(chat_id=first.conversation_id, name="  Days   off ")
    assert (renamed.chat.chat_id, renamed.chat.name) == (first.conversation_id, "Days off")
    stored = asker.post("/rest/api/v1/getchat", json={"id": first.conversation_id}).json()
    assert stored["chatResult"]["chat"]["name"] == "Days off"
    assert len(stored["chatResult"]["chat"]["messages"]) == 4


@proves("/api/chat", "store", "input.role", "input.content")
def test_history_that_is_sent_along_is_not_kept(glean: Glean, asker: httpx.Client) -> None:
    first = glean.chat.create(input=QUESTION, store=False)
    before = asker.post("/rest/api/v1/listchats").json()["chatResults"]
    history: Any = [
        {"role": "USER", "content": QUESTION},
        {"role": "ASSISTANT", "content": first.output[0].content[0].text},
        {"role": "USER", "content": FOLLOW_UP},
    ]
    answer = glean.chat.create(input=history, store=False)
    kept: Any = glean.chat.create(input=QUESTION).conversation_id
    again = glean.chat.create(input=FOLLOW_UP, conversation_id=kept)
    assert answer.output[0].content[0].text == again.output[0].content[0].text
    assert not answer.conversation_id and answer.store is False
    after = asker.post("/rest/api/v1/listchats").json()["chatResults"]
    assert len(after) == len(before) + 1


@proves("/api/chat", "stream")
def test_stream_says_the_same_in_order(glean: Glean) -> None:
    events = list(glean.chat.create_stream(input=ASK))
    names = [event.data.type.value for event in events]
    assert list(dict.fromkeys(names)) == NAMES
    assert [event.id for event in events] == [str(n) for n in range(1, len(events) + 1)]
    deltas = [e.data.delta for e in events if e.data.type.value == NAMES[2]]
    done = events[-1].data.response
    text = done.output[0].content[0].text
    assert "".join(deltas) == events[-2].data.text == text
    assert text == glean.chat.create(input=ASK).output[0].content[0].text
    assert {event.data.response_id for event in events} == {done.id}
    assert done.conversation_id


def test_stream_on_the_wire(asker: httpx.Client) -> None:
    answer = asker.post("/api/chat", json={"input": ASK, "stream": True, "store": False})
    assert answer.headers["content-type"].startswith("text/event-stream")
    for number, block in enumerate(frames(answer.text), 1):
        first, second, third = block.split("\n")
        assert first == f"id: {number}"
        data = json.loads(third.removeprefix("data: "))
        assert second == f"event: {data['type']}"
    assert "conversation_id" not in data["response"]


@proves("/api/search", "query", "page_size", "datasources", "cursor")
def test_search_page_by_page(glean: Glean) -> None:
    urls: list[str] = []
    cursor = None
    while True:
        page = glean.search.query(query=WORD, page_size=4, datasources=[TRACKER], cursor=cursor)
        urls += [result.url for result in page.results]
        cursor = page.next_cursor
        assert page.has_more == (cursor is not None) and page.warnings == []
        if cursor is None:
            break
    assert len(urls) == len(set(urls)) == OPEN_TICKETS


@pytest.mark.parametrize(
    ("query", "filters", "expected"),
    [
        (WORD, [{"field": "type", "values": ["check", "pdf"]}], {4, 6, 7, 8, 9}),
        (
            WORD,
            [{"field": "type", "values": ["check", "ticket"], "operator": "NOT_EQUALS"}],
            {4, 5},
        ),
        (WORD, [{"field": "author", "values": ["me"]}], {1, 2}),
        (WORD, [{"field": "points", "values": ["3"], "operator": "GTE"}], {1, 3}),
        (WORD, [{"field": "points", "values": ["3"], "operator": "LTE"}], {2, 3}),
        (
            WORD,
            [{"field": "severity", "values": ["low"]}, {"field": "labels", "values": ["noise"]}],
            {2},
        ),
        (f"{WORD} type:pdf", [{"field": "type", "values": ["check"]}], set()),
        (f"{WORD} from:me type:ticket", None, {1, 2, 3}),
    ],
)
def test_search_filters(glean: Glean, query: str, filters: Any, expected: set[int]) -> None:
    found = glean.search.query(query=query, page_size=100, datasources=[TRACKER], filters=filters)
    assert {int(result.url.rpartition("-")[2]) for result in found.results} == expected


@proves("/api/search", "time_range", "time_range.start", "time_range.end")
def test_search_within_a_time(glean: Any, asker: httpx.Client) -> None:
    everything = glean.search.query(query=WORD, page_size=100, datasources=[TRACKER]).results
    times = sorted(result.updated_at for result in everything)
    within = glean.search.query(
        query=WORD,
        page_size=100,
        datasources=[TRACKER],
        time_range={"start": times[0], "end": times[2]},
    )
    assert {result.updated_at for result in within.results} <= set(times[:3])
    assert len(within.results) in (2, 3)  # what is sent back is cut to milliseconds


@proves("/api/search/filters", "datasources", "query")
def test_what_can_be_filtered_by(glean: Glean) -> None:
    fields = glean.search.list_filters().result.datasources
    names = {each.datasource for each in fields}
    assert {"handbook", TRACKER} <= names and not names & {"secrets", VAULT}
    tracker = glean.search.list_filters(datasources=[TRACKER], query=f"{WORD} seal").result
    (only,) = tracker.datasources
    known = {each.field: each for each in only.filters}
    assert known["from"].type == "USER" and known["severity"].type == "STRING"
    assert known["type"].values == ["check", "ticket", "pdf", "spreadsheet"]
    assert set(known["severity"].values) == {"low", "high"}


@proves("/api/agents/search", "name")
@proves("/api/agents/{agent_id}/runs", "messages", "messages.role", "messages.content")
def test_agents(glean: Any) -> None:
    agents = glean.agents.search(name="document").agents
    assert len(agents) >= 3
    (asks,) = [each for each in agents if each.agent_id == "ask-your-documents"]
    agent = glean.agents.get(agent_id=asks.agent_id).agent
    assert agent.capabilities.ap_io_messages
    schemas = glean.agents.get_schemas(agent_id="summarize-a-document")
    assert schemas.input_schema["required"] == ["document"]
    message = {"role": "USER", "content": [{"text": ASK, "type": "text"}]}
    run = glean.agents.create_run(agent_id=asks.agent_id, messages=[message])
    assert run.run.status == "success" and "27 days" in run.messages[0].content[0].text
    with pytest.raises(errors.PlatformProblemDetailError) as error:
        glean.agents.create_run(
            agent_id=asks.agent_id, messages=[message], execution_mode="DURABLE"
        )
    assert error.value.data.code == "invalid_parameter"
    for call in (
        lambda: glean.agents.get(agent_id="absent"),
        lambda: glean.agents.get_run(agent_id=agent.agent_id, run_id="r"),
        lambda: glean.agents.cancel_run(agent_id=agent.agent_id, run_id="r"),
        lambda: glean.agents.respond_to_run(
            agent_id=agent.agent_id,
            run_id="r",
            responses=[{"interaction_id": "i", "decision": "APPROVE"}],
        ),
    ):
        with pytest.raises(errors.PlatformProblemDetailError) as error:
            call()
        assert error.value.data.code == "resource_not_found"


SCHEMA = {"format": {"type": "JSON_SCHEMA", "name": "n", "schema": {}}}
TWO = {"field": "type", "values": ["a"]}


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "pointer"),
    [
        ("/api/chat", b"{", 400, "invalid_request", ""),
        ("/api/chat", [], 400, "invalid_parameter", ""),
        ("/api/chat", {}, 400, "missing_required_field", "/input"),
        ("/api/chat", {"input": ""}, 400, "invalid_parameter", "/input"),
        ("/api/chat", {"input": "  "}, 400, "invalid_request", None),
        ("/api/chat", {"input": 3}, 400, "invalid_parameter", "/input"),
        ("/api/chat", {"input": []}, 400, "invalid_parameter", "/input"),
        (
            "/api/chat",
            {"input": [{"role": "USER"}]},
            400,
            "missing_required_field",
            "/input/0/content",
        ),
        (
            "/api/chat",
            {"input": [{"role": "KING", "content": "x"}]},
            400,
            "invalid_parameter",
            "/input/0/role",
        ),
        (
            "/api/chat",
            {"input": [{"role": "ASSISTANT", "content": "x"}]},
            400,
            "invalid_parameter",
            "/input/0/role",
        ),
        ("/api/chat", {"input": "x", "novel": 1}, 400, "invalid_parameter", "/novel"),
        ("/api/chat", {"input": "x", "stream": "yes"}, 400, "invalid_parameter", "/stream"),
        (
            "/api/chat",
            {"input": "x", "store": False, "conversation_id": "c"},
            400,
            "invalid_parameter",
            "/conversation_id",
        ),
        (
            "/api/chat",
            {"input": [{"role": "USER", "content": "x"}], "conversation_id": "c"},
            400,
            "invalid_parameter",
            "/conversation_id",
        ),
        (
            "/api/chat",
            {"input": "x", "conversation_id": ""},
            400,
            "invalid_parameter",
            "/conversation_id",
        ),
        ("/api/chat", {"input": "x", "conversation_id": "absent"}, 404, "resource_not_found", None),
        (
            "/api/chat",
            {"input": "x", "conversation_id": "absent", "stream": True},
            404,
            "resource_not_found",
            None,
        ),
        (
            "/api/chat",
            {"input": "x", "text": {"format": {"type": "XML"}}},
            400,
            "invalid_parameter",
            "/text/format/type",
        ),
        (
            "/api/chat",
            {"input": "x", "text": {"format": {"type": "JSON_SCHEMA"}}},
            400,
            "missing_required_field",
            "/text/format/name",
        ),
        ("/api/chat", {"input": "x", "text": SCHEMA}, 422, "unprocessable_query", None),
        ("/api/chat", {"input": "x" * 20_001}, 400, "invalid_request", None),
        ("/api/search", {}, 400, "missing_required_field", "/query"),
        ("/api/search", {"query": ""}, 400, "invalid_parameter", "/query"),
        ("/api/search", {"query": "x", "page_size": 0}, 400, "invalid_parameter", "/page_size"),
        ("/api/search", {"query": "x", "page_size": 101}, 400, "invalid_parameter", "/page_size"),
        ("/api/search", {"query": "x", "cursor": "zz"}, 400, "invalid_cursor", None),
        (
            "/api/search",
            {"query": "x", "datasources": []},
            400,
            "invalid_parameter",
            "/datasources",
        ),
        (
            "/api/search",
            {"query": "x", "datasources": ["absent"]},
            400,
            "invalid_datasource",
            "/datasources/0",
        ),
        (
            "/api/search",
            {"query": "x", "filters": [{"field": "type"}]},
            400,
            "missing_required_field",
            "/filters/0/values",
        ),
        (
            "/api/search",
            {"query": "x", "filters": [{"field": "type", "values": []}]},
            400,
            "invalid_filter",
            "/filters/0/values",
        ),
        ("/api/search", {"query": "x", "filters": [TWO, TWO]}, 400, "invalid_filter", "/filters/0"),
        (
            "/api/search",
            {"query": "x", "filters": [TWO | {"operator": "GT"}]},
            400,
            "invalid_filter",
            "/filters/0/operator",
        ),
        (
            "/api/search",
            {"query": "x", "filters": [{"field": "p", "values": ["1", "2"], "operator": "GT"}]},
            400,
            "invalid_filter",
            "/filters/0/values",
        ),
        (
            "/api/search",
            {"query": "x", "time_range": {"start": "yesterday"}},
            400,
            "invalid_parameter",
            "/time_range/start",
        ),
        ("/api/search", {"query": "x updated:sometime"}, 422, "unprocessable_query", "/query"),
        ("/api/agents/search", {"nome": "x"}, 400, "invalid_parameter", "/nome"),
        ("/api/agents/absent/runs", {}, 404, "resource_not_found", None),
        ("/api/agents/ask-your-documents/runs", {}, 400, "invalid_request", None),
        (
            "/api/agents/ask-your-documents/runs",
            {"messages": []},
            400,
            "invalid_parameter",
            "/messages",
        ),
        (
            "/api/agents/ask-your-documents/cancellations",
            {},
            400,
            "missing_required_field",
            "/run_id",
        ),
        (
            "/api/agents/ask-your-documents/responses",
            {"run_id": "r", "responses": []},
            400,
            "invalid_parameter",
            "/responses",
        ),
    ],
)
def test_problems(
    asker: httpx.Client, path: str, body: Any, status: int, code: str, pointer: str | None
) -> None:
    raw = {"content": body} if isinstance(body, bytes) else {"json": body}
    check(asker.post(path, **raw), status, code, pointer)


def check(answer: httpx.Response, status: int, code: str, pointer: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code), body
    assert body["type"] == "https://developers.glean.com/errors/" + code.replace("_", "-")
    assert body["title"] and body["detail"]
    assert body["request_id"] == "req_" + answer.headers["x-request-id"][:12]
    if pointer is not None:
        assert body["errors"][0]["pointer"] == pointer
        assert body["errors"][0]["code"] == code


def test_problems_of_the_way_there(
    asker: httpx.Client, stranger: httpx.Client, served: Served, people: Credentials
) -> None:
    check(stranger.post("/api/chat", json={"input": "x"}), 401, "authentication_required")
    with served.client(people.unscoped) as client:
        check(client.post("/api/chat", json={"input": "x"}), 403, "insufficient_permissions")
    check(asker.get("/api/chat"), 405, "method_not_allowed")
    check(asker.get("/api/chatter"), 404, "resource_not_found")
    check(asker.patch("/api/chats/absent", json={"name": "x"}), 404, "resource_not_found")
    check(asker.patch("/api/chats/absent", json={}), 400, "missing_required_field", "/name")
    huge = b'{"input":"' + b"x" * (17 * 1024 * 1024)
    check(asker.post("/api/chat", content=huge), 413, "request_too_large")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"query": "x"}, "invalid_parameter"),
        ({"query": " ", "datasources": [TRACKER]}, "invalid_parameter"),
        ({"datasources": ["absent"]}, "invalid_datasource"),
    ],
)
def test_problems_of_the_filters(asker: httpx.Client, params: dict[str, Any], code: str) -> None:
    check(asker.get("/api/search/filters", params=params), 400, code)


def test_somebody_elses_conversation_does_not_exist(
    asker: httpx.Client, knower: httpx.Client
) -> None:
    theirs = knower.post("/api/chat", json={"input": ASK}).json()["conversation_id"]
    body = {"input": ASK, "conversation_id": theirs}
    check(asker.post("/api/chat", json=body), 404, "resource_not_found")
    check(asker.patch(f"/api/chats/{theirs}", json={"name": "x"}), 404, "resource_not_found")
