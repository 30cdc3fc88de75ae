"""Finds code that reads documents, or decides about rights, without ``access.visible_to``.

It looks at the syntax tree of a module, function by function:

- a function that builds a query and mentions a table of documents, or a function that gives a
  piece of such a query, must mention ``visible_to``;
- nothing but ``access`` may touch the tables of rights, or compare ``access_set_id``;
- no SQL about these tables is written as text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

DOCUMENTS = {"documents", "document_texts", "passages"}
RIGHTS = {"access_sets", "access_set_users", "access_set_groups"}
PREDICATE = "visible_to"
RIGHTS_COLUMN = "access_set_id"
QUERY_WORDS = {"select", "exists", "returning"}
COMPARISONS = {"in_", "not_in", "is_", "is_not", "is_distinct_from", "is_not_distinct_from"}
TABLES_MODULE = "stook.storage.tables"
RAW_SQL = re.compile(
    rf"\b(from|join|update|into)\s+\"?({'|'.join(sorted(DOCUMENTS | RIGHTS))})\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Finding:
    """What a function does that only ``access`` may do; ``where`` names module and function."""

    where: str
    what: str


@dataclass(frozen=True)
class _Part:
    """A function, a method, or the rest of a module."""

    name: str
    nodes: list[ast.AST]  # all of them, at any depth

    @property
    def words(self) -> set[str]:
        names = {node.id for node in self.nodes if isinstance(node, ast.Name)}
        return names | {node.attr for node in self.nodes if isinstance(node, ast.Attribute)}


def findings(module: str, source: str) -> list[Finding]:
    """Everything in a module that needs a reason to be allowed."""
    tree = ast.parse(source)
    parts = list(_parts(tree))
    documents, rights = _names_of(tree, DOCUMENTS), _names_of(tree, RIGHTS)
    fragments = _fragments(parts, documents)
    found: list[Finding] = []
    for part in parts:
        where = f"{module}.{part.name}"
        mentions = bool(part.words & (documents | fragments))
        if mentions and part.words & QUERY_WORDS and PREDICATE not in part.words:
            found.append(Finding(where, f"reads documents without {PREDICATE}"))
        if part.words & rights:
            found.append(Finding(where, "touches the tables of rights"))
        if any(map(_compares_rights, part.nodes)):
            found.append(Finding(where, f"compares {RIGHTS_COLUMN}"))
        if _holds_raw_sql(part):
            found.append(Finding(where, "writes SQL about documents or rights as text"))
    return found


def _parts(tree: ast.Module) -> Iterator[_Part]:
    rest: list[ast.AST] = []
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for member in members:
            if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
                yield _Part(prefix + member.name, list(ast.walk(member)))
            elif not isinstance(member, ast.Import | ast.ImportFrom):
                rest += ast.walk(member)
    yield _Part("<module>", rest)


def _names_of(tree: ast.Module, tables: set[str]) -> set[str]:
    """By which names a module knows these tables: imported one by one, or with their module."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == TABLES_MODULE:
            names |= {a.asname or a.name for a in node.names if a.name in tables}
        elif isinstance(node, ast.Attribute) and _last(node.value) == "tables":
            names |= {node.attr} & tables
    return names


def _fragments(parts: Iterable[_Part], documents: set[str]) -> set[str]:
    """Functions that give a piece of a query about documents, but no query."""
    found: set[str] = set()
    while True:
        more = {
            part.name.rpartition(".")[2]
            for part in parts
            if part.words & (documents | found)
            and part.name != "<module>"
            and not part.words & (QUERY_WORDS | {PREDICATE})
        }
        if more <= found:
            return found
        found |= more


def _compares_rights(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return any(_last(side) == RIGHTS_COLUMN for side in (node.left, *node.comparators))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        is_comparison = node.func.attr in COMPARISONS
        return is_comparison and RIGHTS_COLUMN in map(_last, (node.func.value, *node.args))
    return False


def _holds_raw_sql(part: _Part) -> bool:
    prose = {node.value for node in part.nodes if isinstance(node, ast.Expr)}
    texts = [node for node in part.nodes if isinstance(node, ast.Constant) and node not in prose]
    return any(isinstance(t.value, str) and RAW_SQL.search(t.value) for t in texts)


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
