"""What connectors find is taken in, and only what is surely gone is withdrawn."""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from stook.errors import InvalidRequest
from stook.identity import permissions
from stook.identity.permissions import EVERYONE_MAY_READ, Permissions
from stook.identity.principals import Principal
from stook.knowledge.ingestion import collecting as collecting_module
from stook.knowledge.ingestion import directory_access
from stook.knowledge.ingestion.batches import in_batches
from stook.knowledge.ingestion.collecting import INCOMPLETE, Collector
from stook.knowledge.ingestion.indexing import Pipeline
from stook.knowledge.ingestion.parsing import Parser
from stook.knowledge.ingestion.reporting import Report
from stook.knowledge.store import repository
from stook.knowledge.store.documents import SourceDocument, place_at
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings
from stook.storage.tables import documents
from tests.knowledge import files_by_code
from tests.knowledge.test_connectors_web import page
from tests.knowledge.test_fetch import Site, serving
from tests.postgres import open_folder

DATASOURCE = "papers"
SITE = {
    "/": page("Home of kites. <a href='/list'>list</a>"),
    "/list": page("The list of kites. <a href='/a'>a</a>"),
    "/a": page("A kite needs a steady wind."),
}


@pytest.fixture
async def runtime(tmp_path: Path) -> AsyncIterator[Runtime]:
    settings = Settings(
        data_dir=tmp_path / "data", embedding_threads=1, fetch_private_addresses=True
    )
    async with open_runtime(settings) as opened:
        yield opened


@contextlib.asynccontextmanager
async def collecting(
    runtime: Runtime, *, widen: bool = False, **settings: object
) -> AsyncIterator[Collector]:
    changed = runtime.settings.model_copy(update=settings)
    parser = Parser(changed)
    try:
        async with Pipeline(runtime.ingestion.index) as pipeline:
            parts = (runtime.database, runtime.ingestion, pipeline, parser)
            yield Collector(changed, *parts, DATASOURCE, widen=widen)
    finally:
        await parser.close()


async def crawl(runtime: Runtime, site: Site, **settings: Any) -> Report:
    async with collecting(runtime, **settings) as collector:
        await collector.site(site.url, EVERYONE_MAY_READ, follow=True)
        return collector.report


async def index(runtime: Runtime, path: Path, *allow: str) -> Report:
    async with collecting(runtime, widen="everyone" in allow) as collector:
        access = directory_access.find(path, DATASOURCE, list(allow))
        apply = functools.partial(directory_access.apply, allow_unknown=True)
        access = await runtime.database.write(apply, access, path, DATASOURCE)
        await collector.directory(path, access)
        return collector.report


def known(runtime: Runtime) -> set[str]:
    names = runtime.database.read_now(repository.known, DATASOURCE)
    return {name.rpartition("/")[2] for name in names}


async def test_a_page_that_nothing_leads_to_any_more_goes(runtime: Runtime) -> None:
    with serving(dict(SITE)) as site:
        assert (await crawl(runtime, site)).added == 3
        site.answers["/list"] = page("An empty list.")
        report = await crawl(runtime, site)
        assert (report.withdrawn, report.skipped) == (1, [])
        assert known(runtime) == {"", "list"}


Change = Callable[[Site], dict[str, object]]


def _breaks(site: Site) -> dict[str, object]:
    site.answers["/list"] = (503, {}, b"")
    return {}


def _leads_away(site: Site) -> dict[str, object]:
    site.answers["/list"] = (302, {"Location": "http://127.0.0.1:9/login"}, b"")
    return {}


def _is_larger_than_the_limit(_: Site) -> dict[str, object]:
    return {"crawl_max_pages": 1}


@pytest.mark.parametrize("change", [_breaks, _leads_away, _is_larger_than_the_limit])
async def test_nothing_goes_after_an_incomplete_crawl(runtime: Runtime, change: Change) -> None:
    with serving(dict(SITE)) as site:
        await crawl(runtime, site)
        report = await crawl(runtime, site, **change(site))
        assert report.withdrawn == 0
        assert (site.url, INCOMPLETE) in report.skipped
        assert known(runtime) == {"", "list", "a"}


async def test_a_page_that_is_gone_goes_with_those_behind_it(runtime: Runtime) -> None:
    with serving(dict(SITE)) as site:
        await crawl(runtime, site)
        site.answers["/list"] = (410, {}, b"")
        report = await crawl(runtime, site)
        assert report.withdrawn == 2
        assert known(runtime) == {""}


async def test_a_rule_that_matches_no_file_is_told(runtime: Runtime, tmp_path: Path) -> None:
    rules = '[[rules]]\npath = "{}"\nallow = ["user:ada@example.com"]\n'
    source = tmp_path / "docs"
    (source / "part").mkdir(parents=True)
    (source / "part" / "pay.md").write_text("Pay bands.")
    both = rules.format("pya.md") + rules.format("part/pay.md")
    (source / "stook-permissions.toml").write_text(both)
    with capture_logs() as logs:
        await index(runtime, source)
        await index(runtime, source / "part")  # where other rules of course match nothing
    assert [entry["path"] for entry in logs if "rule" in entry["event"]] == ["pya.md"]


async def test_a_path_too_long_to_be_stored_is_one_line(runtime: Runtime, tmp_path: Path) -> None:
    deep = tmp_path.joinpath("docs", *["\N{GREEK SMALL LETTER XI}" * 110] * 4)
    deep.mkdir(parents=True)
    (deep / "far.md").write_text("Far away.")
    (tmp_path / "docs" / "near.md").write_text("Near.")
    report = await index(runtime, tmp_path / "docs")
    assert report.added == 1
    assert report.skipped == [(str(deep / "far.md"), "The address is longer than 2,000 bytes.")]


def readers(runtime: Runtime) -> dict[str, tuple[bool, set[str]]]:
    """By file name: whether everyone may read it, and the people who may."""
    found = {}
    for name, known in runtime.database.read_now(repository.known, DATASOURCE).items():
        document = runtime.database.read_now(permissions_of, known.document_id)
        found[name] = (document.everyone, {user.name for user in document.users})
    return found


def permissions_of(connection: sa.Connection, document_id: str) -> Permissions:
    which = sa.select(documents.c.access_set_id).where(documents.c.id == document_id)
    return permissions.load(connection, connection.execute(which).scalar_one())


EVERYONE: tuple[bool, set[str]] = (True, set())
BOARD = (False, {"board@example.com"})


async def test_who_may_read_stays_as_it_was_said(runtime: Runtime, tmp_path: Path) -> None:
    source = tmp_path / "docs"
    (source / "board").mkdir(parents=True)
    (source / "board" / "pay.md").write_text("Pay bands.")
    (source / "open.md").write_text("Opening hours.")
    await index(runtime, source / "board", "user:board@example.com")
    await index(runtime, source)
    (source / "board" / "new.md").write_text("A new plan.")
    await index(runtime, source / "board")
    assert readers(runtime) == {"pay.md": BOARD, "new.md": BOARD, "open.md": EVERYONE}
    await index(runtime, source, "everyone")  # said for all below as well
    await index(runtime, source / "board")
    assert set(map(str, readers(runtime).values())) == {str(EVERYONE)}


async def test_a_directory_that_moved_opens_nothing(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "hr").mkdir()
    (tmp_path / "hr" / "pay.md").write_text("The pay is 70000.")
    await index(runtime, tmp_path / "hr", "user:board@example.com")
    (tmp_path / "hr").rename(tmp_path / "people")
    with pytest.raises(InvalidRequest, match="no longer there"):
        await index(runtime, tmp_path / "people")
    assert readers(runtime) == {"pay.md": BOARD}
    (tmp_path / "hr").mkdir()  # the old place is there again, and empty
    await index(runtime, tmp_path / "people")
    assert readers(runtime) == {"pay.md": BOARD}
    await index(runtime, tmp_path / "people", "everyone")
    assert readers(runtime) == {"pay.md": EVERYONE}


async def test_a_directory_that_moved_from_its_rules_opens_nothing(
    runtime: Runtime, tmp_path: Path
) -> None:
    (tmp_path / "hr").mkdir()
    (tmp_path / "hr" / "pay.md").write_text("The pay is 70000.")
    rules = tmp_path / "hr" / "stook-permissions.toml"
    rules.write_text('default = ["user:board@example.com"]\n')
    await index(runtime, tmp_path / "hr")
    rules.unlink()
    (tmp_path / "hr").rename(tmp_path / "people")
    with pytest.raises(InvalidRequest, match="no longer there"):
        await index(runtime, tmp_path / "people")
    assert readers(runtime) == {"pay.md": BOARD}


async def test_stooks_own_places_are_never_indexed(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "lamp.md").write_text("The lamp costs 3.")
    attached = Path(runtime.settings.blob_location) / "FILE_1"
    attached.parent.mkdir(exist_ok=True)
    attached.write_text("The PIN is 4711.")
    report = await index(runtime, tmp_path)
    assert report.added == 1 and report.skipped == []
    with pytest.raises(InvalidRequest, match="its own data"):
        await index(runtime, attached)


async def test_a_vanished_permissions_file_opens_nothing(runtime: Runtime, tmp_path: Path) -> None:
    source = tmp_path / "docs"
    (source / "part").mkdir(parents=True)
    (source / "part" / "pay.md").write_text("Pay bands.")
    rules = source / "stook-permissions.toml"
    rules.write_text('[[rules]]\npath = "**"\nallow = ["user:board@example.com"]\n')
    await index(runtime, source)
    rules.unlink()
    for path in (source, source / "part", tmp_path):
        with pytest.raises(InvalidRequest, match="is gone; put it back"):
            await index(runtime, path)
    assert readers(runtime) == {"part/pay.md": BOARD}
    await index(runtime, source, "everyone")
    assert readers(runtime) == {"part/pay.md": EVERYONE}


@pytest.fixture
def readable_directory() -> Iterator[Path]:
    """One that other users may enter, which a test's own directory is not."""
    with tempfile.TemporaryDirectory(dir=open_folder()) as name:
        Path(name).chmod(0o755)
        yield Path(name)


async def test_what_cannot_be_listed_stays(
    runtime: Runtime, readable_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walk_as_nobody(*arguments: Any) -> object:
        if os.geteuid() != 0:
            return walk(*arguments)
        os.seteuid(65534)
        try:
            return walk(*arguments)
        finally:
            os.seteuid(0)

    walk = collecting_module._walk
    monkeypatch.setattr(collecting_module, "_walk", walk_as_nobody)
    source = readable_directory
    (source / "part").mkdir()
    (source / "part" / "a.md").write_text("A kite.")
    (source / "b.md").write_text("A string.")
    for path in ("part", "part/a.md", "b.md"):
        (source / path).chmod(0o755)
    assert (await index(runtime, source)).added == 2
    (source / "part").chmod(0)
    (source / "b.md").unlink()
    report = await index(runtime, source)
    assert report.skipped == [(str(source / "part"), "permission denied")]
    assert (report.withdrawn, known(runtime)) == (1, {"a.md"})
    (source / "part").chmod(0o755)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("mime_type", "x" * 201, "mime type is longer than 200"),
        ("object_type", "x" * 201, "object type is longer than 200"),
        ("datasource", "x" * 201, "datasource is longer than 200"),
        ("external_id", "\N{GREEK SMALL LETTER XI}" * 1001, "id or path is longer than 2,000"),
        ("url", "x" * 2001, "address is longer than 2,000"),
        ("title", "a\0b", "title holds NUL"),
        ("author", "a\ud800b", "author holds NUL or broken"),
    ],
)
def test_what_cannot_be_stored_is_named(field: str, value: str, words: str) -> None:
    good = SourceDocument(
        "papers", "kites", "Kites", "https://example.com", "text/plain", "Words.", "hash",
        EVERYONE_MAY_READ,
    )  # fmt: skip
    repository.check(good)
    with pytest.raises(InvalidRequest, match=words):
        repository.check(replace(good, **{field: value}))  # type: ignore[arg-type]


async def test_what_was_not_read_and_where_pages_begin_is_kept(
    runtime: Runtime, readable_directory: Path
) -> None:
    words = "BT /F1 10 Tf 40 200 Td (The fee of {} is paid in May.) Tj ET"
    pages = [words.format("Oslo"), "40 40 99 99 re f", words.format("Rome")]
    (readable_directory / "a.pdf").write_bytes(files_by_code.drawn_pdf(pages))
    report = await index(runtime, readable_directory)
    note = "1 of 3 pages hold no text (perhaps pictures): 2"
    assert report.noted == [(str(readable_directory / "a.pdf"), note)]
    (found,) = runtime.database.read_now(repository.known, DATASOURCE).values()
    anyone = Principal(None)
    read = runtime.database.read_now(repository.reading_of, anyone, found.document_id)
    assert read.notes == (note,)
    text = runtime.database.read_now(repository.text_of, anyone, found.document_id)
    begins = [place_at(read.places, text.index(city)) for city in ("Oslo", "Rome")]
    assert begins == ["page 1", "page 3"]
    await index(runtime, readable_directory)  # the file is the same, and what is known of it too
    again = runtime.database.read_now(repository.reading_of, anyone, found.document_id)
    assert again == read


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    made = tmp_path / "docs"
    made.mkdir()
    return made


def message(
    subject: str, *attached: tuple[str, bytes], text: str = "See the files."
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"] = "Ada <ada@example.com>", subject
    made.set_content(text)
    for name, content in attached:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made


async def test_attachments_and_inner_messages_are_documents_with_the_rights_of_theirs(
    runtime: Runtime, docs: Path
) -> None:
    inner = message("The forwarded offer", ("gates.txt", b"The gate code is 7731."))
    outer = message("Mail", ("prices.csv", b"Article;Price\nBolt;1,50\n"), ("x.bin", b"\0\1\2" * 9))
    outer.add_attachment(inner)
    (docs / "mail.eml").write_bytes(outer.as_bytes())
    report = await index(runtime, docs, "user:ada@example.com")
    assert (report.added, len(report.skipped)) == (4, 1)
    assert report.skipped[0][0] == f"{docs / 'mail.eml'} \u203a x.bin"
    names = {"mail.eml", "mail.eml#prices.csv", "mail.eml#The forwarded offer.eml",
             "mail.eml#The forwarded offer.eml#gates.txt"}  # fmt: skip
    assert known(runtime) == names
    assert readers(runtime) == dict.fromkeys(names, (False, {"ada@example.com"}))


async def test_what_is_within_an_unchanged_file_follows_its_rights_and_its_end(
    runtime: Runtime, docs: Path
) -> None:
    path = docs / "mail.eml"
    path.write_bytes(message("Mail", ("a.txt", b"Alpha."), ("b.txt", b"Beta.")).as_bytes())
    await index(runtime, docs, "user:ada@example.com")
    report = await index(runtime, docs, "user:bob@example.com")
    assert (report.unchanged + report.changed, report.withdrawn) == (3, 0)
    names = ("mail.eml", "mail.eml#a.txt", "mail.eml#b.txt")
    assert readers(runtime) == dict.fromkeys(names, (False, {"bob@example.com"}))
    for name in "cdefgh":
        (docs / f"{name}.md").write_text(f"The letter {name}.")
    path.write_bytes(message("Mail", ("a.txt", b"Alpha.")).as_bytes())
    assert (await index(runtime, docs, "user:bob@example.com")).withdrawn == 1
    assert known(runtime) - {f"{name}.md" for name in "cdefgh"} == {"mail.eml", "mail.eml#a.txt"}
    path.write_bytes(b"\0" * 99)  # it cannot be read any more, and nor can what was in it
    assert (await index(runtime, docs, "user:bob@example.com")).withdrawn == 2


async def test_each_message_of_a_mailbox_is_a_document(runtime: Runtime, docs: Path) -> None:
    mark = b"From ada@example.com Sat Nov 28 03:24:15 2026\n"
    made = [message(f"Notice {n}", text=f"The fee for lot {n} is 4{n} euro.") for n in (1, 2)]
    (docs / "all.mbox").write_bytes(b"\n".join(mark + one.as_bytes() for one in made))
    assert (await index(runtime, docs)).added == 3
    assert known(runtime) == {"all.mbox", "all.mbox#1 Notice 1.eml", "all.mbox#2 Notice 2.eml"}


def titles(runtime: Runtime) -> dict[str, str]:
    known = runtime.database.read_now(repository.known, DATASOURCE)
    return {name: one.title for name, one in known.items()}


async def test_files_with_one_title_are_told_apart_by_their_names(
    runtime: Runtime, tmp_path: Path
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name in ("benefits", "travel-policy", "handbook"):  # whichever is first keeps its title
        (folder / f"{name}.html").write_text(
            f"<title>Contoso</title><main><p>All about {name}.</p></main>"
        )
        await index(runtime, folder)
    (folder / "copy.html").write_bytes((folder / "handbook.html").read_bytes())
    (folder / "travel-policy.html").write_text("<title>Contoso</title><main><p>New.</p></main>")
    report = await index(runtime, folder)
    assert (report.added, report.changed) == (1, 1)
    told = titles(runtime)
    assert sorted(told.values()) == [
        "Contoso", "Contoso (copy)", "Contoso (handbook)", "Contoso (travel policy)",
    ]  # fmt: skip


async def test_a_file_that_is_too_large_now_stays_as_it_was_read_with_its_rights(
    runtime: Runtime, tmp_path: Path
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("Small words.")
    (folder / "b.txt").write_text("Other words.")
    await index(runtime, folder, "user:ada@example.com")
    (folder / "a.txt").write_text("large words " * 100_000)
    (folder / "c.txt").write_text("large words " * 100_000)
    async with collecting(runtime, max_file_mib=1) as collector:
        access = directory_access.find(folder, DATASOURCE, ["user:bo@example.com"])
        access = await runtime.database.write(directory_access.apply, access, folder, DATASOURCE)
        await collector.directory(folder, access)
    report = collector.report
    assert (report.read, report.withdrawn) == (2, 0)
    assert report.skipped == [(str(folder / "c.txt"), "too large")]
    assert report.noted == [(str(folder / "a.txt"), f"too large; {collecting_module.KEPT}")]
    kept = runtime.database.read_now(repository.known, DATASOURCE)["a.txt"]
    readers = runtime.database.read_now(permissions_of, kept.document_id)
    assert {one.name for one in readers.users} == {"bo@example.com"}


def test_files_that_are_read_together_are_bounded_by_their_bytes() -> None:
    sizes = [40, 40, 10, 10, 200, 1]
    batches = in_batches(sizes, lambda size: size, 60)
    assert list(batches) == [[40], [40, 10, 10], [200], [1]]
    many = list(in_batches(range(130), lambda _: 0, 60))
    assert [len(batch) for batch in many] == [64, 64, 2]
