"""Makes methods of the functions that build calls, so that both clients have the same verbs."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any


def describe(method: Callable[..., Any], build: Callable[..., Any], doc: str | None = None) -> None:
    """Give ``method`` the name, words and signature of ``build``, for help() and editors."""
    functools.update_wrapper(method, build)
    del method.__dict__["__wrapped__"]  # it has no ``self``; inspect would drop a parameter
    found = inspect.signature(build)
    client = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    returns = str(found.return_annotation).removeprefix("Call[").removesuffix("]")
    signature = inspect.Signature([client, *_positional_first(found)], return_annotation=returns)
    method.__dict__["__signature__"] = signature
    if doc:
        method.__doc__ = doc


def _positional_first(found: inspect.Signature) -> list[inspect.Parameter]:
    return sorted(found.parameters.values(), key=lambda parameter: parameter.kind)


STREAM_DOC = """Ask, and read the answer while it comes; parameters as for ``create``.

    Use it in a ``with`` block and iterate over its events; leaving the block cancels the answer.
    If the connection breaks, the stream goes on with another one, where the server lets it.
    """
