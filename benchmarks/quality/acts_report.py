"""The sections of ``docs/quality.md`` on what turns are for, and on everyday questions."""

from __future__ import annotations

from benchmarks.quality import results
from benchmarks.quality.acts import RESULT
from benchmarks.quality.turns import RESULT as TURNS
from stook.answering.outcome import Outcome
from stook.understanding.acts import Act

WORDS = """\
What a turn is for (`python -m benchmarks.quality.acts`), told by a linear classifier over named
features, the same for all languages; the cues of each language stand in its module. Turns were
written for it (`benchmarks/acts`); the weights are fitted on the tune half (`make fit`), and this
is the report half. What it is not sure of is a question for a fact.
"""


EVERYDAY = """\
Questions as people put them, by kind, over the sample handbook and a real one, through the whole
engine with their conversations (`python -m benchmarks.quality.turns`). *Right*: by the question's
own criteria, among them its length. Of the others: those that were *answered*, wrongly or at too
great a length; those that ended in *closest*, with what comes near; those that ended in *nothing*.
"""


def section() -> str:
    """Write the tables from what is kept; nothing where it was not measured."""
    held = results.load(RESULT)
    if not held:
        return "Not measured.\n"
    languages = held["languages"]
    columns = list(next(iter(languages.values())))
    rows = [[name, *(f"{row[c]:.4g}" for c in columns)] for name, row in languages.items()]
    return f"{WORDS}\n{_table(['', *columns], rows)}\n{_confused(held['confusion'])}"


def by_kind() -> str:
    """Write what became of the everyday questions; nothing where not measured."""
    held = results.load(TURNS).get("report")
    if not held:
        return "Not measured.\n"
    columns = ("right", *Outcome)
    kinds = [*(kind for kind in held if kind != "all"), "all"]
    rows = [[k, str(held[k]["asked"]), *(str(held[k][name]) for name in columns)] for k in kinds]
    named = ["right", *(f"not right: {name}" for name in Outcome)]
    return f"{EVERYDAY}\n{_table(['kind', 'asked', *named], rows)}"


def _confused(pairs: dict[str, int]) -> str:
    """The confusion matrix, row by row: what is not taken for itself is named."""
    counted = {tuple(name.split(" as ")): number for name, number in pairs.items()}
    rows = []
    for act in Act:
        own = {taken: n for (told, taken), n in counted.items() if told == act.value}
        others = sorted((n, taken) for taken, n in own.items() if taken != act.value)[::-1]
        named = ", ".join(f"{taken} {n}" for n, taken in others)
        rows.append([act.value, str(sum(own.values())), str(own.get(act.value, 0)), named or "–"])
    return _table(["what it is for", "turns", "told", "taken for something else"], rows)


def _table(columns: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
