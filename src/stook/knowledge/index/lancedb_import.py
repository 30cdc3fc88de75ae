"""Imports LanceDB without its generated client of remote namespaces.

That client is never used here, and the validators of its 250 models and 366 calls take half a
second of each start. While LanceDB is imported, every name of the client is a plain namespace.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

CLIENT = "lance_namespace_urllib3_client"


class _Unused(ModuleType):
    """Stands in for a module of the client: each name in it is a class that keeps what it is given.

    ``ListTablesResponse`` is one that LanceDB itself fills and returns.
    """

    def __getattr__(self, name: str) -> type[SimpleNamespace]:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (SimpleNamespace,), {})


class _Finder(MetaPathFinder, Loader):
    """Finds the stand-ins for the client and all modules in it."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != CLIENT and not name.startswith(f"{CLIENT}."):
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Unused(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave the module empty: its names are made when they are asked for."""


def _import_lancedb() -> None:
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        import lancedb.index
        import lancedb.query  # noqa: F401
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.split(".")[0] == CLIENT]:
            del sys.modules[name]


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
