"""A few warm worker processes that read files, each of which may hang or die alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, NoReturn

from stook.errors import Unavailable, UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing.options import Options
from stook.knowledge.ingestion.parsing.parsed import ParsedDocument
from stook.knowledge.ingestion.parsing.worker import LENGTH

MOST_ANSWER = 512 * 2**20  # bytes; a longer answer is not waited for
KEPT_ERRORS = 4096
START_SECONDS = 120
LONGEST_WAIT = (
    10  # times its limit, that a file may take by the clock: other work goes on beside it
)
KEPT = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")  # of the environment; it may hold secrets
FOLDER_PREFIX = "stook-parser-"
RETIRE_AFTER = 500  # documents: what a library leaks goes with the process
COMMAND = "from stook.knowledge.ingestion.parsing.worker import main; main()"
PACKAGE_ROOT = Path(__file__).resolve().parents[4]


@dataclass(slots=True, eq=False)
class _Job:
    """One file to read. ``cancelled`` and ``worker`` are set from different threads."""

    content: bytes
    kind: str
    name: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    cancelled: bool = False
    worker: _Worker | None = None

    def cancel(self) -> None:
        with self.lock:
            self.cancelled = True
            if self.worker:
                self.worker.stop()

    def begin(self, worker: _Worker | None) -> bool:
        with self.lock:
            self.worker = worker
            return not self.cancelled


class WorkerPool:
    """At most ``size`` processes, started when first needed and replaced when they die.

    ``seconds`` are of the processor: on a busy machine a file has as much of it as on an idle one.
    """

    def __init__(self, size: int, seconds: float, memory_mib: int, options: Options) -> None:
        self._seconds = seconds
        self._memory_mib = memory_mib
        self._options = asdict(options)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="parse")
        self._idle: list[_Worker] = []
        self._running: set[_Job] = set()
        self._lock = threading.Lock()
        self._closed = False

    async def read(self, content: bytes, kind: str, name: str) -> ParsedDocument:
        """Read one file in a worker. Raises UnreadableDocument.

        Cancelling ends the worker that reads it, at once.
        """
        job = _Job(content, kind, name)
        future = self._threads.submit(self._run, job)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            job.cancel()
            raise

    def close(self) -> None:
        """End all workers; reads that still wait or run are cancelled."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            running = list(self._running)
        for job in running:
            job.cancel()
        for worker in idle:
            worker.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _run(self, job: _Job) -> ParsedDocument:
        with self._lock:
            if self._closed:
                raise CancelledError
            self._running.add(job)
        worker = self._take()
        try:
            if not job.begin(worker):
                raise CancelledError
            answer = worker.ask(self._request(job), job.content)
        except UnreadableDocument:
            if job.cancelled:
                raise CancelledError from None
            raise
        finally:
            job.begin(None)
            self._give_back(worker)
            with self._lock:
                self._running.discard(job)
        return _document(answer)

    def _request(self, job: _Job) -> dict[str, Any]:
        return {
            "kind": job.kind,
            "name": job.name,
            "seconds": self._seconds,
            "wait": self._seconds * LONGEST_WAIT,
            "options": self._options,
        }

    def _take(self) -> _Worker:
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                return _Worker(self._memory_mib)
            if worker.is_alive():
                return worker
            worker.kill()

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            if worker.usable and not self._closed:
                self._idle.append(worker)
                return
        worker.kill()


def _document(answer: dict[str, Any]) -> ParsedDocument:
    if "document" in answer:
        return ParsedDocument.from_json(answer["document"])
    raise UnreadableDocument(UnreadableReason[answer["unreadable"]], answer["detail"])


class _Worker:
    """One process and the pipes to it."""

    def __init__(self, memory_mib: int) -> None:
        self._folder = _private_folder()
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, our own module
            [sys.executable, "-P", "-c", COMMAND, str(memory_mib)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=_environment(self._folder.name),
            cwd=Path(sys.executable).parent,
            start_new_session=True,
        )
        for pipe in self._pipes():
            os.set_blocking(pipe.fileno(), False)
        self._asked = 0
        self._errors = b""
        self.usable = True

    def _pipes(self) -> list[IO[bytes]]:
        process = self._process
        return [pipe for pipe in (process.stdin, process.stdout, process.stderr) if pipe]

    def is_alive(self) -> bool:
        """Whether the process has not ended, on its own or by somebody else."""
        return self._process.poll() is None

    def ask(self, request: dict[str, Any], content: bytes) -> dict[str, Any]:
        """The answer to one request. Raises UnreadableDocument where there is none in time."""
        if not self._asked:  # the time that a process takes to start is not the file's
            self._exchange(b"", time.monotonic() + START_SECONDS)
        self._asked += 1
        self.usable = False
        header = json.dumps(request).encode()
        frames = [LENGTH.pack(len(header)), header, LENGTH.pack(len(content)), content]
        body = self._exchange(b"".join(frames), time.monotonic() + request["wait"])
        answer: dict[str, Any] = json.loads(body)
        out_of_memory = answer.get("unreadable") == UnreadableReason.OUT_OF_MEMORY.name
        self.usable = self._asked < RETIRE_AFTER and not out_of_memory
        return answer

    def _exchange(self, request: bytes, deadline: float) -> bytes:
        """Write the request and read one frame, both as the pipes allow."""
        unsent, received = memoryview(request), bytearray()
        requests, answers, errors = self._pipes()
        with selectors.DefaultSelector() as selector:
            if unsent:
                selector.register(requests, selectors.EVENT_WRITE)
            selector.register(answers, selectors.EVENT_READ)
            selector.register(errors, selectors.EVENT_READ)
            while not _complete(received):
                events = selector.select(max(0.0, deadline - time.monotonic()))
                if not events:
                    self._fail(UnreadableReason.TIMED_OUT)
                for key, _ in events:
                    if key.fileobj is requests:
                        unsent = self._send(requests, unsent)
                        if not unsent:
                            selector.unregister(requests)
                    elif key.fileobj is errors:
                        self._errors = (self._errors + (errors.read(65536) or b""))[-KEPT_ERRORS:]
                    elif piece := answers.read(1 << 20):
                        received += piece
                    else:
                        self._fail(None)
        return bytes(received[LENGTH.size :])

    def _send(self, requests: IO[bytes], unsent: memoryview) -> memoryview:
        try:
            return unsent[requests.write(unsent[: 1 << 20]) or 0 :]
        except BrokenPipeError:
            self._fail(None)

    def _fail(self, reason: UnreadableReason | None) -> NoReturn:
        """End the process and say why it gave no answer."""
        status = None
        if reason is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self._process.wait(timeout=5)
        self.kill()
        raise UnreadableDocument(reason or self._cause(status))

    def _cause(self, status: int | None) -> UnreadableReason:
        if b"memory allocation of" in self._errors or b"MemoryError" in self._errors:
            return UnreadableReason.OUT_OF_MEMORY
        if status in (-signal.SIGPROF, -signal.SIGXCPU, -signal.SIGALRM):
            return UnreadableReason.TIMED_OUT
        if status == -signal.SIGKILL:  # by the system, short of memory
            return UnreadableReason.OUT_OF_MEMORY
        return UnreadableReason.BROKEN

    def stop(self) -> None:
        """End the process from another thread; the one that reads from it sees the pipes end."""
        self._kill_all()

    def _kill_all(self) -> None:
        """End the process with those that it started: they are a group."""
        if self._process.returncode is None:  # else its number may be another's by now
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End the process and close its pipes; only where no other thread uses them."""
        self.usable = False
        self._kill_all()
        self._process.wait()
        for pipe in self._pipes():
            pipe.close()
        self._folder.cleanup()


def _private_folder() -> tempfile.TemporaryDirectory[str]:
    """A new folder for its owner only: what a library unpacks is code that the process runs."""
    try:
        return tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX, ignore_cleanup_errors=True)
    except OSError as error:
        where = error.filename or "no folder for temporary files can be used"
        raise Unavailable(
            f"No file can be read without a temporary folder ({where}: {error.strerror}); "
            "set TMPDIR to a directory that can be written to."
        ) from error


def _environment(folder: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"PYTHONPATH": str(PACKAGE_ROOT), "PYTHONUTF8": "1", "TMPDIR": folder}


def _complete(received: bytearray) -> bool:
    if len(received) < LENGTH.size:
        return False
    (length,) = LENGTH.unpack_from(received)
    if length > MOST_ANSWER:
        raise UnreadableDocument(UnreadableReason.TOO_LARGE)
    return bool(len(received) >= LENGTH.size + length)
