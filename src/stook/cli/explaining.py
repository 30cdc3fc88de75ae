"""``stook explain-answer``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from stook.cli.common import (
    AsJson,
    AskAs,
    DataDir,
    principal_for,
    print_json,
    run,
    settings_where_there_is_something,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stook.answering.explanation import ExplainedFeature, Explanation
    from stook.settings import Settings


def explain_answer(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What to ask.")],
    ask_as: AskAs = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show how an answer comes about: what is understood, searched, found, weighed and taken."""
    settings = settings_where_there_is_something(data_dir)
    explained = run(_explain(settings, question, ask_as), settings)
    if as_json:
        from pydantic import TypeAdapter

        from stook.answering.explanation import Explanation

        print_json(TypeAdapter(Explanation).dump_python(explained, mode="json"))
    else:
        typer.echo("\n".join(_lines(explained)))


async def _explain(settings: Settings, question: str, email: str | None) -> Explanation:
    from datetime import datetime

    from stook.conversation.events import Ask
    from stook.runtime import open_runtime

    async with open_runtime(settings) as runtime:
        principal = await runtime.database.read(principal_for, email)
        asked = Ask(principal=principal, question=question, now=datetime.now().astimezone())
        return await runtime.engine.explain(asked)


def _lines(explained: Explanation) -> Iterator[str]:
    yield from _question_lines(explained)
    yield "\nFound"
    for number, passage in enumerate(explained.passages, 1):
        place = " › ".join((passage.title, *passage.heading_path))
        yield f"  {number:2}. {passage.score:.3f}  {place}"
        yield f"        {_sum(passage.signals)}"
    yield from _answerability_lines(explained)
    yield "\nCandidates"
    for candidate in explained.candidates:
        mark = "+" if candidate.taken else "-"
        yield f"  {mark} {candidate.score:.3f}  {candidate.kind}: {candidate.text}"
        yield f"        {' › '.join((candidate.title, *candidate.heading_path))}"
        yield f"        {_sum(candidate.features)}"
        yield f"        {'taken' if candidate.taken else 'left'}: {candidate.why}"
    yield f"\nAnswer\n{explained.answer or '  none'}"


def _question_lines(explained: Explanation) -> Iterator[str]:
    question = explained.question
    yield f"Question     {question.asked}"
    yield f"Searched     {question.searched}"
    for also in question.also_searched:
        yield f"  and        {also}"
    yield f"Asks for     {question.answer_type.replace('_', ' ')}"
    if question.period:
        yield f"Period       {question.period}"
    terms = sorted(question.terms.items(), key=lambda item: -item[1])
    yield f"Terms        {', '.join(f'{term} {weight:.2f}' for term, weight in terms) or 'none'}"


def _answerability_lines(explained: Explanation) -> Iterator[str]:
    judged = explained.answerability
    yield f"\nAnswerable   {judged.outcome}: probability {judged.probability:.3f}, "
    yield f"             answered from {judged.threshold} on, closest from {judged.closest} on"
    yield f"             bias {judged.bias:+.2f} {_sum(judged.features)}"


def _sum(features: Sequence[ExplainedFeature]) -> str:
    """What adds to a score, as value × weight."""
    parts = (f"{one.name} {one.value:.2f} × {one.weight:.2f}" for one in features if one.adds)
    return " + ".join(parts) or "nothing"
