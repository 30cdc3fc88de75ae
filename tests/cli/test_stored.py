"""Documents and datasources are listed, shown and removed, and then gone from the next answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stook.cli.app import application
from stook.cli.removing import remove_datasource, remove_documents
from stook.errors import InvalidRequest, NotFound
from stook.identity import groups, indexing_tokens, tokens
from stook.identity.permissions import EVERYONE_MAY_READ
from stook.identity.principals import EVERYONE, Scope
from stook.knowledge.store import administration
from stook.knowledge.store.documents import Filters, SourceDocument
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings
from stook.storage.database import Database
from tests.cli.running import contents
from tests.cli.test_index import index, write
from tests.knowledge import files_by_code

RULES = """
default = ["everyone"]
[groups]
board = ["ada@example.com"]
[[rules]]
path = "board"
allow = ["group:board"]
"""


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """A data directory with three papers in one datasource and a file of its own in another."""
    source = tmp_path / "papers"
    write(source / "stook-permissions.toml", RULES)
    write(source / "kites.md", "# Kites\n\nA kite needs a steady wind.")
    write(source / "knots.md", "# Knots\n\nA bowline never slips.")
    write(source / "board" / "pay.md", "# Pay\n\nThe pay of a sailor is 4711 crowns.")
    await index(tmp_path / "data", source, datasource="papers")
    await index(tmp_path / "data", write(tmp_path / "kites.md", "# Kites\n\nBox kites fly high."))
    return tmp_path / "data"


def command(data: Path, *arguments: str | Path) -> Any:
    """What a command prints as JSON; what it raises is raised here."""
    words = [*map(str, arguments), "--json", "--data-dir", str(data)]
    done = CliRunner().invoke(application(), words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def names(data: Path, *arguments: str | Path) -> list[tuple[str, str]]:
    listed = command(data, "document", "list", *arguments)
    return [(one["datasource"], one["name"]) for one in listed]


async def found(runtime: Runtime, query: str) -> set[tuple[str, str]]:
    """The datasources and names of what the next answer would find."""
    result = await runtime.searcher.search(query, EVERYONE, Filters(), 10)
    return {(one.document.datasource, one.document.external_id) for one in result.passages}


def settings(data: Path) -> Settings:
    return Settings(data_dir=data, embedding_threads=1)


def test_documents_are_listed_and_shown(data: Path) -> None:
    papers = [("papers", name) for name in ("board/pay.md", "kites.md", "knots.md")]
    assert names(data) == [("files", "kites.md"), *papers]
    assert names(data, "--datasource", "papers") == papers
    assert names(data, "--below", data.parent / "papers" / "board") == papers[:1]
    assert names(data, "--limit", "1") == [("files", "kites.md")]
    shown = command(data, "document", "show", data.parent / "papers" / "board" / "pay.md")
    assert (shown["readers"], shown["passages"], shown["searchable"]) == (["group:board"], 1, True)
    assert (shown["notes"], shown["places"]) == ([], 0)
    with pytest.raises(InvalidRequest, match=r"kites.md names doc_.* --datasource"):
        command(data, "document", "show", "kites.md")
    assert (
        command(data, "document", "show", "kites.md", "--datasource", "files")["title"] == "Kites"
    )
    held = {one["name"]: one["documents"] for one in command(data, "datasource", "list")}
    assert held == {"files": 1, "papers": 3}


async def test_a_removed_document_is_gone_from_the_next_answer_and_the_index(data: Path) -> None:
    async with open_runtime(settings(data)) as serving:
        assert ("papers", "kites.md") in await found(serving, "kite")
        database = serving.database
        [entry] = await database.read(administration.entries, ["kites.md"], datasource="papers")
        assert await remove_documents(settings(data), [entry.id]) == 1
        assert await found(serving, "kite") == {("files", "kites.md"), ("papers", "knots.md")}
    assert {row[0] for row in (await contents(data)).documents} == {
        "kites.md", "knots.md", "board/pay.md",
    }  # fmt: skip


def test_what_is_no_longer_there_can_be_removed(data: Path) -> None:
    (data.parent / "kites.md").unlink()
    [gone] = command(data, "document", "remove", data.parent / "kites.md", "--yes")["documents"]
    assert (gone["datasource"], gone["name"]) == ("files", "kites.md")
    (data.parent / "papers").rename(data.parent / "moved")
    with pytest.raises(InvalidRequest, match=r"3 documents.* Nothing was done; say --yes"):
        command(data, "document", "remove", "--below", data.parent / "papers")
    removed = command(data, "document", "remove", "--below", data.parent / "papers", "--yes")
    assert removed["removed"] == 3
    assert names(data) == []
    with pytest.raises(NotFound, match="document list"):
        command(data, "document", "remove", "--below", data.parent / "papers", "--yes")


async def test_a_datasource_goes_with_all_that_was_said_of_it(data: Path) -> None:
    async with open_runtime(settings(data)) as serving:
        assert ("papers", "knots.md") in await found(serving, "bowline")
        assert await remove_datasource(settings(data), "papers") == 3
        assert await found(serving, "bowline") == {("files", "kites.md")}
        assert await serving.database.read(groups.names, "papers") == []
        left = await serving.database.read(administration.list_datasources)
        assert [one.name for one in left] == ["files"]
        await _push(serving)  # a client that goes on pushing makes it anew
        assert ("papers", "new") in await found(serving, "bowline")
    source = data.parent / "papers"
    assert (await index(data, source, datasource="papers")).added == 3


async def _push(serving: Runtime) -> None:
    document = SourceDocument(
        "papers", "new", "Bowlines", "https://example.com/new", "text/plain", "The bowline knot.",
        "hash", EVERYONE_MAY_READ,
    )  # fmt: skip
    await serving.ingestion.store_and_index([document])


def test_a_token_goes_with_its_sessions_and_limits(database: Database) -> None:
    only = indexing_tokens.Limits(("papers",), (), None)
    limited = database.write_now(indexing_tokens.create, "push", only)
    one = database.write_now(tokens.create, "one", {Scope.CHAT})
    child = database.write_now(tokens.create, "child", {Scope.CHAT}, parent_id=one.id)
    for token in (limited, one):
        database.write_now(tokens.remove, token.id)
    for token in (limited, one, child):
        assert database.read_now(tokens.find_by_secret, token.secret) is None
    with pytest.raises(NotFound, match=one.id):
        database.write_now(tokens.remove, one.id)


def test_allow_takes_known_names_only_unless_told(tmp_path: Path) -> None:
    data, paper = tmp_path / "data", write(tmp_path / "pay.md", "Pay bands.")
    for _ in range(2):
        with pytest.raises(InvalidRequest, match=r"known as group:SALES\..*--allow-unknown"):
            command(data, "index", paper, "--allow", "group:SALES")
        assert not data.exists()
    command(data, "group", "add", "sales", "--member", "ada@example.com")
    command(data, "index", paper, "--allow", "group:SALES")
    assert command(data, "document", "show", "pay.md")["readers"] == ["group:sales"]
    command(data, "index", paper, "--allow", "user:new@example.com", "--allow-unknown")
    assert command(data, "document", "show", "pay.md")["readers"] == ["user:new@example.com"]


def test_what_was_not_read_is_shown_and_answers_name_the_page(tmp_path: Path) -> None:
    words = "BT /F1 10 Tf 40 200 Td (The harbour fee of {} is {} crowns.) Tj ET"
    pages = [words.format("Oslo", 310), "40 40 99 99 re f", words.format("Rome", 480)]
    fees = tmp_path / "fees.pdf"
    fees.write_bytes(files_by_code.drawn_pdf(pages))
    data = tmp_path / "data"
    indexed = CliRunner().invoke(application(), ["index", str(fees), "--data-dir", str(data)])
    assert indexed.exit_code == 0, indexed.output
    shown = command(data, "document", "show", "fees.pdf")
    assert (len(shown["notes"]), shown["places"]) == (1, 2)  # a page without text has no place
    answer = command(data, "ask", "What is the harbour fee of Rome?")
    assert "480" in answer["answer"]
    assert {citation["place"] for citation in answer["citations"]} == {"page 3"}
    found = command(data, "search", "harbour fee")["results"]
    assert [passage["place"] for passage in found] == ["page 1"]  # where the passage begins
