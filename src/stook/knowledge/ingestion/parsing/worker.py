"""The process that reads one file at a time for ``pool``.

It is given bytes, not paths, on its standard input and answers on its standard output, in frames:
eight bytes of length, big-endian, then as many bytes. Its first frame, ``{}``, says that it is
ready. A request is a frame of JSON and a frame of content; the answer is a frame of JSON:
``{"document": {…}}`` or ``{"unreadable": REASON, "detail": …}``. Nothing that a parser made is
unpickled or executed. ``TMPDIR`` is a folder of this process alone; once the libraries are loaded
no file can be written there or anywhere.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import struct
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

LENGTH = struct.Struct(">Q")
BASE_MEMORY = 768 * 2**20  # address space that the libraries take before any document
NO_PDF = b"%PDF-1.4\n"  # enough for a library to unpack what it needs, and to load it


def main() -> None:
    """Answer requests until the other side closes the pipe or dies."""
    requests, answers = _take_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a worker ends
    memory = int(sys.argv[1]) * 2**20
    _limit(resource.RLIMIT_CORE, 0)
    from stook.knowledge.ingestion.parsing import formats, kinds

    _answer(formats, {"kind": kinds.PDF, "name": "", "options": {"most_unpacked": 0}}, NO_PDF)
    _empty(Path(os.environ["TMPDIR"]))
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_AS, BASE_MEMORY + memory)
    write_frame(answers, b"{}")  # ready
    while (header := read_frame(requests)) is not None:
        request = json.loads(header)
        content = read_frame(requests) or b""
        _bound_time(request["seconds"], request["wait"])
        answer = _answer(formats, request, content)
        for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL):
            signal.setitimer(timer, 0)
        write_frame(answers, json.dumps(answer).encode())


def _take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Keep the two pipes for frames only: what a library prints goes to standard error."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    return requests, answers


def _empty(folder: Path) -> None:
    """Drop what was unpacked: it is loaded, and would stay behind if this process were killed."""
    for entry in folder.iterdir():
        shutil.rmtree(entry, ignore_errors=True)


def _limit(which: int, most: int) -> None:
    _, hard = resource.getrlimit(which)
    with contextlib.suppress(ValueError, OSError):  # some systems do not know some limits
        resource.setrlimit(which, (most, hard))


def _bound_time(seconds: float, wait: float) -> None:
    """End this process by signal when it has had its time of the processor.

    Or when the clock says ``wait`` seconds, should its parent be gone and nobody else end it.
    """
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime + 2 * seconds) + 2)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, wait + 5)


def _answer(formats: Any, request: dict[str, Any], content: bytes) -> dict[str, Any]:
    from stook.errors import UnreadableDocument, UnreadableReason
    from stook.knowledge.ingestion.parsing.options import Options

    options = Options(**request["options"])
    try:
        document = formats.read(content, request["kind"], request["name"], options)
    except UnreadableDocument as error:
        return {"unreadable": error.reason.name, "detail": error.detail}
    except MemoryError:
        return {"unreadable": UnreadableReason.OUT_OF_MEMORY.name, "detail": ""}
    except Exception as error:
        return {"unreadable": UnreadableReason.BROKEN.name, "detail": type(error).__name__}
    return {"document": asdict(document)}


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame; None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


def write_frame(stream: IO[bytes], body: bytes) -> None:
    """Write one frame and flush."""
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()
