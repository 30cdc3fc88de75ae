"""The tools that the released client lists and runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from glean.api_client import Glean, errors, models

from tests.conformance.findings import proves
from tests.dialects.served import INSIDER, READER, Served
from tests.dialects.tracker import WORD

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
MANUAL = "https://tracker.example/T-4"
SEARCH, EMPLOYEES, CHAT = "Glean Search", "Employee Search", "Glean Chat"


@pytest.fixture
def tools(served: Served, searchers: dict[str, str], tracker: None) -> Iterator[Any]:
    with Glean(api_token=searchers[READER], server_url=served.url) as client:
        yield client.client.tools


def called(tools: Any, tool: str, **parameters: str) -> dict[str, Any]:
    given = {
        name: models.ToolsCallParameter(name=name, value=value)
        for name, value in parameters.items()
    }
    answer = tools.run(name=tool, parameters=given)
    assert answer.error is None
    raw: dict[str, Any] = answer.raw_response
    return raw


@proves("/rest/api/v1/tools/list", "toolNames")
def test_tools_are_listed(tools: Any) -> None:
    assert [tool.name for tool in tools.list().tools] == [SEARCH, EMPLOYEES, CHAT]
    [found] = tools.list(tool_names=["employee_search", "Gmail Search"]).tools
    assert (found.type, found.name, found.display_name) == ("READ", EMPLOYEES, EMPLOYEES)
    assert found.parameters["query"].is_required and not found.parameters["pageSize"].is_required
    assert found.parameters["pageSize"].type == "number"
    assert [tool.name for tool in tools.list(tool_names=[SEARCH, CHAT]).tools] == [SEARCH, CHAT]


@proves("/rest/api/v1/tools/call", "name", "parameters", "parameters.*.value")
def test_tools_answer_as_the_calls_that_do_the_same(tools: Any) -> None:
    whole = called(tools, SEARCH, query=f"manual of the {WORD}")
    first = called(tools, SEARCH, query=f"manual of the {WORD}", pageSize="1")
    urls = [models.SearchResult(**result).url for result in whole["results"]]
    assert urls[0] == MANUAL and len(urls) > 1
    assert [result["url"] for result in first["results"]] == urls[:1]
    after = called(tools, SEARCH, query=f"manual of the {WORD}", cursor=first["cursor"])
    assert after["results"][0]["url"] == urls[1]
    people = called(tools, EMPLOYEES, query="ines")
    assert [models.Person.model_validate(each).name for each in people["results"]] == [
        "Ines Insider"
    ]
    answer = models.ChatResponse.model_validate(
        called(tools, CHAT, message="How many days of vacation do I get?")
    )
    assert answer.chat_id is None
    assert "27 days" in answer.messages[-1].fragments[0].text
    assert answer.messages[-1].citations


def test_filters_are_read_out_of_the_query(tools: Any) -> None:
    assert called(tools, EMPLOYEES, query=f'email:"{INSIDER}" insider')["totalCount"] == 1
    assert called(tools, EMPLOYEES, query=f"email:{INSIDER} reader")["totalCount"] == 0


@proves("/rest/api/v1/tools/call", "parameters.*.name")
def test_wrong_calls_are_refused_with_a_sentence(tools: Any) -> None:
    def refused(tool: str, given: dict[str, Any]) -> tuple[int, str]:
        with pytest.raises(errors.GleanError) as told:
            tools.run(name=tool, parameters=given)
        return told.value.status_code, told.value.body

    query = {"name": "query", "value": "x"}
    status, said = refused("Gmail Search", {"query": query})
    assert status == 404 and "'Gmail Search'" in said and EMPLOYEES in said
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "query"),
        ({"q": query}, "'q'"),
        ({"query": {**query, "name": "q"}}, "query"),
        ({"query": {**query, "items": [query]}}, "query"),
        ({"query": query, "pageSize": {"name": "pageSize", "value": "-3"}}, "pageSize"),
        ({"query": query, "pageSize": {"name": "pageSize", "value": "9" * 5000}}, "pageSize"),
        ({"query": {**query, "value": "startafter:2023-01-01"}}, "'startafter'"),
    ]
    for given, names in wrong:
        status, said = refused(EMPLOYEES, given)
        assert status == 400 and names in said, (given, said)
    assert refused(CHAT, {"message": {"name": "message", "value": " "}})[0] == 400
