"""A datasource as an issue tracker would push it: properties, people, times; some restricted."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from stook.identity.permissions import EVERYONE_MAY_READ, Permissions, Subject
from stook.knowledge.store import repository
from stook.knowledge.store.documents import SourceDocument
from stook.runtime import open_runtime
from stook.settings import Settings
from tests.dialects.served import INSIDER

TRACKER, VAULT = "tracker", "vault"
WORD = "flangewright"  # in every ticket, and nowhere else
HIDDEN_WORD = "Myrmecophage"  # in the restricted tickets' texts, titles, people and properties
ONLY_INSIDER = Permissions(users=frozenset({Subject("", INSIDER)}))
OPEN_TICKETS = 9
NOW = datetime.now(UTC)


def ticket(number: int, text: str, days_old: float, **more: Any) -> SourceDocument:
    """One ticket; ``more`` overrides fields."""
    body = f"# Ticket {number}\n\n{text}\n"
    values: dict[str, Any] = {
        "datasource": TRACKER,
        "external_id": f"T-{number}",
        "title": f"Ticket {number}",
        "url": f"https://tracker.example/T-{number}",
        "mime_type": "text/markdown",
        "text": body,
        "content_hash": hashlib.sha256(body.encode()).hexdigest(),
        "permissions": EVERYONE_MAY_READ,
        "object_type": "ticket",
        "container": "pumps",
        "updated_at": round((NOW - timedelta(days=days_old)).timestamp() * 1_000_000),
    }
    return SourceDocument(**values | more)


def tickets() -> list[SourceDocument]:
    """Nine that everyone may see, three in two datasources for the insider only."""

    def held(**properties: Any) -> dict[str, Any]:
        return {"properties": properties}

    return [
        ticket(1, f"The {WORD} leaks at the upper seal.", 0.001, author="Rita Reader",
               details=held(severity="high", points=8, labels=["seal", "Überlauf"])),
        ticket(2, f"The {WORD} hums. The lower seal is fine.", 3, author="rita@alderbrook.example",
               details=held(severity="low", points=2, labels=["noise"], blocked=True)),
        ticket(3, f"Order a new {WORD}; the supplier is slow.", 20, author="Otto Owner",
               details={"owner": "Rita Reader"} | held(severity="low", points=3)),
        ticket(4, f"Manual of the {WORD}, second edition.", 200, author="Otto Owner",
               mime_type="application/pdf", object_type="", container="manuals"),
        ticket(5, f"Price list of the {WORD}.", 400, mime_type="text/csv", object_type=""),
        *(ticket(number, f"Routine check of {WORD} number {number}.", number, object_type="check")
          for number in range(6, OPEN_TICKETS + 1)),
        *(_secret(number) for number in range(20, 22)),
        _secret(22, datasource=VAULT),
    ]  # fmt: skip


def _secret(number: int, **more: Any) -> SourceDocument:
    text = f"The {WORD} of {HIDDEN_WORD} is to be sold. {HIDDEN_WORD} agreed."
    return ticket(
        number, text, 1,
        title=f"{HIDDEN_WORD} ticket {number}",
        url=f"https://tracker.example/{HIDDEN_WORD}-{number}",
        author=f"{HIDDEN_WORD} Smith",
        object_type=f"{HIDDEN_WORD}-type",
        container=f"{HIDDEN_WORD}-container",
        permissions=ONLY_INSIDER,
        details={"owner": f"{HIDDEN_WORD} Owner"}
        | {"properties": {HIDDEN_WORD: HIDDEN_WORD, "severity": HIDDEN_WORD}},
        **more,
    )  # fmt: skip


async def push(data_dir: Path, documents: list[SourceDocument]) -> None:
    """Store and index documents, as another process beside the server."""
    async with open_runtime(Settings(data_dir=data_dir)) as runtime:
        await runtime.database.write(_ensure, sorted({each.datasource for each in documents}))
        await runtime.ingestion.store_and_index(documents)


async def withdraw(data_dir: Path, *external_ids: str, datasource: str = TRACKER) -> None:
    async with open_runtime(Settings(data_dir=data_dir)) as runtime:
        await runtime.ingestion.withdraw(datasource, external_ids)


def _ensure(connection: sa.Connection, names: list[str]) -> None:
    for name in names:
        repository.ensure_datasource(connection, name)
