"""The question file of an evaluation: JSON Lines, one question a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from stook.errors import InvalidRequest, NotFound


class Earlier(BaseModel):
    """One exchange before the question; the answer may be missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(min_length=1)
    answer: str = ""


class Question(BaseModel):
    """A question, and what a good answer to it is.

    An answer is right if it holds one of ``answers`` and all of ``contains``. ``documents``
    are the relevant ones, each with its gain (1 where only a list is given), named by Stook's
    id, by URL or by the source's own id. ``answerable`` is null where nobody knows. ``ask_as``
    is an email address; without one the question is asked as somebody who may see only what
    everyone may see.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = ""
    question: str = Field(min_length=1)
    history: tuple[Earlier, ...] = ()
    answers: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    documents: dict[str, int] = Field(default_factory=dict)
    answerable: bool | None = True
    ask_as: str | None = None
    asked_on: date | None = None
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _name_documents(cls, given: Any) -> Any:
        """``document`` names one, ``documents`` may be a list."""
        if not isinstance(given, dict):
            return given
        rest = {key: value for key, value in given.items() if key != "document"}
        named = rest.get("documents") or ([given["document"]] if given.get("document") else {})
        if isinstance(named, list):
            named = dict.fromkeys(named, 1)
        return rest | {"documents": named}


def load(path: Path) -> list[Question]:
    """The questions of a file, in order; those without an id are numbered by their line.

    Raises NotFound where there is no such file, and InvalidRequest with the number of the first
    line that is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{path} cannot be read: it is not a text file in UTF-8.") from error
    found = [_parse(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise InvalidRequest(f"{path} holds no questions.")
    _refuse_twins(path, found)
    return found


def dump(questions: Sequence[Question]) -> str:
    """The questions as such a file; what is not said of one is left out."""
    return "".join(one.model_dump_json(exclude_defaults=True) + "\n" for one in questions)


def _parse(path: Path, number: int, line: str) -> Question:
    try:
        question = Question.model_validate_json(line)
    except ValidationError as error:
        raise InvalidRequest(f"{path}, line {number}: {_one_sentence(error)}") from error
    return question if question.id else question.model_copy(update={"id": str(number)})


def _one_sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "json_invalid":
        return "this is not one JSON object."
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted({*Question.model_fields, "document"}))
        return f"there is no field {where!r}; known are {known}."
    if first["type"] == "missing":
        return f"the field {where!r} is missing."
    message = first["msg"]
    return f"{f'the field {where!r}: ' if where else ''}{message[:1].lower()}{message[1:]}."


def _refuse_twins(path: Path, questions: Sequence[Question]) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise InvalidRequest(f"{path}: two questions have the id {question.id!r}.")
        seen.add(question.id)
