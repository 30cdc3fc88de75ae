"""How much a request may hold: one bound for each kind of thing, the same in every API.

The bounds stand in the API description as maxLength, maxItems and maxProperties; a test fails
where a request has a text, a list or an object without one. What goes over a bound is refused
with a sentence that names the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from annotated_types import GroupedMetadata, MaxLen
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    FailFast,
    Field,
    StrictStr,
    model_validator,
)


@dataclass(frozen=True, slots=True)
class Items(GroupedMetadata):
    """The most items of a list; of wrong ones the first is told, as there may be thousands."""

    most: int

    def __iter__(self) -> Iterator[object]:
        yield MaxLen(self.most)
        yield FailFast()


NAME = MaxLen(1_000)  # characters of an id, a role, a token, somebody's name or e-mail address
ADDRESS = MaxLen(8_000)  # characters of a URL or a path
LINE = MaxLen(20_000)  # characters of a title, a comment, a description, a cursor
TEXT = MaxLen(200_000)  # characters of a question or of a message of a conversation
CONTENT = MaxLen(64 * 1024 * 1024)  # characters of a document; the limit of a body is nearer
FEW = Items(100)  # filters, fields, kinds
SOME = Items(1_000)  # ids, messages, values
MANY = Items(20_000)  # documents, people, members in one page of an upload
PROPERTIES = MaxLen(1_000)  # of an object of any shape
MOST_NUMBER = 2**31 - 1  # of things, however many a client asks for

MOST_WORDS = 50  # words typed into a box that completes them
LARGEST_OBJECT = 256 * 1024  # bytes, as JSON, of what is kept or given back as it came
MOST_VALUES = 500_000  # values of one body
DEEPEST = 32  # levels of lists and objects in each other
MOST_SAID_BACK = 10_000  # bytes of a wrong body that an answer may quote
MOST_FAULTS = 20  # wrong fields that one answer tells of

Name = Annotated[StrictStr, NAME]
Address = Annotated[StrictStr, ADDRESS]
Line = Annotated[StrictStr, LINE]
Text = Annotated[StrictStr, TEXT]
Content = Annotated[StrictStr, CONTENT]


def _check_object(value: Any) -> Any:
    """Return the value; raises ValueError where it is larger than what is kept of free JSON."""
    size = len(orjson.dumps(value, default=str))
    if size > LARGEST_OBJECT:
        raise ValueError(f"holds {size:,} bytes of JSON; at most {LARGEST_OBJECT:,} are taken")
    return value


def _check_words(value: str) -> str:
    if len(value.split()) > MOST_WORDS:
        raise ValueError(f"holds more than {MOST_WORDS} words")
    return value


_SMALL = AfterValidator(_check_object)
_SAID = Field(json_schema_extra={"x-maxBytes": LARGEST_OBJECT})
Json = Annotated[dict[str, Any], PROPERTIES, _SMALL, _SAID]  # an object of any shape
Value = Annotated[Any, _SMALL, _SAID]  # any JSON
FEW_WORDS = AfterValidator(_check_words)


class Open(BaseModel):
    """A body whose further fields are kept: as many bytes of them as of any free object."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"x-maxBytes": LARGEST_OBJECT})

    @model_validator(mode="after")
    def _bounded(self) -> Open:
        _check_object(self.model_extra or {})
        return self
