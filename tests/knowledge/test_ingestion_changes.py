"""Whatever happens to documents, and wherever a process dies, the index ends level with SQL."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lancedb
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stook.identity import users
from stook.identity.permissions import EVERYONE_MAY_READ, ORGANISATION, Permissions, Subject
from stook.identity.principals import EVERYONE, Principal
from stook.knowledge.encoding.embedding import Embedder, load_embedder
from stook.knowledge.index.lance import open_index
from stook.knowledge.index.protocol import PassageIndex
from stook.knowledge.ingestion import backlog
from stook.knowledge.ingestion.indexing import Ingestion
from stook.knowledge.retrieval.retriever import Searcher
from stook.knowledge.store import repository
from stook.knowledge.store.documents import Filters, SourceDocument
from stook.settings import Settings
from stook.storage.database import Database, open_database
from stook.storage.tables import access_sets, document_texts, documents, passages

ADA = Principal(email="ada@example.com")
BOTH = (EVERYONE, ADA)
ONLY_ADA = Permissions(users=frozenset({Subject(ORGANISATION, "ada@example.com")}))
NOBODY = Permissions()
RIGHTS = (EVERYONE_MAY_READ, ONLY_ADA, NOBODY)
NAMES = ("anchors", "boats", "cranes")
LONG = "\n\n".join(f"## Part {part}\n\n" + f"The tide of {part} turns. " * 60 for part in "abc")
TEXTS = ("A kite needs a steady wind.", f"# Tides\n\n{LONG}", "Snow is shovelled at six.", "")
EFFECTS = ("add", "remove", "set_access", "clear")


class _Killed(BaseException):
    """Stands for the end of the process: nothing after it is done."""


@dataclass
class Fuse:
    """Ends the process before or after one of the writes to come, to SQL or to the index."""

    left: int | None = None

    def guard(self, owner: Any, name: str) -> None:
        act: Callable[..., Awaitable[Any]] = getattr(owner, name)

        async def guarded(*args: Any) -> Any:
            self.burn()
            result = await act(*args)
            self.burn()
            return result

        setattr(owner, name, guarded)

    def burn(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise _Killed


@dataclass
class Process:
    """The opened parts of one process over a data directory."""

    database: Database
    index: PassageIndex
    ingestion: Ingestion
    searcher: Searcher
    fuse: Fuse = field(default_factory=Fuse)

    @classmethod
    async def start(cls, folder: Path, embedder: Embedder) -> Process:
        database = open_database(f"sqlite:///{folder / 'stook.db'}")
        index = await open_index(str(folder / "index"), embedder.dimensions)
        ingestion = Ingestion(Settings(data_dir=folder), database, index, embedder)
        process = cls(database, index, ingestion, Searcher(database, index, embedder))
        process.fuse.guard(database, "write")
        for name in EFFECTS:
            process.fuse.guard(index, name)
        return process

    async def end(self) -> None:
        await self.index.close()
        self.database.close()


@dataclass
class Model:
    """What was acknowledged, and what of it must be found meanwhile."""

    stored: dict[str, tuple[str, Permissions]] = field(default_factory=dict)
    # By name: the texts of which one is served, and the rights that the index has; without a
    # name nothing of it needs to be found before the index is level again.
    served: dict[str, tuple[set[str], Permissions]] = field(default_factory=dict)

    def put(self, name: str, text: str, rights: Permissions) -> None:
        self.stored[name] = text, rights

    def withdraw(self, name: str) -> None:
        self.stored.pop(name, None)
        self.served.pop(name, None)

    def level(self) -> None:
        self.served = {name: ({text}, rights) for name, (text, rights) in self.stored.items()}

    def cut_off(self) -> None:
        """Some of what was pending may be served now, and rights may or may not have moved."""
        for name, (texts, rights) in list(self.served.items()):
            text, newer = self.stored[name]
            texts.add(text)
            if rights != newer:
                del self.served[name]

    def must_find(self, principal: Principal) -> set[str]:
        return {
            name
            for name, (texts, rights) in self.served.items()
            if "" not in texts
            and may_see(principal, rights)
            and may_see(principal, self.stored[name][1])
        }

    def may_find(self, principal: Principal) -> dict[str, set[str]]:
        """The names that may be found, with the texts that may come out."""
        return {
            name: {text} | self.served.get(name, ({*TEXTS}, NOBODY))[0]
            for name, (text, rights) in self.stored.items()
            if may_see(principal, rights)
        }


def may_see(principal: Principal, rights: Permissions) -> bool:
    return rights == EVERYONE_MAY_READ or (rights == ONLY_ADA and principal == ADA)


def document(name: str, text: str, rights: Permissions) -> SourceDocument:
    digest = hashlib.sha256(text.encode()).hexdigest()
    url = f"https://example.com/{name}"
    return SourceDocument("papers", name, name, url, "text/plain", text, digest, rights)


# --- steps -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Put:
    name: str
    text: str
    rights: Permissions

    async def take(self, process: Process, model: Model) -> None:
        await process.ingestion.store([document(self.name, self.text, self.rights)])
        model.put(self.name, self.text, self.rights)


@dataclass(frozen=True)
class Withdraw:
    name: str

    async def take(self, process: Process, model: Model) -> None:
        await process.database.write(repository.withdraw, [document(self.name, "", NOBODY).id])
        model.withdraw(self.name)


@dataclass(frozen=True)
class Level:
    async def take(self, process: Process, model: Model) -> None:
        await process.ingestion.index_pending()
        model.level()


@dataclass(frozen=True)
class Reindex:
    async def take(self, process: Process, model: Model) -> None:
        await process.ingestion.reindex()
        model.level()


@dataclass(frozen=True)
class Die:
    """Level or reindex, and die after some of the effects."""

    effects: int
    rebuild: bool = False

    async def take(self, process: Process, model: Model) -> None:
        process.fuse.left = self.effects
        try:
            await (Reindex() if self.rebuild else Level()).take(process, model)
        except _Killed:
            model.cut_off()
            if self.rebuild:
                model.served.clear()
        process.fuse.left = None


Step = Put | Withdraw | Level | Reindex | Die
names = st.sampled_from(NAMES)
puts = st.builds(Put, names, st.sampled_from(TEXTS), st.sampled_from(RIGHTS))
deaths = st.builds(Die, st.integers(0, 9), st.sampled_from([False, False, False, True]))
others = st.one_of(st.builds(Withdraw, names), st.just(Level()), st.just(Reindex()))
steps = st.lists(st.one_of(puts, puts, deaths, deaths, others), min_size=4, max_size=14)

KITE, TIDE, SNOW, NOTHING = TEXTS
OVERTAKEN: list[Step] = [
    Put("boats", TIDE, ONLY_ADA), Level(), Put("boats", KITE, EVERYONE_MAY_READ), Die(2),
    Put("boats", NOTHING, ONLY_ADA), Die(3), Put("boats", SNOW, ONLY_ADA), Die(1), Level(),
]  # fmt: skip
COMES_BACK: list[Step] = [
    Put("boats", TIDE, ONLY_ADA), Level(), Withdraw("boats"), Die(1),
    Put("boats", TIDE, EVERYONE_MAY_READ), Die(2), Withdraw("boats"), Die(3),
    Put("boats", KITE, ONLY_ADA), Die(2, rebuild=True),
]  # fmt: skip
RIGHTS_ONLY: list[Step] = [
    Put("boats", TIDE, ONLY_ADA), Level(), Put("boats", TIDE, EVERYONE_MAY_READ), Level(),
    Put("boats", TIDE, NOBODY), Die(1), Put("boats", TIDE, ONLY_ADA), Die(2), Level(),
]  # fmt: skip


# --- the property ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    loaded = load_embedder(Settings(embedding_threads=1))
    yield loaded
    loaded.close()


@pytest.mark.timeout(300)
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(taken=steps)
@example(taken=OVERTAKEN)
@example(taken=COMES_BACK)
@example(taken=RIGHTS_ONLY)
def test_any_changes_and_deaths_end_as_a_fresh_index(
    embedder: Embedder, _sqlite_template: Path, taken: list[Step]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_live_through(taken, Path(folder), embedder, _sqlite_template))


async def _live_through(
    taken: list[Step], folder: Path, embedder: Embedder, template: Path
) -> None:
    used, fresh = folder / "used", folder / "fresh"
    _prepare(used, template)
    _prepare(fresh, template)
    model = Model()
    process = await Process.start(used, embedder)
    for step in taken:
        await step.take(process, model)
        if isinstance(step, Die):
            await process.end()
            process = await Process.start(used, embedder)
        await _check(process, model)
    await Level().take(process, model)
    await _check(process, model)
    expected = await Process.start(fresh, embedder)
    await expected.ingestion.store_and_index(
        [document(name, *stored) for name, stored in model.stored.items()]
    )
    assert await _contents(process, used) == await _contents(expected, fresh)
    await process.end()
    await expected.end()


def _prepare(folder: Path, template: Path) -> None:
    folder.mkdir()
    shutil.copyfile(template, folder / "stook.db")
    database = open_database(f"sqlite:///{folder / 'stook.db'}")
    database.write_now(users.add, "ada@example.com", "Ada")
    database.close()


async def _check(process: Process, model: Model) -> None:
    """Everything found may be seen and is no older than what is served; what is served is found."""
    for principal in BOTH:
        hits = await process.searcher.search("kite tide snow", principal, Filters(), 50)
        found = {hit.document.external_id for hit in hits.passages}
        allowed = model.may_find(principal)
        assert model.must_find(principal) <= found <= allowed.keys()
        for hit in hits.passages:
            assert any(hit.text in text for text in allowed[hit.document.external_id])


async def _contents(process: Process, folder: Path) -> tuple[Any, ...]:
    """All that SQL and the index hold, in a form in which equals are equal."""
    assert process.database.read_now(backlog.count).pending == 0
    meanings = process.database.read_now(_fingerprints)
    connection = await lancedb.connect_async(str(folder / "index"))
    rows = []
    for name in ("passages", "windows"):
        table = await connection.open_table(name)
        found = (await table.query().to_arrow()).to_pylist()
        kept = [
            (
                row["document_id"],
                process.database.read_now(_is_served, row["document_id"], row["version"]),
                row["ordinal"],
                row.get("window"),
                row.get("terms"),
                row["datasource"],
                meanings[row["access_set"]],
            )
            for row in found
        ]
        rows.append(sorted(kept, key=repr))
    return process.database.read_now(_truth), *rows


def _fingerprints(connection: sa.Connection) -> dict[int, str]:
    return {row.id: row.fingerprint for row in connection.execute(sa.select(access_sets))}


def _is_served(connection: sa.Connection, document_id: str, version: int) -> bool:
    served = sa.select(documents.c.served_version).where(documents.c.id == document_id)
    return connection.scalar(served) == version


def _truth(connection: sa.Connection) -> tuple[list[Any], ...]:
    columns = (documents.c.external_id, document_texts.c.text, access_sets.c.fingerprint)
    statement = (
        sa.select(*columns)
        .select_from(documents)
        .join(document_texts, document_texts.c.document_id == documents.c.id)
        .join(access_sets, access_sets.c.id == documents.c.indexed_access_set_id)
    )
    cut = sa.select(
        passages.c.document_id, passages.c.ordinal, passages.c.start, passages.c.end,
    )  # fmt: skip
    texts = connection.execute(statement.order_by(*columns))
    spans = connection.execute(cut.order_by(*cut.selected_columns))
    return [tuple(row) for row in texts], [tuple(row) for row in spans]


# --- several processes -------------------------------------------------------------------------


async def test_several_store_the_same_new_documents_at_once(database_url: str) -> None:
    """Each in its own order; one adds them, the others find them there."""
    databases = [open_database(database_url) for _ in range(4)]
    sources = [document(f"page-{n}", f"Page {n}.", RIGHTS[n % 3]) for n in range(30)]
    orders = [sources, sources[::-1], sources[::2], sources[1::2] + sources[::2]]
    # Storing needs neither index nor encoder.
    stores = [Ingestion(Settings(), each, None, None) for each in databases]
    done = await asyncio.gather(
        *(one.store(order) for one, order in zip(stores, orders, strict=True))
    )
    changes = [stored for each in done for stored in each if stored.changed]
    assert len(changes) == len({stored.document_id for stored in changes}) == 30
    assert databases[0].read_now(backlog.count).documents == 30
    for each in databases:
        each.close()
