"""The bodies that the Indexing API takes, and what they mean."""

from __future__ import annotations

import inspect

from pydantic import BaseModel

from stook.dialects.indexing.requests import bodies, organisation

REQUESTS: tuple[type[BaseModel], ...] = tuple(
    model
    for module in (bodies, organisation)
    for _, model in inspect.getmembers(module, inspect.isclass)
    if issubclass(model, BaseModel) and model.__module__ == module.__name__
)
