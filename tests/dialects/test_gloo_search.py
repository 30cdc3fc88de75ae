"""Gloo's search for passages and its recommendations."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.dialects.served import QUESTION, SECRET_QUESTION, SECRET_WORD

SEARCH = "/ai/data/v1/search"
BASE = "/ai/v1/data/items/recommendations/base"
VERBOSE = "/ai/v1/data/items/recommendations/verbose"
REFERENCED = "/ai/v1/data/affiliates/referenced-items"
HANDBOOK = {"collection": "GlooProd", "tenant": "handbook"}
Json = dict[str, Any]


def found(client: httpx.Client, path: str, query: str = QUESTION, **more: object) -> Any:
    answer = client.post(path, json={"query": query, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_passages_of_a_publisher(asker: httpx.Client) -> None:
    answer = found(asker, SEARCH, **HANDBOOK, certainty=0.5, limit=5)
    assert answer["intent"] == 1 and len(answer["data"]) == 5
    for hit in answer["data"]:
        about, metadata = hit["properties"], hit["metadata"]
        assert 0.5 <= metadata["certainty"] <= 1
        assert metadata["distance"] == pytest.approx(2 * (1 - metadata["certainty"]), abs=1e-5)
        assert about["snippet"] and about["item_title"] and about["publisher"] == "handbook"
        assert isinstance(about["author"], list)
        assert (hit["collection"], hit["vector"], hit["references"]) == ("GlooProd", {}, None)
    assert any("holiday" in hit["properties"]["snippet"].lower() for hit in answer["data"])
    assert len({hit["uuid"] for hit in answer["data"]}) == 5
    again = found(asker, SEARCH, **HANDBOOK, certainty=0.5, limit=5)
    assert again == answer


def test_certainty_leaves_out_what_is_far(asker: httpx.Client) -> None:
    everything = found(asker, SEARCH, **HANDBOOK, certainty=0, limit=20)["data"]
    sureness = [hit["metadata"]["certainty"] for hit in everything]
    middle = sorted(sureness)[len(sureness) // 2]
    near = found(asker, SEARCH, **HANDBOOK, certainty=middle, limit=20)["data"]
    assert 0 < len(near) < len(everything)
    assert all(hit["metadata"]["certainty"] >= middle for hit in near)
    assert found(asker, SEARCH, **HANDBOOK, certainty=1)["data"] == []
    usual = found(asker, SEARCH, **HANDBOOK)["data"]
    assert all(hit["metadata"]["certainty"] >= 0.75 for hit in usual)


def test_search_shows_nobody_what_is_not_theirs(asker: httpx.Client, knower: httpx.Client) -> None:
    secret = {"collection": "GlooProd", "tenant": "secrets", "certainty": 0}
    mine = found(knower, SEARCH, SECRET_QUESTION, **secret)["data"]
    assert any(SECRET_WORD in hit["properties"]["snippet"] for hit in mine)
    for path in (SEARCH, BASE, VERBOSE):
        hidden = asker.post(path, json={"query": SECRET_QUESTION, **secret})
        unknown = asker.post(path, json={"query": SECRET_QUESTION, **secret, "tenant": "nobody"})
        assert (hidden.status_code, hidden.json()["code"]) == (403, "forbidden")
        assert hidden.text.replace("secrets", "nobody") == unknown.text
    everywhere = found(asker, REFERENCED, SECRET_QUESTION, certainty_threshold=0, item_count=50)
    assert everywhere and "secrets" not in {item["publisher_id"] for item in everywhere}
    everywhere = found(knower, REFERENCED, SECRET_QUESTION, certainty_threshold=0, item_count=50)
    assert "secrets" in {item["publisher_id"] for item in everywhere}


ITEM = {
    "item_id", "author", "filename", "tradition", "duration", "item_title", "item_subtitle",
    "item_image", "item_url", "item_tags", "h2_title", "h3_title", "publication_date",
    "publisher", "publisher_id", "publisher_url", "publisher_logo", "item_summary", "type",
    "hosted_url", "snippet_count", "cumulative_certainty", "denomination", "uuids",
}  # fmt: skip


def test_recommendations_are_a_list_of_items(asker: httpx.Client) -> None:
    base = found(asker, BASE, **HANDBOOK, certainty_threshold=0.5, item_count=4)
    verbose = found(asker, VERBOSE, **HANDBOOK, certainty_threshold=0.5, item_count=4)
    assert isinstance(base, list) and 1 < len(base) <= 4
    assert all(set(item) == ITEM for item in base)
    order = [(-item["snippet_count"], -item["cumulative_certainty"]) for item in base]
    assert order == sorted(order)
    for short, long in zip(base, verbose, strict=True):
        assert short["item_id"] == long["item_id"]
        assert len(long["uuids"]) == long["snippet_count"]
        total = sum(each["certainty"] for each in long["uuids"])
        assert long["cumulative_certainty"] == pytest.approx(total, abs=1e-4)
        assert all(each["snippet"] for each in long["uuids"])
        assert not any("snippet" in each for each in short["uuids"])
    assert any("holiday" in item["item_title"].lower() for item in base)


def test_recommendations_are_narrowed(asker: httpx.Client) -> None:
    wide: Json = {**HANDBOOK, "certainty_threshold": 0, "item_count": 50}
    everything = found(asker, BASE, **wide)
    few = found(asker, BASE, **wide, max_snippet_count_overall=3)
    assert sum(item["snippet_count"] for item in few) == 3
    most = max(item["snippet_count"] for item in everything)
    several = found(asker, BASE, **wide, min_snippet_count_per_item=most)
    assert 0 < len(several) < len(everything)
    assert all(item["snippet_count"] == most for item in several)
    assert found(asker, BASE, **wide, media_types=["Podcast"]) == []
    kinds = {item["type"] for item in everything}
    assert found(asker, BASE, **wide, media_types=[kind.upper() for kind in kinds]) == everything
    assert found(asker, BASE, **wide, publishers=["HANDBOOK"]) == everything
    assert found(asker, BASE, **wide, publishers=["tracker"]) == []
    only = found(asker, REFERENCED, certainty_threshold=0, publishers=["tracker"])
    assert {item["publisher_id"] for item in only} == {"tracker"}


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        (SEARCH, {"collection": "c", "tenant": "handbook"}, "query"),
        (SEARCH, {"query": "", **HANDBOOK}, "query"),
        (SEARCH, {"query": "x", "collection": "c"}, "tenant"),
        (SEARCH, {"query": "x", "tenant": "handbook"}, "collection"),
        (SEARCH, {"query": "x", **HANDBOOK, "certainty": 1.5}, "certainty"),
        (SEARCH, {"query": "x", **HANDBOOK, "limit": 0}, "limit"),
        (BASE, {"query": "x", **HANDBOOK, "item_count": 51}, "item_count"),
        (VERBOSE, {"query": "x", **HANDBOOK, "item_count": 0}, "item_count"),
        (REFERENCED, {"query": "x", "certainty_threshold": -1}, "certainty_threshold"),
    ],
)
def test_wrong_requests(asker: httpx.Client, path: str, body: Json, where: str) -> None:
    answer = asker.post(path, json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", where]


def test_searching_needs_the_right(reader: httpx.Client, stranger: httpx.Client) -> None:
    body = {"query": QUESTION, **HANDBOOK}
    assert reader.post(SEARCH, json=body).status_code == 403
    assert stranger.post(SEARCH, json=body).status_code == 401
