"""``stook index`` over directories that change."""

from __future__ import annotations

import os
import random
from pathlib import Path

from stook.cli.index_request import Request
from stook.cli.index_run import Outcome, index_all
from stook.knowledge.ingestion.reporting import Progress
from stook.settings import Settings
from tests.cli.running import Stook, contents

RULES = """
default = ["everyone"]
[groups]
board = ["ada@example.com"]
[[rules]]
path = "secret/**"
allow = ["group:board"]
"""


async def index(data_dir: Path, *sources: Path, **options: object) -> Outcome:
    """What the command does, without a process of its own."""
    values = {"datasource": None, "allow": (), "crawl": False, "base_url": ""} | options
    request = Request(tuple(map(str, sources)), **values)  # type: ignore[arg-type]
    request.check()
    settings = Settings(data_dir=data_dir, embedding_threads=1)
    return await index_all(settings, request, Progress())


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.added, outcome.changed, outcome.unchanged, outcome.withdrawn


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


async def test_any_changes_end_as_a_fresh_index_does(tmp_path: Path) -> None:
    chosen = random.Random(7)
    source = tmp_path / "docs"
    for number in range(12):
        write(source / f"{number}.md", f"# Page {number}\n\nFirst words of {number}.")
    await index(tmp_path / "old", source, idle_rules=True, widen=True)
    for turn in range(5):
        for _ in range(chosen.randint(1, 6)):
            _change_something(source, chosen, turn)
        await index(tmp_path / "old", source, idle_rules=True, widen=True)
    await index(tmp_path / "new", source, idle_rules=True, widen=True)
    assert await contents(tmp_path / "old") == await contents(tmp_path / "new")


def _change_something(source: Path, chosen: random.Random, turn: int) -> None:
    name = chosen.choice(["secret/", "open/", ""]) + f"{chosen.randint(0, 15)}.md"
    match chosen.choice(["write", "write", "remove", "empty", "rights", "move"]):
        case "write":
            words = " ".join(chosen.choices(["oak", "elm", "ash"], k=chosen.choice([3, 900])))
            write(source / name, f"# {name}\n\nTurn {turn}: {words}.")
        case "remove":
            (source / name).unlink(missing_ok=True)
        case "empty":
            write(source / name, "")
        case "rights":
            write(source / "stook-permissions.toml", RULES if chosen.random() < 0.5 else "")
        case "move":
            files = sorted(source.rglob("*.md"))
            target = source / f"moved/{chosen.randint(0, 99)}.md"
            target.parent.mkdir(exist_ok=True)
            chosen.choice(files).rename(target)


async def test_unchanged_documents_cost_nothing(tmp_path: Path) -> None:
    source = write(tmp_path / "docs" / "a.md", "# A\n\nWords.").parent
    assert counts(await index(tmp_path / "data", source)) == (1, 0, 0, 0)
    os.utime(source / "a.md", (1, 1))
    again = await index(tmp_path / "data", source)
    assert (counts(again), again.passages) == ((0, 0, 1, 0), 0)


async def test_a_part_leaves_the_rest_and_names_stay(tmp_path: Path) -> None:
    source = tmp_path / "docs"
    write(source / "a.md", "# A\n\nOne.")
    inner = write(source / "part" / "b.md", "# B\n\nTwo.")
    await index(tmp_path / "data", source)
    before = await contents(tmp_path / "data")
    assert counts(await index(tmp_path / "data", inner)) == (0, 0, 1, 0)
    assert counts(await index(tmp_path / "data", inner.parent)) == (0, 0, 1, 0)
    after = await contents(tmp_path / "data")
    assert {row[0] for row in after.documents} == {row[0] for row in before.documents}
    inner.unlink()
    assert counts(await index(tmp_path / "data", source)) == (0, 0, 1, 1)


async def test_two_directories_with_the_same_names_stay_apart(tmp_path: Path) -> None:
    first = write(tmp_path / "first" / "readme.md", "# First\n\nOne.").parent
    second = write(tmp_path / "second" / "readme.md", "# Second\n\nTwo.").parent
    await index(tmp_path / "data", first)
    assert counts(await index(tmp_path / "data", second)) == (1, 0, 0, 0)
    assert counts(await index(tmp_path / "data", second)) == (0, 0, 1, 0)
    assert counts(await index(tmp_path / "data", first)) == (0, 0, 1, 0)
    assert len((await contents(tmp_path / "data")).documents) == 2


async def test_a_single_restricted_file_keeps_the_rules_of_its_directory(tmp_path: Path) -> None:
    source = tmp_path / "docs"
    write(source / "stook-permissions.toml", RULES)
    secret = write(source / "secret" / "pay.md", "# Pay\n\nNumbers.")
    await index(tmp_path / "whole", source)
    await index(tmp_path / "single", secret)
    [whole] = (await contents(tmp_path / "whole")).documents
    [single] = (await contents(tmp_path / "single")).documents
    assert whole[4] == single[4]  # the permissions' fingerprint


def test_two_commands_at_once(tmp_path: Path, stook: Stook) -> None:
    for number in range(40):
        write(tmp_path / "docs" / f"{number}.md", f"# {number}\n\nWords of {number}.")
    running = [stook.start("index", tmp_path / "docs", "--json") for _ in range(2)]
    for process in running:
        _, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
    found = stook("doctor", "--json").json
    assert found["ok"], found
    assert stook("index", tmp_path / "docs", "--json").json["unchanged"] == 40


async def test_a_directory_that_lost_most_of_its_documents_keeps_them(tmp_path: Path) -> None:
    source, data = tmp_path / "docs", tmp_path / "data"
    for number in range(4):
        write(source / f"{number}.md", f"# {number}\n\nWords of {number}.")
    await index(data, source)
    (source / "0.md").unlink()
    assert counts(await index(data, source)) == (0, 0, 3, 1)
    away = source.rename(tmp_path / "away")
    source.mkdir()  # the share is not mounted
    empty = await index(data, source)
    assert (empty.withdrawn, [(one.vanished, one.known) for one in empty.withheld]) == (0, [(3, 3)])
    source.rmdir()
    write(source, "Now a file.")
    assert [one.vanished for one in (await index(data, source)).withheld] == [3]
    source.unlink()
    (source / "renamed").mkdir(parents=True)
    for path in list(away.iterdir()):  # moved, which is no loss
        path.rename(source / "renamed" / path.name)
    moved = await index(data, source)
    assert (moved.added, moved.withheld) == (3, ())
    (source / "renamed").rename(tmp_path / "gone")
    assert (await index(data, source)).withheld
    assert (await index(data, source, withdraw=True)).withdrawn >= 3


def test_a_member_whom_the_permissions_file_names_is_not_removed_in_vain(
    tmp_path: Path, stook: Stook
) -> None:
    source = write(tmp_path / "docs" / "secret" / "pay.md", "# Pay\n\nNumbers.").parent.parent
    file = write(source / "stook-permissions.toml", RULES)
    stook("index", source, "--datasource", "hb")
    remove = ("group", "remove", "board", "--realm", "hb", "--member", "ada@example.com")
    refused = stook(*remove, code=2)
    assert str(file) in refused.err and "bring back" in refused.err
    assert "ada@example.com" in stook("group", "list").out
    file.unlink()  # then nothing would bring her back
    stook(*remove)
    assert "ada@example.com" not in stook("group", "list").out
