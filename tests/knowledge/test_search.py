"""Search on behalf of somebody: rights, filters, versions, paging, signals."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from stook.identity import users
from stook.identity.permissions import EVERYONE_MAY_READ, Permissions, Subject
from stook.identity.principals import EVERYONE, Principal
from stook.knowledge.encoding.embedding import load_embedder
from stook.knowledge.index.lance import open_index
from stook.knowledge.ingestion.indexing import Ingestion
from stook.knowledge.retrieval import retriever, visible
from stook.knowledge.retrieval.finding import Wanted, find_documents
from stook.knowledge.retrieval.retriever import Searcher
from stook.knowledge.store.documents import Filters, SourceDocument, document_id
from stook.settings import load_settings
from stook.storage.tables import documents

ANNA = Principal("anna@example.com")
FOR_ANNA = Permissions(users=frozenset({Subject("", "anna@example.com")}))


def document(name, text, permissions=EVERYONE_MAY_READ, **more):
    more = {"datasource": "notes", "container": "", "publisher": ""} | more
    return SourceDocument(
        external_id=name,
        title=name,
        url=f"https://notes.example/{name}",
        mime_type="text/plain",
        text=text,
        content_hash=f"{hash(text):x}",
        permissions=permissions,
        **more,
    )


@pytest.fixture(scope="module")
def embedder():
    opened = load_embedder(load_settings(embedding_threads=2))
    yield opened
    opened.close()


@pytest.fixture
async def knowledge(database, embedder, tmp_path):
    await database.write(users.add, "anna@example.com")
    index = await open_index(str(tmp_path / "index"), embedder.dimensions)
    settings = load_settings(data_dir=tmp_path)
    yield Ingestion(settings, database, index, embedder), Searcher(database, index, embedder)
    await index.close()


def names(found):
    return [passage.document.external_id for passage in found.passages]


async def test_only_what_may_be_seen_is_found(knowledge, database):
    ingestion, searcher = knowledge
    await ingestion.store_and_index(
        [
            document("pay", "The pay band of a senior engineer is 90,000 euros.", FOR_ANNA),
            document("open", "Every engineer gets a laptop."),
        ]
    )
    assert set(names(await searcher.search("engineer pay", ANNA, Filters()))) == {"pay", "open"}
    assert names(await searcher.search("engineer pay", EVERYONE, Filters())) == ["open"]
    stranger = Principal("stranger@example.com")
    assert names(await searcher.search("engineer pay", stranger, Filters())) == []
    # SQL is the truth, whatever the index still holds.
    await database.write(lambda c: c.execute(sa.update(documents).values(withdrawn_at=1)))
    assert names(await searcher.search("engineer pay", ANNA, Filters())) == []


async def test_a_search_reads_no_more_than_its_bound(knowledge, monkeypatch):
    """However many documents are asked for, and however long those that there are."""
    ingestion, searcher = knowledge
    report = "\n\n".join(f"## Year {year}\n\n{'The harbour fee rose. ' * 40}" for year in range(20))
    await ingestion.store_and_index([document(name, f"{name}\n\n{report}") for name in "abc"])
    read = []
    confirmed = visible.confirmed

    def counted(connection, principal, ranked):
        read.extend(ranked)
        return confirmed(connection, principal, ranked)

    monkeypatch.setattr(retriever, "confirmed", counted)
    monkeypatch.setattr(retriever, "MOST_READ", 40)
    found = await searcher.search("harbour fee", EVERYONE, Filters(), 50)
    assert found.passages
    assert 0 < len(read) <= 40


async def test_words_are_put_right_by_what_may_be_seen(knowledge):
    ingestion, searcher = knowledge
    await ingestion.store_and_index(
        [
            document("pay", "The stipends of engineers are decided in May.", FOR_ANNA),
            document("open", "Every engineer gets a laptop. The organization pays for it."),
            document("typo", "The enginer who wrote this was in a hurry."),
        ]
    )

    async def corrected(text, principal=EVERYONE):
        return await searcher.corrected([text], principal)

    assert await corrected("Which labtop do they get?") == ["Which laptop do they get?"]
    assert await corrected("Does the organisation pay?") == ["Does the organization pay?"]
    assert await corrected("Who decides on stipens?", ANNA) == ["Who decides on stipends?"]
    assert await corrected("Who decides on stipens?") == ["Who decides on stipens?"]  # not seen
    assert await corrected("What does an enginer get?") == ["What does an enginer get?"]  # is there
    assert await corrected("What does a tractor get?") == ["What does a tractor get?"]
    assert await corrected('Where is "labtop"?') == ['Where is "labtop"?']
    several = await searcher.corrected(["Which labtop?", "", "Labtop or the stipens?"], ANNA)
    assert several == ["Which laptop?", "", "Laptop or the stipends?"]


async def test_a_page_is_full_although_the_index_holds_what_is_gone(knowledge, database):
    ingestion, searcher = knowledge
    made = [document(f"n{n}", f"Sheaves of wheat, field number {n}.") for n in range(60)]
    await ingestion.store_and_index(made)
    best = names(await searcher.search("sheaves of wheat", EVERYONE, Filters(), 40))
    gone = sa.update(documents).where(documents.c.external_id.in_(best)).values(withdrawn_at=1)
    await database.write(lambda c: c.execute(gone))
    left = names(await searcher.search("sheaves of wheat", EVERYONE, Filters(), 20))
    assert len(left) == 20
    assert not set(left) & set(best)


class Overtaken:
    """An index during whose first search something else happens."""

    def __init__(self, index, meanwhile):
        self._index, self._meanwhile = index, [meanwhile]

    def __getattr__(self, name):
        return getattr(self._index, name)

    async def search(self, *given):
        hits = await self._index.search(*given)
        while self._meanwhile:
            await self._meanwhile.pop()()
        return hits


async def test_a_document_is_found_while_it_is_replaced(knowledge, database, embedder):
    ingestion, _ = knowledge
    await ingestion.store_and_index([document("fern", "Ferns grow in the shade, edition 1.")])

    async def replace():
        await ingestion.store_and_index([document("fern", "Ferns grow in the shade, edition 2.")])

    async def withdraw():
        await ingestion.withdraw("notes", ["fern"])

    async def found(meanwhile):
        overtaken = Searcher(database, Overtaken(ingestion._index, meanwhile), embedder)
        return (await overtaken.search("ferns in the shade", EVERYONE, Filters())).passages

    (passage,) = await found(replace)
    assert (passage.version, passage.text) == (2, "Ferns grow in the shade, edition 2.")
    assert await found(withdraw) == ()


async def test_filters_name_documents_and_containers_by_any_name(knowledge):
    ingestion, searcher = knowledge
    await ingestion.store_and_index(
        [
            document("a", "A word about hay.", container="barn", publisher="ann"),
            document("b", "Another word about hay.", container="https://notes.example/a"),
            document("c", "A third word about hay.", datasource="mail", publisher="bob"),
        ]
    )
    cases = [
        (Filters(), "abc"),
        (Filters(datasources=frozenset({"mail"})), "c"),
        (Filters(not_datasources=frozenset({"mail"})), "ab"),
        (Filters(documents=frozenset({"a", document_id("mail", "c")})), "ac"),
        (Filters(documents=frozenset({"https://notes.example/b"})), "b"),
        (Filters(not_documents=frozenset({"a"})), "bc"),
        (Filters(containers=frozenset({"barn"})), "ab"),  # b is below a
        (Filters(containers=frozenset({document_id("notes", "a")})), "b"),
        (Filters(not_containers=frozenset({"barn"})), "c"),
        (Filters(publishers=frozenset({"ann", "bob"})), "ac"),
        (Filters(documents=frozenset({"no such"})), ""),
    ]
    for where, expected in cases:
        assert set(names(await searcher.search("hay", EVERYONE, where))) == set(expected), where


async def test_passages_are_slices_of_the_text_and_the_same_every_time(knowledge):
    ingestion, searcher = knowledge
    text = "# Éclair\n\nNaïve café 🎉 text.\n\n## 規則\n\n毎日東京へ行きます。\n" + "More. " * 400
    await ingestion.store_and_index([document("long", text)])
    found = await searcher.search("東京 café", EVERYONE, Filters())
    assert all(one.text == text[one.span.start : one.span.end] for one in found.passages)
    assert found.best_lexical > 0
    assert sum(found.matched_share(one) for one in found.passages) == pytest.approx(1)
    again = await searcher.search("東京 café", EVERYONE, Filters())
    assert repr(again) == repr(found)
    vectors = await searcher.window_vectors(found.passages)
    best = found.passages[0]
    own = vectors[best.document.id, best.ordinal]
    assert float((own @ found.query_vector).max()) == pytest.approx(best.dense, abs=1e-3)


async def test_documents_come_once_each(knowledge):
    ingestion, searcher = knowledge
    long = "\n\n".join(
        f"## Part {n}\n\nHay is dried in stooks. " + "Dry hay. " * 60 for n in range(9)
    )
    await ingestion.store_and_index([document(f"d{n}", f"{long} {n}") for n in range(5)])
    wanted = Wanted("dry hay", Filters())
    found = await find_documents(searcher, searcher._database, EVERYONE, wanted)
    assert sorted(each.document.external_id for each in found) == [f"d{n}" for n in range(5)]
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
