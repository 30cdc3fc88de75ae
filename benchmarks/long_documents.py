"""What a question costs whose answer stands in a long manual, beside one in a short page.

    python -m benchmarks.long_documents [--sections N] [--rounds N]

Both hold the same section; the manual has many more around it. Only what is asked about is
embedded, the vectors of all else are drawn: so a manual is indexed in half a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import numpy as np

from benchmarks.tables import show
from stook.conversation.events import Answer, Ask, Failed, Finished
from stook.identity.permissions import EVERYONE_MAY_READ
from stook.identity.principals import Principal
from stook.knowledge.encoding.embedding import Embedder
from stook.knowledge.index.protocol import Encoded
from stook.knowledge.ingestion.indexing import Ingestion
from stook.knowledge.store.documents import SourceDocument
from stook.runtime import Runtime, open_runtime
from stook.settings import load_settings

SHOWN = 217  # the section that is asked about
STEPS = ("search", "read", "answer", "suggest")
ROWS = "\n".join(f"| Bolt M{size} | {size} crowns | shelf {size % 7} |" for size in range(60))
SECTION = """## Pump {0}

Pump {0} is checked by the keeper every {0} hours. It is oiled in the week before that.

| Name | Price | Place |
|---|---|---|
{1}

Before pump {0} is opened, these steps are taken:

1. Close the valve of pump {0}.
2. Wait until the lamp is dark.
3. Write the time into the book of pump {0}.

{2}
"""
QUESTIONS = (
    f"How often is pump {SHOWN} checked?",
    f"What has to be done before pump {SHOWN} is opened?",
    f"When is pump {SHOWN} oiled?",
)


class Drawn:
    """An embedder of documents that draws the vectors of what is not asked about."""

    def __init__(self, embedder: Embedder) -> None:
        self.dimensions = embedder.dimensions
        self.token_dimensions = embedder.token_dimensions
        self._embedder = embedder

    async def encode(self, texts: Sequence[str]) -> Encoded:
        """The vectors of texts, and their tokens."""
        drawn = np.random.default_rng(len(texts)).normal(size=(len(texts), self.dimensions))
        vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
        width = -(-self.token_dimensions // 8)
        tokens = [np.zeros((1, width), np.uint8) for _ in texts]
        real = [number for number, text in enumerate(texts) if f"ump {SHOWN}" in text]
        computed = await self._embedder.encode([texts[number] for number in real])
        for place, number in enumerate(real):
            vectors[number], tokens[number] = computed.vectors[place], computed.tokens[place]
        return Encoded(vectors, tuple(tokens))


def main() -> None:
    """Print the medians of each step, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, default=440, help="of the manual; 440 are 3 MB")
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    texts = {"page": _text([SHOWN]), "manual": _text(range(arguments.sections))}
    with tempfile.TemporaryDirectory() as folder:
        taken = asyncio.run(_measured(Path(folder), texts, arguments.rounds))
    rows: list[list[object]] = []
    for step in (*STEPS, "all"):
        page, manual = (statistics.median(taken[name][step]) for name in texts)
        rows.append([step, f"{page:.1f}", f"{manual:.1f}", f"{manual / page:.2f}"])
    length = len(texts["manual"]) / 1e6
    columns = ["step", "short page, ms", f"manual of {length:.1f} MB, ms", "times"]
    show("A question answered by one section (medians)", columns, rows)


def _text(numbers: Sequence[int]) -> str:
    more = "The log is kept in the cupboard by the door, under the key of the shift. " * 55
    return "# Pumps\n\n" + "\n".join(SECTION.format(number, ROWS, more) for number in numbers)


async def _measured(
    folder: Path, texts: dict[str, str], rounds: int
) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of each step by text, in turns, so that both meet the same machine."""
    taken: dict[str, dict[str, list[float]]] = {}
    async with (
        open_runtime(load_settings(data_dir=folder / "page")) as one,
        open_runtime(load_settings(data_dir=folder / "manual")) as other,
    ):
        runtimes = dict(zip(texts, (one, other), strict=True))
        for name, runtime in runtimes.items():
            await _take_in(runtime, texts[name])
            taken[name] = {step: [] for step in (*STEPS, "all")}
        for number in range(rounds + 1):
            for question in QUESTIONS:
                for name, runtime in runtimes.items():
                    started = time.perf_counter()
                    answer = await _answer(runtime, question)
                    if number == 0:  # warms up
                        continue
                    taken[name]["all"].append((time.perf_counter() - started) * 1000)
                    for step in STEPS:
                        taken[name][step].append(max(1, answer.timings.get(step, 0)))
    return taken


async def _take_in(runtime: Runtime, text: str) -> None:
    embedder = cast("Embedder", Drawn(runtime.embedder))
    taking_in = Ingestion(runtime.settings, runtime.database, runtime.index, embedder)
    source = SourceDocument(
        datasource="files",
        external_id="pumps",
        title="Pumps",
        url="https://files.example.com/pumps",
        mime_type="text/markdown",
        text=text,
        content_hash="pumps",
        permissions=EVERYONE_MAY_READ,
    )
    await taking_in.store_and_index([source])
    await taking_in.optimize()


async def _answer(runtime: Runtime, question: str) -> Answer:
    asked = Ask(principal=Principal(email=None), question=question, now=datetime.now(UTC))
    async for event in runtime.engine.answer(asked):
        if isinstance(event, Failed):
            raise event.error
        if isinstance(event, Finished):
            if event.answer.refused:
                raise AssertionError(f"{question} was not answered")
            return event.answer
    raise AssertionError("The engine ended without an answer.")


if __name__ == "__main__":
    main()
