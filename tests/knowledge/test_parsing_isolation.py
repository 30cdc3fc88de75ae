"""A file that hangs, crashes or eats memory costs itself only."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from stook.errors import Unavailable, UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import Parser
from stook.settings import Settings
from tests.knowledge import files_by_code as files

SLOW = b"[" + b",".join([b'{"a": 1, "b": ["x"]}'] * 1_500_000) + b"]"  # seconds to read
PATIENCE = 30.0  # seconds that a test waits for what must happen at once


def workers(parent: int | None = None) -> set[int]:
    """The worker processes that a process (this one by default) has started and that are alive."""
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    rows = (line.split(maxsplit=3) for line in listed.splitlines() if "parsing.worker" in line)
    return {
        int(pid)
        for pid, owner, state, _ in rows
        if int(owner) == (parent or os.getpid()) and state[0] != "Z"
    }


async def until_children(number: int, before: set[int]) -> set[int]:
    """Wait until there are so many new workers."""
    deadline = time.monotonic() + PATIENCE
    while len(new := await asyncio.to_thread(workers) - before) != number:
        assert time.monotonic() < deadline, f"{len(new)} workers, not {number}"
        await asyncio.sleep(0.02)
    return new


async def reason_of(parser: Parser, content: bytes, name: str) -> UnreadableReason:
    with pytest.raises(UnreadableDocument) as caught:
        await parser.parse_bytes(content, name)
    return caught.value.reason


async def reads(parser: Parser) -> bool:
    return "Book early" in (await parser.parse_bytes(files.docx(), "a.docx")).text


async def test_a_file_that_takes_too_long_is_given_up() -> None:
    parser = Parser(Settings(parse_timeout_seconds=2), workers=1)
    assert await reads(parser)
    begin = time.monotonic()
    assert await reason_of(parser, SLOW, "a.json") is UnreadableReason.TIMED_OUT
    assert time.monotonic() - begin < PATIENCE
    assert await reads(parser)
    await parser.close()


async def test_a_file_has_its_time_of_the_processor_on_a_busy_machine() -> None:
    """The limit is not the clock's: a process that has to wait is not at fault."""
    before = await asyncio.to_thread(workers)
    parser = Parser(Settings(parse_timeout_seconds=1), workers=1)
    assert await reads(parser)
    [worker] = await until_children(1, before)
    os.kill(worker, signal.SIGSTOP)  # as if other processes had the processor
    reading = asyncio.create_task(reads(parser))
    await asyncio.sleep(1.5)
    assert not reading.done()
    os.kill(worker, signal.SIGCONT)
    assert await reading
    await parser.close()


async def test_a_file_that_needs_too_much_memory_is_given_up() -> None:
    parser = Parser(Settings(parse_memory_mib=256), workers=1)
    hungry = b"[" + b"[]," * 14_000_000 + b"[]]"
    assert await reason_of(parser, hungry, "a.json") is UnreadableReason.OUT_OF_MEMORY
    assert await reads(parser)
    await parser.close()


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSEGV])
async def test_a_worker_that_dies_costs_one_file(blow: signal.Signals) -> None:
    before = await asyncio.to_thread(workers)
    parser = Parser(Settings(), workers=1)
    assert await reads(parser)
    [worker] = await until_children(1, before)
    reading = asyncio.create_task(reason_of(parser, SLOW, "a.json"))
    await asyncio.sleep(0.2)
    os.kill(worker, blow)
    expected = {signal.SIGKILL: UnreadableReason.OUT_OF_MEMORY}
    assert await reading is expected.get(blow, UnreadableReason.BROKEN)
    assert await reads(parser)
    await parser.close()


async def test_a_worker_that_died_while_idle_is_replaced() -> None:
    before = await asyncio.to_thread(workers)
    parser = Parser(Settings(), workers=1)
    assert await reads(parser)
    [worker] = await until_children(1, before)
    os.kill(worker, signal.SIGKILL)
    await until_children(0, before)
    assert await reads(parser)
    await parser.close()


async def test_cancelling_ends_the_worker_and_the_next_file_is_read() -> None:
    before = await asyncio.to_thread(workers)
    parser = Parser(Settings(), workers=1)
    reading = asyncio.create_task(parser.parse_bytes(SLOW, "a.json"))
    await until_children(1, before)
    begin = time.monotonic()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await reads(parser)
    assert time.monotonic() - begin < PATIENCE
    assert len(await asyncio.to_thread(workers) - before) == 1
    await parser.close()


async def test_closing_ends_what_is_being_read() -> None:
    before = await asyncio.to_thread(workers)
    parser = Parser(Settings(), workers=1)
    reading = [asyncio.create_task(parser.parse_bytes(SLOW, "a.json")) for _ in range(3)]
    await until_children(1, before)
    begin = time.monotonic()
    await parser.close()
    assert time.monotonic() - begin < PATIENCE
    outcomes = await asyncio.gather(*reading, return_exceptions=True)
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
    await until_children(0, before)


async def test_closing_leaves_no_process() -> None:
    before = await asyncio.to_thread(workers)
    parser = Parser(Settings(), workers=2)
    assert all(await asyncio.gather(reads(parser), reads(parser), reads(parser)))
    await parser.close()
    await until_children(0, before)


async def test_a_worker_ends_when_its_parent_is_killed() -> None:
    program = (
        "import asyncio\n"
        "from stook.knowledge.ingestion.parsing import Parser\n"
        "from stook.settings import Settings\n"
        "async def main():\n"
        "    await Parser(Settings(), workers=1).parse_bytes(b'<p>x</p>', 'a.html')\n"
        "    print('ready', flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        assert await process.stdout.readline() == b"ready\n"
        [worker] = await asyncio.to_thread(workers, process.pid)
        process.kill()
        await process.wait()
        await asyncio.to_thread(wait_for_end, worker)


def wait_for_end(process: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while is_alive(process):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_alive(process: int) -> bool:
    listed = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return listed.stdout.strip()[:1] not in ("", "Z")


async def test_many_files_share_two_workers() -> None:
    before = await asyncio.to_thread(workers)
    parser = Parser(Settings(), workers=2)
    assert all(await asyncio.gather(*(reads(parser) for _ in range(60))))
    assert len(await asyncio.to_thread(workers) - before) <= 2
    await parser.close()


async def test_a_worker_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOOK_MODEL_API_KEY", "never-to-be-seen")
    before = await asyncio.to_thread(workers)
    parser = Parser(Settings(), workers=1)
    assert await reads(parser)
    [worker] = await until_children(1, before)
    listed = await asyncio.to_thread(environment_of, worker)
    assert "parsing.worker" in listed and "never-to-be-seen" not in listed
    await parser.close()


def environment_of(process: int) -> str:
    listed = subprocess.run(
        ["ps", "eww", "-p", str(process)], capture_output=True, text=True, check=True
    )
    return listed.stdout


async def test_each_worker_has_a_folder_of_its_own_that_goes_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    parser = Parser(Settings(), workers=1)
    assert await reads(parser)
    [folder] = entries(tmp_path)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not entries(folder)  # what was unpacked there is loaded and gone
    await parser.close()
    assert not entries(tmp_path)


def entries(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_without_any_temporary_folder_one_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    parser = Parser(Settings(), workers=1)
    with pytest.raises(Unavailable, match="TMPDIR"):
        await reads(parser)
    await parser.close()


async def test_entities_lead_nowhere(tmp_path: Path) -> None:
    """An entity of XML names a file, or grows to gigabytes: neither is resolved."""
    secret = tmp_path / "secret"
    secret.write_text("quillwort")
    rows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY e0 "lol">{rows}]>'
    content = f"{doctype}<r><t>Book early &x; &e9;</t></r>".encode()
    parser = Parser(Settings())
    try:
        text = (await parser.parse_bytes(content, "a.xml")).text
        assert "Book early" in text and "quillwort" not in text and "lol" not in text
    finally:
        await parser.close()
