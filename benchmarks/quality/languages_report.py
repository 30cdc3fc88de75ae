"""The sections of ``docs/quality.md`` on other languages, and on suggestions."""

from __future__ import annotations

from benchmarks.quality import languages, results

SUGGESTIONS = "suggestions"  # judged by hand, and written by hand into its file

WORDS = """\
Questions in one language, documents in another (`python -m benchmarks.quality.languages`): of how
many questions the right document was the first, and among the first ten, as Stook is and with
`stook[multilingual]`. Those over the handbook were written in four languages for it
(`benchmarks/languages`). Report halves.
"""

JUDGED = """\
What is suggested after answers (`python -m benchmarks.quality.suggestions`), to questions of tune
halves, was judged by eye: an answer's suggestions are good where each is about what was asked, is
answered by the documents, and is worded as a person would ask it. Fewer than a hundred were
judged; four of the six bad ones of the last row (cut off, or with a label) are not made any more.
"""


def across_languages() -> str:
    """Write the table from what is kept; nothing where it was not measured."""
    held = results.load(languages.RESULT)
    if not held:
        return "Not measured.\n"
    columns = list(next(iter(held.values())))
    rows = [[name, *(_cell(row[column]) for column in columns)] for name, row in held.items()]
    return f"{WORDS}\n{_table(['', *columns], rows)}"


def suggested() -> str:
    """Write what came of judging the suggestions; nothing where they were not judged."""
    held = results.load(SUGGESTIONS)
    if not held:
        return "Not judged.\n"
    rows = [[name, str(row["answers"]), str(row["good"])] for name, row in held.items()]
    return f"{JUDGED}\n{_table(['', 'answers with suggestions', 'good'], rows)}"


def _cell(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
