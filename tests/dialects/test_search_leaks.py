"""Nothing of a restricted document comes out of search and its companions without the right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from stook.knowledge.store.documents import document_id
from tests.dialects.served import SECRET_WORD
from tests.dialects.tracker import HIDDEN_WORD, OPEN_TICKETS, TRACKER, VAULT, WORD

MISSPELT = f"{HIDDEN_WORD.lower()}e"  # put right only for those who may see it
SECRET_URL = f"https://tracker.example/{HIDDEN_WORD}-20"
SECRET_ID = document_id(TRACKER, "T-20")
CLIENT = "/rest/api/v1"
FACETS = {"facetBucketSize": 100, "responseHints": ["RESULTS", "FACET_RESULTS"]}
BY_TYPE = {"fieldName": "type", "values": [{"value": f"{HIDDEN_WORD}-type"}]}


def told(path: str, **body: Any) -> tuple[str, str, dict[str, Any]]:
    return "POST", path, body


def requests() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Calls whose answers would show the secret to whoever may see it."""
    for query in (WORD, f"{WORD} sold", f"{WORD} owner", ""):
        yield told(f"{CLIENT}/search", query=query, pageSize=100, requestOptions=FACETS)
    yield told(f"{CLIENT}/search", query=f"the {MISSPELT}")
    yield told("/api/search", query=f"the {MISSPELT}")
    yield told(f"{CLIENT}/search", query="type:" + HIDDEN_WORD + "-type")
    yield told(f"{CLIENT}/search", query="", requestOptions={"facetFilters": [BY_TYPE]})
    yield told(f"{CLIENT}/autocomplete", query="ticket", resultSize=100)
    yield told(f"{CLIENT}/recommendations", pageSize=100)
    yield told(f"{CLIENT}/recommendations", sourceDocument={"url": "https://tracker.example/T-1"})
    yield told(f"{CLIENT}/feed", requestOptions={"resultSize": 100})
    yield told(f"{CLIENT}/getdocumentsbyfacets", filterSets=[{"filters": [BY_TYPE]}])
    yield told(f"{CLIENT}/getdocumentsbyfacets", filterSets=[], datasourcesFilter=[VAULT])
    yield told("/api/search", query=WORD, page_size=100)
    yield told("/api/search", query=f"{WORD} is to be sold")
    yield "GET", "/api/search/filters", {}
    yield "GET", f"/api/search/filters?datasources={TRACKER}&query={WORD}", {}
    for agent, name in (("search-your-documents", "query"), ("ask-your-documents", "question")):
        text = f"What {WORD} is to be sold?"
        yield told(f"{CLIENT}/agents/runs/wait", agent_id=agent, input={name: text})
        yield told(f"{CLIENT}/agents/runs/stream", agent_id=agent, input={name: text})
        yield told(f"/api/agents/{agent}/runs", input={name: text})
        yield told(f"/api/agents/{agent}/runs", input={name: text}, stream=True)
    yield told("/api/chat", input=f"What {WORD} is to be sold?", store=False)
    yield told("/api/chat", input=f"What {WORD} is to be sold?", store=False, stream=True)


@pytest.mark.parametrize(("method", "path", "body"), list(requests()))
def test_what_the_insider_is_told_the_reader_is_not(
    asker: httpx.Client, knower: httpx.Client, method: str, path: str, body: dict[str, Any]
) -> None:
    full = knower.request(method, path, json=body or None)
    assert full.status_code == 200, full.text
    assert HIDDEN_WORD in full.text or VAULT in full.text
    partial = asker.request(method, path, json=body or None)
    assert partial.status_code == 200
    shown = partial.text.replace(f"type:{HIDDEN_WORD}-type", "")  # the query, said back
    for word in (HIDDEN_WORD, VAULT, SECRET_ID, SECRET_WORD, "sextant"):
        assert word not in shown


@pytest.mark.parametrize("name", [SECRET_ID, SECRET_URL, "T-20"])
def test_naming_a_secret_tells_nothing(
    asker: httpx.Client, knower: httpx.Client, name: str
) -> None:
    """The answers are those for a document that does not exist, apart from its name."""
    missing = "doc_0123456789abcdef01234567"
    calls: list[tuple[str, Any]] = [
        (f"{CLIENT}/getdocuments", lambda it: {"documentSpecs": [{"id": it}]}),
        (
            f"{CLIENT}/getdocuments",
            lambda it: {
                "documentSpecs": [{"id": it}, {"url": "https://tracker.example/T-1"}],
                "includeFields": ["DOCUMENT_CONTENT"],
            },
        ),
        (f"{CLIENT}/summarize", lambda it: {"documentSpecs": [{"url": it}]}),
        (f"{CLIENT}/getdocpermissions", lambda it: {"documentId": it}),
        (f"{CLIENT}/recommendations", lambda it: {"sourceDocument": {"id": it}}),
        ("/api/agents/summarize-a-document/runs", lambda it: {"input": {"document": it}}),
        (
            f"{CLIENT}/agents/runs/wait",
            lambda it: {"agent_id": "summarize-a-document", "input": {"document": it}},
        ),
    ]
    for path, body in calls:
        hidden, absent = (asker.post(path, json=body(it)) for it in (name, missing))
        assert hidden.status_code == absent.status_code, path
        assert stripped(hidden, name) == stripped(absent, missing), path
        assert knower.post(path, json=body(name)).status_code == 200, path


def stripped(answer: httpx.Response, name: str) -> Any:
    """An answer without what differs from call to call."""
    if not answer.headers["content-type"].startswith("application/"):
        return answer.text.replace(name, "")
    body = answer.json()
    for key in ("requestID", "request_id", "trackingToken", "backendTimeMillis"):
        body.pop(key, None)
    return str(body).replace(name, "")


def test_counts_are_of_what_the_caller_may_see(asker: httpx.Client, knower: httpx.Client) -> None:
    hints = ["ALL_RESULT_COUNTS", "RESULTS"]
    options = {"facetBucketSize": 100, "responseHints": hints, "datasourcesFilter": [TRACKER]}
    counts = []
    for client in (asker, knower):
        answer = client.post(f"{CLIENT}/search", json={"query": WORD, "requestOptions": options})
        tabs = {tab["id"]: tab["count"] for tab in answer.json()["resultTabs"]}
        counts.append((tabs["all"], tabs[TRACKER], tabs.get(VAULT)))
    assert counts == [(OPEN_TICKETS, OPEN_TICKETS, None), (OPEN_TICKETS + 3, OPEN_TICKETS + 2, 1)]


def test_datasource_of_secrets_does_not_exist_for_the_reader(
    asker: httpx.Client, knower: httpx.Client
) -> None:
    body = {"query": WORD, "datasources": [VAULT]}
    hidden = asker.post("/api/search", json=body)
    absent = asker.post("/api/search", json=body | {"datasources": ["absent"]})
    assert hidden.status_code == absent.status_code == 400
    assert hidden.json()["code"] == absent.json()["code"] == "invalid_datasource"
    assert len(knower.post("/api/search", json=body).json()["results"]) == 1


def test_who_may_see_a_document(knower: httpx.Client) -> None:
    def allowed(name: str) -> list[str]:
        answer = knower.post(f"{CLIENT}/getdocpermissions", json={"documentId": name})
        return answer.json()["allowedUserEmails"]

    assert allowed(SECRET_ID) == ["ines@alderbrook.example"]
    assert allowed("https://tracker.example/T-1") == ["VISIBLE_TO_ALL"]


def test_viewed_documents_need_the_right_still(asker: httpx.Client, knower: httpx.Client) -> None:
    """Whoever reports having seen a secret is not told more of it."""
    event = {"action": "VIEW", "timestamp": "2026-11-20T10:00:00Z", "url": SECRET_URL}
    open_one = event | {"url": "https://tracker.example/T-3"}
    for client in (asker, knower):
        answer = client.post(f"{CLIENT}/activity", json={"events": [event, open_one]})
        assert (answer.status_code, answer.content) == (200, b"")
    recent = {"categories": ["RECENT"]}
    hidden, shown = (
        client.post(f"{CLIENT}/feed", json=recent).json() for client in (asker, knower)
    )
    titles = [
        [each["primaryEntry"]["title"] for each in feed["results"]] for feed in (hidden, shown)
    ]
    secret = f"{HIDDEN_WORD} ticket 20"
    assert "Ticket 3" in titles[0] and secret not in titles[0]
    assert {"Ticket 3", secret} <= set(titles[1])


def test_earlier_questions_are_offered_to_their_own_asker_only(
    asker: httpx.Client, knower: httpx.Client
) -> None:
    question = "Where does the gallimaufry stand?"
    message = {"author": "USER", "fragments": [{"text": question}]}
    saved = knower.post(f"{CLIENT}/chat", json={"messages": [message], "saveChat": True})
    assert saved.status_code == 200
    typed = {"query": "where gallim"}
    own = knower.post(f"{CLIENT}/autocomplete", json=typed).json()["results"]
    assert [(each["result"], each["resultType"]) for each in own] == [(question, "HISTORY")]
    assert asker.post(f"{CLIENT}/autocomplete", json=typed).json()["results"] == []
