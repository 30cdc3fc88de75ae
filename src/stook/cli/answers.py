"""``stook ask`` and ``stook search``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

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
    from collections.abc import Sequence

    from stook.answering.pieces import Citation
    from stook.conversation.events import Answer, Ask
    from stook.core import Core
    from stook.identity.principals import Principal
    from stook.knowledge.store.documents import FoundPassage
    from stook.settings import Settings

LONGEST_QUOTE = 160  # characters shown of what a source says


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What to ask.")],
    ask_as: AskAs = None,
    chat: Annotated[
        str | None, typer.Option("--chat", metavar="ID", help="Go on with this chat; needs --as.")
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Ask a question; with --as, the conversation is kept and can be gone on with."""
    settings = settings_where_there_is_something(data_dir)
    answer = run(_answer(settings, question, ask_as, chat, quiet=as_json), settings)
    if as_json:
        print_json(_answer_document(answer))
    else:
        typer.echo(_footer(answer, kept=ask_as is not None))


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for.")],
    ask_as: AskAs = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 10,
    as_json: AsJson = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what each passage's score is made of.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Find passages, best first."""
    settings = settings_where_there_is_something(data_dir)
    searched, found = run(_search(settings, query, ask_as, limit), settings)
    if as_json:
        results = [_passage_document(passage, explain=explain) for passage in found]
        print_json({"query": query, "searched": searched, "results": results})
    else:
        if searched != query:
            typer.echo(f"Searched for: {searched}\n", err=True)
        texts = [_passage_text(passage, explain=explain) for passage in found]
        typer.echo("\n\n".join(texts) or "Nothing was found.")


async def _answer(
    settings: Settings, question: str, email: str | None, chat: str | None, *, quiet: bool
) -> Answer:
    """Answer one question; unless ``quiet``, the text is printed as it comes."""
    from stook.answering.pieces import TextDelta
    from stook.cli.plain_text import PlainText
    from stook.conversation.events import Failed, Finished
    from stook.core import open_core

    shown = PlainText()
    async with open_core(settings) as core:
        asked = _ask(question, await _principal(core, email), chat)
        async for event in core.engine.answer(asked):
            if isinstance(event, TextDelta) and not quiet:
                typer.echo(shown.feed(event.text), nl=False)
            elif isinstance(event, Failed):
                raise event.error
            elif isinstance(event, Finished):
                if not quiet:
                    typer.echo(shown.close(), nl=False)
                return event.answer
    raise AssertionError("The engine ended without an answer.")


async def _search(
    settings: Settings, query: str, email: str | None, limit: int
) -> tuple[str, Sequence[FoundPassage]]:
    """The query as it was searched for, and what was found."""
    from stook.core import open_core
    from stook.knowledge.store.documents import Filters

    async with open_core(settings) as core:
        principal = await _principal(core, email)
        [searched] = await core.searcher.corrected([query], principal)
        found = await core.searcher.search(searched, principal, Filters(), limit)
        return searched, found.passages


async def _principal(core: Core, email: str | None) -> Principal:
    return await core.database.read(principal_for, email)


def _ask(question: str, principal: Principal, chat: str | None) -> Ask:
    from datetime import datetime

    from stook.conversation.events import Ask

    return Ask(
        principal=principal,
        question=question,
        now=datetime.now().astimezone(),
        chat_id=chat,
        save=principal.email is not None,
    )


# --- for people --------------------------------------------------------------------------------


def _footer(answer: Answer, *, kept: bool) -> str:
    """What follows the answer: its sources with the words quoted, suggestions, the chat."""
    parts = [""]
    if answer.citations:
        parts += ["", "Sources", *_sources(answer.citations)]
    further = [question for question in answer.suggestions if question not in answer.text]
    if further:
        parts += ["", "You could also ask", *(f"  {question}" for question in further)]
    if kept:
        parts += ["", f"Go on with --chat {answer.chat_id}"]
    return "\n".join(parts)


def _sources(citations: Sequence[Citation]) -> list[str]:
    """Each cited document once, numbered, with what was quoted of it."""
    lines: list[str] = []
    ids = list(dict.fromkeys(citation.document.id for citation in citations))
    for number, document_id in enumerate(ids, start=1):
        quoted = [citation for citation in citations if citation.document.id == document_id]
        document = quoted[0].document
        lines.append(f"  [{number}] {document.title}  {document.url}")
        lines += [
            f"      “{_shortened(citation.snippet.text)}”{_at(citation.place)}"
            for citation in quoted
        ]
    return lines


def _at(place: str) -> str:
    return f"  {place}" if place else ""


def _passage_text(passage: FoundPassage, *, explain: bool) -> str:
    place = " › ".join((passage.document.title, *passage.heading_path))
    lines = [
        f"{place}{_at(passage.place)}  {passage.document.url}",
        f"  {_shortened(passage.text)}",
    ]
    if explain:
        parts = (f"{one.name} {one.value:.2f} × {one.weight:.2f}" for one in passage.signals)
        lines.append(f"  {passage.score:.3f} = {' + '.join(parts)}")
    return "\n".join(lines)


def _shortened(text: str) -> str:
    from stook.cli.plain_text import plain_text

    line = " ".join(plain_text(text).split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"


# --- for programs ------------------------------------------------------------------------------


def _answer_document(answer: Answer) -> dict[str, Any]:
    return {
        "answer": answer.text,
        "outcome": answer.outcome.value,
        "refused": answer.refused,
        "citations": [_citation_document(citation) for citation in answer.citations],
        "suggestions": list(answer.suggestions),
        "chat_id": answer.chat_id,
        "milliseconds": answer.milliseconds,
        "timings": answer.timings,
    }


def _citation_document(citation: Citation) -> dict[str, Any]:
    return {
        "start": citation.answer_range.start,
        "end": citation.answer_range.end,
        "document": _document(citation.document.id, citation.document.title, citation.document.url),
        "snippet": {
            "text": citation.snippet.text,
            "start": citation.snippet.span.start,
            "end": citation.snippet.span.end,
        },
        "heading_path": list(citation.heading_path),
        "place": citation.place,
    }


def _passage_document(passage: FoundPassage, *, explain: bool) -> dict[str, Any]:
    signals = [
        {"name": one.name, "value": round(one.value, 6), "weight": round(one.weight, 6)}
        for one in passage.signals
    ]
    return {
        "document": _document(passage.document.id, passage.document.title, passage.document.url),
        "start": passage.span.start,
        "end": passage.span.end,
        "text": passage.text,
        "heading_path": list(passage.heading_path),
        "place": passage.place,
        "score": round(passage.score, 6),
        **({"signals": signals} if explain else {}),
    }


def _document(document_id: str, title: str, url: str) -> dict[str, str]:
    return {"id": document_id, "title": title, "url": url}
