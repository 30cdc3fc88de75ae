"""Whatever reads documents starts from ``visible_to``, except what is named here with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import stook
from tests.identity.visibility_lint import findings

SOURCES = Path(stook.__file__).parent
EXEMPT = {
    "stook.identity.access": "builds the predicate",
    "stook.identity.principals": "makes the eyes that see everything",
    "stook.identity.permissions": "stores and loads what rights say, and grants none",
    "stook.storage.tables": "defines the tables",
}
WRITES = "keeps documents or the index in order; what it reads is shown to nobody"
PUSHED = "gives ids, states, grants and numbers to whoever pushed the documents, and no text"
ALLOWED = {
    "stook.knowledge.ingestion.backlog._is_pending": WRITES,
    "stook.knowledge.ingestion.backlog._rows": WRITES,
    "stook.knowledge.ingestion.backlog.count": "gives numbers only, to administrators",
    "stook.knowledge.ingestion.backlog.erase": WRITES,
    "stook.knowledge.ingestion.backlog.load": WRITES,
    "stook.knowledge.ingestion.backlog.pending": WRITES,
    "stook.knowledge.ingestion.backlog.renumber": WRITES,
    "stook.knowledge.ingestion.backlog.serve": WRITES,
    "stook.knowledge.intake.documents._pushed": PUSHED,
    "stook.knowledge.intake.documents.counts": PUSHED,
    "stook.knowledge.intake.documents.pending": WRITES,
    "stook.knowledge.intake.documents.status": PUSHED,
    "stook.knowledge.intake.items._find": WRITES,
    "stook.knowledge.intake.metadata._refresh": WRITES,
    "stook.knowledge.intake.metadata.datasource_of": PUSHED,
    "stook.knowledge.store.administration.<module>": "for whoever holds the database itself",
    "stook.knowledge.store.administration.count_naming": "gives a number, to the operator",
    "stook.knowledge.store.administration.details": "counts passages of a document just read",
    "stook.knowledge.store.administration.ids_of": "says what a removal removes, to the operator",
    "stook.knowledge.store.closed_files.find": WRITES,
    "stook.knowledge.store.questions.note_asked": WRITES,
    "stook.knowledge.store.repository._locked_rows": WRITES,
    "stook.knowledge.store.repository.known": WRITES,
    "stook.knowledge.store.repository.withdraw": WRITES,
}
IMPORTS = """
import sqlalchemy as sa
from stook.identity.access import visible_to
from stook.storage import tables
from stook.storage.tables import documents, documents as d, passages, access_sets
"""


def test_only_what_is_named_here_reads_documents_without_the_predicate() -> None:
    found = [finding for module in _modules() for finding in findings(*module)]
    unexpected = [finding for finding in found if finding.where not in ALLOWED]
    assert not unexpected, "start from visible_to, or say here why not"
    assert set(ALLOWED) == {finding.where for finding in found}, "no longer needed here"


def test_there_is_something_to_look_at() -> None:
    assert len(dict(_modules())) > 20


@pytest.mark.parametrize(
    "code",
    [
        "def f(c): return c.execute(sa.select(documents.c.title))",
        "def f(c): return c.execute(sa.select(d))",
        "def f(c): return c.execute(sa.select(tables.document_texts.c.text))",
        "def f(c): return c.execute(sa.select(passages).where(passages.c.ordinal == 1))",
        "QUERY = sa.select(documents)",
        "from stook.storage.tables.knowledge import documents as e\nQUERY = sa.select(e)",
        "class C:\n    def f(self, c): return c.execute(sa.select(documents))",
        "async def f(c):\n    def g(): return sa.select(documents)\n    return g",
        "def piece(): return documents.c.title\ndef f(c): return c.execute(sa.select(piece()))",
        "def f(c): return c.execute(sa.update(documents).values(x=1).returning(documents))",
        "def f(c): return c.execute(sa.text('SELECT title FROM documents'))",
        "def f(c, x): return c.execute(f'select 1 from a join passages on {x}')",
        "def f(s): return documents.c.access_set_id.in_(s)",
        "def f(s): return documents.c.access_set_id == s",
        "def f(): return access_sets.c.everyone",
        "def f(c): return c.execute(sa.select(d).where(visible_to(operators_view())))",
        "def f(c): return c.execute(sa.select(d).where(visible_to(principals._Overseer(None))))",
        "def f(): return tables.access_set_users.c.user_ref",
        "def f(c, p):\n    visible_to(p)\n    return c.execute(sa.select(documents))",
        "def f(c, p):\n    seen = visible_to\n    return sa.select(documents).where(seen)",
        "def f(c, p): return c.execute(sa.select(documents).order_by(visible_to(p)))",
        "def f(c, p): return c.execute(sa.select(documents).where(sa.not_(visible_to(p))))",
        "def f(c, p): return c.execute(sa.select(documents).where(sa.or_(visible_to(p), True)))",
        "def f(c, p):\n    one = c.execute(sa.select(documents).where(visible_to(p)))\n"
        "    return one, c.execute(sa.select(passages))",
        "def f(c, p):\n    column = documents.c\n    if p:\n        visible_to(p)\n"
        "    return c.execute(sa.select(column.title))",
    ],
)
def test_a_way_around_the_predicate_is_found(code: str) -> None:
    assert findings("module", IMPORTS + code)


@pytest.mark.parametrize(
    "code",
    [
        "def f(c, p): return c.execute(sa.select(documents).where(visible_to(p)))",
        "def f(c, p):\n    query = sa.select(documents)\n    return query.where(visible_to(p))",
        "def f(c, p): return sa.select(d).where(sa.and_(visible_to(p), documents.c.title == ''))",
        "def all_of(p): return sa.select(d).where(visible_to(p))\n"
        "def some_of(p): return all_of(p).where(documents.c.title == '')\n"
        "def f(c, p): return c.execute(sa.select(some_of(p).subquery()))",
        "def f(c): return c.execute(sa.delete(documents))",
        "def f(c): return c.execute(sa.select(tables.users))",
        "def f(documents): return len(documents)",
        "def f(c):\n    'Chosen from documents.'\n    return 1",
    ],
)
def test_what_is_right_is_let_pass(code: str) -> None:
    assert findings("module", IMPORTS + code) == []


def _modules() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCES.rglob("*.py")):
        name = ".".join(("stook", *path.relative_to(SOURCES).with_suffix("").parts))
        if name not in EXEMPT and "versions" not in path.parts:
            yield name, path.read_text(encoding="utf-8")
