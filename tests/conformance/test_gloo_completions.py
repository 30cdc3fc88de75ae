"""Gloo's completions, through OpenAI's released client and over plain HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import openai
import pytest

from tests.conformance.findings import of_each, proves
from tests.dialects.gloo import frames_of
from tests.dialects.served import (
    FOLLOW_UP,
    PATIENCE,
    QUESTION,
    SECRET_QUESTION,
    SECRET_WORD,
    Credentials,
    Served,
)

V1, V2 = "/ai/v1/chat/completions", "/ai/v2/chat/completions"
GROUNDED = f"{V2}/grounded"
RESPONSES = ("/ai/v1/responses", "/ai/v2/responses")
MODEL = "stook-extractive"
YEAR, MONTH = str(date.today().year), f"{date.today():%B}"
Json = dict[str, Any]


ROUTED, ALL = (V2, GROUNDED), (V1, V2, GROUNDED)


def asking(question: str = QUESTION, **more: object) -> Json:
    return {"messages": [{"role": "user", "content": question}], **more}


def completed(client: httpx.Client, path: str, body: Json) -> Json:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def text_of(completion: Json) -> str:
    return str(completion["choices"][0]["message"]["content"])


@pytest.fixture(params=["v1", "v2"])
def client(
    request: pytest.FixtureRequest, served: Served, people: Credentials
) -> Iterator[openai.OpenAI]:
    address = f"{served.url}/ai/{request.param}"
    with openai.OpenAI(
        api_key=people.reader, base_url=address, timeout=PATIENCE, max_retries=0
    ) as made:
        yield made


def test_openais_client_gets_an_answer(client: openai.OpenAI) -> None:
    found = client.chat.completions.create(
        model="gloo-anthropic-claude-sonnet-4.5",
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
        ],
        temperature=0.2,
    )
    (choice,) = found.choices
    assert (choice.message.role, choice.finish_reason) == ("assistant", "stop")
    assert YEAR in (choice.message.content or "")
    assert (found.object, found.model) == ("chat.completion", MODEL)
    assert found.usage is not None
    assert found.usage.prompt_tokens > 5 and found.usage.completion_tokens > 5
    assert found.usage.total_tokens == found.usage.prompt_tokens + found.usage.completion_tokens


CONTEXT = "You are a desk bot.\nContext: A lost Quillon card costs 12 euro at the Quillon desk."


def test_a_system_message_may_hold_what_is_answered_from(client: openai.OpenAI) -> None:
    question = "How much does a lost Quillon card cost?"
    completion = client.chat.completions.create(
        model="gloo-anthropic-claude-sonnet-4.5",
        messages=[{"role": "system", "content": CONTEXT}, {"role": "user", "content": question}],
    )
    response = client.responses.create(model=MODEL, instructions=CONTEXT, input=question)
    for text in (completion.choices[0].message.content, response.output_text):
        assert "12 euro" in str(text)


def test_a_stream_says_the_same(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": QUESTION}]
    )
    chunks = list(
        client.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": QUESTION}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    choices = [chunk.choices[0] for chunk in chunks if chunk.choices]
    text = "".join(choice.delta.content or "" for choice in choices)
    assert text == whole.choices[0].message.content
    assert choices[0].delta.role == "assistant"
    assert [choice.finish_reason for choice in choices][-2:] == [None, "stop"]
    assert chunks[-1].usage == whole.usage
    assert len({chunk.id for chunk in chunks}) == 1


def test_the_conversation_counts(client: openai.OpenAI) -> None:
    found = client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": "There are several."},
            {"role": "user", "content": FOLLOW_UP},
        ],
    )
    assert MONTH in (found.choices[0].message.content or "")


def test_errors_reach_openais_client(client: openai.OpenAI) -> None:
    tool: Any = {"type": "function", "function": {"name": "f", "parameters": {}}}
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": QUESTION}], tools=[tool]
        )
    assert "no tool is called" in caught.value.response.json()["detail"]
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="sk_nothing").chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": QUESTION}]
        )


@of_each(ALL, "messages", "model", "stream")
def test_a_question_is_answered_at_once_or_piece_by_piece(reader: httpx.Client, path: str) -> None:
    whole = completed(reader, path, asking(model=MODEL))
    assert YEAR in text_of(whole) and whole["model"] == MODEL
    answer = reader.post(path, json=asking(model=MODEL, stream=True))
    assert answer.headers["content-type"].startswith("text/event-stream")
    frames = [frame for frame in frames_of(answer.text) if frame != "[DONE]"]
    deltas = [choice["delta"] for frame in frames for choice in frame["choices"]]
    assert "".join(delta.get("content", "") for delta in deltas) == text_of(whole)


@of_each(ALL, "tools", "tool_choice")
def test_tools_are_refused_unless_they_may_not_be_called(reader: httpx.Client, path: str) -> None:
    body = asking(model=MODEL, tools=[{"type": "function"}])
    assert YEAR in text_of(completed(reader, path, body | {"tool_choice": "none"}))
    for choice in ({}, {"tool_choice": "auto"}, {"tool_choice": "required"}):
        refused = reader.post(path, json=body | choice)
        assert refused.status_code == 400 and "no tool is called" in refused.json()["detail"]


@proves(GROUNDED, "stream_options")
def test_a_stream_counts_tokens_if_asked(reader: httpx.Client) -> None:
    body = asking(model=MODEL, stream=True)
    counted = body | {"stream_options": {"include_usage": True}}
    assert "usage" not in reader.post(GROUNDED, json=body).text
    assert frames_of(reader.post(GROUNDED, json=counted).text)[-1]["usage"]["prompt_tokens"] > 5


def test_only_version_1_says_that_it_is_done(reader: httpx.Client) -> None:
    for path, body, last in (
        (V1, asking(stream=True), "[DONE]"),
        (V2, asking(stream=True, auto_routing=True), None),
    ):
        answer = reader.post(path, json=body)
        assert answer.headers["content-type"].startswith("text/event-stream")
        frames = frames_of(answer.text)
        assert (frames[-1] == "[DONE]") is (last is not None)
    assert frames[-1]["routing_mechanism"] == "auto_routing"


def test_completions_are_not_kept_as_chats(reader: httpx.Client) -> None:
    before = reader.get("/ai/v1/chats").json()
    completed(reader, V2, asking(model=MODEL))
    assert reader.get("/ai/v1/chats").json() == before


ROUTES = [
    ({"auto_routing": True}, "auto_routing"),
    ({"model": "x", "auto_routing": False}, "direct_model_selection"),
    ({"model_family": "open source"}, "model_family"),
    ({"model_family": "openai", "auto_routing": False, "tradition": "catholic"}, "model_family"),
    ({"model": "x", "tradition": "not_faith_specific"}, "direct_model_selection"),
]


@pytest.mark.parametrize(("route", "mechanism"), ROUTES)
@pytest.mark.parametrize("path", ROUTED)
def test_the_answer_tells_how_its_model_was_found(
    reader: httpx.Client, path: str, route: Json, mechanism: str
) -> None:
    found = completed(reader, path, asking(**route))
    assert found["routing_mechanism"] == mechanism
    assert found["auto_routing"] is (mechanism == "auto_routing")
    assert ("routing_tier" in found) is (mechanism != "direct_model_selection")
    assert found.get("tradition") == route.get("tradition")
    assert (found["model"], found["provider"], found["model_family"]) == (MODEL, "Stook", "Stook")


NO_ROUTE: list[dict[str, Any]] = [
    {},
    {"auto_routing": False},
    {"auto_routing": True, "model": "x"},
    {"auto_routing": True, "model_family": "google"},
    {"model": "x", "model_family": "google"},
    {"auto_routing": True, "tradition": "not_faith_specific"},
]


@of_each(ROUTED, "auto_routing", "model_family", "tradition")
def test_there_is_one_way_to_find_a_model(reader: httpx.Client, path: str) -> None:
    for route in NO_ROUTE:
        answer = reader.post(path, json=asking(**route))
        assert answer.status_code == 422, route
        assert isinstance(answer.json()["detail"], str)


WRONG_VALUES = [
    {"temperature": 2.1},
    {"temperature": -1},
    {"max_tokens": 0},
    {"n": 2},
    {"top_p": 2},
    {"messages": "x"},
    {"messages": [{"role": "king", "content": "x"}]},
    {"stream": "yes"},
]


@pytest.mark.parametrize("wrong", WRONG_VALUES, ids=repr)
@pytest.mark.parametrize("path", ALL)
def test_values_out_of_range(reader: httpx.Client, path: str, wrong: Json) -> None:
    answer = reader.post(path, json=asking(auto_routing=True) | wrong)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][:2] == ["body", next(iter(wrong))]


@pytest.mark.parametrize(
    "wrong", [{"sources_limit": 0}, {"sources_limit": 11}, {"tradition": "x"}, {"model_family": 1}]
)
def test_values_out_of_range_for_grounded(reader: httpx.Client, wrong: Json) -> None:
    assert reader.post(GROUNDED, json=asking(model="x") | wrong).status_code == 422


REFUSED = [
    {"messages": []},
    {"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]},
    {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
    {"messages": [{"role": "user", "content": "  "}]},
    {"response_format": {"type": "json_object"}},
]


@pytest.mark.parametrize("wrong", REFUSED, ids=repr)
def test_what_cannot_be_done_is_refused(reader: httpx.Client, wrong: Json) -> None:
    for path in (V1, V2, GROUNDED):
        answer = reader.post(path, json=asking(auto_routing=True) | wrong)
        assert answer.status_code == 400, answer.text
        assert isinstance(answer.json()["detail"], str)
    error = answer.json()["error"]
    assert set(error) == {"code", "name", "message", "retryable", "trace_id"}
    assert (error["code"], error["name"], error["retryable"]) == (1000, "INVALID_REQUEST", False)
    assert error["trace_id"] == answer.headers["x-request-id"]


def test_version_2_tells_other_errors_as_gloo_does(
    reader: httpx.Client, stranger: httpx.Client
) -> None:
    assert stranger.post(V2, json=asking(model="x")).json()["error"] == "Missing Authorization"
    nowhere = reader.get("/ai/v2/nowhere")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")


@of_each(ALL, "max_tokens")
def test_the_length_is_limited(reader: httpx.Client, path: str) -> None:
    for name in ("max_tokens", "max_completion_tokens"):
        found = completed(reader, path, asking(model=MODEL) | {name: 20})
        assert 0 < len(text_of(found)) <= 80


# --- grounded ----------------------------------------------------------------------------------


@proves(GROUNDED, "include_citations", "sources_limit")
def test_grounded_answers_cite(reader: httpx.Client) -> None:
    found = completed(reader, GROUNDED, asking(model="x", include_citations=True))
    assert found["sources_returned"] is True
    assert YEAR in text_of(found)
    cited = found["citations"]
    assert set(cited[0]) == {
        "item_title", "item_url", "author", "publisher", "publication_date", "snippets",
    }  # fmt: skip
    assert any(each["item_url"].endswith(f"holidays/{YEAR}.md") for each in cited)
    assert all(each["snippets"] and each["publisher"] == "handbook" for each in cited)
    assert len({each["item_url"] for each in cited}) == len(cited) <= 3
    one = completed(reader, GROUNDED, asking(model="x", include_citations=True, sources_limit=1))
    assert len(one["citations"]) == 1


def test_citations_are_told_if_asked_for(reader: httpx.Client) -> None:
    found = completed(reader, GROUNDED, asking(model="x"))
    assert "citations" not in found and found["sources_returned"] is True
    body = asking("Who won the chess cup of Mars?", model="x", include_citations=True)
    nothing = completed(reader, GROUNDED, body)
    assert (nothing["sources_returned"], nothing["citations"]) == (False, [])


def test_citations_come_first_in_a_stream(reader: httpx.Client) -> None:
    whole = completed(reader, GROUNDED, asking(model="x", include_citations=True))
    body = asking(model="x", include_citations=True, stream=True)
    frames = frames_of(reader.post(GROUNDED, json=body).text)
    assert frames[0]["citations"] == whole["citations"]
    assert frames[0]["sources_returned"] is True
    deltas = [choice["delta"] for frame in frames for choice in frame["choices"]]
    assert "".join(delta.get("content", "") for delta in deltas) == text_of(whole)


@proves(GROUNDED, "rag_publisher")
def test_grounded_in_one_publisher(reader: httpx.Client, insider: httpx.Client) -> None:
    def told(publisher: str) -> Json:
        return asking(SECRET_QUESTION, model="x", rag_publisher=publisher)

    assert SECRET_WORD in text_of(completed(insider, GROUNDED, told("Secrets")))
    assert SECRET_WORD in text_of(completed(insider, GROUNDED, told("GlooGrounded")))
    assert SECRET_WORD not in text_of(completed(insider, GROUNDED, told("handbook")))
    unknown = [reader.post(GROUNDED, json=told(name)) for name in ("nobody", "", "\u0000")]
    hidden = reader.post(GROUNDED, json=told("secrets"))
    for answer in (*unknown, hidden):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert hidden.text.replace("secrets", "nobody") == unknown[0].text


def test_grounded_without_messages_is_a_greeting(reader: httpx.Client) -> None:
    found = completed(reader, GROUNDED, {"auto_routing": True})
    assert text_of(found)


def test_the_models_that_there_are(stranger: httpx.Client) -> None:
    found = stranger.get("/platform/v2/models").json()
    assert [each["id"] for each in found["data"]] == [MODEL]
    assert found["data"][0]["output_modalities"] == ["text"]


# --- responses ---------------------------------------------------------------------------------


@of_each(RESPONSES, "input", "stream", "max_output_tokens")
def test_a_response_is_as_long_as_asked(reader: httpx.Client, path: str) -> None:
    whole = reader.post(path, json={"input": QUESTION}).json()["output"][0]["content"][0]["text"]
    short = reader.post(path, json={"input": QUESTION, "max_output_tokens": 5}).json()
    assert YEAR in whole and len(short["output"][0]["content"][0]["text"]) <= 20
    stream = reader.post(path, json={"input": QUESTION, "stream": True})
    assert stream.headers["content-type"].startswith("text/event-stream")


def test_openais_client_gets_a_response(client: openai.OpenAI) -> None:
    found = client.responses.create(model="x", input=QUESTION, instructions="Be brief.")
    assert YEAR in found.output_text
    assert (found.status, found.model) == ("completed", MODEL)
    assert found.usage is not None and found.usage.input_tokens > 5
    (message,) = found.output
    assert message.type == "message"
    (part,) = message.content
    assert part.type == "output_text" and part.annotations
    for note in part.annotations:
        assert note.type == "url_citation" and note.url.endswith(".md")
        assert 0 <= note.start_index < note.end_index <= len(part.text)


def test_a_response_goes_on_with_a_conversation(client: openai.OpenAI) -> None:
    found = client.responses.create(
        model="x",
        input=[
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": "There are several."},
            {"role": "user", "content": [{"type": "input_text", "text": FOLLOW_UP}]},
        ],
    )
    assert MONTH in found.output_text


def test_a_streamed_response_says_the_same(client: openai.OpenAI) -> None:
    whole = client.responses.create(model="x", input=QUESTION)
    events = list(client.responses.create(model="x", input=QUESTION, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert [events[0].type, events[1].type] == ["response.created", "response.in_progress"]
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == whole.output_text
    last = events[-1]
    assert last.type == "response.completed"
    assert last.response.output_text == whole.output_text


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"input": []}, 400),
        ({"input": " "}, 400),
        ({"previous_response_id": "resp_1"}, 400),
        ({"tools": [{"type": "web_search"}]}, 400),
        ({"text": {"format": {"type": "json_schema"}}}, 400),
        ({"max_output_tokens": 0}, 422),
        ({"input": 5}, 422),
    ],
)
def test_wrong_responses(reader: httpx.Client, wrong: Json, status: int) -> None:
    for path in RESPONSES:
        answer = reader.post(path, json={"input": QUESTION} | wrong)
        assert answer.status_code == status, answer.text
        assert answer.json()["detail"]
