"""What clients can send: each endpoint, with the parameters and the fields of the body.

Glean's is read out of the released client, so nothing can be forgotten: where it builds a request
stand the method, the path and the models of parameters and body. Gleen and Gloo publish no
models; theirs are written down in ``documented.py``.
"""

from __future__ import annotations

import fnmatch
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import glean.api_client
from glean.api_client import models
from glean.api_client.types import BaseModel
from glean.api_client.utils import FieldMetadata

DEPTH = 2  # how deep the objects in a body are taken apart
_REQUEST = re.compile(r'\bmethod="(\w+)",\s+path="([^"#]+)')
_PARAMETERS = re.compile(r"\brequest = models\.(\w+)\(")
_BODY = re.compile(r'serialize_request_body\([^)]*?"(\w+)"[^)]*?\bmodels\.(\w+)')


@dataclass(frozen=True)
class Endpoint:
    """A method and path, and what may be sent there; names inside objects are joined by dots."""

    method: str
    path: str
    fields: tuple[str, ...] = ()

    def named(self, sent: frozenset[str]) -> frozenset[str]:
        """What was sent, by the names of the fields too that have a star for a key."""
        starred = [field for field in self.fields if "*" in field]
        return sent.union(field for field in starred if fnmatch.filter(sent, field))

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is for this endpoint."""
        template = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(self.path))
        return method == self.method and re.fullmatch(template, path) is not None


@dataclass(frozen=True)
class Family:
    """Endpoints that one part of a client calls."""

    name: str
    endpoints: tuple[Endpoint, ...]


def of_glean() -> list[Family]:
    """All that the released client can call, by its modules."""
    package = Path(str(glean.api_client.__file__)).parent
    modules = [(module.stem, module.read_text()) for module in sorted(package.glob("*.py"))]
    return [
        Family(name, endpoints)
        for name, source in modules
        if (endpoints := _merged(_endpoints(source)))
    ]


def _merged(endpoints: Iterator[Endpoint]) -> tuple[Endpoint, ...]:
    """Several methods of the client may call one endpoint."""
    fields: dict[tuple[str, str], dict[str, None]] = {}
    for each in endpoints:
        fields.setdefault((each.method, each.path), {}).update(dict.fromkeys(each.fields))
    return tuple(Endpoint(*place, tuple(names)) for place, names in fields.items())


def _endpoints(source: str) -> Iterator[Endpoint]:
    """The endpoints of a module; each method of a class builds one request."""
    for method in re.split(r"\n    (?:async )?def ", source):
        if found := _REQUEST.search(method):
            yield Endpoint(found[1], found[2], tuple(dict.fromkeys(_fields(method))))


def _fields(method: str) -> Iterator[str]:
    if found := _PARAMETERS.search(method):
        yield from _query(getattr(models, found[1]))
    if found := _BODY.search(method):
        for model in _models_in(getattr(models, found[2])):
            yield from _names(model, 1 if found[1] == "multipart" else DEPTH)


def _query(model: type[BaseModel]) -> Iterator[str]:
    """The query parameters, which are marked as such."""
    for name, field in model.model_fields.items():
        for metadata in field.metadata:
            if isinstance(metadata, FieldMetadata) and metadata.query:
                yield field.alias or name


def _names(model: Any, depth: int, before: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        path = f"{before}{field.alias or name}"
        yield path
        if depth > 1:
            inside = f"{path}.*." if _is_map(field.annotation) else f"{path}."
            for inner in _models_in(field.annotation):
                yield from _names(inner, depth - 1, inside)


def _is_map(annotation: Any) -> bool:
    """Whether models stand below keys that a client chooses, which are written as a star."""
    parts = typing.get_args(annotation)
    return typing.get_origin(annotation) is dict or any(_is_map(part) for part in parts)


def _models_in(annotation: Any) -> Iterator[Any]:
    """The models that a type is made of: those of lists, unions and optional ones too."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(getattr(annotation, "__value__", annotation)):
        yield from _models_in(part)
