"""A call to the server as a value: what is sent, how the answer is read, if it is repeatable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

from pydantic import ValidationError

from stook.client.errors import AnswerFailed, ConfigurationError
from stook.client.models.base import Model
from stook.client.models.chats import ChatResponse
from stook.client.retrying import Retries

Result = TypeVar("Result")
ModelType = TypeVar("ModelType", bound=Model)

JSON, LINES, ANYTHING = "application/json", "text/plain", "*/*"


@dataclass(frozen=True)
class File:
    """A file to upload: its name, and its bytes, its path or an open binary file.

    Paths and open files are read while they are sent, never as a whole.
    """

    file_name: str
    content: bytes | Path | BinaryIO
    content_type: str | None = None

    @classmethod
    def of(cls, given: File | Path | str) -> File:
        """A file on disk, or what is one already."""
        return given if isinstance(given, File) else cls(Path(given).name, Path(given))


@dataclass(frozen=True)
class Call(Generic[Result]):
    """One call.

    ``repeatable``: whether sending it twice is the same as sending it once, so that it may be sent
    again although it may have arrived. ``retries`` overrides those of the client.
    """

    path: str
    read: Callable[[bytes], Result]
    body: Mapping[str, Any] | None = None
    files: tuple[File, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    accept: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = False
    retries: Retries | None = None


def reader(model: type[ModelType]) -> Callable[[bytes], ModelType]:
    """Reads a JSON document; a ValueError where it is not what the API says."""
    return model.model_validate_json


def read_answer(content: bytes) -> ChatResponse:
    """Reads a chat answer; raises AnswerFailed where it says that it failed."""
    answer = ChatResponse.model_validate_json(content)
    if answer.error is not None:
        raise AnswerFailed(answer.error, body=content.decode(errors="replace"))
    return answer


def read_nothing(content: bytes) -> None:
    """Whatever came is of no interest."""


def read_bytes(content: bytes) -> bytes:
    """What came, as it is."""
    return content


def validated(model: type[ModelType], given: object) -> ModelType:
    """``given`` as a model; raises ConfigurationError that names the wrong field."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"{model.__name__}.{where}: {first['msg']}") from error


def without_none(**fields: Any) -> dict[str, Any]:
    """The fields that have a value; models become JSON objects."""
    return {
        name: value.to_wire() if isinstance(value, Model) else value
        for name, value in fields.items()
        if value is not None
    }


def query(timezone_offset: int | None = None, locale: str | None = None) -> dict[str, str]:
    """The parameters that many calls take."""
    named = without_none(timezoneOffset=timezone_offset, locale=locale)
    return {name: str(value) for name, value in named.items()}
