"""Conditions on documents: type, author, times, properties of their source; as SQL.

A property is what the source says of a document under ``details["properties"]``: a name with a
text, a number, a boolean, or a list of texts.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stook.storage.tables import documents
from stook.storage.text import is_storable

PROPERTIES = "properties"
METADATA = "metadata"  # the same, said by others than the source
LAST_UPDATED = "last_updated_at"
DEFAULT_TYPE = "document"
TYPE_OF_MIME = {
    "application/pdf": "pdf",
    "application/vnd.ms-excel": "spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet": "spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "spreadsheet",
    "text/csv": "spreadsheet",
    "application/vnd.ms-powerpoint": "presentation",
    "application/vnd.oasis.opendocument.presentation": "presentation",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "presentation",
    "text/html": "page",
    "message/rfc822": "email",
}
GROUP = 100  # conditions side by side
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_NUMBER_IN_SQL = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"
_PROPERTY_NAME = re.compile(r'[^"\\\x00]{1,200}')


class Relation(enum.StrEnum):
    """How a document's value must stand to the values of a condition."""

    EQUALS = "EQUALS"  # to any of them
    NOT_EQUALS = "NOT_EQUALS"  # to none of them
    GT = "GT"
    GTE = "GTE"
    LT = "LT"
    LTE = "LTE"


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` until before ``end``, in microseconds since the epoch; None: open."""

    start: int | None
    end: int | None


Value = str | int | Period


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on one field.

    Fields are ``type``, ``app``, ``from`` (whoever wrote or owns it), ``author``, ``owner``,
    ``container``, ``publisher``, ``url``, ``last_updated_at`` (its values are periods), and any
    other name for a property. GT to LTE take one value. Case does not matter.
    """

    field: str
    values: tuple[Value, ...]
    relation: Relation = Relation.EQUALS


AnyOf = tuple[tuple[Condition, ...], ...]


def matches(any_of: AnyOf) -> sa.ColumnElement[bool]:
    """The predicate over ``documents``: all conditions hold of at least one of the tuples."""
    alternatives = [sa.and_(sa.true(), *map(_holds, conditions)) for conditions in any_of]
    return sa.or_(*alternatives) if alternatives else sa.true()


def document_type(object_type: str, mime_type: str) -> str:
    """What kind of thing a document is: as its source says, else by its format."""
    return object_type or TYPE_OF_MIME.get(mime_type, DEFAULT_TYPE)


def _holds(condition: Condition) -> sa.ColumnElement[bool]:
    usable = [value for value in condition.values if _is_usable(value)]
    if condition.relation is Relation.NOT_EQUALS:
        return sa.not_(_equals_any(condition.field, usable))
    if condition.relation is Relation.EQUALS:
        return _equals_any(condition.field, usable)
    return sa.and_(*(_compares(condition.field, condition.relation, value) for value in usable))


def _is_usable(value: Value) -> bool:
    return not isinstance(value, str) or is_storable(value)


def _equals_any(field: str, values: Sequence[Value]) -> sa.ColumnElement[bool]:
    within = [_updated_within(value) for value in values if isinstance(value, Period)]
    texts = [str(value) for value in values if not isinstance(value, Period)]
    return _any([*within, *_holds_text(field, texts)]) if values else sa.false()


def _holds_text(field: str, texts: Sequence[str]) -> Iterator[sa.ColumnElement[bool]]:
    """What is true of a document whose field is one of the texts."""
    if field in ("author", "owner", "from"):
        for person in _people(field):
            yield _same(person, texts)
            yield from (_is_word_of(person, text) for text in texts if _is_word(text))
    elif (column := _column(field)) is not None:
        yield _same(column, texts)
    elif (held := _property(field)) is not None:
        yield _same(held, texts)
        yield from (_is_item_of(held, text) for text in texts)


def _any(conditions: Sequence[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    """Whether one of them holds; in groups, as SQLite refuses what is nested 1,000 deep."""
    if len(conditions) <= GROUP:
        return sa.or_(sa.false(), *conditions)
    parts = [conditions[at : at + GROUP] for at in range(0, len(conditions), GROUP)]
    return _any([sa.func.coalesce(_any(part), sa.false()) for part in parts])


def _column(field: str) -> sa.ColumnElement[str] | None:
    column = documents.c
    if field == "type":
        by_mime = sa.case(TYPE_OF_MIME, value=column.mime_type, else_=DEFAULT_TYPE)
        return sa.case((column.object_type != "", column.object_type), else_=by_mime)
    return {
        "app": column.datasource,
        "datasource": column.datasource,
        "container": column.container,
        "publisher": column.publisher,
        "url": column.url,
    }.get(field)


def _people(field: str) -> Sequence[sa.ColumnElement[Any]]:
    author, details = documents.c.author, documents.c.details
    owner = sa.func.nullif(details["owner"].as_string(), "")
    if field == "owner":
        return (sa.func.coalesce(owner, author),)
    authors = (author, details["author_email"].as_string())
    return authors if field == "author" else (*authors, owner, details["updated_by"].as_string())


def _is_word(name: str) -> bool:
    return not ("@" in name or " " in name)


def _is_word_of(column: sa.ColumnElement[Any], word: str) -> sa.ColumnElement[bool]:
    """A single word may also be one word of somebody's name."""
    words = sa.literal(" ") + sa.func.lower(column) + sa.literal(" ")
    one_word = words.contains(f" {word.lower()} ", autoescape=True)
    return sa.func.coalesce(one_word, sa.false())


def _same(column: sa.ColumnElement[Any], texts: Sequence[str]) -> sa.ColumnElement[bool]:
    """Never NULL, so that it can be negated. SQLite folds the case of ASCII only."""
    lowered = [text.lower() for text in texts]
    same = sa.or_(column.in_(texts), sa.func.lower(column).in_(lowered))
    return sa.func.coalesce(same, sa.false())


def _property(name: str) -> sa.ColumnElement[Any] | None:
    if not _PROPERTY_NAME.fullmatch(name):
        return None
    details = documents.c.details
    held = [details[part][name].as_string() for part in (PROPERTIES, METADATA)]
    return sa.cast(sa.func.coalesce(*held), sa.Text)


def _is_item_of(held: sa.ColumnElement[Any], text: str) -> sa.ColumnElement[bool]:
    """The property is a list with this text among its items, or it is this truth."""
    item = json.dumps(text).lower()
    in_list = sa.and_(held.startswith("["), sa.func.lower(held).contains(item, autoescape=True))
    truth = {"true": "1", "false": "0"}.get(text.lower())  # as SQLite has booleans
    is_truth = held == truth if truth is not None else sa.false()
    return sa.func.coalesce(sa.or_(in_list, is_truth), sa.false())


def _compares(field: str, relation: Relation, value: Value) -> sa.ColumnElement[bool]:
    held = _property(field) if _column(field) is None else _column(field)
    if held is None:
        return sa.false()
    if not _NUMBER.fullmatch(str(value)):
        return _ordered(held, relation, str(value))
    number = sa.case((held.regexp_match(_NUMBER_IN_SQL), sa.cast(held, sa.Float)), else_=None)
    return _ordered(number, relation, float(str(value)))


def _updated_within(period: Period) -> sa.ColumnElement[bool]:
    updated = sa.func.coalesce(documents.c.updated_at, documents.c.created_at)
    begun = updated >= period.start if period.start is not None else sa.true()
    ended = updated < period.end if period.end is not None else sa.true()
    return sa.and_(updated.is_not(None), begun, ended)


def _ordered(
    left: sa.ColumnElement[Any], relation: Relation, right: str | float
) -> sa.ColumnElement[bool]:
    compared = {
        Relation.GT: left > right,
        Relation.GTE: left >= right,
        Relation.LT: left < right,
        Relation.LTE: left <= right,
    }
    return sa.func.coalesce(compared[relation], sa.false())
