"""Imports LanceDB without what it never needs here, and what takes most of its start.

The validators of the 250 models and 366 calls of its generated client of remote namespaces take
half a second: while LanceDB is imported, every name of that client is a plain namespace. Before
Python 3.12 it also has each overriding method compared with the one that it overrides, a tenth of a
second: meanwhile its decorator is the plain one that ``typing`` has from 3.12 on.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import TypeVar

CLIENT = "lance_namespace_urllib3_client"
OVERRIDES = "overrides"
T = TypeVar("T")


class _Unused(ModuleType):
    """Stands in for a module of the client: each name in it is a class that keeps what it is given.

    ``ListTablesResponse`` is one that LanceDB itself fills and returns.
    """

    def __getattr__(self, name: str) -> type[SimpleNamespace]:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (SimpleNamespace,), {})


class _Unchecked(ModuleType):
    """Stands in for ``overrides``: what is marked is not looked at."""

    EnforceOverrides = object

    @staticmethod
    def override(method: T) -> T:
        return method


class _Finder(MetaPathFinder, Loader):
    """Finds the stand-ins for the client with all modules in it, and for ``overrides``."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.split(".")[0] not in (CLIENT, OVERRIDES):
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Unchecked(spec.name) if spec.name == OVERRIDES else _Unused(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave the module empty: its names are made when they are asked for."""


def _import_lancedb() -> None:
    finder = _Finder()
    checking = sys.modules.pop(OVERRIDES, None)  # what others have imported stays theirs
    sys.meta_path.insert(0, finder)
    try:
        import lancedb.index
        import lancedb.query  # noqa: F401
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.split(".")[0] in (CLIENT, OVERRIDES)]:
            del sys.modules[name]
        if checking is not None:
            sys.modules[OVERRIDES] = checking


if "lancedb" not in sys.modules:
    _import_lancedb()

import lancedb  # noqa: E402
from lancedb.index import FTS, Bitmap, BTree, IvfSq  # noqa: E402
from lancedb.query import (  # noqa: E402
    BooleanQuery,
    FullTextOperator,
    FullTextQuery,
    MatchQuery,
    Occur,
)

__all__ = [
    "FTS",
    "BTree",
    "Bitmap",
    "BooleanQuery",
    "FullTextOperator",
    "FullTextQuery",
    "IvfSq",
    "MatchQuery",
    "Occur",
    "lancedb",
]
