"""People, activity, platform search and agents: the fields that the other tests leave over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from glean.api_client import Glean, errors

from tests.conformance.findings import proves
from tests.dialects.served import INSIDER, READER, Served
from tests.dialects.tracker import TRACKER, WORD

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
SEARCH = "search-your-documents"
MANUAL = "https://tracker.example/T-4"


@pytest.fixture
def glean(served: Served, searchers: dict[str, str], tracker: None) -> Iterator[Glean]:
    with Glean(api_token=searchers[READER], server_url=served.url) as client:
        yield client


@proves("/rest/api/v1/people", "fallbackToAuthenticatedIdentity")
def test_whoever_asks_is_a_person(glean: Glean) -> None:
    (me,) = glean.client.entities.read_people(fallback_to_authenticated_identity=True).results
    assert me.name == "Rita Reader"


@proves("/rest/api/v1/listentities", "query", "filter", "filter.fieldName", "filter.values")
def test_people_are_narrowed(glean: Glean) -> None:
    def named(**more: Any) -> list[str]:
        found = glean.client.entities.list(**{"entity_type": "PEOPLE", **more}).results
        return [each.name for each in found]

    assert named(query="rita") == ["Rita Reader"]
    by_email = {"field_name": "email", "values": [{"value": INSIDER, "relation_type": "EQUALS"}]}
    assert named(filter_=[by_email]) == ["Ines Insider"]


@proves("/api/search", "filters", "filters.field", "filters.values", "filters.operator")
@proves("/api/search", "page_size")
def test_platform_filters(glean: Glean) -> None:
    def found(**more: Any) -> set[str]:
        answer = glean.search.query(query=WORD, page_size=50, datasources=[TRACKER], **more)
        return {result.url for result in answer.results}

    checks = {"field": "type", "values": ["check"]}
    equal, unequal = found(filters=[checks]), found(filters=[{**checks, "operator": "NOT_EQUALS"}])
    assert equal and unequal and not equal & unequal and equal | unequal == found()
    assert len(glean.search.query(query=WORD, page_size=2).results) == 2


@proves("/api/agents/{agent_id}/runs", "input", "stream", "execution_mode")
def test_platform_runs(glean: Glean) -> None:
    run: Any = glean.agents.create_run(
        agent_id=SEARCH, input={"query": f"manual of the {WORD}"}, stream=False
    )
    assert run.run.status == "success" and MANUAL in run.messages[0].content[0].text
    durable: Any = "DURABLE"
    with pytest.raises(errors.PlatformProblemDetailError) as refused:
        glean.agents.create_run(agent_id=SEARCH, input={"query": "x"}, execution_mode=durable)
    assert refused.value.data.code == "invalid_parameter"


@proves("/rest/api/v1/agents/runs/stream", "input")
@proves("/rest/api/v1/agents/runs/wait", "metadata")
def test_runs_with_a_form(glean: Glean) -> None:
    agents = glean.client.agents
    given = {"query": f"manual of the {WORD}"}
    streamed = agents.run_stream(agent_id=SEARCH, input=given)
    whole = agents.run(agent_id=SEARCH, input=given, metadata={"ticket": 7})
    assert MANUAL in streamed and MANUAL in whole.messages[0].content[0].text
    assert whole.run.metadata == {"ticket": 7}
