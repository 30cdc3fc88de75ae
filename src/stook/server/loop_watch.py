"""Notices when something holds the event loop, so that nobody else is answered meanwhile.

A thread of its own asks the loop for a sign of life. Where none comes, and the loop's thread has
used more than ``HELD`` of CPU time meanwhile, that is logged with the place in the code. It is
CPU time that counts: on a busy machine a loop may wait without holding up anybody.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType

import structlog

log = structlog.get_logger(__name__)

HELD = 0.1  # seconds of CPU time
INTERVAL = 0.05  # seconds between signs of life
DEEPEST = 20  # places in the code that are told
HELD_EVENT = "event_loop_held"


@contextlib.contextmanager
def watching(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Watch the loop of the calling thread."""
    ending = threading.Event()
    arguments = (loop, threading.get_ident(), ending)
    watch = threading.Thread(target=_watch, args=arguments, name="loop-watch", daemon=True)
    watch.start()
    try:
        yield
    finally:
        ending.set()


def _watch(loop: asyncio.AbstractEventLoop, thread: int, ending: threading.Event) -> None:
    clock = time.pthread_getcpuclockid(thread)
    while not ending.wait(INTERVAL):
        alive = threading.Event()
        began = time.clock_gettime(clock)
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(alive.set)
        place = ""
        while not alive.wait(INTERVAL) and not ending.is_set():
            if not place and time.clock_gettime(clock) - began > HELD:
                place = _place(sys._current_frames().get(thread))
        held = time.clock_gettime(clock) - began
        if place and not ending.is_set():
            log.warning(HELD_EVENT, milliseconds=round(held * 1000), place=place)


def _place(frame: FrameType | None) -> str:
    """Where the loop's thread is: the innermost lines, without any value."""
    places: list[str] = []
    while frame is not None and len(places) < DEEPEST:
        places.append(f"{frame.f_globals.get('__name__')}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(places)
