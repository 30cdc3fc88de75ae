"""Deep questions over the sample handbook: one search beside taking the question apart.

    python -m benchmarks.deep

A question is right if the answer holds all that it should and cites each document it is from.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.tables import show
from stook.conversation.events import Answer, Ask, Effort, Failed, Finished, Searching
from stook.identity.permissions import EVERYONE_MAY_READ
from stook.identity.principals import EVERYONE
from stook.knowledge.ingestion.connectors.files import content_hash
from stook.knowledge.ingestion.parsing.parser import Parser
from stook.knowledge.store.documents import SourceDocument
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings, load_settings

ROOT = Path(__file__).parents[1]
HANDBOOK = ROOT / "examples" / "handbook"
QUESTIONS = ROOT / "tests" / "questions" / "deep.jsonl"


@dataclass(frozen=True, slots=True)
class Tried:
    """One question asked in one way."""

    right: bool
    searches: int
    milliseconds: int


def main() -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        tried = asyncio.run(_try(load_settings(data_dir=Path(folder)), rows))
    show(
        f"{len(rows)} deep questions over the sample handbook",
        ["effort", "right", "searches", "relative time"],
        [_line(effort, tried[effort], tried[Effort.QUICK]) for effort in Effort],
    )


def _line(effort: Effort, tried: Sequence[Tried], quick: Sequence[Tried]) -> list[str]:
    spent, usual = (sum(each.milliseconds for each in some) for some in (tried, quick))
    return [
        effort.value,
        f"{sum(each.right for each in tried)} of {len(tried)}",
        f"{sum(each.searches for each in tried) / len(tried):.1f}",
        f"{spent / usual:.1f}",
    ]


async def _try(settings: Settings, rows: list[dict[str, Any]]) -> dict[Effort, list[Tried]]:
    async with open_runtime(settings) as runtime:
        await runtime.ingestion.store_and_index(await _documents(settings))
        await _ask(runtime, rows[0], Effort.QUICK)  # the first one loads things
        return {effort: [await _ask(runtime, row, effort) for row in rows] for effort in Effort}


async def _ask(runtime: Runtime, row: dict[str, Any], effort: Effort) -> Tried:
    now = datetime.now().astimezone()
    asked = Ask(EVERYONE, row["question"], now, effort=effort, suggest=False)
    events = [event async for event in runtime.engine.answer(asked)]
    last = events[-1]
    if isinstance(last, Failed):
        raise last.error
    assert isinstance(last, Finished)
    searches = sum(isinstance(event, Searching) for event in events)
    return Tried(_is_right(row, last.answer), searches, last.answer.milliseconds)


def _is_right(row: dict[str, Any], answer: Answer) -> bool:
    cited = {citation.document.external_id for citation in answer.citations}
    return set(row["documents"]) <= cited and all(each in answer.text for each in row["contains"])


async def _documents(settings: Settings) -> list[SourceDocument]:
    parser = Parser(settings)
    try:
        return [await _document(parser, path) for path in _open_pages()]
    finally:
        await parser.close()


def _open_pages() -> list[Path]:
    """What everybody may read of the handbook."""
    return sorted(path for path in HANDBOOK.rglob("*.md") if path.parent.name != "restricted")


async def _document(parser: Parser, path: Path) -> SourceDocument:
    parsed = await parser.parse(path, path.name)
    return SourceDocument(
        datasource="handbook",
        external_id=path.relative_to(HANDBOOK).as_posix(),
        title=parsed.title,
        url=path.as_uri(),
        mime_type=parsed.mime_type,
        text=parsed.text,
        content_hash=content_hash(await asyncio.to_thread(path.read_bytes)),
        permissions=EVERYONE_MAY_READ,
        updated_at=parsed.updated_at,
    )


if __name__ == "__main__":
    main()
