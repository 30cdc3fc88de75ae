"""Requests that are meant to do harm: none is answered by a 5xx, holds the loop, or is logged."""

from __future__ import annotations

import base64
import json
import random
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from stook.identity import indexing_tokens, oauth, tokens, users
from stook.identity.indexing_tokens import Limits
from stook.identity.principals import Scope
from stook.server.app import create_app
from stook.settings import Settings
from tests.dialects.served import Served, opened, serve, stook

PERSON = "rita@alderbrook.example"
WORD = "Zanthoxylum"  # in every text that is sent, and nowhere in the log
ROUNDS = 20  # of each operation
DOCUMENT = create_app(Settings()).openapi()
SEARCH = "/rest/api/v1/search"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "texts").mkdir()
    (folder / "texts" / "canteen.md").write_text("# Canteen\n\nThe canteen opens at seven.\n")
    stook("index", str(folder / "texts"), data_dir=folder)
    return folder


@pytest.fixture(scope="module")
def served(data_dir: Path) -> Iterator[Served]:
    """A server whose event loop nothing may hold."""
    with serve(data_dir, STOOK_RATE_LIMITS="off", STOOK_LOG_FORMAT="json") as running:
        yield running


@pytest.fixture(scope="module")
def secrets(data_dir: Path, served: Served) -> dict[str, str]:
    with opened(data_dir) as database:
        database.write_now(users.add, PERSON, "Rita")
        person = database.write_now(tokens.create, "all", list(Scope), PERSON).secret
        indexing = database.write_now(indexing_tokens.create, "all", Limits()).secret
        client = database.write_now(oauth.create_client, "client", PERSON)
    pair = f"{client.client_id}:{client.client_secret}".encode()
    return {
        "Token": f"Bearer {person}",
        "IndexingToken": f"Bearer {indexing}",
        "Client": f"Basic {base64.b64encode(pair).decode()}",
    }


@pytest.fixture(scope="module")
def client(served: Served, secrets: dict[str, str]) -> Iterator[httpx.Client]:
    with served.client() as opened_client:
        opened_client.headers["Authorization"] = secrets["Token"]
        yield opened_client


def _deep(levels: int, inner: str = f'"{WORD}"') -> Callable[[], str]:
    return lambda: "[" * levels + inner + "]" * levels


def _objects(levels: int) -> str:
    return '{"a":' * levels + f'"{WORD}"' + "}" * levels


HOSTILE: tuple[Callable[[], str], ...] = (
    _deep(20),
    _deep(31),
    _deep(300),
    _deep(990, f'"\\u0000{WORD}"'),
    lambda: _objects(30),
    lambda: _objects(300),
    lambda: "1e308",
    lambda: "-1e308",
    lambda: "1e999",
    lambda: "18446744073709551616",
    lambda: "-9223372036854775809",
    lambda: "9" * 5000,
    lambda: f'"{WORD}\\u0000"',
    lambda: f'"{WORD}\\ud800"',
    lambda: f'"\\udc00{WORD}"',
    lambda: f'"{WORD}' + "é\\u2028\\ufffe😀" * 100 + '"',
    lambda: f'"{WORD}{"a" * 300_000}"',
    lambda: f'["{WORD}"' + f',"{WORD}"' * 25_000 + "]",
    lambda: '"0001-01-01T00:00:00+14:00"',
    lambda: '"9999-12-31T23:59:59-14:00"',
    lambda: '"past_9999_years"',
    lambda: "true",
    lambda: "null",
    lambda: '""',
    lambda: "[]",
    lambda: "{}",
    lambda: "NaN",
)
IN_ADDRESS = (
    "%00",
    f"{WORD}%00",
    "%ed%a0%80",
    "%ff%fe",
    "..%2f..%2f",
    quote(WORD * 200),
    "9" * 30,
    "-1",
    "1e308",
    "%5b%5d" * 100,
    quote("é\u2028"),
    "",
)


class Maker:
    """Makes JSON from a schema, with something hostile at a place or two."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def body(self, schema: dict[str, Any]) -> str:
        if self._random.random() < 0.1:
            return self._random.choice(HOSTILE)()
        return self._value(schema, depth=0, risk=0.12)

    def address(self, path: str, parameters: list[dict[str, Any]]) -> str:
        query = []
        for each in parameters:
            value = self._random.choice(IN_ADDRESS)
            if each["in"] == "path":
                path = path.replace("{" + each["name"] + "}", value or "x")
            elif each["in"] == "query" and self._random.random() < 0.7:
                query.append(f"{each['name']}={value}")
        return path + ("?" + "&".join(query) if query else "")

    def _value(self, schema: dict[str, Any], depth: int, risk: float) -> str:
        if depth > 8 or self._random.random() < risk:
            return self._random.choice(HOSTILE)()
        schema = _resolved(schema)
        for part in ("anyOf", "oneOf", "allOf"):
            if part in schema:
                return self._value(self._random.choice(schema[part]), depth + 1, risk)
        if "enum" in schema or "const" in schema:
            return json.dumps(self._random.choice(schema.get("enum", [schema.get("const")])))
        return self._of_kind(schema, depth, risk)

    def _of_kind(self, schema: dict[str, Any], depth: int, risk: float) -> str:
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, depth, risk)
        if kind == "array":
            items = schema.get("items", {})
            some = [self._value(items, depth + 1, risk) for _ in range(self._random.randint(1, 3))]
            return f"[{','.join(some)}]"
        usual = {"integer": "3", "number": "0.5", "boolean": "true", "string": f'"{WORD} canteen"'}
        return usual.get(str(kind), "{}")

    def _object(self, schema: dict[str, Any], depth: int, risk: float) -> str:
        required = schema.get("required", ())
        fields = [
            f"{json.dumps(name)}:{self._value(each, depth + 1, risk)}"
            for name, each in schema.get("properties", {}).items()
            if name in required or self._random.random() < 0.5
        ]
        return "{" + ",".join(fields) + "}"


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _requests() -> Iterator[tuple[str, str, str, bytes, str]]:
    """Method, address, credentials, body and its type."""
    for number, (path, methods) in enumerate(DOCUMENT["paths"].items()):
        for method, operation in methods.items():
            if path.endswith("/rotatetoken"):
                continue  # it would end the token of the others
            maker = Maker(number)
            ((kind, body),) = list(operation.get("requestBody", {}).get("content", {}).items())[
                :1
            ] or [("", {})]
            needed = next(iter((operation.get("security") or [{"Token": []}])[0]), "Token")
            for _ in range(ROUNDS):
                address = maker.address(path, operation.get("parameters", []))
                sent = maker.body(body["schema"]) if body else ""
                yield method.upper(), address, needed, sent.encode("utf-8", "surrogatepass"), kind


def test_thousands_of_odd_requests_are_answered_and_not_logged(
    served: Served, secrets: dict[str, str]
) -> None:
    def send(request: tuple[str, str, str, bytes, str]) -> str:
        method, address, needed, body, kind = request
        headers = {"Authorization": secrets.get(needed, ""), "Content-Type": kind or "text/plain"}
        answer = calls.request(method, address, content=body, headers=headers)
        failed = answer.status_code >= 500 and answer.status_code != 501  # says that it cannot
        return f"{answer.status_code} {method} {address[:200]} {body[:300]!r}" if failed else ""

    with served.client() as calls, ThreadPoolExecutor(4) as several:
        failures = list(filter(None, several.map(send, _requests())))
    assert not failures, "\n".join(failures)
    log = served.log.read_text()
    assert WORD not in log
    assert "Traceback" not in log and "unexpected error" not in log


def _filters(values: int) -> dict[str, Any]:
    given = [{"value": f"{WORD}{number}"} for number in range(values)]
    return {"facetFilters": [{"fieldName": "from", "values": given}]}


def _specs(number: int) -> list[dict[str, str]]:
    return [{"id": f"https://{WORD}.example/{at}"} for at in range(number)]


def _conversation(text: str, messages: int) -> dict[str, Any]:
    """A question, and what was asked before it, oldest first."""
    said = [f"{number} {text}"[:20_000] for number in range(messages)]
    texts = [*said, "And what about May?"]
    return {"messages": [{"author": "USER", "fragments": [{"text": each}]} for each in texts]}


CHAT = "/rest/api/v1/chat"
LARGE: dict[str, tuple[str, dict[str, Any], int]] = {
    "operators": (SEARCH, {"query": "from:a " * 1900}, 400),
    "operators within the bound": (SEARCH, {"query": "canteen " + "from:a " * 200}, 200),
    "facet values": (SEARCH, {"query": "canteen", "requestOptions": _filters(2_000)}, 400),
    "very many facet values": (SEARCH, {"query": "a", "requestOptions": _filters(20_000)}, 400),
    "facet values within the bound": (SEARCH, {"query": "a", "requestOptions": _filters(200)}, 200),
    "phrases": (SEARCH, {"query": '"canteen opens" ' * 1000}, 400),
    "words left out": (SEARCH, {"query": "canteen" + " -word" * 1000}, 400),
    "inclusions": (
        SEARCH,
        {"query": "a", "requestOptions": {"inclusions": {"containerSpecs": _specs(100_000)}}},
        400,
    ),
    "inclusions within the bound": (
        SEARCH,
        {"query": "a", "requestOptions": {"inclusions": {"containerSpecs": _specs(1_000)}}},
        200,
    ),
    "autocomplete": ("/rest/api/v1/autocomplete", {"query": "ca " * 300}, 400),
    "autocomplete within the bound": ("/rest/api/v1/autocomplete", {"query": "ca " * 50}, 200),
    "people": ("/rest/api/v1/listentities", {"query": "ri " * 300}, 400),
    "ids": ("/rest/api/v1/deletechats", {"ids": ["x"] * 100_000}, 400),
    "one long word": (SEARCH, {"query": "a" * 15_000}, 200),
    "addresses of mail": (SEARCH, {"query": ("a." * 7_000) + "@"}, 200),
    "identifiers": (SEARCH, {"query": "a_" * 7_000}, 200),
    "a question too long": (SEARCH, {"query": "why " * 10_000}, 400),
    "a long conversation of lines": (CHAT, _conversation("a b c\n" * 4000, 20), 200),
    "a long conversation of phrases": (CHAT, _conversation('"a b" ' * 4000, 20), 200),
    "a long conversation of prompts": (
        CHAT,
        _conversation("Context: a\nQuestion: b?\n" * 900, 20),
        200,
    ),
    "a conversation of misspelt words": (
        CHAT,
        _conversation("the vacaton polcy. " * 1100, 20),
        200,
    ),
    "very many terms": (SEARCH, {"query": " ".join(f"w{n:x}" for n in range(4000))[:20_000]}, 200),
}


@pytest.mark.parametrize(("path", "body", "status"), LARGE.values(), ids=LARGE)
def test_large_requests_are_answered_or_refused_with_a_sentence(
    client: httpx.Client, path: str, body: dict[str, Any], status: int
) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text[:500]
    if status == 400:
        assert len(answer.text) < 1000
        assert "at most" in answer.text or "more than" in answer.text


def test_a_search_ends_with_its_client(served: Served, secrets: dict[str, str]) -> None:
    """Clients that leave at once are logged as gone, and others are answered."""
    body = json.dumps({"query": "canteen", "requestOptions": _filters(200)}).encode()
    head = (
        f"POST {SEARCH} HTTP/1.1\r\nHost: a\r\nAuthorization: {secrets['Token']}\r\n"
        f"X-Request-Id: left-early\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    address = httpx.URL(served.url)
    with socket.create_connection((address.host, address.port or 80)) as connection:
        connection.sendall(head.encode() + body)
    (line,) = [each for each in served.logged("left-early") if each["event"] == "request"]
    assert line["status"] == 499
