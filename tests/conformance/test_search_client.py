"""The released client's search, documents, activity, authentication, entities and agents."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from glean.api_client import Glean, errors

from stook.conversation import feedback
from tests.conformance.findings import proves
from tests.dialects.served import INSIDER, READER, Served, opened
from tests.dialects.streaming import frames
from tests.dialects.tracker import OPEN_TICKETS, TRACKER, WORD

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
ONE, FOUR = "https://tracker.example/T-1", "https://tracker.example/T-4"
ASK, SEARCH, SUMMARIZE = "ask-your-documents", "search-your-documents", "summarize-a-document"
APP = {"field_name": "app", "values": [{"value": TRACKER}]}
BY_APP = {"filter_sets": [{"filters": [APP]}]}


@pytest.fixture
def glean(served: Served, searchers: dict[str, str], tracker: None) -> Iterator[Any]:
    with Glean(api_token=searchers[READER], server_url=served.url) as client:
        yield client.client


@proves("/rest/api/v1/autocomplete", "query", "datasourcesFilter", "resultSize")
@proves("/rest/api/v1/recommendations", "sourceDocument", "sourceDocument.url", "pageSize")
@proves(
    "/rest/api/v1/feed",
    "categories",
    "requestOptions",
    "requestOptions.resultSize",
    "requestOptions.datasourceFilter",
)
def test_autocomplete_recommendations_and_feed(glean: Any) -> None:
    typed = glean.search.autocomplete(query="tick", datasources_filter=[TRACKER], result_size=4)
    assert [each.result_type for each in typed.results] == ["DOCUMENT"] * 4
    assert typed.results[0].result.startswith("Ticket")
    related = glean.search.recommendations(source_document={"url": ONE}, page_size=5)
    assert related.results[0].document.datasource == TRACKER
    assert ONE not in {result.url for result in related.results}
    feed = glean.search.retrieve_feed(
        categories=["DOCUMENT_SUGGESTION"],
        request_options={"result_size": 1, "datasource_filter": [TRACKER]},
    )
    assert [each.primary_entry.view_url for each in feed.results] == [ONE]  # changed last
    assert abs(feed.server_timestamp - time.time()) < 600


@proves(
    "/rest/api/v1/getdocuments",
    "documentSpecs",
    "documentSpecs.url",
    "documentSpecs.id",
    "includeFields",
)
def test_documents_by_name(glean: Any) -> None:
    specs = [{"url": ONE}, {"id": "absent"}]
    read = glean.documents.retrieve(
        get_documents_request={
            "document_specs": specs,
            "include_fields": ["DOCUMENT_CONTENT", "CUSTOM_METADATA"],
        }
    ).documents
    assert "upper seal" in read[ONE].content.full_text_list[0]
    assert read[ONE].metadata.custom_data["severity"].string_value == "high"
    assert read[ONE].metadata.custom_data["points"].number_value == 8
    assert read[ONE].metadata.author.name == "Rita Reader"
    assert "no such document" in read["absent"].error
    plain = glean.documents.retrieve(get_documents_request={"document_specs": [{"url": ONE}]})
    assert plain.documents[ONE].content is None
    none = glean.documents.retrieve(get_documents_request={"document_specs": [{"id": "absent"}]})
    assert "no such document" in none.documents["absent"].error


@proves("/rest/api/v1/getdocumentsbyfacets", "filterSets", "filterSets.filters")
@proves("/rest/api/v1/getdocpermissions", "documentId")
@proves(
    "/rest/api/v1/summarize",
    "documentSpecs",
    "documentSpecs.url",
    "query",
    "preferredSummaryLength",
)
def test_documents_by_facets_permissions_and_summary(glean: Any) -> None:
    listed = glean.documents.retrieve_by_facets(get_documents_by_facets_request=BY_APP)
    assert len(listed.documents) == OPEN_TICKETS and listed.has_more_results is False
    allowed = glean.documents.retrieve_permissions(document_id=listed.documents[0].id)
    assert allowed.allowed_user_emails == ["VISIBLE_TO_ALL"]
    answer = glean.documents.summarize(
        document_specs=[{"url": ONE}, {"url": FOUR}], preferred_summary_length=60, query="manual"
    )
    text = glean.documents.retrieve(
        get_documents_request={
            "document_specs": [{"url": FOUR}],
            "include_fields": ["DOCUMENT_CONTENT"],
        }
    ).documents[FOUR]
    assert answer.summary.text in text.content.full_text_list[0]
    with pytest.raises(errors.GleanError) as refused:
        glean.documents.summarize(document_specs=[{"url": "absent"}])
    assert refused.value.status_code == 403


@proves("/rest/api/v1/feedback", "id", "trackingTokens", "event", "payload", "category")
def test_feedback_is_kept_once(glean: Any, served: Served, data_dir: Path) -> None:
    given = {"id": str(uuid.uuid4()), "tracking_tokens": ["mt1"], "event": "UPVOTE"}
    for _ in range(2):
        glean.activity.feedback(feedback1=given | {"payload": "good", "category": "CHAT"})
    with opened(data_dir) as database:
        kept = database.read_now(feedback.list_feedback, READER)
        assert database.read_now(feedback.list_feedback, INSIDER) == []
    mine = [each for each in kept if each.id == given["id"]]
    assert len(mine) == 1
    assert (mine[0].event, mine[0].category, mine[0].tracking_tokens) == (
        "UPVOTE",
        "CHAT",
        ("mt1",),
    )
    assert mine[0].details["payload"] == "good"


@proves("/rest/api/v1/feedback", "feedback")
def test_feedback_in_the_query_string(
    served: Served, searchers: dict[str, str], data_dir: Path
) -> None:
    given = {"id": str(uuid.uuid4()), "trackingTokens": ["q"], "event": "DOWNVOTE", "novel": [1]}
    with served.client(searchers[READER]) as client:
        params = {"feedback": json.dumps(given)}
        answer = client.post("/rest/api/v1/feedback", params=params)
        assert (answer.status_code, answer.content) == (200, b"")
        for bad in ({}, {"event": "UPVOTE"}, {"event": "X", "trackingTokens": []}):
            assert client.post("/rest/api/v1/feedback", json=bad).status_code == 400
    with opened(data_dir) as database:
        kept = database.read_now(feedback.list_feedback, READER)
    assert next(each for each in kept if each.id == given["id"]).details["novel"] == [1]


@proves("/rest/api/v1/activity", "events", "events.action", "events.timestamp", "events.url")
def test_activity_is_kept(glean: Any) -> None:
    now = datetime.now(UTC)
    glean.activity.report(events=[{"action": "VIEW", "timestamp": now, "url": FOUR}])
    glean.activity.report(
        events=[{"action": "EDIT", "timestamp": datetime(2020, 1, 1), "url": ONE}]
    )
    feed = glean.search.retrieve_feed(categories=["RECENT"])
    assert feed.results[0].primary_entry.view_url == FOUR


def test_token_for_the_browser(glean: Any, served: Served) -> None:
    made = glean.authentication.create_token()
    assert 0 < made.expiration_time - time.time() <= 3600
    with Glean(api_token=made.token, server_url=served.url) as browser:
        assert browser.client.search.query(query=WORD).results
    assert glean.authentication.check_datasource_auth().unauthorized_datasource_instances == []


def test_token_for_the_browser_can_do_no_more(
    served: Served, people: Any, searchers: dict[str, str]
) -> None:
    with Glean(api_token=people.reader, server_url=served.url) as chat_only:
        token = chat_only.client.authentication.create_token().token
    with Glean(api_token=token, server_url=served.url) as browser:
        with pytest.raises(errors.GleanDataError) as refused:
            browser.client.search.query(query=WORD)
        assert refused.value.status_code == 403
        assert "SEARCH" in refused.value.data.error_messages[0].error_message


@proves("/rest/api/v1/people", "emailIds", "obfuscatedIds")
def test_people(glean: Any) -> None:
    rita = glean.entities.read_people(email_ids=["Rita@Alderbrook.example"]).results[0]
    assert (rita.name, rita.metadata.email) == ("Rita Reader", READER)
    assert glean.entities.read_people().results[0].obfuscated_id == rita.obfuscated_id
    again = glean.entities.read_people(obfuscated_ids=[rita.obfuscated_id])
    assert [person.name for person in again.results] == ["Rita Reader"]
    assert glean.entities.read_people(email_ids=["no@body.example"]).results == []


@proves("/rest/api/v1/listentities", "entityType", "query", "pageSize", "cursor")
def test_entities(glean: Any) -> None:
    found = glean.entities.list(entity_type="PEOPLE", query="inés ines")
    assert found.results == [] and found.total_count == 0
    names = []
    cursor = None
    while cursor != "":
        page = glean.entities.list(entity_type="PEOPLE", page_size=2, cursor=cursor)
        names += [person.name for person in page.results]
        cursor = page.cursor
    assert len(names) == page.total_count and {"Rita Reader", "Ines Insider"} <= set(names)
    assert glean.entities.list(entity_type="TEAMS", query="no such team").team_results == []


@proves("/rest/api/v1/agents/search", "name")
@proves(
    "/rest/api/v1/agents/runs/wait",
    "agent_id",
    "messages",
    "messages.role",
    "messages.content",
    "input",
)
@proves(
    "/rest/api/v1/agents/runs/stream", "agent_id", "messages", "messages.role", "messages.content"
)
def test_agents_are_listed_described_and_run(glean: Any) -> None:
    ids = [agent.agent_id for agent in glean.agents.list().agents]
    assert {ASK, SEARCH, SUMMARIZE} <= set(ids)
    assert [agent.agent_id for agent in glean.agents.list(name="ASK").agents] == [ASK]
    agent = glean.agents.retrieve(agent_id=ASK)
    assert agent.capabilities.ap_io_messages and agent.capabilities.ap_io_streaming
    assert glean.agents.retrieve_schemas(agent_id=SEARCH).name == "Search your documents"
    asked = [_message("USER", "How many vacation days do employees have?")]
    run = glean.agents.run(agent_id=ASK, messages=asked)
    assert run.run.status == "success" and run.messages[0].role == "GLEAN_AI"
    assert "27 days" in run.messages[0].content[0].text
    assert run.messages[0].content[0].annotations[0].sources[0].title == "Vacation"
    stream = glean.agents.run_stream(agent_id=ASK, messages=asked)
    assert _said(stream) == run.messages[0].content[0].text
    follow_up = [*asked, _message("GLEAN_AI", "They have 27."), _message("USER", "And in Germany?")]
    assert glean.agents.run(agent_id=ASK, messages=follow_up).messages
    listed = glean.agents.run(agent_id=SEARCH, input={"query": f"manual of the {WORD}"})
    assert FOUR in listed.messages[0].content[0].text
    summary = glean.agents.run(agent_id=SUMMARIZE, input={"document": FOUR})
    assert "second edition" in summary.messages[0].content[0].text


def _message(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "content": [{"text": text, "type": "text"}]}


def _said(stream: str) -> str:
    events = [block.split("\n") for block in frames(stream)]
    assert all(lines[1] == "event: message" for lines in events)
    data = [json.loads(lines[2].removeprefix("data: ")) for lines in events]
    return "".join(block["text"] for each in data for block in each["messages"][0]["content"])


def test_agent_errors(glean: Any) -> None:
    for call in (
        lambda: glean.agents.retrieve(agent_id="absent"),
        lambda: glean.agents.retrieve_schemas(agent_id="absent"),
        lambda: glean.agents.run(agent_id="absent", input={"query": "x"}),
    ):
        with pytest.raises(
            (errors.GleanError, errors.ErrorResponse), match="no such agent"
        ) as missing:
            call()
        assert missing.value.status_code == 404
    with pytest.raises(errors.GleanError, match="query") as bad:
        glean.agents.run(agent_id="search-your-documents", input={})
    assert bad.value.status_code == 400


def test_the_asynchronous_client(served: Served, searchers: dict[str, str], tracker: None) -> None:
    async def both() -> tuple[Any, Any, Any]:
        async with Glean(api_token=searchers[READER], server_url=served.url) as glean:
            return await asyncio.gather(
                glean.client.search.query_async(query=WORD),
                glean.search.query_async(query=WORD),
                glean.client.documents.retrieve_by_facets_async(
                    get_documents_by_facets_request=BY_APP
                ),
            )

    client, platform, listed = asyncio.run(both())
    assert {result.url for result in client.results} == {r.url for r in platform.results}
    assert len(listed.documents) == OPEN_TICKETS


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("getdocuments", {}),
        ("getdocuments", {"documentSpecs": []}),
        ("getdocuments", {"documentSpecs": [{"id": "x"}], "includeFields": ["EVERYTHING"]}),
        ("getdocumentsbyfacets", {}),
        ("getdocumentsbyfacets", {"filterSets": [{"filters": [{"fieldName": "type"}]}]}),
        ("getdocpermissions", {}),
        ("summarize", {"documentSpecs": [{"id": "x"}] * 101}),
        ("autocomplete", {"query": []}),
        ("recommendations", {"pageSize": "3"}),
        ("feed", {"categories": "RECENT"}),
        ("people", {"emailIds": "rita"}),
        ("listentities", {"entityType": "PLANETS"}),
        ("listentities", {"cursor": "nowhere"}),
        ("activity", {"events": [{"action": "VIEW", "url": "x"}]}),
        (
            "activity",
            {"events": [{"action": "FLY", "url": "x", "timestamp": "2026-01-01T00:00:00Z"}]},
        ),
        ("agents/search", []),
        ("agents/runs/wait", {"input": {}}),
        ("agents/runs/wait", {"agent_id": "ask-your-documents"}),
        ("agents/runs/stream", {"agent_id": "ask-your-documents", "messages": [{"role": "KING"}]}),
    ],
)
def test_bad_requests(served: Served, searchers: dict[str, str], path: str, body: Any) -> None:
    with served.client(searchers[READER]) as client:
        answer = client.post(f"/rest/api/v1/{path}", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8" and answer.text.strip()
