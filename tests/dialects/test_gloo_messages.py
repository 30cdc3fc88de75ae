"""Gloo's messages and chats as they are stopped, deleted, rated, pinned and narrowed."""

from __future__ import annotations

import re
import time
import uuid
from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from stook.conversation import feedback
from stook.identity import oauth, signing
from tests.dialects.gloo import CHAT, MESSAGE, ask, token_of
from tests.dialects.served import (
    INSIDER,
    QUESTION,
    READER,
    SECRET_QUESTION,
    SECRET_WORD,
    Credentials,
    Served,
    held_up,
    opened,
)
from tests.dialects.streaming import data_of, is_comment

STRANGE = "m00000000-0000-4000-8000-000000000000"
YEAR = re.compile(r"\d{4}")


@pytest.mark.parametrize("name", ["message_id", "query_id"])
def test_a_stream_is_stopped_from_another_request(
    data_dir: Path, reader: httpx.Client, insider: httpx.Client, name: str
) -> None:
    chat_id = ask(reader)["chat_id"]
    body = {"query": QUESTION, "chat_id": chat_id, "stream": True}
    with held_up(data_dir, chat_id[1:]), reader.stream("POST", MESSAGE, json=body) as response:
        lines = (line for line in response.iter_lines() if line and not is_comment(line))
        first = data_of(next(lines))
        assert (first["message"], first["done"]) == ("", False)
        wanted = {"task": "stop", "chat_id": chat_id, name: first[name]}
        others = insider.put(MESSAGE, params=wanted)
        assert others.json() == {"task": "stop", "success": False}
        stopped = reader.put(MESSAGE, params=wanted)
        assert (stopped.status_code, stopped.json()) == (200, {"task": "stop", "success": True})
        *_, last = map(data_of, lines)
    assert (last["done"], last["success"], last["code"]) == (True, False, "stopped")
    assert last["message_id"] == first["message_id"]
    assert reader.put(MESSAGE, params=wanted).json()["success"] is False


def test_stopping_needs_a_task_and_a_message(reader: httpx.Client) -> None:
    for params, where in (
        ({"message_id": STRANGE}, "task"),
        ({"task": "go", "message_id": STRANGE}, "task"),
        ({"task": "stop"}, "message_id"),
    ):
        answer = reader.put(MESSAGE, params=params)
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["query", where]
    answer = reader.put(MESSAGE, params={"task": "stop", "message_id": "nonsense"})
    assert (answer.status_code, answer.json()["detail"]) == (404, "Message not found")


def test_messages_are_deleted_one_by_one_or_with_their_question(
    reader: httpx.Client, insider: httpx.Client
) -> None:
    first = ask(reader)
    second = ask(reader, chat_id=first["chat_id"])
    for client, name in ((insider, first["message_id"]), (reader, STRANGE), (reader, "m\0")):
        gone = client.delete(MESSAGE, params={"message_id": name})
        assert (gone.status_code, gone.json()["detail"]) == (404, "Message not found")
    gone = reader.delete(MESSAGE, params={"message_id": first["message_id"]})
    assert gone.json() == {"deleted": True, "message_id": first["message_id"]}
    assert [each["role"] for each in messages(reader, first["chat_id"])] == [
        "user",
        "user",
        "kallm",
    ]
    gone = reader.delete(MESSAGE, params={"query_id": second["query_id"]})
    assert gone.json() == {"deleted": True, "message_id": second["message_id"]}
    (left,) = messages(reader, first["chat_id"])
    assert left["query_id"] == first["query_id"]
    assert ask(reader, chat_id=first["chat_id"])["success"] is True


def messages(client: httpx.Client, chat_id: str) -> list[dict[str, object]]:
    return list(client.get(CHAT, params={"chat_id": chat_id}).json()["messages"])


def test_ratings_are_kept_with_other_feedback(
    data_dir: Path, reader: httpx.Client, insider: httpx.Client
) -> None:
    message_id = ask(reader)["message_id"]
    params = {"message_id": message_id}
    for body in ({"rating": 1, "comment": "Just so."}, {"rating": -1}):
        rated = reader.patch(MESSAGE, params=params, json=body)
        assert (rated.status_code, rated.json()) == (200, {"success": True})
    with opened(data_dir) as database:
        said = database.read_now(feedback.list_feedback, READER)
    mine = [each for each in said if message_id[1:] in each.tracking_tokens]
    assert [(each.event, each.details) for each in mine] == [
        ("UPVOTE", {"rating": 1, "comment": "Just so."}),
        ("DOWNVOTE", {"rating": -1}),
    ]
    assert insider.patch(MESSAGE, params=params, json={"rating": 1}).status_code == 404
    for bad in ({}, {"rating": 0}, {"rating": 5}, {"rating": "good"}, {"rating": 1, "comment": 1}):
        assert reader.patch(MESSAGE, params=params, json=bad).status_code == 422


def test_a_chat_is_pinned_titled_and_summarised(
    reader: httpx.Client, insider: httpx.Client
) -> None:
    chat_id = ask(reader)["chat_id"]

    def change(field: str, value: object, client: httpx.Client = reader) -> httpx.Response:
        params = {"chat_id": chat_id, "chat_field": field}
        return client.patch(CHAT, params=params, json={"new_value": value})

    for field, given in (("pin", True), ("title", "Days off"), ("summary", "All about days off.")):
        changed = change(field, given)
        assert changed.json() == {"chat_id": chat_id, "field": field, "value": given}
    chat = reader.get(CHAT, params={"chat_id": chat_id}).json()
    assert (chat["pin"], chat["title"]) == (True, "Days off")
    assert chat["summary"] == "All about days off."
    (listed,) = [
        each for each in reader.get("/ai/v1/chats").json()["chats"] if each["chat_id"] == chat_id
    ]
    assert (listed["pin"], listed["title"]) == (True, "Days off")
    assert change("pin", 0).json()["value"] is False
    assert change("summary", None).json()["value"] is None
    assert change("pin", True, insider).status_code == 404
    for field, value in (("pin", "yes"), ("pin", None), ("title", " "), ("title", 5),
                         ("summary", 5), ("colour", "red")):  # fmt: skip
        assert change(field, value).status_code == 422, (field, value)
    assert isinstance(change("title", "").json()["detail"], str)


def asked(client: httpx.Client, **params: object) -> dict[str, object]:
    answer = client.post(MESSAGE, json={"query": QUESTION}, params=params)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_intent_and_sources(reader: httpx.Client) -> None:
    for params, intent, has_sources in (
        ({}, 1, True),
        ({"intent": 1}, 1, True),
        ({"intent": 0}, 0, False),
        ({"intent": 0, "enable_sources": 2}, 0, True),
        ({"enable_sources": 1}, 1, True),
        ({"intent": 1, "enable_sources": 0}, 1, False),
    ):
        answer = asked(reader, **params)
        assert (answer["intent"], bool(answer["sources"])) == (intent, has_sources), params
        question, answered = messages(reader, str(answer["chat_id"]))
        assert question["intent"] == params.get("intent")
        for name in ("intent", "sources", "sources_limit", "model", "suggestions"):
            assert answered[name] == answer[name], (params, name)
    unanswered = ask(reader, "Who won the chess tournament of Mars?")
    assert (unanswered["intent"], unanswered["sources"]) == (0, [])


def test_the_body_counts_more_than_the_query(reader: httpx.Client) -> None:
    body = {"query": QUESTION, "intent": 1, "enable_sources": 0, "enable_suggestions": 0}
    params = {"intent": 0, "enable_sources": 2, "enable_suggestions": 1}
    answer = reader.post(MESSAGE, json=body, params=params).json()
    assert (answer["intent"], answer["sources"], answer["suggestions"]) == (1, [], [])


def test_a_publisher_is_a_datasource_by_any_of_its_names(insider: httpx.Client) -> None:
    """The fixture's datasources are ``handbook`` and ``secrets``."""
    everything = ask(insider, SECRET_QUESTION)
    assert SECRET_WORD in everything["message"]
    assert {source["publisher"] for source in everything["sources"]} == {"secrets"}
    for names in (["secrets"], ["Secrets "], ["nobody", "SECRETS"], ["handbook", "secrets"]):
        assert SECRET_WORD in ask(insider, SECRET_QUESTION, publishers=names)["message"], names
    for names in (["handbook"], ["nobody"], [""], [" "], ["secret"]):
        assert SECRET_WORD not in ask(insider, SECRET_QUESTION, publishers=names)["message"], names


def test_naming_a_publisher_opens_nothing(reader: httpx.Client) -> None:
    answer = ask(reader, SECRET_QUESTION, publishers=["secrets"])
    assert (answer["sources"], SECRET_WORD in answer["message"]) == ([], False)


def test_tokens_outlive_a_rotation_of_keys(
    served: Served, data_dir: Path, people: Credentials, stranger: httpx.Client
) -> None:
    credentials = (people.client_id, people.client_secret)
    before = token_of(stranger, *credentials)
    with opened(data_dir) as database:
        newest = database.write_now(signing.rotate)
    after = token_of(stranger, *credentials)
    published = stranger.get("/.well-known/jwks.json")
    assert "max-age" in published.headers["cache-control"]
    keys = KeySet.import_key_set(published.json())
    assert published.json()["keys"][0]["kid"] == newest
    assert all("d" not in key for key in published.json()["keys"])
    for token in (before, after):
        decoded = jwt.decode(token, keys, algorithms=["ES256"])
        claims = decoded.claims
        assert (claims["sub"], claims["scope"]) == (people.client_id, "api/access")
        assert claims["exp"] - claims["iat"] == 3600
        with served.client(token) as client:
            assert client.get("/ai/v1/chats").status_code == 200
    assert jwt.decode(after, keys, algorithms=["ES256"]).header["kid"] == newest
    assert jwt.decode(before, keys, algorithms=["ES256"]).header["kid"] != newest


def test_a_client_asks_as_its_user(served: Served, people: Credentials) -> None:
    with served.client() as stranger:
        token = token_of(stranger, people.insider_client_id, people.insider_client_secret)
    with served.client(token) as client:
        assert SECRET_WORD in ask(client, SECRET_QUESTION)["message"]
        other = {"X-Glean-ActAs": READER}
        assert client.get("/ai/v1/chats", headers=other).status_code == 403
        assert client.get("/ai/v1/chats", headers={"X-Glean-ActAs": INSIDER}).status_code == 200


def test_ids_of_all_kinds_are_told_apart(reader: httpx.Client) -> None:
    strange = f"q{uuid.uuid4()}"
    assert reader.delete(MESSAGE, params={"query_id": strange}).status_code == 404
    assert reader.get(CHAT, params={"chat_id": strange}).status_code == 404


def signed(data_dir: Path, client_id: str, issued: int, seconds: int) -> str:
    """An access token that was issued so many seconds ago, signed with the server's own key."""
    at = int(time.time()) - issued
    claims = {"sub": client_id, "client_id": client_id, "scope": oauth.SCOPE, "iss": oauth.ISSUER,
              "iat": at, "exp": at + seconds, "token_use": "access"}  # fmt: skip
    with opened(data_dir) as database:
        return database.write_now(signing.sign, claims)


def test_tokens_expire(served: Served, data_dir: Path, people: Credentials) -> None:
    for issued, seconds, status in ((60, 3600, 200), (3601, 3600, 401), (0, 30 * 86_400, 401)):
        with served.client(signed(data_dir, people.client_id, issued, seconds)) as client:
            assert client.get("/ai/v1/chats").status_code == status, (issued, seconds)


def test_access_tokens_are_for_asking_only(
    served: Served, stranger: httpx.Client, people: Credentials
) -> None:
    token = token_of(stranger, people.client_id, people.client_secret)
    with served.client(token) as client:
        given = {"event": "UPVOTE", "trackingTokens": ["x"]}
        assert client.post("/rest/api/v1/feedback", json=given).status_code == 403
        document = {"document": {"datasource": "handbook", "id": "x"}}
        assert client.post("/api/index/v1/indexdocument", json=document).status_code == 401
