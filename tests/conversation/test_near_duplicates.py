"""Duplicates of a page: one stays, the newest that the asker may see, and it is what is cited."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from stook.conversation.events import Effort, Event, Reading
from stook.identity.permissions import Permissions, Subject
from stook.identity.principals import EVERYONE
from stook.knowledge.retrieval.finding import Wanted, find_documents
from stook.knowledge.retrieval.near_duplicates import Duplicates
from stook.knowledge.store.documents import Filters, SourceDocument
from stook.knowledge.store.repository import text_of
from stook.runtime import Runtime
from tests.conversation.corpus import (
    ANN,
    HANDBOOK,
    answer_to,
    ask,
    events_of,
    markdown_documents,
    opened,
)

pytestmark = [pytest.mark.whole, pytest.mark.asyncio(loop_scope="session")]

FOR_ANN = Permissions(users=frozenset({Subject("", str(ANN.email))}))
YEAR = 365 * 24 * 3600 * 1_000_000  # microseconds
QUESTION = "How many days of paid vacation does every employee have?"
VACATION = "time-off/vacation.md"


def copy_of(page: SourceDocument, name: str, years: int, days: str, title: str) -> SourceDocument:
    """A page as it is kept elsewhere, so many years younger, with another number of days."""
    text = page.text.replace("27 days", days)
    return replace(
        page,
        datasource="wiki",
        external_id=name,
        url=f"https://wiki.example/{name}",
        title=title,
        text=text,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        updated_at=(page.updated_at or 0) + years * YEAR,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def copied(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Runtime]:
    """Some pages of the handbook, the one about vacation with five copies."""
    pages = await markdown_documents(HANDBOOK / "time-off")
    pages = [replace(page, external_id=f"time-off/{page.external_id}") for page in pages]
    page = next(page for page in pages if page.external_id == VACATION)
    copies = [
        copy_of(page, "same", 0, "27 days", page.title),
        copy_of(page, "same-again", -1, "27 days", page.title),
        copy_of(page, "last-year", -1, "25 days", f"Copy of {page.title} 2025"),
        copy_of(page, "long-ago", -4, "21 days", f"{page.title} (old)"),
        replace(copy_of(page, "draft", 1, "31 days", page.title), permissions=FOR_ANN),
    ]
    directory = tmp_path_factory.mktemp("copied")
    async with opened(directory, [*pages, *copies], [str(ANN.email)]) as runtime:
        yield runtime


def read_in(events: list[Event]) -> list[str]:
    return [
        document.external_id
        for event in events
        if isinstance(event, Reading)
        for document in event.documents
    ]


async def test_copies_take_no_places_in_the_evidence(copied: Runtime) -> None:
    read = read_in(await events_of(copied, ask(QUESTION)))
    wiki = {"same", "same-again", "last-year", "long-ago", "draft"}
    assert len({VACATION, "same"} & set(read)) == 1
    assert len(wiki & set(read)) <= 1
    assert {"time-off/sick-leave.md", "time-off/other-leave.md"} <= set(read)


async def test_the_newest_that_may_be_seen_answers_and_is_cited(copied: Runtime) -> None:
    for asker, days, name in ((EVERYONE, "27 days", ("same", VACATION)), (ANN, "31 days", "draft")):
        for effort in (Effort.QUICK, Effort.DEEP):
            answer = await answer_to(copied, ask(QUESTION, asker, effort=effort))
            assert days in answer.text
            assert not any(other in answer.text for other in ("25 days", "21 days"))
            assert answer.citations[0].document.external_id in name
            for citation in answer.citations:
                shown = await copied.database.read(text_of, asker, citation.document.id)
                span = citation.snippet.span
                assert shown[span.start : span.end] == citation.snippet.text


@pytest.mark.parametrize(
    "question",
    [
        "How many days of paid vacation did every employee have in 2025?",
        "How many days of vacation are there in the copy of 2025?",
    ],
)
async def test_an_older_copy_that_is_asked_for_is_there(copied: Runtime, question: str) -> None:
    assert "last-year" in read_in(await events_of(copied, ask(question)))


async def test_the_same_words_are_folded_and_others_kept(copied: Runtime) -> None:
    kept, same, alike = [
        await copied.searcher.search(QUESTION, EVERYONE, Filters(), 60, duplicates=which)
        for which in Duplicates
    ]
    assert len(alike.passages) < len(same.passages) < len(kept.passages)
    texts = [passage.text for passage in same.passages]
    assert len(set(texts)) == len(texts)
    assert {passage.text for passage in kept.passages} == set(texts)
    assert not any("25 days" in passage.text for passage in alike.passages)


async def test_search_results_stay_complete(copied: Runtime) -> None:
    wanted = Wanted(QUESTION, Filters())
    found = await find_documents(copied.searcher, copied.database, EVERYONE, wanted)
    names = {each.document.external_id for each in found}
    assert {VACATION, "same", "same-again", "last-year", "long-ago"} <= names
    assert "draft" not in names
