"""How well it is told what a turn is for, on turns written for it (``benchmarks/acts``).

    python -m benchmarks.quality.acts [--half tune] [--record]

The turns of each language are split by a hash of their text, as questions are by their id. With
``--record`` the figures and the confusion matrix of the report half are kept for
``docs/quality.md``.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality import results
from benchmarks.quality.split import Half, half_of
from benchmarks.tables import show
from stook.understanding.acts import Act, act_of

TURNS = Path(__file__).parents[1] / "acts"
RESULT = "acts"
_SECTION = re.compile(r"\[(\w+)\]")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A turn in a language, and what it is for."""

    language: str
    text: str
    act: Act


def turns(half: Half) -> list[Labelled]:
    """Return the turns of one half, of all languages."""
    return [one for path in sorted(TURNS.glob("*.txt")) for one in _read(path, half)]


def _read(path: Path, half: Half) -> Iterator[Labelled]:
    act = Act.FACT
    for line in path.read_text("utf-8").splitlines():
        if section := _SECTION.fullmatch(line):
            act = Act(section[1])
        elif line and not line.startswith("#") and half_of(line) is half:
            yield Labelled(path.stem, line, act)


def confusion(known: Sequence[Labelled]) -> Counter[tuple[Act, Act]]:
    """Count the pairs of what a turn is for, and what it was taken for."""
    return Counter((one.act, act_of(one.text, one.language).act) for one in known)


def right(counted: Counter[tuple[Act, Act]]) -> float:
    """Return the share of turns that were told rightly."""
    return sum(n for (told, taken), n in counted.items() if told is taken) / counted.total()


def figures(known: Sequence[Labelled]) -> dict[str, dict[str, float]]:
    """Return for each language: how many turns, which share is told, and the two worst mistakes."""
    found = {}
    for language in dict.fromkeys(one.language for one in known):
        own = confusion([one for one in known if one.language == language])
        social = [(pair, n) for pair, n in own.items() if pair[0].is_social != pair[1].is_social]
        found[language] = {
            "turns": float(own.total()),
            "right": right(own),
            "small talk taken for a question": float(sum(n for (a, _), n in social if a.is_social)),
            "question taken for small talk": float(sum(n for (_, b), n in social if b.is_social)),
        }
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Show the figures, the confusion matrix, and on the tune half each mistake."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.acts")
    parser.add_argument("--half", type=Half, choices=list(Half), default=Half.REPORT)
    parser.add_argument("--record", action="store_true", help="keep it for docs/quality.md")
    options = parser.parse_args(arguments)
    known = turns(options.half)
    counted = confusion(known)
    table = figures(known)
    columns = list(next(iter(table.values())))
    rows = [(name, *(f"{row[c]:.3g}" for c in columns)) for name, row in table.items()]
    show(f"What a turn is for, {options.half} half", ("", *columns), rows)
    show("Taken for", ("", *(act.value[:4] for act in Act)), list(matrix(counted)))
    if options.half is Half.TUNE:
        for one in known:
            told = act_of(one.text, one.language)
            if told.act is not one.act:
                print(f"{one.act} as {told.act} ({told.probability:.2f}): {one.text}")
    if options.record:
        pairs = {f"{a} as {b}": n for (a, b), n in sorted(counted.items())}
        results.save(RESULT, {"languages": table, "confusion": pairs})


def matrix(counted: Counter[tuple[Act, Act]]) -> Iterator[tuple[str, ...]]:
    """The rows of the confusion matrix: what a turn is for, and how often it was taken for what."""
    for act in Act:
        yield (act.value, *(str(counted[act, taken] or "·") for taken in Act))


if __name__ == "__main__":
    main()
