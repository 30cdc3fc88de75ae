"""What ``stook doctor`` looks at."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from stook.errors import StookError
from stook.knowledge.encoding.embedding import load_embedder, made_by
from stook.knowledge.index.lance import open_index
from stook.knowledge.ingestion import backlog
from stook.knowledge.ingestion.backlog import Counts
from stook.models.language_models import LanguageModels, open_models
from stook.models.names import ModelName
from stook.models.prompts import Prompt
from stook.settings import Settings
from stook.storage import schema
from stook.storage.database import Database, open_database

LEAST_FREE_MIB = 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``advice`` says what to do where it is not ``ok``."""

    name: str
    ok: bool
    found: str
    advice: str = ""

    def __str__(self) -> str:
        mark = " " if self.ok else "!"
        advice = f" {self.advice}" if self.advice else ""
        return f"{mark} {self.name}: {self.found}{advice}"


async def run_all(settings: Settings) -> list[Check]:
    """Look at everything; what depends on something broken is left out. Changes nothing."""
    checks = [Check("settings", True, f"data directory {settings.data_dir.absolute()}.")]
    checks.append(_disk(settings))
    async with _database(settings, checks) as database:
        encoder = await _attempt(checks, "encoder", lambda: _encoder(settings, checks))
        await _attempt(checks, "model", lambda: _models(settings, checks))
        if database is not None:
            counts = await database.read(backlog.count)
            checks.append(_backlog(counts))
            if encoder is not None:
                await _attempt(checks, "index", lambda: _index(settings, encoder, counts, checks))
    return checks


def _disk(settings: Settings) -> Check:
    directory = settings.data_dir.absolute()
    while not directory.exists():
        directory = directory.parent
    free = shutil.disk_usage(directory).free // 2**20
    ok = free >= LEAST_FREE_MIB
    return Check("disk", ok, f"{free} MiB free.", "" if ok else "Make room, or move the data.")


@contextlib.asynccontextmanager
async def _database(settings: Settings, checks: list[Check]) -> AsyncIterator[Database | None]:
    if not settings.database_url and not schema.is_made(settings.sql_url):
        advice = "`stook index PATH` makes it."
        checks.append(Check("database", False, "there is none yet.", advice))
        yield None
        return
    database = open_database(settings.sql_url)
    try:
        revision = await _attempt(checks, "database", lambda: _revision(database))
        checks.append(_schema(revision))
        yield database if revision == schema.HEAD else None
    finally:
        database.close()


async def _revision(database: Database) -> str:
    return await database.read(schema.current_revision) or "none"


def _schema(revision: str | None) -> Check:
    ok = revision == schema.HEAD
    advice = "" if ok else "Any command, such as `stook user list`, mends it."
    return Check("schema", ok, f"revision {revision}, this version needs {schema.HEAD}.", advice)


async def _encoder(settings: Settings, checks: list[Check]) -> tuple[int, str]:
    """The dimensions of its vectors, and what an index that it fills is marked with."""
    embedder = await asyncio.to_thread(load_embedder, settings)
    try:
        await embedder.embed(["ready"])
        found = f"{embedder.dimensions} dimensions; the weights are the ones expected."
        checks.append(Check("encoder", True, found))
        return embedder.dimensions, made_by(embedder)
    finally:
        embedder.close()


async def _models(settings: Settings, checks: list[Check]) -> None:
    """Whether each language model answers; each is asked for a few words."""
    models = open_models(settings)
    if models is None:
        checks.append(Check("model", True, "none is set; answers are the documents' own words."))
        return
    try:
        await models.ready()
        seconds = settings.model_timeout_seconds
        checks += [await _answers(models, name, seconds) for name in models.names]
    finally:
        await models.close()


async def _answers(models: LanguageModels, name: ModelName, seconds: float) -> Check:
    try:
        await models.write(Prompt("", "Say: ready.", max_tokens=16), seconds, only=name)
    except (StookError, TimeoutError):
        advice = "Look at its address, its key and its name; see docs/models.md."
        return Check("model", False, f"{name} does not answer.", advice)
    return Check("model", True, f"{name} answers.")


def _backlog(counts: Counts) -> Check:
    ok = counts.pending == 0
    advice = "" if ok else "`stook serve` or `stook index` finishes them."
    return Check("backlog", ok, f"{counts.pending} documents wait to be indexed.", advice)


async def _index(
    settings: Settings, encoder: tuple[int, str], counts: Counts, checks: list[Check]
) -> None:
    index = await open_index(settings.index_location, *encoder)
    try:
        held = await index.count()
    finally:
        await index.close()
    found = f"{held} passages; the database has {counts.passages} of {counts.documents} documents."
    ok = held == counts.passages or counts.pending > 0
    checks.append(Check("index", ok, found, "" if ok else "Run `stook reindex`."))


async def _attempt(
    checks: list[Check], name: str, look: Callable[[], Coroutine[Any, Any, Any]]
) -> Any:
    """What looking gives; None where it fails, which becomes a check of its own."""
    try:
        return await look()
    except StookError as error:
        checks.append(Check(name, False, str(error)))
    except Exception as error:
        checks.append(Check(name, False, f"cannot be used ({type(error).__name__}: {error})."))
    return None
