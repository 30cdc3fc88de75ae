"""Whether a server stays as it is: disk, files, memory, threads and latency over a long time.

    python -m benchmarks.growth [--rounds N] [--documents N] [--stages N] [--minutes N]

The same documents are pushed and deleted again and again, through the API; with ``--minutes``
questions are asked meanwhile, all the time, for that long. A line of the table is one stage.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from benchmarks.corpus import make_documents, make_questions
from benchmarks.serving import run_stook, running_server
from benchmarks.tables import show
from stook.knowledge.ingestion import backlog
from stook.storage.database import Database, open_database

INDEX, SEARCH = "/api/index/v1", "/rest/api/v1/search"
DATASOURCE = "growth"
CONFIGURATION: dict[str, object] = {
    "name": DATASOURCE,
    "displayName": "Growth",
    "urlRegex": "https://growth.example.com/.*",
    "isUserReferencedByEmail": True,
}
AT_ONCE = 100  # documents in one request
DELETING = 8  # requests at once
ASKED = 20  # questions for the latency of a stage
MIB = 2**20
PAGE = os.sysconf("SC_PAGE_SIZE")
COLUMNS = ("after", "disk MiB", "files", "memory MiB", "threads", "search p50 ms", "p95")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and what tells how it is."""

    client: httpx.AsyncClient
    database: Database
    data: Path
    process: int

    async def post(self, path: str, body: dict[str, object]) -> None:
        (await self.client.post(path, json=body)).raise_for_status()

    async def level(self) -> None:
        """Wait until everything that was pushed is indexed, or gone."""
        while (await self.database.read(backlog.count)).pending:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


def main() -> None:
    """Push and delete, and print a line for each stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="of pushing and deleting")
    parser.add_argument("--documents", type=int, default=500, help="in each round")
    parser.add_argument("--stages", type=int, default=10, help="lines of the table")
    parser.add_argument("--minutes", type=float, default=0, help="of mixed load, after the rounds")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(Path(folder), arguments))


async def _run(data: Path, arguments: argparse.Namespace) -> None:
    documents = [_document(*made) for made in make_documents(arguments.documents, sections=1)]
    async with _server(data) as server:
        rows = [await _stage("the start", server)]
        for stage in range(arguments.stages):
            until = arguments.rounds * (stage + 1) // arguments.stages
            for _ in range(arguments.rounds * stage // arguments.stages, until):
                await _round(server, documents)
            rows.append(await _stage(f"{until} rounds", server))
        for stage in range(arguments.stages if arguments.minutes else 0):
            await _mixed_load(server, documents, 60 * arguments.minutes / arguments.stages)
            passed = arguments.minutes * (stage + 1) / arguments.stages
            rows.append(await _stage(f"{passed:.0f} minutes", server))
    show(f"Growth: {len(documents)} documents pushed and deleted", COLUMNS, rows)


async def _round(server: Server, documents: list[dict[str, object]]) -> None:
    for start in range(0, len(documents), AT_ONCE):
        some = documents[start : start + AT_ONCE]
        body: dict[str, object] = {"datasource": DATASOURCE, "documents": some}
        await server.post(f"{INDEX}/indexdocuments", body)
    await server.level()
    limit = asyncio.Semaphore(DELETING)

    async def delete(document: dict[str, object]) -> None:
        async with limit:
            named = {name: document[name] for name in ("datasource", "objectType", "id")}
            await server.post(f"{INDEX}/deletedocument", named)

    await asyncio.gather(*map(delete, documents))
    await server.level()


async def _mixed_load(server: Server, documents: list[dict[str, object]], seconds: float) -> None:
    """Ask all the time while documents come and go."""
    ends = time.monotonic() + seconds

    async def ask() -> None:
        questions = make_questions(ASKED)
        while time.monotonic() < ends:
            await _latencies(server, questions)

    asking = asyncio.create_task(ask())
    while time.monotonic() < ends:
        await _round(server, documents)
    await asking


async def _stage(name: str, server: Server) -> list[object]:
    times = statistics.quantiles(await _latencies(server, make_questions(ASKED)), n=20)
    files = [path.stat() for path in server.data.rglob("*") if path.is_file()]
    process = Path("/proc", str(server.process))
    memory = int((process / "statm").read_text().split()[1]) * PAGE
    threads = len(list((process / "task").iterdir()))
    disk = sum(file.st_size for file in files) / MIB
    row: list[Any] = [name, disk, len(files), memory / MIB, threads, times[9], times[18]]
    told = (f"{column} {value:.0f}" for column, value in zip(COLUMNS[1:], row[1:], strict=True))
    print(f"{name}: {', '.join(told)}", file=sys.stderr, flush=True)  # it goes on for long
    return row


async def _latencies(server: Server, questions: list[str]) -> list[float]:
    """Milliseconds that each search takes."""
    taken = []
    for question in questions:
        started = time.perf_counter()
        await server.post(SEARCH, {"query": question, "pageSize": 10})
        taken.append(1000 * (time.perf_counter() - started))
    return taken


def _document(name: str, text: str) -> dict[str, object]:
    return {
        "datasource": DATASOURCE,
        "objectType": "Page",
        "id": name,
        "title": text.split("\n", 1)[0].lstrip("# "),
        "viewURL": f"https://growth.example.com/{name}",
        "body": {"mimeType": "text/markdown", "textContent": text},
        "permissions": {"allowAnonymousAccess": True},
    }


@contextlib.asynccontextmanager
async def _server(data: Path) -> AsyncIterator[Server]:
    indexing = _token(data, "INDEXING")
    run_stook(data, "user", "add", "reader@example.com")
    searching = _token(data, "SEARCH", "--user", "reader@example.com")
    database = open_database(f"sqlite:///{data / 'stook.db'}")

    async def authorize(request: httpx.Request) -> None:
        token = indexing if request.url.path.startswith(INDEX) else searching
        request.headers["Authorization"] = f"Bearer {token}"

    try:
        with running_server(data) as (address, process):
            hooks = {"request": [authorize]}
            async with httpx.AsyncClient(
                base_url=address, event_hooks=hooks, timeout=120
            ) as client:
                server = Server(client, database, data, process)
                await server.post(f"{INDEX}/adddatasource", CONFIGURATION)
                yield server
    finally:
        database.close()


def _token(data: Path, *arguments: str) -> str:
    made = run_stook(data, "token", "create", "growth", "--json", "--scopes", *arguments)
    return str(json.loads(made)["token"])


if __name__ == "__main__":
    main()
