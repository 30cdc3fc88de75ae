"""Writes ``docs/quality.md`` and ``docs/ranking.md`` from the results that are kept.

python -m benchmarks.quality.report
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality import acts_report, languages_report, reliability, results
from benchmarks.quality.sets import SETS
from stook.evaluation.summary import Summary

DOCS = Path(__file__).parents[2] / "docs"
PAGE, RANKING, DIAGRAM = DOCS / "quality.md", DOCS / "ranking.md", DOCS / "reliability.svg"
LOOKED_AT = ("handbook", "refuse_handbook")  # regression tests: no figure of theirs is published
RANKED = ("bm25", "dense", "hybrid", "full", "rewritten")
MEASURES = ("hit@1", "hit@5", "recall@10", "MRR@10", "nDCG@10")
MIXED = "mixed_"
ANSWER_COLUMNS = (
    *("asked", "right", "answered wrong", "closest", "nothing", "outside answered"),
    *("first shown", "best unit", "cited first", "hit@1", "hit@5", "hit@10", "median words"),
)
TIMED = "xquad_en"

QUALITY = """\
# Quality of answers

Written by `python -m benchmarks.quality.report` from `benchmarks/results/quality`; not by hand.
Every question belongs to one of two halves by a hash of its id. What was fitted was fitted on the
*tune* half; what some rules and constants of forms are, was chosen by hand with an eye on it. Every
figure here is of the *report* half, whose questions and answers nobody looked at. The questions
over the sample handbook are a regression test and report nothing. The sets lie beside the
repository (`../shared/data`). How well documents are ranked, on whole sets:
[ranking.md](ranking.md).
"""

ANSWERS = """\
Extractive answers (`python -m benchmarks.quality.answers --half report --record`), default
installation. *Right*: the answer holds the gold answer, or meets the question's own criteria, and
is given as an answer. *First shown*: the first thing shown holds it; *best unit*: the one that is
ranked first does. *Answered wrong* is a share of all whose answer is known, *nothing* and *closest*
of those that have one, *outside answered* of those that have none. *Hit@n*: a document that
answers is among the first n.
"""

RELIABILITY = """\
Each question has a probability that its best sentences answer it rightly; from one value on they
are shown as an answer. The diagram has the questions of the sets above whose right answer is known,
in ten bins: how probable it was thought, and how many were right. On the dashed line the two are
the same; they are {error:.2f} apart on average.

![Reliability diagram](reliability.svg)
"""

INTRODUCTION = """\
# Ranking

Written by `python -m benchmarks.quality.report` from `benchmarks/results/quality`; not by hand.
Whole sets, both halves of their questions, each measured when its ranking was last chosen, and not
anew since. Every figure went through the product: its own ingestion, search and engine. mtrag is
the part of it that can be seen, 132 of 179 tasks. Each table says how many questions were asked;
where these are not all (`--sample`), they are evenly spread. Rankings are measured as trec_eval
does (each document by its best passage); a test compares with ir-measures on the same files.

*BM25*, *dense* and *hybrid* are one half of the ranking, the other, and both fused by a weighted
sum. *Full* is what Stook does unless set otherwise; *rewritten* is the same where the small local
model (135 million parameters) puts follow-ups into words first.
"""

ONE_HOP = """\
The 1,216 SQuAD paragraphs of the aim are not among the sets here: xquad en stands in for them
(240 paragraphs, 1,190 questions of the same kind). It is easier, as fewer paragraphs compete.
Questions that look answerable and are not are made by leaving out every other paragraph of each
article, which is easier than SQuAD 2.0's, written to deceive.
"""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a measure should reach (``most`` where it should stay below), and what it reached."""

    what: str
    wanted: str
    least: tuple[float, ...]
    reached: tuple[float | None, ...]
    most: bool = False

    @property
    def met(self) -> str:
        if None in self.reached or not self.reached:
            return "not measured"
        pairs = [
            (value or 0.0, wanted) for value, wanted in zip(self.reached, self.least, strict=True)
        ]
        held = [value <= wanted if self.most else value >= wanted for value, wanted in pairs]
        return "yes" if all(held) else "no"


def main() -> None:
    """Write the pages and the diagram."""
    found = reliability.bins([dict(one) for one in results.load("reliability").values()])
    DIAGRAM.write_text(reliability.diagram(found), encoding="utf-8")
    quality = (
        QUALITY,
        "## Everyday questions\n",
        acts_report.by_kind(),
        "## Answers\n",
        ANSWERS,
        _answers(),
        "## Reliability\n",
        RELIABILITY.format(error=reliability.calibration_error(found)),
        "## What a turn is for\n",
        acts_report.section(),
        "## Other languages\n",
        languages_report.across_languages(),
        "## Suggestions\n",
        languages_report.suggested(),
    )
    PAGE.write_text("\n".join(quality).rstrip() + "\n", encoding="utf-8")
    names = [n for n in SETS if n not in LOOKED_AT and not n.startswith((MIXED, "refuse_"))]
    ranking = (
        INTRODUCTION,
        _aims(),
        ONE_HOP,
        "## Set by set\n",
        *_rankings(names),
        "## All sets in one index\n",
        _mixed(),
        "## A small local model\n",
        _ABOUT_LOCAL,
        _local(),
        "## Cost\n",
        _cost(),
    )
    RANKING.write_text("\n".join(ranking).rstrip() + "\n", encoding="utf-8")


# --- aims --------------------------------------------------------------------------------------


def _aims() -> str:
    rows = [
        (aim.what, aim.wanted, " / ".join(map(_cell, aim.reached)), aim.met) for aim in _all_aims()
    ]
    return "## Aims\n\n" + _table(("measure", "aim", "reached", "met"), rows)


def _all_aims() -> Iterator[Aim]:
    better = _better_than_either()
    yield Aim(
        "sets on which full beats BM25 alone and dense alone (nDCG@10)",
        f"all {len(better)} measured",
        (float(len(better)),),
        (float(sum(better)),),
    )
    one_hop = tuple(_best("xquad_en", name) for name in ("hit@1", "hit@5", "MRR@10"))
    yield Aim(
        "one-hop questions (xquad en): hit@1 / hit@5 / MRR@10",
        "≥ .87 / .975 / .915",
        (0.87, 0.975, 0.915),
        one_hop,
    )
    yield Aim("xquad zh nDCG@10", "≥ .95", (0.95,), (_best("xquad_zh", "nDCG@10"),))
    baselines = {"en": 0.968, "de": 0.941, "ar": 0.932}
    yield Aim(
        "xquad en / de / ar nDCG@10",
        "≥ " + " / ".join(f"{value:.3f}"[1:] for value in baselines.values()),
        tuple(baselines.values()),
        tuple(_best(f"xquad_{language}", "nDCG@10") for language in baselines),
    )
    yield Aim(
        "mtrag last turn, from the conversation: nDCG@10 / R@10",
        "≥ .71 / .86",
        (0.71, 0.86),
        tuple(_best("mtrag_chat", name) for name in ("nDCG@10", "recall@10")),
    )
    rewritten = results.summary("mtrag_chat", "rewritten") or {}
    yield Aim(
        "… with follow-ups rewritten by the small local model",
        "≥ .71 / .86",
        (0.71, 0.86),
        tuple(rewritten.get("retrieval", {}).get(name) for name in ("nDCG@10", "recall@10")),
    )
    yield Aim("azure_hr pages R@10", "≥ .68", (0.68,), (_best("azure_hr", "recall@10"),))
    yield Aim("scifact nDCG@10", "≥ .73", (0.73,), (_best("scifact", "nDCG@10"),))
    yield Aim(
        "all sets in one index: the most that nDCG@10 falls",
        "≤ .04",
        (0.04,),
        (max(_losses(), default=None),),
        most=True,
    )
    yield Aim(
        "CPU that everything adds to a search, ms (p50, xquad en)",
        "≤ 60",
        (60.0,),
        (_added_cpu(),),
        most=True,
    )


def _best(name: str, measure: str) -> float | None:
    """With everything; the run of the answers ranked in the same way."""
    found = _summary(name, "full")
    return found.get("retrieval", {}).get(measure) if found else None


def _summary(name: str, configuration: str) -> dict[str, dict[str, float | None]] | None:
    found = results.summary(name, configuration)
    return found or (results.summary(name, "answers") if configuration == "full" else None)


def _better_than_either() -> list[bool]:
    """For each set that all three were measured on, whether everything together is best."""
    found = [
        [_summary(name, one) for one in ("full", "bm25", "dense")]
        for name in SETS
        if name not in LOOKED_AT and not name.startswith((MIXED, "refuse_"))
    ]
    scores = [
        [one["retrieval"].get("nDCG@10") or 0.0 for one in held if one]
        for held in found
        if all(held)
    ]
    return [full > max(alone) for full, *alone in scores]


def _losses() -> list[float]:
    pairs = [
        (_best(name, "nDCG@10"), _best(f"{MIXED}{name}", "nDCG@10"))
        for name in SETS
        if f"{MIXED}{name}" in SETS
    ]
    return [alone - mixed for alone, mixed in pairs if alone is not None and mixed is not None]


def _added_cpu() -> float | None:
    """What everything costs over hybrid, at the median, on the set of which both run in a row."""
    hybrid, full = (_summary(TIMED, name) for name in ("hybrid", "full"))
    if not hybrid or not full:
        return None
    before, after = (held["latency"].get("search CPU p50") or 0.0 for held in (hybrid, full))
    return after - before


# --- tables ------------------------------------------------------------------------------------


def _rankings(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        found = {one: _summary(name, one) for one in RANKED}
        if any(found.values()):
            yield _ranking(name, {key: held for key, held in found.items() if held})


def _ranking(name: str, found: dict[str, Summary]) -> str:
    rows = [
        (configuration, _asked(held), *(_cell(held["retrieval"].get(one)) for one in MEASURES))
        for configuration, held in found.items()
    ]
    what = SETS[name].what[:1].upper() + SETS[name].what[1:]
    return f"### {name}\n\n{what}.\n\n" + _table(("", "asked", *MEASURES), rows)


def _asked(summary: Summary) -> str:
    return f"{summary['questions']['asked']:.0f}"


def _mixed() -> str:
    rows = []
    for name in SETS:
        mixed = f"{MIXED}{name}"
        if mixed not in SETS or not results.load(mixed):
            continue
        for configuration in ("bm25", "full"):
            alone, together = (_summary(one, configuration) for one in (name, mixed))
            if alone and together:
                before = alone["retrieval"].get("nDCG@10") or 0.0
                after = together["retrieval"].get("nDCG@10") or 0.0
                asked = f"{_asked(alone)} / {_asked(together)}"
                change = f"{after - before:+.3f}"
                rows.append((name, configuration, asked, _cell(before), _cell(after), change))
    return _table(("set", "", "asked", "nDCG@10 alone", "mixed", "difference"), rows)


def _answers() -> str:
    held = results.load("answers")
    if not held:
        return "Not measured.\n"
    rows = [
        (name, *(_cell(row.get(column)) for column in ANSWER_COLUMNS)) for name, row in held.items()
    ]
    return _table(("set", *ANSWER_COLUMNS), rows)


_ABOUT_LOCAL = """\
SmolLM2 with 135 million parameters, 20 questions. *Supported* is the share of its statements that a
passage supports; the others are taken out of the answer or flagged, as the operator chooses.
"""


def _local() -> str:
    rows = []
    for name in SETS:
        held = results.summary(name, "local") if name not in LOOKED_AT else None
        if held and "answers" in held:
            figures = (
                held["answers"].get("contains"),
                held["refusals"].get("wrongly refused"),
                held["citations"].get("precision"),
                held["citations"].get("supported"),
            )
            rows.append((name, _asked(held), *map(_cell, figures)))
    if not rows:
        return "Not measured.\n"
    names = ("contains", "wrongly refused", "citations right", "supported")
    return _table(("set", "asked", *names), rows)


def _cost() -> str:
    rows = []
    for configuration in ("bm25", "dense", "hybrid", "full"):
        held = _summary(TIMED, configuration)
        if held:
            times = held["latency"]
            rows.append(
                (configuration, *(_whole(times.get(f"search CPU {p}")) for p in ("p50", "p95")))
            )
    words = (
        "Milliseconds of CPU for a search, all threads together (xquad en, two slow cores, other "
        "work beside it: compare, do not quote).\n\n"
    )
    return words + _table(("", "p50", "p95"), rows)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 2 else f"{value:.0f}"


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


if __name__ == "__main__":
    main()
