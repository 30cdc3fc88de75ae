"""Runs the installed ``stook`` command, and looks into what it left in a data directory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from stook.knowledge.encoding.embedding import load_embedder, made_by
from stook.knowledge.index.lance import open_index
from stook.knowledge.index.protocol import PassageKey
from stook.knowledge.ingestion import backlog
from stook.settings import Settings
from stook.storage.database import open_database
from stook.storage.tables import access_sets, document_texts, documents, passages

STOOK = Path(sys.executable).with_name("stook")
LONGEST_RUN = 240  # seconds
THREADS = {"STOOK_EMBEDDING_THREADS": "1"}


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Stook:
    """The command, on one data directory, run by somebody with this umask."""

    data_dir: Path
    umask: int = 0o022

    def __call__(self, *arguments: str | Path, code: int | None = 0, **settings: str) -> Done:
        """Run a command to its end; ``code`` is the exit code it must have."""
        process = self.start(*arguments, **settings)
        out, err = process.communicate(timeout=LONGEST_RUN)
        assert "Traceback" not in err, err
        assert code in (None, process.returncode), err or out
        return Done(process.returncode, out, err)

    def start(self, *arguments: str | Path, **settings: str) -> subprocess.Popen[str]:
        data_dir = [] if arguments[:1] == ("version",) else ["--data-dir", str(self.data_dir)]
        return subprocess.Popen(
            [str(STOOK), *map(str, arguments), *data_dir],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | THREADS | settings,
            umask=self.umask,
        )

    def kill_when(self, reached: Callable[[], bool], *arguments: str | Path) -> bool:
        """Start a command and kill it once something is reached; False if it ended before."""
        process = self.start(*arguments)
        deadline = time.monotonic() + LONGEST_RUN
        while process.poll() is None and not reached():
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return process.returncode == -signal.SIGKILL


@dataclass(frozen=True)
class Contents:
    """All that a data directory says of its documents, in a form in which equals are equal.

    ``documents`` are external id, title, container, permissions, text, and the spans of passages.
    """

    documents: frozenset[tuple[Any, ...]]
    indexed: frozenset[tuple[str, int]]  # document id and ordinal of every passage in the index
    rows: int  # in the index


async def contents(data_dir: Path) -> Contents:
    """What is served and indexed; the index must hold that and nothing else."""
    database = open_database(f"sqlite:///{data_dir / 'stook.db'}")
    embedder = load_embedder(Settings(embedding_threads=1))
    index = await open_index(str(data_dir / "index"), embedder.dimensions, made_by(embedder))
    try:
        assert database.read_now(backlog.count).pending == 0
        served, keys = database.read_now(_served)
        held = await index.windows(keys)
        rows = await index.count()
        return Contents(served, frozenset((key.document_id, key.ordinal) for key in held), rows)
    finally:
        await index.close()
        embedder.close()
        database.close()


def _served(connection: sa.Connection) -> tuple[frozenset[tuple[Any, ...]], list[PassageKey]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    keys = []
    for row in connection.execute(sa.select(passages).order_by(*passages.primary_key.columns)):
        spans.setdefault(row.document_id, []).append((row.start, row.end))
        keys.append(PassageKey(row.document_id, row.version, row.ordinal))
    statement = (
        sa.select(documents, document_texts.c.text, access_sets.c.fingerprint)
        .join(document_texts, documents.c.id == document_texts.c.document_id)
        .join(access_sets, documents.c.access_set_id == access_sets.c.id)
    )
    found = [
        (
            row.external_id,
            row.title,
            row.url,
            row.container,
            row.fingerprint,
            row.indexed_access_set_id == row.access_set_id,
            row.text,
            tuple(spans.get(row.id, ())),
        )
        for row in connection.execute(statement)
    ]
    assert len(found) == len(set(found))
    return frozenset(found), keys


def count_passages(data_dir: Path) -> int:
    """How many passages are searchable; 0 where there is no database yet."""
    path = data_dir / "stook.db"
    if not path.exists():
        return 0
    engine = sa.create_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            count = sa.select(sa.func.count()).select_from(passages)
            return connection.scalar(count) or 0
    except sa.exc.OperationalError:
        return 0
    finally:
        engine.dispose()
