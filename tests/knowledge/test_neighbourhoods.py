"""What is near a passage is read by ordinals: it says the same as the whole text, at any length."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import pytest
import sqlalchemy as sa

from stook.identity.permissions import EVERYONE_MAY_READ, Permissions
from stook.identity.principals import Principal
from stook.knowledge.index.protocol import PassageKey
from stook.knowledge.ingestion import backlog, cutting
from stook.knowledge.retrieval.fusion import RankedHit
from stook.knowledge.retrieval.visible import confirmed
from stook.knowledge.store import repository
from stook.knowledge.store.administration import OPERATOR
from stook.knowledge.store.documents import FoundPassage, SourceDocument
from stook.knowledge.store.neighbourhoods import OPENING, WHOLE, Neighbourhood, neighbourhoods
from stook.knowledge.store.passages import Passage
from stook.knowledge.text.chunking import chunk
from stook.knowledge.text.excerpts import LEFT_OUT, Excerpts
from stook.knowledge.text.units import NEAR, Structure, Unit, structure
from stook.storage.database import Database, open_database
from stook.storage.schema import upgrade

T = TypeVar("T")
ROWS = "\n".join(
    f"| Bolt M{number} | {number} crowns | shelf {number % 7} |" for number in range(90)
)
ITEMS = "\n".join(f"- Item {number} is kept for {number} weeks at most." for number in range(60))
NESTED = "1. Open the valve:\n   - slowly, and\n   - by hand.\n2. Wait for the lamp.\n3. Close it."
SECTION = f"""## Part {{0}}

The pump of part {{0}} is checked every {{0}} hours. It is never oiled. Prices are as follows:

| Name | Price | Place |
|---|---|---|
{ROWS}

What is kept for how long is listed below:

{ITEMS}

{NESTED}

```
start {{0}}
stop {{0}}
```

A word of caution follows. {"It goes on and on, " * 160}and then it ends.
"""


def manual(sections: int) -> str:
    """A text of about seven kilobytes a section."""
    return "# Manual\n\n" + "\n".join(SECTION.format(number) for number in range(sections))


@dataclass(frozen=True, slots=True)
class Cut:
    text: str
    whole: Structure
    passages: tuple[Passage, ...]

    def around(self, ordinal: int) -> Structure:
        """What is read for one passage alone."""
        runs = [(ordinal, ordinal), *self.passages[ordinal].near]
        read = sorted({each for first, last in runs for each in range(first, last + 1)})
        near = Neighbourhood(tuple(self.passages[each] for each in read), whole=False)
        return near.structure


@pytest.fixture(scope="module")
def cut() -> Cut:
    text = manual(3)
    places = ((0, "page 1"), (3000, "page 2"), (9000, "page 3"))
    return Cut(text, structure(text), cutting.passages(text, chunk(text), places))


def test_every_unit_stands_in_one_passage(cut: Cut) -> None:
    stored = [unit for passage in cut.passages for unit in passage.units]
    assert tuple(stored) == cut.whole.units
    assert "".join(passage.text for passage in cut.passages) == cut.text
    assert [name for _, name in cut.passages[0].places] == ["page 1"]
    assert cut.passages[-1].places == ((9000, "page 3"),)


def test_a_passage_has_all_near_it_that_its_units_belong_to(cut: Cut) -> None:
    assert len(cut.passages) > 20
    for ordinal, passage in enumerate(cut.passages):
        part = cut.around(ordinal)
        for unit in passage.units:
            assert _known(part, unit) == _known(cut.whole, unit)


def _known(layout: Structure, unit: Unit) -> list[object]:
    """All that is ever asked about a unit."""
    group, after = layout.group(unit), layout.at(unit.place + 1)
    before = layout.at(unit.place - 1)
    related = [layout.at(place) for place in (unit.lead, unit.above, group[0].lead, group[0].above)]
    return [
        layout.raw(unit),
        layout.header(unit),
        [layout.raw(each) for each in group],
        layout.leads_in(unit),
        [layout.raw(each) for each in layout.led_by(unit)],
        [layout.raw(each) if each else None for each in related],
        layout.raw(after) if after else None,
        layout.raw(before) if before and before.group == unit.group else None,
    ]


def test_of_a_list_without_end_only_what_is_near_is_read() -> None:
    text = "These are all:\n\n" + "\n".join(f"- Name {number} of many." for number in range(5000))
    passages = cutting.passages(text, chunk(text))
    for passage in passages:
        own, far = passage.chunk.ordinal, 0
        for first, last in passage.near:
            far += last - first + 1
            assert first >= own - cutting.NEAR_PASSAGES or (first, last) == (0, 0)
        assert far <= 2 * cutting.NEAR_PASSAGES + 1
    middle = Cut(text, structure(text), passages).around(len(passages) // 2)
    unit = passages[len(passages) // 2].units[0]
    assert middle.at(unit.lead) == middle.units[0] and len(middle.group(unit)) <= 2 * NEAR


def test_what_is_not_read_is_left_out_of_a_unit() -> None:
    text = "Go on. " + "and on, " * 4000 + "until the end."
    passages = cutting.passages(text, chunk(text))
    assert len(passages) > cutting.NEAR_PASSAGES
    part = Cut(text, structure(text), passages).around(0)
    for unit in part.units:
        assert text[unit.span.start : unit.span.end] == part.raw(unit)
    assert part.units[-1].span.end < len(text) - 10


def test_excerpts_say_where_something_is_left_out() -> None:
    parts = Excerpts([(0, "abc"), (3, "def"), (10, "xyz")])
    assert parts[1:5] == "bcde"
    assert parts[4:12] == f"ef{LEFT_OUT}xy"
    assert parts[6:10] == parts[13:20] == parts[2:2] == ""
    assert str(parts) == f"abcdef{LEFT_OUT}xyz"
    assert [parts.end_of(offset) for offset in (0, 5, 7, 11)] == [6, 6, 7, 13]


# --- what is read ------------------------------------------------------------------------------


@dataclass(slots=True)
class Read:
    values: int = 0
    size: int = 0


@contextmanager
def counted(connection: sa.Connection) -> Iterator[Read]:
    """Count each text that SQLite hands over, and its bytes."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    read = Read()

    def count(value: bytes) -> str:
        read.values += 1
        read.size += len(value)
        return value.decode()

    raw.text_factory = count
    try:
        yield read
    finally:
        raw.text_factory = str


def undone(database: Database, query: Callable[[sa.Connection], T]) -> T:
    """What a query gives that writes; nothing of it stays."""
    with database.begin_now() as connection, connection.begin_nested() as nested:
        given = query(connection)
        nested.rollback()
        return given


def _stored(connection: sa.Connection, name: str, text: str) -> PassageKey:
    """Take a document in and serve it; gives the passage in its middle."""
    source = SourceDocument(
        datasource="files",
        external_id=name,
        title=name,
        url=f"https://files.example/{name}",
        mime_type="text/markdown",
        text=text,
        content_hash=name,
        permissions=EVERYONE_MAY_READ,
    )
    [stored] = repository.store(connection, [source])
    work = backlog.load(connection, [stored.document_id])
    made = cutting.passages(text, chunk(text))
    assert backlog.serve(connection, work.texts[0], made)
    return PassageKey(stored.document_id, stored.version, len(made) // 2)


def _found(connection: sa.Connection, *keys: PassageKey) -> list[FoundPassage]:
    return confirmed(connection, OPERATOR, [RankedHit(key, 1.0, 1.0, 1.0) for key in keys])


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A small page and a manual of three megabytes."""
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('shelf') / 'stook.db'}")
    upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def keys(shelf: Database) -> dict[str, PassageKey]:
    def fill(connection: sa.Connection) -> dict[str, PassageKey]:
        repository.ensure_datasource(connection, "files")
        long = manual(430)
        assert len(long) > 3_000_000
        return {
            "page": _stored(connection, "page", manual(1)),
            "manual": _stored(connection, "manual", long),
        }

    return shelf.write_now(fill)


def test_a_manual_of_three_megabytes_costs_no_more_than_a_page(
    shelf: Database, keys: dict[str, PassageKey]
) -> None:
    """Counted in texts and bytes that the database hands over, from the hit to its surroundings."""
    read: dict[str, Read] = {}

    def reading(connection: sa.Connection, name: str, key: PassageKey) -> None:
        with counted(connection) as read[name]:
            near = neighbourhoods(connection, OPERATOR, _found(connection, key))
        assert near[key.document_id].whole is (name == "page")

    for name, key in keys.items():
        shelf.read_now(reading, name, key)
    assert read["page"].values > 50
    assert read["manual"].values <= 1.5 * read["page"].values
    assert read["manual"].size <= 1.5 * read["page"].size


def test_the_beginning_of_a_long_document_is_read_where_it_is_asked_for(
    shelf: Database, keys: dict[str, PassageKey]
) -> None:
    def reading(connection: sa.Connection) -> tuple[dict[str, Neighbourhood], Read]:
        found = _found(connection, *keys.values())
        with counted(connection) as read:
            return neighbourhoods(connection, OPERATOR, found, opening=True), read

    near, read = shelf.read_now(reading)
    long = near[keys["manual"].document_id]
    assert {*range(OPENING), keys["manual"].ordinal} <= set(long.chunks)
    assert len(long.chunks) < WHOLE
    assert read.size < 300_000


def test_what_may_no_longer_be_seen_is_not_read(
    shelf: Database, keys: dict[str, PassageKey]
) -> None:
    def withdrawn(connection: sa.Connection) -> tuple[list[str], list[str]]:
        found = _found(connection, *keys.values())
        before = neighbourhoods(connection, OPERATOR, found)
        repository.withdraw(connection, [keys["page"].document_id])
        after = neighbourhoods(connection, OPERATOR, found)
        return sorted(before), sorted(after)

    before, after = undone(shelf, withdrawn)
    assert before == sorted(key.document_id for key in keys.values())
    assert after == [keys["manual"].document_id]


def test_two_readings_of_a_document_are_joined(cut: Cut) -> None:
    one, other = (Neighbourhood(cut.passages[first : first + 3], whole=False) for first in (0, 2))
    both = one.joined(other)
    assert list(both.chunks) == [0, 1, 2, 3, 4] and not both.whole
    whole = Neighbourhood(cut.passages, whole=True)
    assert whole.joined(one) is whole and one.joined(whole) is whole
    assert whole.characters == len(cut.text.rstrip()) and one.characters > len(cut.text)


def test_no_passage_is_read_that_the_reader_may_not_see(
    shelf: Database, keys: dict[str, PassageKey]
) -> None:
    def closed(connection: sa.Connection) -> list[str]:
        found = _found(connection, *keys.values())
        source = SourceDocument(
            "files", "page", "page", "https://files.example/page", "text/markdown", manual(1),
            "page", Permissions(),
        )  # fmt: skip
        repository.store(connection, [source])
        seen = neighbourhoods(connection, Principal(email=None), found)
        return sorted(seen)

    assert undone(shelf, closed) == [keys["manual"].document_id]
