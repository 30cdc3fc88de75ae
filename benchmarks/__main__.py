"""``make bench``: every benchmark, one after another."""

from __future__ import annotations

import importlib
import sys

BENCHMARKS = ("startup", "storage", "index", "retrieval", "serving", "growth")


def main() -> None:
    """Run the benchmarks that are named, or all."""
    names = sys.argv[1:] or BENCHMARKS
    sys.argv[1:] = []
    for name in names:
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
