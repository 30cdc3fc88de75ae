"""Both clients against a running server with the handbook."""

from __future__ import annotations

import uuid

import pytest

from stook.client import (
    Cited,
    Done,
    FollowUps,
    NotFound,
    Outcome,
    PermissionDenied,
    Progress,
    Reading,
    RequestTimeout,
    TextDelta,
    Unauthenticated,
)
from tests.client.conftest import MakeTwin
from tests.dialects.served import (
    FOLLOW_UP,
    HANDBOOK,
    INSIDER,
    QUESTION,
    READER,
    SECRET_QUESTION,
    SECRET_WORD,
    Credentials,
    Served,
)


async def test_an_answer_cites_words_of_the_handbook(
    twin: MakeTwin, served: Served, people: Credentials
) -> None:
    answer = await twin(served.url, token=people.reader).call("chat.create", QUESTION)
    assert answer.citations
    texts = [path.read_text() for path in HANDBOOK.rglob("*.md")]
    for citation in answer.citations:
        assert citation.title
        assert citation.quotes
        assert all(any(quote in text for text in texts) for quote in citation.quotes)
        for found in citation.ranges:
            assert answer.text[found.start_index : found.end_index].strip()


async def test_streamed_and_whole_answers_are_the_same(
    twin: MakeTwin, served: Served, people: Credentials
) -> None:
    client = twin(served.url, token=people.reader)
    whole = await client.call("chat.create", QUESTION)
    events, response = await client.stream(QUESTION)
    deltas = [event.text for event in events if isinstance(event, TextDelta)]
    assert "".join(deltas) == response.text == whole.text
    assert len(deltas) > 1
    assert response.citations == whole.citations
    assert response.follow_up_prompts == whole.follow_up_prompts
    kinds = {type(event) for event in events}
    assert {Progress, Reading, TextDelta, Cited, Done} <= kinds
    assert (FollowUps in kinds) == bool(whole.follow_up_prompts)


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        (QUESTION, Outcome.ANSWERED),
        ("What is the capital of Mongolia?", Outcome.NOTHING),
    ],
)
async def test_an_answer_says_what_it_amounts_to(
    twin: MakeTwin, served: Served, people: Credentials, question: str, outcome: Outcome
) -> None:
    client = twin(served.url, token=people.reader)
    answer = await client.call("chat.create", question, save_chat=True)
    assert answer.outcome is outcome
    assert bool(answer.citations) == (outcome is not Outcome.NOTHING)
    kept = await client.call("chat.retrieve", answer.chat_id)
    assert [message.outcome for message in kept.messages] == [None, outcome]
    _, streamed = await client.stream(question)
    assert streamed.outcome is outcome


async def test_the_life_of_a_stored_chat(
    twin: MakeTwin, served: Served, people: Credentials
) -> None:
    client = twin(served.url, token=people.reader)
    first = await client.call("chat.create", QUESTION, save_chat=True)
    second = await client.call("chat.create", FOLLOW_UP, chat_id=first.chat_id)
    assert second.chat_id == first.chat_id
    assert first.chat_id in [chat.id for chat in (await client.call("chat.list")).chats]
    messages = (await client.call("chat.retrieve", first.chat_id)).messages
    assert [message.text for message in messages] == [
        QUESTION,
        first.text,
        FOLLOW_UP,
        second.text,
    ]
    await client.call("chat.delete", [first.chat_id])
    with pytest.raises(NotFound):
        await client.call("chat.retrieve", first.chat_id)
    await client.call("chat.create", QUESTION, save_chat=True)
    await client.call("chat.delete_all")
    assert (await client.call("chat.list")).chats == ()


async def test_a_thread(twin: MakeTwin, served: Served, people: Credentials) -> None:
    client = twin(served.url, token=people.reader)
    first = await client.call("send_message", QUESTION)
    second = await client.call("send_message", FOLLOW_UP, first.thread_id)
    assert first.text
    assert first.citations
    assert second.thread_id == first.thread_id
    with pytest.raises(NotFound, match="thread not found"):
        await client.call("send_message", FOLLOW_UP, "999999999")


async def test_acting_as_a_person_shows_what_that_person_may_see(
    twin: MakeTwin, served: Served, people: Credentials
) -> None:
    answers = {
        email: await twin(served.url, token=people.everyone, act_as=email).call(
            "chat.create", SECRET_QUESTION
        )
        for email in (READER, INSIDER)
    }
    assert SECRET_WORD in answers[INSIDER].text
    assert SECRET_WORD not in answers[READER].model_dump_json()


async def test_refusals(twin: MakeTwin, served: Served, people: Credentials) -> None:
    with pytest.raises(Unauthenticated) as raised:
        await twin(served.url, token="stook_wrong").call("chat.create", QUESTION)
    assert raised.value.request_id
    with pytest.raises(PermissionDenied, match="CHAT"):
        await twin(served.url, token=people.unscoped).call("chat.create", QUESTION)
    with pytest.raises(NotFound):
        await twin(served.url, token=people.reader).call("chat.retrieve", uuid.uuid4().hex)
    with pytest.raises(RequestTimeout):
        await twin(served.url, token=people.reader).call("chat.create", QUESTION, timeout_millis=1)


async def test_the_servers_log_has_the_id_of_the_request(twin: MakeTwin, served: Served) -> None:
    with pytest.raises(Unauthenticated) as raised:
        await twin(served.url, token="stook_wrong").call("chat.list")
    (line,) = served.logged(str(raised.value.request_id))
    assert line["status"] == 401


async def test_search_and_documents(twin: MakeTwin, served: Served, reader_token: str) -> None:
    client = twin(served.url, token=reader_token)
    found = await client.call("search", "company holidays", page_size=3, datasources=["handbook"])
    assert 0 < len(found.results) <= 3
    first = found.results[0].document
    got = await client.call("documents.retrieve", [first.id, "nowhere"], include_content=True)
    text = got.documents[first.id].text
    assert found.results[0].quotes
    assert all(quote in text for quote in found.results[0].quotes)
    assert got.documents["nowhere"].error
    misspelt = await client.call("search", "company holidyas", datasources=["handbook"])
    assert misspelt.metadata.rewritten_query == "company holidays"
    assert misspelt.results and misspelt.metadata.modified_query_was_used
    as_it_is = await client.call("search", "company holidyas", disable_spellcheck=True)
    assert as_it_is.metadata.searched_query == "company holidyas"
    hidden = await client.call("search", SECRET_QUESTION, datasources=["secrets"])
    assert hidden.results == ()


async def test_a_chat_of_the_own_api_is_asked_shared_and_withheld(
    twin: MakeTwin, served: Served, people: Credentials
) -> None:
    owner, colleague = twin(served.url, token=people.insider), twin(served.url, token=people.reader)
    answer = await owner.call("chats.ask", SECRET_QUESTION)
    assert answer.outcome is Outcome.ANSWERED and SECRET_WORD in answer.text
    [cited, *_] = answer.citations
    assert answer.text[cited.answer_range.start : cited.answer_range.end].strip()
    found = await owner.call("chats.source", cited.document.id, cited.text, near=cited.start)
    assert found.text[found.cited.start : found.cited.end] == cited.text
    with pytest.raises(NotFound):
        await colleague.call("chats.source", cited.document.id)
    with pytest.raises(NotFound):
        await colleague.call("chats.retrieve", answer.chat_id)
    shared = await owner.call("chats.share", answer.chat_id, [READER])
    assert shared == await owner.call("chats.sharing", answer.chat_id)
    theirs = await colleague.call("chats.retrieve", answer.chat_id)
    assert theirs.shared_by and [each.withheld for each in theirs.messages] == [False, True]
    assert answer.chat_id in {chat.id for chat in (await colleague.call("chats.list")).shared}
    changed = await owner.call("chats.change", answer.chat_id, title="Stipend", pinned=True)
    assert (changed.title, changed.pinned) == ("Stipend", True)
    assert SECRET_WORD.encode() in await owner.call("chats.export", answer.chat_id)
    await owner.call("chats.delete", answer.chat_id)
    with pytest.raises(NotFound):
        await owner.call("chats.retrieve", answer.chat_id)
