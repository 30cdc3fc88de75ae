"""Gloo's ingestion: who may push, what becomes of it, and that it can be asked at once after."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from stook.identity import oauth
from stook.identity.permissions import EVERYONE_MAY_READ
from stook.knowledge.intake import publishers
from tests.dialects.gloo import ask, token_of
from tests.dialects.served import (
    INSIDER,
    PATIENCE,
    READER,
    Credentials,
    Served,
    opened,
    stook,
)

FILES, ITEM, UPLOAD = "/ingestion/v2/files", "/engine/v2/item", "/ingestion/v1/real_time_upload"
SEARCH = "/ai/data/v1/search"
PRESS, VAULT = "fernpress", "fernvault"  # everyone sees what the one brings, the insider the other


@dataclass(frozen=True)
class Press:
    """A client that may push into both publishers, as a signed-in HTTP client."""

    client_id: str
    http: httpx.Client

    def push(self, *files: tuple[str, bytes], to: str = PRESS, **params: str) -> httpx.Response:
        parts = [("files", (name, data)) for name, data in files]
        return self.http.post(FILES, data={"publisher_id": to}, files=parts, params=params)

    def taken(self, *files: tuple[str, bytes], to: str = PRESS, **params: str) -> dict[str, Any]:
        answer = self.push(*files, to=to, **params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def hits(self, query: str, tenant: str = PRESS) -> list[dict[str, Any]]:
        body = {"query": query, "collection": "c", "tenant": tenant, "certainty": 0, "limit": 100}
        answer = self.http.post(SEARCH, json=body)
        return list(answer.json()["data"]) if answer.status_code == 200 else []

    def properties_of(self, item_id: str, **wanted: object) -> dict[str, Any]:
        """What search tells of an item, once it tells what is wanted of it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = [hit["properties"] for hit in self.hits("fern")]
            for each in found:
                told = {name: each[name] for name in wanted}
                if each["item_id"] == item_id and told == wanted:
                    return dict(each)
            time.sleep(0.1)
        raise AssertionError(found)


@pytest.fixture(scope="module")
def press(served: Served, data_dir: Path, people: Credentials) -> Iterator[Press]:
    with opened(data_dir) as database:
        made = database.write_now(oauth.create_client, "press", READER)
        everyone, shown = EVERYONE_MAY_READ, "The Fern Press"
        database.write_now(publishers.grant, made.client_id, PRESS, everyone, shown)
    grant = ("client", "grant", made.client_id, VAULT, "--allow", f"user:{INSIDER}")
    stook(*grant, data_dir=data_dir)
    with served.client() as stranger:
        token = token_of(stranger, made.client_id, made.client_secret)
    with served.client(token) as client:
        yield Press(made.client_id, client)


def test_a_file_is_taken_in_and_answers(press: Press) -> None:
    page = b"<title>Ferns</title><h1>Fern walks</h1><p>The fern walk of Ockham is led by Ulla."
    taken = press.taken(("walks.html", page))
    assert (taken["success"], taken["duplicates"], taken["failed"]) == (True, [], [])
    (item_id,) = taken["ingesting"]
    about = press.properties_of(item_id)
    assert about["publisher"] == "The Fern Press"
    answer = ask(press.http, "Who leads the fern walk of Ockham?")
    assert "Ulla" in answer["message"]
    assert answer["sources"][0]["publisher"] == "The Fern Press"
    for name in ("The Fern Press", PRESS):
        told = ask(press.http, "Who leads the fern walk of Ockham?", publishers=[name])
        assert "Ulla" in told["message"]
    again = press.taken(("renamed.html", page))
    assert (again["ingesting"], again["duplicates"]) == ([], [item_id])


def test_several_files_of_which_some_cannot_be_read(press: Press) -> None:
    taken = press.taken(
        ("one.md", b"# Fern one\n\nFirst."),
        ("broken.pdf", b"%PDF-1.7 nothing of it"),
        ("empty.txt", b""),
        ("two.txt", b"Fern two.\n\nSecond."),
    )
    assert len(taken["ingesting"]) == 2
    assert [each["filename"] for each in taken["failed"]] == ["broken.pdf", "empty.txt"]
    assert taken["message"].startswith("2 of 4 files taken in.")
    nothing = press.push(("empty.txt", b" "))
    assert (nothing.status_code, nothing.json()["code"]) == (422, "unprocessable_entity")
    assert "empty.txt" in nothing.json()["detail"]


def test_an_item_of_the_producer_is_replaced(press: Press) -> None:
    first = press.taken(("a.md", b"# Fern atlas\n\nIt has 12 maps."), producer_id="Atlas-1")
    (item_id,) = first["ingesting"]
    press.properties_of(item_id, item_title="Fern atlas")
    second = press.taken(("b.md", b"# Fern atlas II\n\nIt has 14 maps."), producer_id="atlas-1")
    assert second["ingesting"] == [item_id]
    text = "# Fern atlas II\n\nIt has 14 maps."
    press.properties_of(item_id, item_title="Fern atlas II", snippet=text)
    third = press.taken(("c.md", b"# Fern atlas III\n\nIt has 15 maps."), item_id=item_id)
    assert third["ingesting"] == [item_id]
    press.properties_of(item_id, item_title="Fern atlas III")
    same = press.taken(("c.md", b"# Fern atlas III\n\nIt has 15 maps."), producer_id="ATLAS-1")
    assert (same["ingesting"], same["duplicates"]) == ([], [item_id])


def test_what_is_said_of_an_item_stays_said(press: Press) -> None:
    taken = press.taken(("g.md", b"# Fern guide\n\nWater them."), producer_id="guide")
    (item_id,) = taken["ingesting"]
    said = {
        "publisher_id": PRESS,
        "item_id": item_id,
        "item_title": "The fern guide",
        "author": ["Ann Moss", "Bo Reed"],
        "item_tags": ["plants", "water"],
        "item_url": "https://fern.example/guide",
        "publication_date": "2020-02-29",
        "type": "Article",
        "tradition": "mainline",
        "item_subtitle": "For beginners",
    }
    updated = press.http.post(ITEM, json=said)
    assert (updated.status_code, updated.json()["success"]) == (200, True)
    about = press.properties_of(item_id, item_title="The fern guide")
    wanted = {"author": ["Ann Moss", "Bo Reed"], "publication_date": "2020-02-29",
              "type": "Article", "item_url": "https://fern.example/guide"}  # fmt: skip
    assert {name: about[name] for name in wanted} == wanted
    press.taken(("g.md", b"# Another title\n\nWater them twice."), producer_id="guide")
    by_producer = {"publisher_id": PRESS, "producer_id": "guide", "item_tags": ["new"]}
    assert press.http.post(ITEM, json=by_producer).json()["success"] is True
    body = {"query": "fern", "collection": "c", "tenant": PRESS, "certainty_threshold": 0,
            "item_count": 50, "media_types": ["article"]}  # fmt: skip
    found = press.http.post("/ai/v1/data/items/recommendations/base", json=body).json()
    (item,) = [each for each in found if each["item_id"] == item_id]
    assert (item["item_tags"], item["tradition"]) == (["new"], "mainline")
    assert (item["item_title"], item["item_subtitle"]) == ("The fern guide", "For beginners")
    assert item["filename"] == "g.md"
    again = press.http.post(ITEM, json=by_producer).json()
    assert again == {"success": True, "message": "The item was so already."}


@pytest.mark.parametrize("name", ["publisher_id", "publisherId"])
def test_real_time_upload(press: Press, name: str) -> None:
    body = {
        name: PRESS,
        "content": f"# Fern news\n\nThe {name} fern flowers in Quorra.",
        "item_title": f"News by {name}",
        "author": ["Cy Bracken"],
        "publication_date": "2026-01-02",
        "evergreen": True,
        "drm": ["aspen", "kallm"],
        "pub_type": "news",
    }
    answer = press.http.post(UPLOAD, json=body)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["success"], told["batch_id"]) == (True, None)
    assert told["processing_details"] == {"item_id": told["task_id"], "duplicate": False}
    about = press.properties_of(told["task_id"], item_title=f"News by {name}")
    assert (about["author"], about["publication_date"]) == (["Cy Bracken"], "2026-01-02")
    again = press.http.post(UPLOAD, json=body).json()
    assert again["processing_details"]["duplicate"] is True


def test_only_those_see_it_whom_the_grant_names(
    press: Press, reader: httpx.Client, insider: httpx.Client
) -> None:
    text = b"# Fern vault\n\nThe vault of ferns is opened by Wolfram."
    (item_id,) = press.taken(("vault.md", text), to=VAULT)["ingesting"]
    question = "Who opens the vault of ferns?"
    until = time.monotonic() + PATIENCE
    while "Wolfram" not in (found := ask(insider, question))["message"]:
        assert time.monotonic() < until, found
        time.sleep(0.1)
    assert "Wolfram" not in ask(reader, question)["message"]
    assert press.hits("vault", VAULT) == []  # it may push there, and its user may not read it
    assert item_id not in json.dumps(press.hits("vault"))


def test_nobody_else_may_push(
    press: Press,
    served: Served,
    people: Credentials,
    reader: httpx.Client,
    stranger: httpx.Client,
    data_dir: Path,
) -> None:
    file = ("x.md", b"# Fern\n\nNot wanted.")
    calls = [
        (FILES, {"data": {"publisher_id": PRESS}, "files": [("files", file)]}),
        (ITEM, {"json": {"publisher_id": PRESS, "item_id": "x"}}),
        (UPLOAD, {"json": {"publisher_id": PRESS, "content": "x"}}),
    ]
    token = token_of(stranger, people.client_id, people.client_secret)
    with served.client(token) as other:  # a client of the same user, without the grant
        for path, body in calls:
            assert stranger.post(path, **body).status_code == 401  # type: ignore[arg-type]
            for client in (reader, other):
                refused = client.post(path, **body)  # type: ignore[arg-type]
                assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    answers = [press.push(file, to=name) for name in ("handbook", "secrets", "nobody", "x\0")]
    assert {answer.status_code for answer in answers} == {403}
    with opened(data_dir) as database:
        grant = (press.client_id, "passing", EVERYONE_MAY_READ)
        database.write_now(publishers.grant, *grant)
    assert press.push(file, to="passing").status_code == 200
    stook("client", "deny", press.client_id, "passing", data_dir=data_dir)
    assert press.push(file, to="passing").status_code == 403


def test_wrong_uploads(press: Press) -> None:
    one = ("files", ("a.md", b"# Fern\n\nText."))
    http = press.http
    for answer, where in (
        (http.post(FILES, files=[one]), "publisher_id"),
        (http.post(FILES, data={"publisher_id": PRESS}), "files"),
        (http.post(ITEM, json={"item_id": "x"}), "publisher_id"),
        (http.post(UPLOAD, json={"publisher_id": PRESS}), "content"),
        (http.post(UPLOAD, json={"publisher_id": PRESS, "content": "x",
                                 "publication_date": "soon"}), "publication_date"),
    ):  # fmt: skip
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", where]
    two = (("a.md", b"# Fern a\n\nText."), ("b.md", b"# Fern b\n\nText."))
    assert press.push(*two, producer_id="both").status_code == 400
    assert press.push(two[0], item_id="nothing").status_code == 404
    assert http.post(ITEM, json={"publisher_id": PRESS}).status_code == 400
    unknown = http.post(ITEM, json={"publisher_id": PRESS, "item_id": "nothing"})
    assert unknown.status_code == 404
    assert unknown.json()["detail"] == "The publisher has no such item."
    scripted = {"publisher_id": PRESS, "content": "x", "item_url": "javascript:alert(1)"}
    assert http.post(UPLOAD, json=scripted).status_code == 400


def test_the_command_line_tells_who_pushes_where(press: Press, data_dir: Path) -> None:
    listed = json.loads(stook("client", "list", "--json", data_dir=data_dir))
    (mine,) = [each for each in listed if each["client_id"] == press.client_id]
    assert {PRESS, VAULT} <= set(mine["publishers"])


def test_items_are_listed_and_shown(press: Press, served: Served) -> None:
    taken = press.taken(("listed fern.md", b"# Listed fern\n\nA fern in a list."))
    [item] = taken["ingesting"]
    listed = press.http.get(f"/engine/v2/publisher/{PRESS}/items")
    assert listed.status_code == 200, listed.text
    [own] = [each for each in listed.json() if each["item_id"] == item]
    assert (own["item_title"], own["filename"]) == ("Listed fern", "listed fern.md")
    assert own["status"] in ("PROCESSING", "COMPLETED")
    press.properties_of(item, item_title="Listed fern")
    shown = press.http.get(f"/engine/v2/items/{item}").json()
    assert shown == own | {"status": "COMPLETED"}


def test_items_are_listed_only_to_those_who_may_see_them(press: Press) -> None:
    [item] = press.taken(("hidden fern.md", b"# Hidden fern\n\nSecret."), to=VAULT)["ingesting"]
    assert press.http.get(f"/engine/v2/publisher/{VAULT}/items").json() == []
    for path in (f"/engine/v2/items/{item}", "/engine/v2/items/unknown"):
        assert press.http.get(path).status_code == 404
    assert press.http.get("/engine/v2/publisher/nobody/items").status_code == 403
