"""Glean's search over plain HTTP: filters, operators, pages, snippets, facets, odd requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.dialects.tracker import (
    NOW,
    ONLY_INSIDER,
    OPEN_TICKETS,
    TRACKER,
    VAULT,
    WORD,
    push,
    ticket,
    withdraw,
)

SEARCH = "/rest/api/v1/search"
QUILLON = "quillon of a hangarette"
ALL = {f"T-{number}" for number in range(1, OPEN_TICKETS + 1)}


def search(client: httpx.Client, query: str = WORD, **more: Any) -> dict[str, Any]:
    options = {"datasourcesFilter": [TRACKER]} | more.pop("requestOptions", {})
    body = {"query": query, "pageSize": 50, "requestOptions": options} | more
    answer = client.post(SEARCH, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def found(answer: dict[str, Any]) -> list[str]:
    return [result["url"].rpartition("/")[2] for result in answer["results"]]


def facet(name: str, *values: str, relation: str = "EQUALS") -> dict[str, Any]:
    return {
        "fieldName": name,
        "values": [{"value": value, "relationType": relation} for value in values],
    }


def filtered(client: httpx.Client, *filters: dict[str, Any], **more: Any) -> set[str]:
    return set(found(search(client, requestOptions={"facetFilters": list(filters)} | more)))


def day(days_ago: int) -> str:
    return f"{NOW - timedelta(days=days_ago):%Y-%m-%d}"


def test_every_document_once_best_first(asker: httpx.Client) -> None:
    answer = search(asker, f"upper seal of the {WORD}")
    assert found(answer)[0] == "T-1"
    assert set(found(answer)) == ALL and len(answer["results"]) == len(ALL)
    first = answer["results"][0]
    assert first["title"] == first["document"]["title"] == "Ticket 1"
    assert first["document"]["docType"] == "ticket"
    assert first["document"]["metadata"]["updateTime"].endswith("Z")
    assert answer["requestID"] and answer["trackingToken"] and answer["backendTimeMillis"] >= 0
    assert answer["cursor"] == "" and answer["hasMoreResults"] is False


def test_snippets_are_verbatim_short_and_highlighted(asker: httpx.Client) -> None:
    answer = search(asker, f"{WORD} leaks", maxSnippetSize=30)
    snippet = answer["results"][0]["snippets"][0]
    assert len(snippet["text"]) <= 30
    words = {snippet["text"][each["startIndex"] : each["endIndex"]] for each in snippet["ranges"]}
    assert words == {WORD, "leaks"}
    whole = search(
        asker,
        f"{WORD} leaks",
        maxSnippetSize=1000,
        requestOptions={"returnLlmContentOverSnippets": True},
    )
    assert "The flangewright leaks at the upper seal." in whole["results"][0]["snippets"][0]["text"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([facet("type", "ticket")], {"T-1", "T-2", "T-3"}),
        ([facet("type", "TICKET", "pdf")], {"T-1", "T-2", "T-3", "T-4"}),
        ([facet("type", "spreadsheet")], {"T-5"}),
        ([facet("type", "ticket", "check", relation="NOT_EQUALS")], {"T-4", "T-5"}),
        ([facet("app", TRACKER), facet("container", "manuals")], {"T-4"}),
        ([facet("author", "Rita Reader")], {"T-1", "T-2"}),
        ([facet("author", "rita@alderbrook.example")], {"T-1", "T-2"}),
        ([facet("author", "me")], {"T-1", "T-2"}),
        ([facet("owner", "me")], {"T-1", "T-2", "T-3"}),
        ([facet("from", "me")], {"T-1", "T-2", "T-3"}),
        ([facet("from", "otto")], {"T-3", "T-4"}),
        ([facet("severity", "high")], {"T-1"}),
        ([facet("severity", "HIGH", "low")], {"T-1", "T-2", "T-3"}),
        ([facet("severity", "low", relation="NOT_EQUALS")], ALL - {"T-2", "T-3"}),
        ([facet("points", "2", relation="GT"), facet("points", "8", relation="LT")], {"T-3"}),
        ([facet("labels", "seal")], {"T-1"}),
        ([facet("labels", "Überlauf")], {"T-1"}),
        ([facet("labels", "sea")], set()),
        ([facet("blocked", "true")], {"T-2"}),
        ([facet("nothing", "x")], set()),
        ([facet('odd"name', "x")], set()),
        ([facet("severity", "low"), facet("type", "check")], set()),
        ([facet("last_updated_at", "past_week")], {"T-1", "T-2", "T-6"}),
        ([facet("last_updated_at", "past_day")], {"T-1"}),
        ([facet("last_updated_at", "past_3_weeks")], ALL - {"T-4", "T-5"}),
        ([facet("last_updated_at", "past_month", relation="LT")], {"T-4", "T-5"}),
        ([facet("last_updated_at", day(30), relation="LT")], {"T-4", "T-5"}),
        ([facet("last_updated_at", day(300), relation="GT"),
          facet("last_updated_at", day(30), relation="LT")], {"T-4"}),
    ],
)  # fmt: skip
def test_facet_filters(
    asker: httpx.Client, filters: list[dict[str, Any]], expected: set[str]
) -> None:
    assert filtered(asker, *filters) == expected


def test_a_range_in_one_filter(asker: httpx.Client) -> None:
    values = [
        {"value": day(300), "relationType": "GT"},
        {"value": day(30), "relationType": "LT"},
    ]
    assert filtered(asker, {"fieldName": "last_updated_at", "values": values}) == {"T-4"}


def test_sets_of_filters_are_alternatives(asker: httpx.Client) -> None:
    sets = [
        {"filters": [facet("severity", "low"), facet("points", "2")]},
        {"filters": [facet("container", "manuals")]},
    ]
    answer = search(asker, requestOptions={"facetFilterSets": sets})
    assert set(found(answer)) == {"T-2", "T-4"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"{WORD} type:check", {"T-6", "T-7", "T-8", "T-9"}),
        (f"{WORD} -type:check -type:ticket", {"T-4", "T-5"}),
        (f"{WORD} from:me type:ticket", {"T-1", "T-2", "T-3"}),
        (f'{WORD} author:"Otto Owner"', {"T-3", "T-4"}),
        (f"app:{TRACKER} {WORD} container:manuals", {"T-4"}),
        (f"{WORD} type:pdf type:spreadsheet", {"T-4", "T-5"}),
        (f"{WORD} updated:past_day", {"T-1"}),
        (f"{WORD} before:{day(30)}", {"T-4", "T-5"}),
        (f"{WORD} after:{day(2)}", {"T-1"}),
        ('"lower seal"', {"T-2"}),
        ("“Lower  Seal”", {"T-2"}),
        ('"seal lower"', set()),
        (f'{WORD} "seal" -hums', {"T-1"}),
        (f'{WORD} seal -"lower seal" -check -order -manual -price', {"T-1"}),
        ("type:check", {"T-6", "T-7", "T-8", "T-9"}),
        ("", ALL),
    ],
)
def test_operators_in_the_query(asker: httpx.Client, query: str, expected: set[str]) -> None:
    assert set(found(search(asker, query))) == expected


def test_typed_operators_may_override_filters(asker: httpx.Client) -> None:
    filters = [facet("type", "pdf")]
    both = search(asker, f"{WORD} type:check", requestOptions={"facetFilters": filters})
    assert found(both) == []
    options = {"facetFilters": filters, "queryOverridesFacetFilters": True}
    assert len(found(search(asker, f"{WORD} type:check", requestOptions=options))) == 4


def test_containers_and_tabs(asker: httpx.Client) -> None:
    only = {"inclusions": {"containerSpecs": [{"id": "manuals"}]}}
    assert found(search(asker, requestOptions=only)) == ["T-4"]
    never = {"exclusions": {"containerSpecs": [{"id": "manuals"}]}}
    assert set(found(search(asker, requestOptions=never))) == ALL - {"T-4"}
    tab = search(asker, "vacation", resultTabIds=["handbook"])
    assert tab["results"] and not set(found(tab)) & ALL
    assert tab["resultTabIds"] == ["handbook"]


def pages(client: httpx.Client, size: int, **more: Any) -> Iterator[dict[str, Any]]:
    cursor = ""
    for _ in range(50):
        page = search(client, pageSize=size, cursor=cursor, **more)
        yield page
        cursor = page["cursor"]
        if not cursor:
            return
    raise AssertionError("The pages do not end.")


@pytest.mark.parametrize("size", [1, 2, 4, 9, 100])
def test_pages_together_are_everything_once(asker: httpx.Client, size: int) -> None:
    listed = list(pages(asker, size))
    urls = [url for page in listed for url in found(page)]
    assert sorted(urls) == sorted(ALL)
    assert [page["hasMoreResults"] for page in listed] == [True] * (len(listed) - 1) + [False]


def test_pages_neither_repeat_nor_skip_while_documents_come_and_go(
    asker: httpx.Client, data_dir: Path
) -> None:
    walking = pages(asker, 3)
    seen = found(next(walking))
    new = ticket(50, f"{WORD} " * 30, 0.5)
    asyncio.run(push(data_dir, [new]))
    try:
        for page in walking:
            seen += found(page)
    finally:
        asyncio.run(withdraw(data_dir, new.external_id))
    assert len(seen) == len(set(seen))
    assert set(seen) == ALL | {"T-50"}


def test_facet_counts_are_those_of_all_results(asker: httpx.Client) -> None:
    options = {"facetBucketSize": 10}
    answer = search(asker, pageSize=2, requestOptions=options)
    counted = {
        result["sourceName"]: {
            bucket["value"]["stringValue"]: bucket["count"] for bucket in result["buckets"]
        }
        for result in answer["facetResults"]
    }
    assert counted["type"] == {"check": 4, "ticket": 3, "pdf": 1, "spreadsheet": 1}
    assert counted["app"] == {TRACKER: OPEN_TICKETS}
    assert counted["severity"] == {"low": 2, "high": 1}
    assert counted["labels"] == {"seal": 1, "Überlauf": 1, "noise": 1}
    assert counted["blocked"] == {"true": 1}
    assert sum(counted["container"].values()) == OPEN_TICKETS


def test_facets_are_cut_chosen_and_narrowed(asker: httpx.Client) -> None:
    options = {
        "facetBucketSize": 1,
        "defaultFacets": ["type", "severity"],
        "facetBucketFilter": {"facet": "severity", "prefix": "hi"},
    }
    kinds, severities = search(asker, requestOptions=options)["facetResults"]
    assert [bucket["value"]["stringValue"] for bucket in kinds["buckets"]] == ["check"]
    assert kinds["hasMoreBuckets"] is True and kinds["buckets"][0]["percentage"] == 44
    assert [bucket["value"]["stringValue"] for bucket in severities["buckets"]] == ["high"]
    assert severities["hasMoreBuckets"] is False


def test_hints_say_what_is_answered(asker: httpx.Client) -> None:
    only = search(asker, requestOptions={"responseHints": ["FACET_RESULTS"]})
    assert only["results"] == [] and only["facetResults"]
    counts = search(asker, requestOptions={"responseHints": ["RESULTS", "ALL_RESULT_COUNTS"]})
    assert {tab["id"]: tab["count"] for tab in counts["resultTabs"]}[TRACKER] == OPEN_TICKETS
    assert "facetResults" not in counts
    assert all("count" not in tab for tab in search(asker)["resultTabs"])


def test_time_limit(asker: httpx.Client) -> None:
    late = asker.post(SEARCH, json={"query": WORD, "timeoutMillis": 1})
    assert late.status_code == 408
    assert found(search(asker, timeoutMillis=60_000))


@pytest.mark.parametrize(
    ("name", "value", "relation"),
    [
        ("last_updated_at", "someday", "EQUALS"),
        ("last_updated_at", "past_0_days", "EQUALS"),
        ("last_updated_at", "past_week", "GT"),
        ("last_updated_at", "today", "GT"),
        ("last_updated_at", "past_3_days", "LT"),
        ("last_updated_at", "2026-02-30", "LT"),
    ],
)
def test_impossible_values_are_named(
    asker: httpx.Client, name: str, value: str, relation: str
) -> None:
    options = {"facetFilters": [facet(name, value, relation=relation)]}
    answer = asker.post(SEARCH, json={"query": WORD, "requestOptions": options})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert answer.json()["invalidOperators"] == [{"key": name, "value": value}]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        {},
        {"query": None},
        {"query": ["x"]},
        {"query": "x", "pageSize": "10"},
        {"query": "x", "pageSize": -1},
        {"query": "x", "timeoutMillis": 0},
        {"query": "x", "cursor": "nonsense"},
        {"query": "x", "cursor": "AAAAAAAA"},
        {"query": "x" * 20_001},
        {"query": "x", "requestOptions": []},
        {"query": "x", "requestOptions": {"datasourcesFilter": "a"}},
        {"query": "x", "requestOptions": {"timezoneOffset": 5000}},
        {"query": "x", "requestOptions": {"facetFilters": [{"fieldName": "type"}]}},
        {"query": "x", "requestOptions": {"facetFilters": [{"values": [{"value": "a"}]}]}},
        {"query": "x", "requestOptions": {"facetFilters": [facet("type", "a", relation="LIKE")]}},
        {
            "query": "x",
            "requestOptions": {
                "facetFilters": [facet("type", "a")],
                "facetFilterSets": [{"filters": [facet("type", "a")]}],
            },
        },
    ],
)
def test_bad_requests_get_one_line(asker: httpx.Client, body: Any) -> None:
    raw = {"content": body} if isinstance(body, bytes) else {"json": body}
    answer = asker.post(SEARCH, **raw)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"
    assert answer.text.strip() and answer.text.count("\n") == 1


@pytest.mark.parametrize(
    "query",
    ["\x00", "%_\\", "'; DROP TABLE documents; --", '"', "-", 'from:"', "\ud83d", "🦀🦀"],
)
def test_odd_queries_do_no_harm(asker: httpx.Client, query: str) -> None:
    answer = asker.post(SEARCH, content=json.dumps({"query": query}))
    assert answer.status_code in (200, 400), answer.text


def test_a_cursor_of_another_search_is_refused(asker: httpx.Client, knower: httpx.Client) -> None:
    cursor = search(asker, pageSize=2)["cursor"]
    assert found(search(asker, pageSize=2, cursor=cursor))
    for client, query in ((asker, f"{WORD} seal"), (knower, WORD)):
        body = {"query": query, "cursor": cursor}
        options = {"requestOptions": {"datasourcesFilter": [TRACKER]}}
        assert client.post(SEARCH, json=body | options).status_code == 400


def test_the_same_page_in_two_datasources_is_one_result_with_the_other_in_it(
    asker: httpx.Client, knower: httpx.Client, data_dir: Path
) -> None:
    text = "The quillon of a hangarette, in full."
    older = ticket(71, text, 9)
    newer = ticket(71, text, 1, datasource="mirror", url="https://mirror.example/T-71")
    secret = ticket(
        71, text, 0, datasource=VAULT, url="https://vault.example/T-71", permissions=ONLY_INSIDER
    )
    others = [ticket(72, text, 2), ticket(73, f"{text} Or in part.", 3)]
    asyncio.run(push(data_dir, [older, newer, secret, *others]))
    try:
        seen = search(asker, QUILLON, requestOptions={"datasourcesFilter": []})
        known = search(knower, QUILLON, requestOptions={"datasourcesFilter": []})
        tracked = search(asker, QUILLON)
    finally:
        asyncio.run(withdraw(data_dir, "T-71", "T-72", "T-73"))
        asyncio.run(withdraw(data_dir, "T-71", datasource="mirror"))
        asyncio.run(withdraw(data_dir, "T-71", datasource=VAULT))
    shown = {result["url"]: result for result in seen["results"]}
    assert shown.keys() == {newer.url, others[0].url, others[1].url}
    (copy,) = shown[newer.url]["clusteredResults"]
    assert copy["url"] == older.url and copy["snippets"][0]["text"]
    assert shown[newer.url]["clusterType"] == "SIMILAR"
    (group,) = shown[newer.url]["allClusteredResults"]
    assert group["clusteredResults"] == [copy] and group["visibleCountHint"] == 1
    assert all("clusteredResults" not in shown[other.url] for other in others)
    assert secret.url not in json.dumps(seen)
    assert set(found(tracked)) == {"T-71", "T-72", "T-73"}
    (result,) = [each for each in known["results"] if "clusteredResults" in each]
    assert result["url"] == secret.url
    assert {each["url"] for each in result["clusteredResults"]} == {older.url, newer.url}
