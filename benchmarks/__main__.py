"""``make bench``: every benchmark, one after another.

    python -m benchmarks [NAME [OPTION ...]]

A name alone runs that one; its options are those of ``python -m benchmarks.NAME --help``.
"""

from __future__ import annotations

import importlib
import sys

BENCHMARKS = (
    *("startup", "storage", "index", "retrieval", "serving", "growth"),
    "long_documents",
)


def main() -> None:
    """Run the benchmark that is named with its options, or all without any."""
    name, *options = sys.argv[1:] or [""]
    if name and name not in BENCHMARKS:
        sys.exit(f"{__doc__}\nNAME is one of {', '.join(BENCHMARKS)}.")
    for each in [name] if name else BENCHMARKS:
        sys.argv[1:] = options
        importlib.import_module(f"benchmarks.{each}").main()


if __name__ == "__main__":
    main()
