"""What each part of the ranking brings, on two small public sets; all sets: ``make quality``."""

from __future__ import annotations

from benchmarks.quality.__main__ import main as measure

SETS = ("mtrag_rewrite", "xquad_zh")
CONFIGURATIONS = ("bm25", "dense", "hybrid", "quick", "full")


def main() -> None:
    """Index the two sets, and rank 200 questions of each in every way."""
    ways = [part for name in CONFIGURATIONS for part in ("--configuration", name)]
    measure([*SETS, *ways, "--sample", "200"])


if __name__ == "__main__":
    main()
