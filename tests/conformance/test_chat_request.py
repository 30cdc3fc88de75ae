"""Every field of a chat request, sent by the released client, does what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from glean.api_client import Glean, errors, models
from glean.api_client.indexing import Indexing

from tests.conformance.findings import proves
from tests.conformance.test_indexing import Source, client, source, token  # noqa: F401  fixtures
from tests.dialects.served import (
    FOLLOW_UP,
    QUESTION,
    SECRET_QUESTION,
    SECRET_WORD,
    Credentials,
    Served,
    stook,
)
from tests.dialects.streaming import chat_lines

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
CHAT = "/rest/api/v1/chat"
VACATION = "How many vacation days do full-time employees get?"


@pytest.fixture
def chat(served: Served, people: Credentials) -> Iterator[Any]:
    with Glean(api_token=people.reader, server_url=served.url) as glean:
        yield glean.client.chat


@pytest.fixture
def insiders(served: Served, people: Credentials) -> Iterator[Any]:
    with Glean(api_token=people.insider, server_url=served.url) as glean:
        yield glean.client.chat


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"fragments": [{"text": text}], **more}


def ask(chat: Any, text: str = QUESTION, **more: Any) -> Any:
    return chat.create(messages=[said(text)], **more)


def sources(answer: Any) -> set[str]:
    return {each.source_document.url for each in answer.messages[-1].citations or []}


def text_of(answer: Any) -> str:
    return "".join(each.text or "" for each in answer.messages[-1].fragments)


@proves(CHAT, "agentConfig", "agentConfig.agent")
def test_agent(chat: Any) -> None:
    for agent in ("DEFAULT", "ADVANCED", "AUTO", "UNIVERSAL"):
        answer = ask(chat, agent_config={"agent": agent})
        assert sources(answer) and answer.follow_up_prompts
        assert answer.messages[-1].agent_config.agent == agent
    fast = ask(chat, agent_config={"agent": "FAST"})
    assert sources(fast) and not fast.follow_up_prompts
    (refused,) = ask(chat, agent_config={"agent": "GPT"}).messages
    assert refused.message_type == "ERROR" and "language model" in refused.fragments[0].text


@proves(CHAT, "agentConfig.mode", "agentConfig.toolSets")
def test_mode_and_tools(chat: Any) -> None:
    quick = ask(chat, agent_config={"mode": "QUICK"})
    assert quick.messages[-1].agent_config.mode == "QUICK" and not quick.follow_up_prompts
    for allowed in (True, False):
        tools = {"enable_company_tools": allowed, "enable_web_search": True}
        config = {"agent": "ADVANCED", "tool_sets": tools, "use_image_generation": True}
        last = ask(chat, agent_config=config).messages[-1]
        assert (last.message_type == "CONTENT") is allowed


@proves(CHAT, "agentId")
def test_agent_id(chat: Any) -> None:
    assert sources(ask(chat, agent_id="ask-your-documents"))
    with pytest.raises(errors.GleanError, match="agentId") as unknown:
        ask(chat, agent_id="nobody")
    assert unknown.value.status_code == 400


@proves(CHAT, "applicationId")
@proves("/rest/api/v1/getchatapplication", "id")
def test_application(insiders: Any, data_dir: Path) -> None:
    options = ("--datasource", "secrets", "--id", "conformance")
    stook("application", "create", "Stipends", *options, data_dir=data_dir)
    assert insiders.retrieve_application(id="conformance").application["name"] == "Stipends"
    assert SECRET_WORD in text_of(ask(insiders, SECRET_QUESTION, application_id="conformance"))
    own = sources(ask(insiders, SECRET_QUESTION, application_id="conformance"))
    assert own and sources(ask(insiders)) - own
    assert sources(ask(insiders, application_id="conformance")) <= own  # the closest, if anything


@proves(CHAT, "inclusions", "inclusions.documentSpecs", "exclusions", "exclusions.documentSpecs")
def test_documents_included_and_excluded(chat: Any) -> None:
    cited = ask(chat).messages[-1].citations[0].source_document
    for spec in ({"id": cited.id}, {"url": cited.url}):
        only = {"document_specs": [spec]}
        assert sources(ask(chat, inclusions=only)) == {cited.url}
        assert cited.url not in sources(ask(chat, exclusions=only))
        assert not sources(ask(chat, inclusions=only, exclusions=only))


@proves(CHAT, "inclusions.containerSpecs", "exclusions.containerSpecs")
def test_containers_included_and_excluded(chat: Any) -> None:
    (url, *_) = sources(ask(chat))
    only = {"container_specs": [{"url": url.rpartition("/")[0]}]}
    assert url in sources(ask(chat, inclusions=only))
    assert url not in sources(ask(chat, exclusions=only))


@proves(CHAT, "inclusions.datasourceInstances", "exclusions.datasourceInstances")
def test_datasources_included_and_excluded(chat: Any) -> None:
    handbook, other = ({"datasource_instances": [name]} for name in ("handbook", "secrets"))
    assert sources(ask(chat, inclusions=handbook)) == sources(ask(chat, exclusions=other))
    assert not sources(ask(chat, inclusions=other))
    assert not sources(ask(chat, exclusions=handbook))


@proves(CHAT, "timeoutMillis")
def test_time_limit(chat: Any) -> None:
    with pytest.raises(errors.GleanError) as late:
        ask(chat, timeout_millis=1)
    assert late.value.status_code == 408
    assert sources(ask(chat, timeout_millis=200_000))


@proves(CHAT, "timezoneOffset")
def test_today_is_the_askers(chat: Any, source: Source, client: Indexing) -> None:  # noqa: F811
    """Where these two offsets hold it is never the same day."""
    days = [datetime.now(UTC).date() + timedelta(days=number) for number in range(-2, 4)]
    menu = {
        day: f"On {day:%B} {day.day}, {day.year} the galley serves {day:%A}fish." for day in days
    }
    source.put("Menu", "\n\n".join(menu.values()))
    source.wait("Menu")
    told = {}
    for offset in (-720, 840):
        answer = ask(
            chat,
            "What does the galley serve today?",
            timezone_offset=offset,
            inclusions={"datasource_instances": [source.name]},
        )
        told[offset] = {day for day in days if f"{day:%A}fish" in text_of(answer)}
    (west,), (east,) = told.values()
    assert (east - west).days in (1, 2)
    assert west - datetime.now(UTC).date() in (timedelta(days=-1), timedelta(days=0))
    with pytest.raises(errors.GleanError, match="timezoneOffset"):
        ask(chat, timezone_offset=100_000)


@proves(CHAT, "locale")
def test_locale(chat: Any) -> None:
    unknown = "Who founded the zeppelin museum of Zanzibar?"
    told = {text_of(ask(chat, unknown, locale=locale)) for locale in ("en", "de", "fr")}
    assert len(told) == 3


@proves(CHAT, "sessionInfo", "sessionInfo.sessionTrackingToken")
def test_session(chat: Any) -> None:
    session = {"session_tracking_token": "mine", "tab_id": "t", "last_query": "q"}
    answer = ask(chat, session_info=session)
    assert answer.chat_session_tracking_token == "mine"


@proves(CHAT, "messages.ts", "messages.author")
def test_history_in_both_orders(chat: Any) -> None:
    first = text_of(ask(chat))
    history = [
        said(QUESTION, author="USER", ts="2026-01-01T10:00:00Z"),
        said(first, author="GLEAN_AI", ts="2026-01-01T10:00:05Z"),
        said(FOLLOW_UP, author="USER", ts="2026-01-01T10:01:00Z"),
    ]
    oldest_first = chat.create(messages=history)
    newest_first = chat.create(messages=history[::-1])
    assert text_of(oldest_first) == text_of(newest_first) != first
    assert sources(oldest_first)


@proves(CHAT, "stream")
def test_stream_with_and_without_the_field(chat: Any) -> None:
    """create_stream asks by its Accept header alone unless told otherwise."""
    for more in ({}, {"stream": True}):
        lines = chat_lines(chat.create_stream(messages=[said(VACATION)], **more))
        parts = [models.ChatResponse.model_validate(line) for line in lines]
        kinds = [message.message_type for part in parts for message in part.messages]
        assert kinds == sorted(kinds, key=["UPDATE", "CONTENT"].index) and len(set(kinds)) == 2
    failed = chat.create_stream(messages=[said(VACATION)], agent_config={"agent": "GPT"})
    assert json.loads(failed)["messages"][-1]["messageType"] == "ERROR"
    assert chat.create(messages=[said(VACATION)], stream=False).messages


@proves("/rest/api/v1/chat", "chatId")
def test_a_chat_of_somebody_else_is_unknown(chat: Any, insiders: Any) -> None:
    foreign = ask(insiders, save_chat=True).chat_id
    for unknown in (foreign, "nowhere"):
        with pytest.raises(errors.GleanError) as error:
            ask(chat, chat_id=unknown)
        assert error.value.status_code == 404
    insiders.delete(ids=[foreign])
