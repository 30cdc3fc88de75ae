"""Quoted phrases and identifiers: what holds them to the letter is found first."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from stook.identity import users
from stook.identity.permissions import EVERYONE_MAY_READ, Permissions, Subject
from stook.identity.principals import EVERYONE, Principal
from stook.knowledge.encoding.embedding import Embedder, load_embedder
from stook.knowledge.index.lance import open_index
from stook.knowledge.ingestion.indexing import Ingestion
from stook.knowledge.retrieval.exact_phrases import NAME_WEIGHT, holds_phrase, parse, weight_held
from stook.knowledge.retrieval.retriever import Retrieval, Searcher
from stook.knowledge.store.documents import Filters, SourceDocument
from stook.settings import load_settings
from stook.storage.database import Database, open_database

# --- what is asked for to the letter ------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        'Where is "carry over" named?',
        "Where is “carry over” named?",
        "Where is „carry over“ named?",
        "Where is «carry over» named?",
        "Where is « carry over » named?",
        "Where is »carry over« named?",
        'Where is "Carry  over?" named?',
        "Where is 「carry over」 named?",
    ],
)
def test_quotation_marks_of_every_kind(question: str) -> None:
    parsed = parse(question)
    assert len(parsed.phrases) == 1
    assert weight_held("You may CARRY\nover five days.", parsed.phrases) == NAME_WEIGHT
    assert weight_held("What is over, carry away.", parsed.phrases) == 0
    assert " ".join(parsed.text.split()).lower().startswith("where is carry over")


@pytest.mark.parametrize(
    ("question", "weight"),
    [
        ('Where is "carry over" named?', NAME_WEIGHT),
        ('Who played the "Doctor"?', NAME_WEIGHT),
        ('"carry over"', 1.0),
        ('Where does it say "carry over up to five days"?', 1.0),
        ("What is ERR-4711?", 1.0),
    ],
)
def test_few_quoted_words_among_others_count_less(question: str, weight: float) -> None:
    assert [one.weight for one in parse(question).phrases] == [weight]
    assert parse(question, ("carry over",)).phrases[0].weight == 1.0


@pytest.mark.parametrize(
    "question",
    ["What's in the manager's office?", 'A 5" pipe and a 7" pipe?', '""', '"?!"', 'An "open end'],
)
def test_what_is_no_quotation(question: str) -> None:
    assert parse(question).phrases == ()


HOLDS = [
    ("27 days", "Everybody has **27 days** of leave.", True),
    ("ask ann", "Then [ask Ann](https://people.example/ann) about it.", True),
    ("Ann about it", "Then [ask Ann](https://people.example/ann) about it.", True),
    ("days leave", "27 days of leave.", False),
    ("leave", "They are leaving.", False),
    ("Anna’s desk", "It is Anna's desk.", True),
    ("state‑of‑the‑art lab", "A state-of-the-art lab", True),
    ("C++", "Written in C++ and C.", True),
    ("東京へ", "毎日東京へ行きます。", True),
    ("京都へ", "毎日東京へ行きます。", False),
    ("straße", "Die Hauptstraße und die STRASSE", True),
]


@pytest.mark.parametrize(("phrase", "text", "held"), HOLDS)
def test_words_in_a_row(phrase: str, text: str, held: bool) -> None:
    assert holds_phrase(text, phrase) is held


IDENTIFIERS = {
    "What does ERR-4711 mean?": ("ERR-4711", "ERR-4711-B", "ERR 4711"),
    "what is err-4711?": ("see ERR-4711.", "ERR-47110", "PRERR-4711"),
    "Who filed STK-112?": ("(STK-112)", "STK-1121", "STK-11"),
    "Where is foo_bar.baz set?": ("`foo_bar.baz`", "foo_bar.bazaar", "foo_bar baz"),
    "What changed in v2.14.1?": ("## v2.14.1", "v2.14.10", "v2.14.1-rc1"),
    "What changed in 2.14.1?": ("2.14.1:", "12.14.1", "2.14"),
    "Who answers +49 89 1234567?": ("+49 89 1234-567", "+49 89 12345678", "+49 88 1234567"),
    "Who is jo.doe@example.com?": ("<jo.doe@example.com>", "jo.doe@example.com.au", "jo.doe"),
    "What does getUserName return?": ("getUserName()", "getUserNames", "get user name"),
    "Is RFC2119 binding?": ("RFC2119,", "RFC21190", "RFC 2119"),
    "Where is config.yaml?": ("/etc/config.yaml", "config.yaml.bak", "my.config.yaml"),
}


@pytest.mark.parametrize("question", IDENTIFIERS)
def test_identifiers_are_whole(question: str) -> None:
    literals = parse(question).phrases
    exact, *others = IDENTIFIERS[question]
    assert len(literals) == 1
    assert weight_held(exact, literals) == 1
    assert [other for other in others if weight_held(other, literals)] == []


@pytest.mark.parametrize(
    "question",
    [
        "What happened on 21.11.2026 or 01/02/2026?",
        "What about the U.S. and e.g. the mid-1990s?",
        "Is a 24-hour, well-known 19th-century rule 3.5 times older than I/O?",
        "How much is 1,000.50 in 2025-2026?",
    ],
)
def test_dates_numbers_and_words_are_no_identifiers(question: str) -> None:
    assert parse(question).phrases == ()


# --- searching for it ---------------------------------------------------------------------------

ANNA = Principal("anna@example.com")
FOR_ANNA = Permissions(users=frozenset({Subject("", "anna@example.com")}))
TALK = "ERR is short for error. The error 4711 is an error like 4712: errors err. "
TEXTS = {
    "partial": TALK * 3 + "Error 4711, err 4711, err. What does err mean? It means error.",
    "longer": "ERR-4711-B means what ERR does: error 4711, err 4711, what does it mean?",
    "exact": "The disk of a printer is full when the display says ERR-4711.",
    "phones": "Call the desk in Munich: +49 89 1234. The desk in Bonn has 89 1234 49.",
    "phone parts": "Desk numbers: 49, 89, 1234, 89, 49, 1234. Call desk 89 or desk 1234 or 49.",
    "mail": "Questions go to jo.doe@example.com at any time.",
    "mail parts": "Jo Doe answers questions: questions for doe go to example.com, says Jo.",
    "name": "The limit is read from foo_bar.baz at the start.",
    "name parts": "Foo is set where bar is set, and baz is set where foo is set: foo, bar, baz.",
    "version": "## v2.14.1\n\nExports have a title.",
    "next version": "## v2.14.2\n\nWhat changed in 2.14: changed exports, changed 14, changed 1.",
    "row": "The weir opens in spring and the stack of sheaves stands in the field.",
    "no row": "Sheaves of a stack in the field: sheaves, stack, field. A field of stacks.",
}
SECRET = "The field stack of sheaves was sold in secret: a stack of golden sheaves."


def document(name: str, text: str, permissions: Permissions = EVERYONE_MAY_READ) -> SourceDocument:
    return SourceDocument(
        datasource="notes",
        external_id=name,
        title=f"Note {len(text)}",
        url=f"https://notes.example/{name.replace(' ', '-')}",
        mime_type="text/markdown",
        text=text,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        permissions=permissions,
    )


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    opened = load_embedder(load_settings(embedding_threads=2))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def small_database(
    _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("literal") / "stook.db"
    path.write_bytes(_sqlite_template.read_bytes())
    opened = open_database(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def searcher(
    small_database: Database, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Searcher]:
    directory = tmp_path_factory.mktemp("index")
    index = await open_index(str(directory / "index"), embedder.dimensions)
    ingestion = Ingestion(load_settings(data_dir=directory), small_database, index, embedder)
    await small_database.write(users.add, str(ANNA.email))
    made = [document(name, text) for name, text in TEXTS.items()]
    await ingestion.store_and_index([*made, document("secret", SECRET, FOR_ANNA)])
    yield Searcher(small_database, index, embedder)
    await index.close()


in_module = pytest.mark.asyncio(loop_scope="module")
EXPECTED: Mapping[str, str] = {
    "What does ERR-4711 mean?": "exact",
    "what does err-4711 mean": "exact",
    "Which desk do I call at +49 89 1234?": "phones",
    "What are questions to jo.doe@example.com about?": "mail",
    "Where is foo_bar.baz set?": "name",
    "What changed in v2.14.1?": "version",
    'Where is a "stack of sheaves" in the field?': "row",
    "Where is a «Stack of Sheaves» in the field?": "row",
}


async def first(searcher: Searcher, question: str, principal: Principal = EVERYONE) -> str:
    found = await searcher.search(question, principal, Filters())
    return found.passages[0].document.external_id


@in_module
@pytest.mark.parametrize("question", EXPECTED)
async def test_what_holds_it_to_the_letter_comes_first(searcher: Searcher, question: str) -> None:
    found = await searcher.search(question, EVERYONE, Filters())
    names = [passage.document.external_id for passage in found.passages]
    assert names[0] == EXPECTED[question]
    scores = [passage.score for passage in found.passages]
    assert scores == sorted(scores, reverse=True) and 0 <= scores[-1] <= scores[0] <= 1


@in_module
async def test_words_alone_would_not_do(
    searcher: Searcher, small_database: Database, embedder: Embedder
) -> None:
    """Otherwise the tests above would tell nothing."""
    words = Searcher(small_database, searcher._index, embedder, Retrieval.HYBRID)
    right = [
        question for question in EXPECTED if await first(words, question) == EXPECTED[question]
    ]
    assert len(right) <= len(EXPECTED) // 2


@in_module
async def test_a_phrase_that_nothing_holds_is_as_without_quotation_marks(
    searcher: Searcher,
) -> None:
    quoted = await searcher.search('Which "sheaves of golden wheat" stand?', EVERYONE, Filters())
    plain = await searcher.search("Which sheaves of golden wheat stand?", EVERYONE, Filters())
    assert quoted.passages == plain.passages
    assert quoted.terms == plain.terms


@in_module
async def test_what_may_not_be_seen_holds_nothing(searcher: Searcher) -> None:
    asked = 'Who sold a "stack of golden sheaves"?'
    assert await first(searcher, asked, ANNA) == "secret"
    quoted = await searcher.search(asked, EVERYONE, Filters())
    plain = await searcher.search(asked.replace('"', ""), EVERYONE, Filters())
    assert quoted.passages == plain.passages


@in_module
async def test_of_two_phrases_both_before_one(searcher: Searcher) -> None:
    asked = 'Is there an "error like 4712" or "display says"? And "the disk of a printer"?'
    assert await first(searcher, asked) == "exact"


@in_module
async def test_phrases_may_be_given_apart(searcher: Searcher) -> None:
    found = await searcher.search(
        "sheaves in the field", EVERYONE, Filters(), phrases=("stack of sheaves stands",)
    )
    assert found.passages[0].document.external_id == "row"
