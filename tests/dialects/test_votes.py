"""A vote on an answer, given through the API, becomes a question for ``stook eval``."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from tests.dialects.served import QUESTION, READER, Credentials, Served, stook


def test_a_vote_becomes_a_question(
    reader: httpx.Client, served: Served, people: Credentials, data_dir: Path
) -> None:
    asked = {"author": "USER", "fragments": [{"text": QUESTION}]}
    answer = reader.post("/rest/api/v1/chat", json={"messages": [asked], "saveChat": True}).json()
    content = [one for one in answer["messages"] if one["messageType"] == "CONTENT"][-1]
    vote = {"trackingTokens": [content["messageTrackingToken"]], "event": "UPVOTE"}
    with served.client(people.unscoped) as giving:
        assert giving.post("/rest/api/v1/feedback", json=vote).status_code == 200
    lines = stook("feedback", "export", data_dir=data_dir).splitlines()
    questions = {row["id"]: row for row in map(json.loads, lines)}
    made = questions[content["messageId"]]
    assert (made["question"], made["ask_as"]) == (QUESTION, READER)
    cited = {one["sourceDocument"]["id"] for one in content["citations"]}
    assert set(made["documents"]) == cited != set()
