"""Conditions on documents: type, author, times, properties of their source; as SQL.

A property is what the source says of a document under ``details["properties"]``: a name with a
text, a number, a boolean, or a list of texts.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Sequence
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
        return sa.not_(sa.or_(sa.false(), *(_equals(condition.field, value) for value in usable)))
    if condition.relation is Relation.EQUALS:
        return sa.or_(sa.false(), *(_equals(condition.field, value) for value in usable))
    return sa.and_(*(_compares(condition.field, condition.relation, value) for value in usable))


def _is_usable(value: Value) -> bool:
    return not isinstance(value, str) or is_storable(value)


def _equals(field: str, value: Value) -> sa.ColumnElement[bool]:
    if isinstance(value, Period):
        return _updated_within(value)
    text = str(value)
    if field in ("author", "owner", "from"):
        return sa.or_(*(_names_person(column, text) for column in _people(field)))
    column = _column(field)
    return _same(column, text) if column is not None else _has_property(field, text)


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


def _names_person(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """The whole name or address; a single word may also be one word of the name."""
    whole = _same(column, name)
    if "@" in name or " " in name:
        return whole
    words = sa.literal(" ") + sa.func.lower(column) + sa.literal(" ")
    one_word = words.contains(f" {name.lower()} ", autoescape=True)
    return sa.or_(whole, sa.func.coalesce(one_word, sa.false()))


def _same(column: sa.ColumnElement[Any], text: str) -> sa.ColumnElement[bool]:
    """Never NULL, so that it can be negated. SQLite folds the case of ASCII only."""
    same = sa.or_(column == text, sa.func.lower(column) == text.lower())
    return sa.func.coalesce(same, sa.false())


def _property(name: str) -> sa.ColumnElement[Any] | None:
    if not _PROPERTY_NAME.fullmatch(name):
        return None
    details = documents.c.details
    held = [details[part][name].as_string() for part in (PROPERTIES, METADATA)]
    return sa.cast(sa.func.coalesce(*held), sa.Text)


def _has_property(name: str, text: str) -> sa.ColumnElement[bool]:
    """The property is this text, or a list with it among its items."""
    held = _property(name)
    if held is None:
        return sa.false()
    item = json.dumps(text).lower()
    in_list = sa.and_(held.startswith("["), sa.func.lower(held).contains(item, autoescape=True))
    truth = {"true": "1", "false": "0"}.get(text.lower())  # as SQLite has booleans
    is_truth = held == truth if truth is not None else sa.false()
    return sa.or_(_same(held, text), sa.func.coalesce(sa.or_(in_list, is_truth), sa.false()))


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
