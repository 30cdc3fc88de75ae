"""A run as one HTML page that needs nothing else: no script, no remote file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources

from stook.evaluation import plots
from stook.evaluation.comparison import Change, Comparison, QuestionChange
from stook.evaluation.outcomes import Answered, CitedPassage, Hit, QuestionResult, Run
from stook.evaluation.plots import Bar, Part
from stook.evaluation.report import figure

CARDS = (
    ("retrieval", "nDCG@10"),
    ("retrieval", "hit@1"),
    ("answers", "contains"),
    ("answers", "token F1"),
    ("refusals", "recall"),
    ("refusals", "wrongly refused"),
    ("citations", "precision"),
    ("latency", "answer p95"),
)
PLOTTED = ("retrieval", "answers", "refusals", "citations")
RIGHT, OTHER, WRONGLY = "right", "answered otherwise", "wrongly refused"
RIGHTLY, INVENTED, UNJUDGED = "rightly refused", "answered all the same", "not judged"
FAILED, FOUND, NOT_FOUND = "failed", "found", "not found"
COLOURS = {
    RIGHT: "good",
    RIGHTLY: "fair",
    FOUND: "good",
    OTHER: "poor",
    WRONGLY: "bad",
    INVENTED: "bad",
    NOT_FOUND: "bad",
    FAILED: "bad",
    UNJUDGED: "none",
    "better": "good",
    "both": "poor",
    "worse": "bad",
}


def render(run: Run, changed: Comparison | None = None) -> str:
    """The page; with a comparison, what changed comes before the questions."""
    style = resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    title = escape(run.name)
    about = f"{run.started:%d %B %Y, %H:%M} UTC · ranked by {run.retrieval} · {run.model}"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{style}</style></head><body><h1>{title}</h1>"
        f'<p class="about">{escape(about)} · Stook {escape(run.version)}</p>'
        f"{_cards(run)}<h2>Measures</h2>"
        f'<div class="plots">{"".join(_plots(run))}</div>'
        f"{_comparison(changed) if changed else ''}"
        f"<h2>Questions</h2>{''.join(map(_question, run.outcomes))}</body></html>\n"
    )


def verdict(outcome: QuestionResult) -> str:
    """What came of a question, in a few words."""
    answer = outcome.answer
    if outcome.error:
        return FAILED
    if answer is None:
        found = any(hit.name in outcome.relevant for hit in outcome.ranking)
        return (FOUND if found else NOT_FOUND) if outcome.relevant else UNJUDGED
    if outcome.answerable is None:
        return UNJUDGED
    if answer.refused:
        return WRONGLY if outcome.answerable else RIGHTLY
    if not outcome.answerable:
        return INVENTED
    return UNJUDGED if answer.right is None else RIGHT if answer.right else OTHER


# --- figures -----------------------------------------------------------------------------------


def _cards(run: Run) -> str:
    cards = [f'<div class="card"><b>{len(run.outcomes)}</b><span>questions</span></div>']
    for section, measure in CARDS:
        value = run.summary.get(section, {}).get(measure)
        if value is not None:
            label = measure if section != "citations" else f"citation {measure}"
            label = f"refusal {label}" if (section, measure) == ("refusals", "recall") else label
            shown = figure(value, section)
            cards.append(f'<div class="card"><b>{shown}</b><span>{escape(label)}</span></div>')
    return f'<div class="cards">{"".join(cards)}</div>'


def _plots(run: Run) -> Iterable[str]:
    verdicts = [verdict(outcome) for outcome in run.outcomes]
    counts = [Part(name, verdicts.count(name), COLOURS[name]) for name in COLOURS]
    yield plots.whole("What came of the questions", [part for part in counts if part.count])
    for section in PLOTTED:
        measures = run.summary.get(section, {})
        rows = [Bar(name, value) for name, value in measures.items() if value is not None]
        if rows:
            yield plots.bars(section.capitalize(), rows)
    judged = [one for one in run.outcomes if one.relevant]
    if judged:
        yield plots.columns("Rank of the first relevant document", _first_ranks(judged))
    times = [one.answer.milliseconds for one in run.outcomes if one.answer]
    name = "Milliseconds to the end of an answer"
    if not times:
        times, name = [one.search_milliseconds for one in run.outcomes], "Milliseconds to search"
    yield plots.columns(f"{name}, from", plots.spread(times))


def _first_ranks(outcomes: Sequence[QuestionResult]) -> list[tuple[str, int]]:
    ranks = [_first_rank(outcome) for outcome in outcomes]
    groups = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10))
    counts = [
        (str(first) if first == last else f"{first}–{last}", sum(first <= r <= last for r in ranks))
        for first, last in groups
    ]
    return [*counts, ("later", sum(rank > 10 for rank in ranks)), ("none", ranks.count(0))]


def _first_rank(outcome: QuestionResult) -> int:
    """0 where nothing relevant was found."""
    ranks = (n for n, hit in enumerate(outcome.ranking, 1) if outcome.relevant.get(hit.name, 0) > 0)
    return next(ranks, 0)


# --- questions ---------------------------------------------------------------------------------


def _question(outcome: QuestionResult) -> str:
    rows = [("searched for", escape(outcome.searched))] if outcome.searched else []
    if outcome.error:
        rows.append(("failed", escape(outcome.error)))
    if outcome.answer is not None:
        rows += _answer_rows(outcome.answer)
    if outcome.ranking:
        hits = "".join(_ranked(hit, outcome) for hit in outcome.ranking[:10])
        rows.append(("found", f"<ol>{hits}</ol>"))
    return _details(outcome.question, verdict(outcome), rows)


def _answer_rows(answer: Answered) -> list[tuple[str, str]]:
    rows = [("answer", escape(answer.text))]
    if answer.citations:
        rows.append(("cited", f"<ol>{''.join(map(_cited, answer.citations))}</ol>"))
    rows.append(("time", f"{answer.milliseconds:.0f} ms ({answer.cpu_milliseconds:.0f} ms CPU)"))
    return rows


def _ranked(hit: Hit, outcome: QuestionResult) -> str:
    kind = ' class="hit"' if outcome.relevant.get(hit.name, 0) > 0 else ""
    return f"<li{kind}>{escape(hit.title or hit.url or hit.name)}</li>"


def _cited(citation: CitedPassage) -> str:
    kind = ' class="hit"' if citation.right else ""
    name = escape(citation.title or citation.url or citation.name)
    return f"<li><span{kind}>{name}</span>: “{escape(citation.snippet)}”</li>"


def _details(question: str, label: str, rows: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{held}</dd>" for name, held in rows)
    colour = COLOURS[label]
    return (
        f'<details><summary><span class="asked">{escape(question)}</span>'
        f'<span class="verdict {colour}">{escape(label)}</span></summary>'
        f"<dl>{listed}</dl></details>"
    )


# --- comparison --------------------------------------------------------------------------------


def _comparison(changed: Comparison) -> str:
    parts = [
        Part("better", len(changed.better), "good"),
        Part("better and worse", len(changed.mixed), "poor"),
        Part("worse", len(changed.worse), "bad"),
        Part("unchanged", changed.unchanged, "rail"),
    ]
    missing = f"<p>{len(changed.missing)} questions were asked in one of the runs only.</p>"
    listed = "".join(
        _changed(label, one)
        for label, questions in (
            ("worse", changed.worse),
            ("both", changed.mixed),
            ("better", changed.better),
        )
        for one in questions
    )
    return (
        f"<h2>Since {escape(changed.before)}</h2>"
        f'<div class="plots">{plots.whole("Questions", parts)}</div>'
        f"{missing if changed.missing else ''}<p></p>{listed}"
    )


def _changed(label: str, one: QuestionChange) -> str:
    rows = [("measures", f"<table>{''.join(map(_change, one.changes))}</table>")]
    if one.answer_before or one.answer_after:
        rows += [("before", escape(one.answer_before)), ("now", escape(one.answer_after))]
    return _details(one.question, label, rows)


def _change(change: Change) -> str:
    return (
        f"<tr><td>{escape(change.measure)}</td><td>{change.before:.3f}</td>"
        f"<td>→ {change.after:.3f}</td></tr>"
    )
