"""One error tree, each with what the server said and the request's id."""

from __future__ import annotations

import pytest

from stook import Stook
from stook.client import (
    AnswerFailed,
    BadRequest,
    ConfigurationError,
    Conflict,
    NotFound,
    PermissionDenied,
    RateLimited,
    RequestTimeout,
    RequestTooLarge,
    ServerError,
    StookClientError,
    TimedOut,
    Timeouts,
    Unauthenticated,
    UnexpectedResponse,
    errors,
)
from tests.client.conftest import MakeTwin
from tests.client.misbehaving import Connection, Misbehaving, says, stays_silent
from tests.client.twins import NO_RETRIES, TOKEN

STATUSES = [
    (400, BadRequest),
    (401, Unauthenticated),
    (403, PermissionDenied),
    (404, NotFound),
    (408, RequestTimeout),
    (409, Conflict),
    (413, RequestTooLarge),
    (418, BadRequest),
    (429, RateLimited),
    (500, ServerError),
    (599, ServerError),
]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
async def test_each_status_has_its_class(
    twin: MakeTwin, rogue: Misbehaving, status: int, kind: type[StookClientError]
) -> None:
    rogue.will(says(b"The chat is gone.\n", status, X_Request_Id="r-1"))
    with pytest.raises(StookClientError) as raised:
        await twin(rogue.url, retries=NO_RETRIES).call("chat.retrieve", "c1")
    error = raised.value
    assert type(error) is kind
    assert (error.status, error.body, error.request_id) == (status, "The chat is gone.\n", "r-1")
    assert str(error) == f"HTTP {status}: The chat is gone. (request r-1)"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": "thread not found"}, "thread not found"),
        ({"message": "no"}, "no"),
        ({"detail": "why", "title": "what"}, "why"),
        ({"code": 7}, '{"code": 7}'),
        ([1], "[1]"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"x" * 10_000, "x" * 500),
    ],
)
def test_what_the_server_says_is_in_the_message(rogue: Misbehaving, body, said: str) -> None:
    rogue.will(says(body, 404))
    with Stook(TOKEN, rogue.url) as client, pytest.raises(NotFound) as raised:
        client.chat.list()
    assert raised.value.message == f"HTTP 404: {said}"


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[1]", b"{", b'{"chatResults": [{"chat": 3}]}', b'"text"', b"\xff"],
)
async def test_an_answer_that_is_not_the_apis(
    twin: MakeTwin, rogue: Misbehaving, body: bytes
) -> None:
    rogue.will(says(body, X_Request_Id="r-2"))
    with pytest.raises(UnexpectedResponse, match="listchats") as raised:
        await twin(rogue.url).call("chat.list")
    assert raised.value.body == body.decode(errors="replace")
    assert (raised.value.status, raised.value.request_id) == (200, "r-2")
    assert len(rogue.requests) == 1


@pytest.mark.parametrize("status", [202, 204, 302])
async def test_other_statuses(twin: MakeTwin, rogue: Misbehaving, status: int) -> None:
    rogue.will(says(b"", status, Location="https://elsewhere.test/"))
    with pytest.raises(UnexpectedResponse) as raised:
        await twin(rogue.url).call("chat.create", "?")
    assert raised.value.status == status
    assert ("https://elsewhere.test/" in str(raised.value)) == (status == 302)


async def test_garbled_compression(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(says(b"not gzip", Content_Encoding="gzip"))
    with pytest.raises(UnexpectedResponse, match="garbled"):
        await twin(rogue.url).call("chat.list")


async def test_an_answer_that_failed(twin: MakeTwin, rogue: Misbehaving) -> None:
    message = {"messageType": "ERROR", "author": "GLEAN_AI", "fragments": [{"text": "No ink."}]}
    rogue.will(says({"messages": [message]}, X_Request_Id="r-3"))
    with pytest.raises(AnswerFailed, match=r"No ink\. \(request r-3\)") as raised:
        await twin(rogue.url).call("chat.create", "?")
    assert raised.value.status == 200
    assert len(rogue.requests) == 1


async def test_silence(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(stays_silent)
    client = twin(rogue.url, timeout=Timeouts(idle=0.2), retries=NO_RETRIES)
    with pytest.raises(TimedOut, match=r"Not a byte for 0\.2 seconds") as raised:
        await client.call("chat.list")
    assert raised.value.request_id == rogue.requests[0].headers["x-request-id"]


async def test_the_total_is_kept_while_bytes_trickle(twin: MakeTwin, rogue: Misbehaving) -> None:
    def trickle(connection: Connection) -> None:
        connection.head(200, Content_Type="application/json", Content_Length="1000000")
        for _ in range(1_000_000):
            connection.send(b" ")

    rogue.will(trickle)
    with pytest.raises(TimedOut, match=r"Not done within 0\.3 seconds"):
        await twin(rogue.url, timeout=0.3).call("chat.create", "?", save_chat=True)


@pytest.mark.parametrize(
    ("token", "url", "said"),
    [
        (None, None, "STOOK_TOKEN"),
        (" ", None, "STOOK_TOKEN"),
        ("two words", None, "characters"),
        ("line\r\nX-Evil: 1", None, "characters"),
        ("tökén", None, "characters"),
        (TOKEN, "ftp://ex.test", "http://"),
        (TOKEN, "ex.test:8080", "http://"),
        (TOKEN, "http://ex.test:port", "wrong"),
    ],
)
def test_wrong_configuration(token: str | None, url: str | None, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        Stook(token, url)


def test_the_environment(rogue: Misbehaving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOOK_TOKEN", "stook_from_environment\n")
    monkeypatch.setenv("STOOK_URL", rogue.url + "/")
    rogue.will(says({"chatResults": []}))
    with Stook() as client:
        client.chat.list()
        assert "stook_from_environment" not in repr(client) + repr(client._options)
    (request,) = rogue.requests
    assert request.headers["authorization"] == "Bearer stook_from_environment"
    assert request.path == "/rest/api/v1/listchats"


def test_the_tree_that_is_drawn_is_the_tree_that_is() -> None:
    drawn: dict[str, str] = {}
    stack: list[str] = ["StookClientError"]
    for row in (errors.__doc__ or "").splitlines():
        before, mark, rest = row.partition("── ")
        if mark:
            depth = len(before) // 4
            del stack[depth:]
            drawn[rest.split()[0]] = stack[-1]
            stack.append(rest.split()[0])
    real = {
        each.__name__: each.__base__.__name__
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, StookClientError)
    }
    del real["StookClientError"]
    assert drawn == real
