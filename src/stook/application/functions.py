"""Which of the functions that a client offers a question asks for.

A function is named in the answer where the documents do not answer, the question holds every
word of the function's name (``track_order``: "Can you track my order A-17?"), and nothing that
it requires is missing. Stook runs no function: the client does, if it wants to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stook.knowledge.text import analysis

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LOOKS_UP = frozenset({"get", "fetch", "find", "lookup", "look", "show", "list", "read", "check"})
_NUMBER = re.compile(r"(?<![\w.,-])-?\d{1,15}(?:\.\d{1,15})?(?![\w-]|[.,]\d)", re.ASCII)
_CODE = re.compile(r"(?<![\w-])#?([\w-]*\d[\w-]*)")


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a function: its JSON types, and the values that it is limited to."""

    kinds: frozenset[str] = frozenset()
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function that the client can run."""

    name: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A function that a question asks for, with the arguments that are certain."""

    name: str
    arguments: Mapping[str, Any]


def called(
    functions: Sequence[Function], question: str, metadata: Mapping[str, Any]
) -> FunctionCall | None:
    """The function that is asked for, if there is one.

    ``metadata`` is what the client says of the user; a private ``_key`` serves for ``key``.
    """
    asked = set(analysis.terms(question))
    fitting = [
        (len(words), function)
        for function in functions
        if (words := _words(function.name)) and words <= asked
    ]
    for _, function in sorted(fitting, key=lambda pair: -pair[0]):
        arguments = _arguments(function, question, metadata)
        if arguments is not None:
            return FunctionCall(function.name, arguments)
    return None


def _words(name: str) -> set[str]:
    """The terms of a name, without the verbs by which every look-up begins."""
    parts = [part.lower() for part in _PARTS.findall(name)]
    return set(analysis.terms(" ".join(part for part in parts if part not in _LOOKS_UP)))


def _arguments(
    function: Function, question: str, metadata: Mapping[str, Any]
) -> dict[str, Any] | None:
    """What is certain of the arguments; None where one is missing that is required."""
    found: dict[str, Any] = {}
    for name, argument in function.arguments.items():
        value = _named(name, argument, question, metadata)
        if value is not None:
            found[name] = value
    missing = set(function.required - found.keys())
    if not missing:
        return found
    last = missing.pop()
    value = None if missing else _told(function.arguments.get(last), question)
    return None if value is None else {**found, last: value}


def _named(name: str, argument: Argument, question: str, metadata: Mapping[str, Any]) -> Any:
    """From the metadata, or the only one of its choices that stands in the question."""
    for key in (name, f"_{name}"):
        if metadata.get(key) is not None:
            return metadata[key]
    choices = [each for each in argument.choices if _stands_in(question, str(each))]
    return choices[0] if len(choices) == 1 else None


def _stands_in(question: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", question, re.IGNORECASE) is not None


def _told(argument: Argument | None, question: str) -> Any:
    """The only thing in the question that the argument can be."""
    values: list[Any] = []
    if argument is not None and "string" in argument.kinds:
        values = _CODE.findall(question)
    elif argument is not None and argument.kinds & {"integer", "number"}:
        numbers = [float(number) for number in _NUMBER.findall(question)]
        fractions = "number" in argument.kinds
        values = numbers if fractions else [int(each) for each in numbers if each.is_integer()]
    return values[0] if len(values) == 1 else None
