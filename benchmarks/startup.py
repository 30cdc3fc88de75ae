"""How long commands take to start, beside an import that every one of them could make."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.tables import show

ROUNDS = 7
HANDBOOK = Path(__file__).parents[1] / "examples" / "handbook"
QUESTION = "How many vacation days do I get?"
STOOK = [str(Path(sys.executable).parent / "stook")]


def main() -> None:
    """Print medians of seven rounds, in seconds, and their ratio to ``import fastapi``."""
    with tempfile.TemporaryDirectory() as folder:
        data = ["--data-dir", folder]
        _run([*STOOK, "index", str(HANDBOOK), *data])
        commands = {
            'python -c "import fastapi"': [sys.executable, "-c", "import fastapi"],
            "stook --help": [*STOOK, "--help"],
            "stook ask": [*STOOK, "ask", QUESTION, *data],
        }
        taken: dict[str, list[float]] = {name: [] for name in (*commands, "stook serve, ready")}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                taken[name].append(_run(command))
            taken["stook serve, ready"].append(_until_ready(data))
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    beside = next(iter(medians.values()))
    show(
        "Start (median of seven)",
        ["of", "seconds", "times import fastapi"],
        [[name, f"{each:.2f}", f"{each / beside:.1f}"] for name, each in medians.items()],
    )


def _run(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def _until_ready(data: list[str]) -> float:
    """Seconds from the start of a server until it says that it is ready."""
    port = 20000 + os.getpid() % 20000
    started = time.perf_counter()
    server = subprocess.Popen(
        [*STOOK, "serve", "--port", str(port), *data],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - started < 60:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=1):
                    return time.perf_counter() - started
            except OSError:
                time.sleep(0.01)
        raise TimeoutError("the server was not ready within a minute")
    finally:
        server.terminate()
        server.wait(30)
