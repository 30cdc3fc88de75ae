"""Indexing throughput beside the bare encoder, and the time to first and last byte of an answer.

    python -m benchmarks.serving [--documents N] [--questions N]

Documents are indexed by ``stook index`` and questions asked of ``stook serve``, each a process
of its own; the bare encoder embeds the windows of the same documents before and after.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.corpus import make_documents, make_questions, write_documents
from benchmarks.tables import show
from stook.knowledge.encoding.embedding import load_embedder
from stook.knowledge.text.chunking import chunk, window_text
from stook.settings import load_settings

STOOK = str(Path(sys.executable).with_name("stook"))
SAMPLE = 100  # documents that the bare encoder embeds before, and again after
CLIENTS = (1, 32)
START_SECONDS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1800, help="about five passages each")
    parser.add_argument("--questions", type=int, default=96, help="for each number of clients")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus, data = Path(folder) / "corpus", Path(folder) / "data"
        write_documents(corpus, arguments.documents)
        _indexing(corpus, data, arguments.documents)
        _answering(data, make_questions(arguments.questions))


# --- indexing ----------------------------------------------------------------------------------


def _indexing(corpus: Path, data: Path, documents: int) -> None:
    before = _bare_encoder(0, data)
    report, seconds = _index(corpus, data)
    after = _bare_encoder(SAMPLE, data)
    passages = int(report["passages"])
    bare = (before + after) / 2
    ratio = 100 * (passages / seconds) / bare
    show(
        f"Indexing {documents:,} documents, {passages:,} passages",
        ["", "documents/s", "passages/s", "share of the bare encoder"],
        [
            ["stook index", documents / seconds, passages / seconds, f"{ratio:.0f} %"],
            ["bare encoder, before and after", "", f"{before:.1f}, {after:.1f}", "100 %"],
        ],
    )


def _index(corpus: Path, data: Path) -> tuple[dict[str, int], float]:
    """Index with the command; its report, and the seconds from start to end of the process."""
    started = time.perf_counter()
    done = subprocess.run(
        [STOOK, "index", str(corpus), "--data-dir", str(data), "--json"],
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout), time.perf_counter() - started


def _bare_encoder(first: int, data: Path) -> float:
    """Passages a second, when nothing is done but embedding the windows of some documents."""
    texts, passages = _windows(first)
    embedder = load_embedder(load_settings(data_dir=data))
    try:
        asyncio.run(embedder.embed(texts[:64]))  # warm
        started = time.perf_counter()
        asyncio.run(embedder.embed(texts))
        return passages / (time.perf_counter() - started)
    finally:
        embedder.close()


def _windows(first: int) -> tuple[list[str], int]:
    texts, passages = [], 0
    for name, text in itertools.islice(make_documents(first + SAMPLE), first, None):
        chunks = chunk(text)
        passages += len(chunks)
        title = text.split("\n", 1)[0].lstrip("# ") or name
        texts += [window_text(text, one, window, title) for one in chunks for window in one.windows]
    return texts, passages


# --- answering ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """Milliseconds from sending a question to the first and to the last byte of the answer."""

    first: float
    last: float


def _answering(data: Path, questions: list[str]) -> None:
    token = _token(data)
    with running_server(data) as (address, _):
        rows = [_measure(address, token, questions, clients) for clients in CLIENTS]
    show(
        f"Streamed answers, {len(questions)} questions for each number of clients, milliseconds",
        ["clients", "first byte p50", "p95", "last byte p50", "p95", "answers/s"],
        rows,
    )


def _measure(address: str, token: str, questions: list[str], clients: int) -> list[object]:
    answers, seconds = asyncio.run(_ask_all(address, token, questions, clients))
    first = statistics.quantiles((answer.first for answer in answers), n=20)
    last = statistics.quantiles((answer.last for answer in answers), n=20)
    return [clients, first[9], first[18], last[9], last[18], len(answers) / seconds]


async def _ask_all(
    address: str, token: str, questions: list[str], clients: int
) -> tuple[list[Answered], float]:
    waiting = iter(questions)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
        await _ask(client, questions[0])  # warm

        async def work() -> list[Answered]:
            return [await _ask(client, question) for question in waiting]

        started = time.perf_counter()
        done = await asyncio.gather(*(work() for _ in range(clients)))
        return [answer for some in done for answer in some], time.perf_counter() - started


async def _ask(client: httpx.AsyncClient, question: str) -> Answered:
    body = {"stream": True, "messages": [{"fragments": [{"text": question}]}]}
    started = time.perf_counter()
    first = None
    async with client.stream("POST", "/rest/api/v1/chat", json=body) as response:
        response.raise_for_status()
        async for _ in response.aiter_raw():
            first = first or time.perf_counter()
    last = time.perf_counter()
    return Answered(1000 * ((first or last) - started), 1000 * (last - started))


def _token(data: Path) -> str:
    person = "reader@example.com"
    run_stook(data, "user", "add", person)
    made = run_stook(
        data, "token", "create", "bench", "--scopes", "CHAT", "--user", person, "--json"
    )
    return str(json.loads(made)["token"])


def run_stook(data: Path, *arguments: str) -> str:
    command = [STOOK, *arguments, "--data-dir", str(data)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


@contextlib.contextmanager
def running_server(data: Path) -> Iterator[tuple[str, int]]:
    """Start a server in a process of its own, ended with the block; its address and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [STOOK, "serve", "--port", str(port), "--data-dir", str(data)]
    unlimited = os.environ | {"STOOK_RATE_LIMITS": "off"}
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=unlimited
    )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/ready")
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(address).is_success:
                return
        time.sleep(0.1)
    raise TimeoutError("The server did not become ready.")


if __name__ == "__main__":
    main()
