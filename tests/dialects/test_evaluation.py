"""``stook eval`` measures what the running APIs give: the same ranking, the same answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.dialects.served import (
    FOLLOW_UP,
    INSIDER,
    QUESTION,
    SECRET_QUESTION,
    Served,
    stook,
)

ALONE = [QUESTION, SECRET_QUESTION, 'holidys "public holiday"', "What does the moon weigh?"]
DEPTH = 50


@pytest.fixture(scope="module")
def apis(served: Served, searchers: dict[str, str]) -> Iterator[httpx.Client]:
    with served.client(searchers[INSIDER]) as client:
        yield client


@pytest.fixture(scope="module")
def measured(
    served: Served, data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What came of each question, as the insider asks it."""
    rows: list[dict[str, Any]] = [{"question": question} for question in ALONE]
    rows.append({"question": FOLLOW_UP, "history": [{"question": QUESTION}]})
    lines = (json.dumps(row | {"ask_as": INSIDER}) + "\n" for row in rows)
    path = tmp_path_factory.mktemp("questions") / "few.jsonl"
    path.write_text("".join(lines))
    run = stook("eval", str(path), "--json", "--depth", str(DEPTH), data_dir=data_dir)
    return {one["question"]: one for one in json.loads(run)["outcomes"]}


@pytest.mark.parametrize("question", ALONE)
def test_the_ranking_is_that_of_the_search_api(
    measured: dict[str, Any], apis: httpx.Client, question: str
) -> None:
    answer = apis.post("/api/search", json={"query": question, "page_size": DEPTH})
    assert answer.status_code == 200, answer.text
    urls = [result["url"] for result in answer.json()["results"]]
    assert [hit["url"] for hit in measured[question]["ranking"]] == urls
    scores = [hit["score"] for hit in measured[question]["ranking"]]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("question", ALONE)
def test_the_answer_is_that_of_the_chat_api(
    measured: dict[str, Any], apis: httpx.Client, question: str
) -> None:
    answer = apis.post("/api/chat", json={"input": question, "store": False})
    assert answer.status_code == 200, answer.text
    said = answer.json()["output"][0]["content"][0]
    judged = measured[question]["answer"]
    assert judged["text"] == said["text"]
    cited = [(each["sources"][0]["url"], each["end_index"]) for each in said["annotations"]]
    assert [(one["url"], one["end"]) for one in judged["citations"]] == cited


def test_a_follow_up_is_what_a_conversation_makes_of_it(
    measured: dict[str, Any], apis: httpx.Client
) -> None:
    """A search API knows of no earlier question: what is ranked is what the chat reads."""
    fragments = [
        {"author": "USER", "fragments": [{"text": text}]} for text in (QUESTION, FOLLOW_UP)
    ]
    answer = apis.post("/rest/api/v1/chat", json={"messages": fragments})
    assert answer.status_code == 200, answer.text
    updates = [each for each in answer.json()["messages"] if each["messageType"] == "UPDATE"]
    [searched] = [
        part["querySuggestion"]["query"]
        for each in updates
        for part in each["fragments"]
        if "querySuggestion" in part
    ]
    read = [
        result["document"]["url"]
        for each in updates
        for part in each["fragments"]
        for result in part.get("structuredResults", ())
    ]
    found = measured[FOLLOW_UP]
    assert found["searched"] == searched != FOLLOW_UP
    assert read and [hit["url"] for hit in found["ranking"]] == read
    assert found["answer"]["text"] == answer.json()["messages"][-1]["fragments"][0]["text"]
