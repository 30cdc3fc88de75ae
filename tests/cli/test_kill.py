"""Indexing that is killed at any moment and run again ends as an undisturbed run does."""

from __future__ import annotations

import random
import time
from functools import partial
from pathlib import Path

import pytest

from tests.cli.running import Stook, contents, count_passages

DOCUMENTS = 1000
KILLS = 10
SEED = 20261
WORDS = "kite tide lantern harbour meadow engine winter copper orchard signal".split()


def write_documents(directory: Path, count: int) -> None:
    chosen = random.Random(SEED)
    for number in range(count):
        folder = directory / f"part-{number % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        words = " ".join(chosen.choices(WORDS, k=6))
        (folder / f"{number:04}.md").write_text(f"# Note {number}\n\nThe {words}.\n")


@pytest.mark.timeout(900)
async def test_ten_kills_change_nothing(tmp_path: Path) -> None:
    source = tmp_path / "notes"
    write_documents(source, DOCUMENTS)
    calm, hunted = Stook(tmp_path / "calm"), Stook(tmp_path / "hunted")
    assert calm("index", source, "--json").json["added"] == DOCUMENTS

    chosen = random.Random(SEED)
    killed = 0
    for goal in sorted(chosen.sample(range(DOCUMENTS - 64), KILLS)):
        delay = chosen.uniform(0, 0.3)

        def reached(goal: int = goal, delay: float = delay) -> bool:
            if count_passages(hunted.data_dir) < goal:
                return False
            time.sleep(delay)
            return True

        killed += hunted.kill_when(reached, "index", source)
    assert killed == KILLS
    hunted("index", source)
    expected = await contents(calm.data_dir)
    assert expected.rows == len(expected.indexed) == DOCUMENTS
    assert await contents(hunted.data_dir) == expected


async def test_killed_while_starting(tmp_path: Path) -> None:
    """In the schema's and LanceDB's first writes, by the clock."""
    source = tmp_path / "notes"
    write_documents(source, 20)
    stook = Stook(tmp_path / "data")
    chosen = random.Random(SEED)
    for _ in range(5):
        until = time.monotonic() + chosen.uniform(0.3, 4)
        stook.kill_when(partial(is_past, until), "index", source)
    stook("index", source)
    left = await contents(stook.data_dir)
    assert left.rows == len(left.indexed) == len(left.documents) == 20


def is_past(until: float) -> bool:
    return time.monotonic() > until
