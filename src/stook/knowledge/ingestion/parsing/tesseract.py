"""Runs Tesseract, where it is installed, on behalf of the process that reads a file.

It is a child of that process: it has that one's limit of memory and what is left of its time of the
processor, gets bytes and gives text, and dies with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import math
import os
import resource
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass

from stook.errors import UnreadableDocument, UnreadableReason

PROGRAM = "tesseract"
RESERVE = 0.25  # of the time that is left when a page is begun: for what comes after the last
LONGEST = 600  # seconds by the clock for one picture; the processor's time ends sooner
KEPT = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True, slots=True)
class Languages:
    """Languages in which pictures are read, as Tesseract names them: ``eng+deu``.

    ``missing`` says which it does not know here, ``why_not`` why no picture can be read at all;
    both are empty where there is nothing to say.
    """

    names: str
    missing: str = ""
    why_not: str = ""


def languages(wanted: str) -> Languages:
    """Those of some languages that Tesseract knows here."""
    if not wanted:
        return Languages("", why_not="pictures are not read (STOOK_OCR_LANGUAGES is empty)")
    if not (there := installed()):
        return Languages("", why_not="Tesseract is not installed (Debian: tesseract-ocr)")
    known = [name for name in wanted.split("+") if name in there]
    unknown = [name for name in wanted.split("+") if name not in there]
    packages = " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in unknown)
    missing = f"Tesseract does not know {', '.join(unknown)} here (Debian: {packages})"
    return Languages("+".join(known), missing if unknown else "", "" if known else missing)


@functools.cache
def installed() -> frozenset[str]:
    """The languages that Tesseract knows here; none where it is not installed."""
    program = shutil.which(PROGRAM)
    if program is None:
        return frozenset()
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        listed = subprocess.run(  # noqa: S603 - found by its name, without a shell
            [program, "--list-langs"], capture_output=True, timeout=60, check=True
        )
        return frozenset(listed.stdout.decode("utf-8", "replace").split("\n")[1:]) - {"", "osd"}
    return frozenset()


def time_left() -> float:
    """The time of the processor that this process has left for its file; infinite if no limit."""
    seconds, _ = signal.getitimer(signal.ITIMER_PROF)
    return seconds or math.inf


def has_time(used: float) -> bool:
    """Whether there is time for another page, if each takes as long as the last ones."""
    return time_left() * (1 - RESERVE) > used


def run(picture: bytes, languages: str, dots_per_inch: int = 0) -> str:
    """The table that Tesseract makes of a picture. Raises UnreadableDocument.

    Where nobody knows its resolution, the picture may say it, else Tesseract guesses.
    """
    command = [shutil.which(PROGRAM) or PROGRAM, "stdin", "stdout", "-l", languages, "tsv"]
    command += ["--dpi", str(dots_per_inch)] if dots_per_inch else []
    left = time_left()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - the languages are checked against those installed
            command,
            input=picture,
            capture_output=True,
            timeout=LONGEST,
            env=environment | {"OMP_THREAD_LIMIT": "1"},
            preexec_fn=functools.partial(_bound, left),
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise UnreadableDocument(UnreadableReason.TIMED_OUT, "its pictures") from error
    _count(before, left)
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise UnreadableDocument(UnreadableReason.TIMED_OUT, "its pictures")
    if done.returncode:
        reason = UnreadableReason.BROKEN
        if b"bad_alloc" in done.stderr or done.returncode == -signal.SIGABRT:
            reason = UnreadableReason.OUT_OF_MEMORY
        raise UnreadableDocument(reason)
    return done.stdout.decode("utf-8", "replace")


def _bound(seconds: float) -> None:
    """Limit the child that is about to run: its time, and its life to that of its parent."""
    if seconds < math.inf:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), hard))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)


def _count(before: resource.struct_rusage, left: float) -> None:
    """Take the child's time of the processor off what this process has left for its file."""
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if left == math.inf:
        return
    rest = time_left() - used
    if rest <= 0:
        raise UnreadableDocument(UnreadableReason.TIMED_OUT, "its pictures")
    signal.setitimer(signal.ITIMER_PROF, rest)
