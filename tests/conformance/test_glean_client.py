"""The released client of Glean, pointed at Stook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from glean.api_client import Glean, errors, models

from tests.conformance.findings import proves
from tests.dialects.served import QUESTION, Credentials, Served
from tests.dialects.streaming import chat_lines

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")

MESSAGES: Any = [{"fragments": [models.ChatMessageFragment(text=QUESTION)]}]
YEAR = str(date.today().year)


@pytest.fixture
def client(served: Served, people: Credentials) -> Iterator[Glean]:
    with Glean(api_token=people.reader, server_url=served.url) as glean:
        yield glean


@proves("/rest/api/v1/chat", "messages", "messages.fragments")
def test_create_answers_with_citations(client: Glean) -> None:
    answer = client.client.chat.create(messages=MESSAGES, timeout_millis=30_000)
    last = answer.messages[-1]
    assert (last.author, last.message_type) == ("GLEAN_AI", "CONTENT")
    text = last.fragments[0].text
    assert YEAR in text
    assert answer.chat_id is None and answer.chat_session_tracking_token  # nothing is saved
    assert answer.backend_time_millis >= 0
    cited = {citation.source_document.url for citation in last.citations}
    assert any(url.endswith(f"holidays/{YEAR}.md") for url in cited)
    inline = [fragment.citation for fragment in last.fragments if fragment.citation]
    assert [each.source_document.id for each in inline] == [
        each.source_document.id for each in last.citations
    ]
    for citation in last.citations:
        reference = citation.reference_ranges[0]
        claim = text[reference.text_range.start_index : reference.text_range.end_index]
        assert claim.strip()
        assert reference.snippets[0].text


def test_create_stream_says_the_same(client: Glean) -> None:
    whole = client.client.chat.create(messages=MESSAGES).messages[-1]
    lines = chat_lines(client.client.chat.create_stream(messages=MESSAGES))
    parts = [models.ChatResponse.model_validate(line) for line in lines]
    contents = [
        message for part in parts for message in part.messages if message.message_type == "CONTENT"
    ]
    text = "".join(each.text or "" for message in contents for each in message.fragments)
    assert text == whole.fragments[0].text
    assert len({message.message_id for message in contents}) == 1
    assert all(message.has_more_fragments for message in contents[:-1])
    assert not contents[-1].has_more_fragments
    assert [each.source_document.url for each in contents[-1].citations] == [
        each.source_document.url for each in whole.citations
    ]
    assert {part.chat_id for part in parts} == {None}  # nothing is saved
    assert len({part.chat_session_tracking_token for part in parts}) == 1
    assert parts[-1].follow_up_prompts is not None


@proves("/rest/api/v1/chat", "saveChat", "chatId")
@proves("/rest/api/v1/getchat", "id")
@proves("/rest/api/v1/deletechats", "ids")
def test_saved_chat_is_continued_listed_read_and_deleted(client: Glean) -> None:
    chat = client.client.chat
    first = chat.create(messages=MESSAGES, save_chat=True)
    follow_up: Any = [{"fragments": [models.ChatMessageFragment(text="What about this month?")]}]
    second = chat.create(messages=follow_up, chat_id=first.chat_id)
    assert second.chat_id == first.chat_id
    listed = {result.chat.id: result.chat for result in chat.list().chat_results}
    assert listed[first.chat_id].name == QUESTION
    assert listed[first.chat_id].created_by.name == "Rita Reader"
    read = chat.retrieve(id=first.chat_id).chat_result.chat
    assert [message.author for message in read.messages] == ["USER", "GLEAN_AI"] * 2
    assert read.messages[0].fragments[0].text == QUESTION
    assert read.messages[1].fragments[0].text == first.messages[-1].fragments[0].text
    assert read.messages[1].message_id == first.messages[-1].message_id
    chat.delete(ids=[first.chat_id, "no-such-chat"])
    with pytest.raises(errors.GleanError) as gone:
        chat.retrieve(id=first.chat_id)
    assert gone.value.status_code == 404


def test_delete_all_deletes_only_ones_own(
    served: Served, people: Credentials, client: Glean
) -> None:
    with Glean(api_token=people.insider, server_url=served.url) as other:
        kept = other.client.chat.create(messages=MESSAGES, save_chat=True).chat_id
        client.client.chat.create(messages=MESSAGES, save_chat=True)
        client.client.chat.delete_all()
        assert client.client.chat.list().chat_results == []
        assert kept in {result.chat.id for result in other.client.chat.list().chat_results}


def test_unsaved_chat_is_not_listed(client: Glean) -> None:
    answer = client.client.chat.create(messages=MESSAGES)
    assert answer.chat_id not in {each.chat.id for each in client.client.chat.list().chat_results}


def test_errors_reach_the_client_as_its_own(served: Served, people: Credentials) -> None:
    for token, status in (("stook_wrong", 401), (people.unscoped, 403)):
        with Glean(api_token=token, server_url=served.url) as refused:
            for call in (
                lambda chat: chat.create(messages=MESSAGES),
                lambda chat: chat.create_stream(messages=MESSAGES),
                lambda chat: chat.retrieve(id="x"),
                lambda chat: chat.list(),
                lambda chat: chat.delete(ids=["x"]),
                lambda chat: chat.delete_all(),
            ):
                with pytest.raises(errors.GleanError) as error:
                    call(refused.client.chat)
                assert error.value.status_code == status


@pytest.mark.parametrize("header", ["X-Glean-ActAs", "X-Scio-ActAs", "x-scio-actas"])
def test_global_token_acts_as_somebody(served: Served, people: Credentials, header: str) -> None:
    with Glean(api_token=people.everyone, server_url=served.url) as glean:
        headers = {header: "rita@alderbrook.example"}
        answer = glean.client.chat.create(messages=MESSAGES, http_headers=headers)
        assert YEAR in answer.messages[-1].fragments[0].text
        with pytest.raises(errors.GleanError, match="X-Glean-ActAs") as missing:
            glean.client.chat.create(messages=MESSAGES)
        assert missing.value.status_code == 400
        with pytest.raises(errors.GleanError, match="Invalid identity") as unknown:
            glean.client.chat.create(messages=MESSAGES, http_headers={header: "no@where.example"})
        assert unknown.value.status_code == 401


@proves("/rest/api/v1/chat", "messages.author", "messages.messageType", "stream")
def test_messages_as_langchain_sends_and_reads_them(client: Glean) -> None:
    """Oldest first, the system's text as context; the answer is put together line by line."""
    asked: Any = [
        _message("USER", "CONTEXT", "You are helpful."),
        _message("USER", "CONTENT", QUESTION),
        _message("GLEAN_AI", "CONTENT", f"The company holidays in {YEAR} are sixteen days."),
        _message("USER", "CONTENT", "How many vacation days do full-time employees get?"),
    ]
    config: Any = {"agent": "DEFAULT", "mode": "DEFAULT"}
    body = client.client.chat.create_stream(
        messages=asked, agent_config=config, save_chat=False, stream=True
    )
    text = ""
    for line in body.split("\n"):
        if not line.strip():
            continue
        for message in json.loads(line).get("messages", []):
            if message.get("author") == "GLEAN_AI" and message.get("messageType") == "CONTENT":
                for fragment in message.get("fragments", []):
                    text += fragment.get("text", "")
    assert "vacation" in text.lower()


def _message(author: str, kind: str, text: str) -> dict[str, object]:
    return {"author": author, "message_type": kind, "fragments": [{"text": text}]}
