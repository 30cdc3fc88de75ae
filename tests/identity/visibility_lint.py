"""Finds code that reads documents, or decides about rights, without ``access.visible_to``.

It looks at the syntax tree of a module, function by function:

- each query over a table of documents, or over a piece of such a query that another function
  gives, must be filtered by a call of ``visible_to``: ``where(visible_to(viewer), …)``, in the
  query itself or on the name that it is kept under;
- nothing but ``access`` may touch the tables of rights, or compare ``access_set_id``;
- nobody takes the eyes of the operator, who sees all, without a reason;
- no SQL about these tables is written as text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

DOCUMENTS = {"documents", "document_texts", "passages"}
RIGHTS = {"access_sets", "access_set_users", "access_set_groups"}
PREDICATE = "visible_to"
RIGHTS_COLUMN = "access_set_id"
UNLIMITED = {"operators_view", "_Overseer"}
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
        return _words(self.nodes)

    @property
    def statements(self) -> list[ast.stmt]:
        """The innermost ones: of a loop its header and each statement inside, one by one."""
        return [node for node in self.nodes if isinstance(node, ast.stmt)]


def findings(module: str, source: str) -> list[Finding]:
    """Everything in a module that needs a reason to be allowed."""
    tree = ast.parse(source)
    parts = list(_parts(tree))
    documents, rights = _names_of(tree, DOCUMENTS), _names_of(tree, RIGHTS)
    fragments = _fragments(parts, documents)
    found: list[Finding] = []
    for part in parts:
        where = f"{module}.{part.name}"
        if _reads_unguarded(part, documents | fragments):
            found.append(Finding(where, f"reads documents without {PREDICATE}"))
        if part.words & rights:
            found.append(Finding(where, "touches the tables of rights"))
        if any(map(_compares_rights, part.nodes)):
            found.append(Finding(where, f"compares {RIGHTS_COLUMN}"))
        if part.words & UNLIMITED:
            found.append(Finding(where, "sees all documents"))
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


def _parent(module: str | None) -> str:
    """The package of a module; its tables may be imported from the module that defines them."""
    return (module or "").rpartition(".")[0]


def _names_of(tree: ast.Module, tables: set[str]) -> set[str]:
    """By which names a module knows these tables: imported one by one, or with their module."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and TABLES_MODULE in (
            node.module,
            _parent(node.module),
        ):
            names |= {a.asname or a.name for a in node.names if a.name in tables}
        elif isinstance(node, ast.Attribute) and _last(node.value) == "tables":
            names |= {node.attr} & tables
    return names


def _fragments(parts: Sequence[_Part], documents: set[str]) -> set[str]:
    """Functions that give a piece of a query about documents, but no query.

    What begins with a filtered query that another function gives is filtered as well.
    """
    filtered = {_name(part) for part in parts if any(map(_is_guard, part.nodes))}
    found: set[str] = set()
    while True:
        more = {
            _name(part)
            for part in parts
            if part.words & (documents | found)
            and part.name != "<module>"
            and not part.words & (QUERY_WORDS | {PREDICATE} | filtered)
        }
        if more <= found:
            return found
        found |= more


def _name(part: _Part) -> str:
    return part.name.rpartition(".")[2]


def _reads_unguarded(part: _Part, documents: set[str]) -> bool:
    """Whether a query over documents is filtered by no call of the predicate."""
    about, guarded = _aliases(part, documents), _guarded_names(part)
    for statement in part.statements:
        own = list(_own_nodes(statement))
        if not (_words(own) & about and _words(own) & QUERY_WORDS):
            continue
        kept_as = {t.id for t in _targets(statement) if isinstance(t, ast.Name)}
        if not (any(map(_is_guard, own)) or kept_as & guarded):
            return True
    return False


def _aliases(part: _Part, documents: set[str]) -> set[str]:
    """The names of the tables, and what is assigned from them, but for what was read by them."""
    names = set(documents)
    for statement in part.statements:
        own = list(_own_nodes(statement))
        if _words(own) & names and not _words(own) & QUERY_WORDS:
            names |= {t.id for t in _targets(statement) if isinstance(t, ast.Name)}
    return names


def _guarded_names(part: _Part) -> set[str]:
    """The names of queries that are filtered later: ``query.where(visible_to(viewer))``."""
    return {
        node.func.value.id
        for node in part.nodes
        if _is_guard(node)
        and isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
    }


def _is_guard(node: ast.AST) -> bool:
    """Whether this is ``….where(…)`` with a call of the predicate among its conditions."""
    if not (isinstance(node, ast.Call) and _last(node.func) == "where"):
        return False
    return any(_is_predicate(each) for each in node.args)


def _is_predicate(node: ast.AST) -> bool:
    """Whether a condition holds only where the predicate does: the call, or one part of an and."""
    if not isinstance(node, ast.Call):
        return False
    if _last(node.func) == PREDICATE:
        return bool(node.args)
    return _last(node.func) == "and_" and any(map(_is_predicate, node.args))


def _targets(statement: ast.stmt) -> list[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else []


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement, without the statements inside it."""
    yield statement
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt):
            yield from (node for node in ast.walk(child) if not isinstance(node, ast.stmt))


def _words(nodes: Iterable[ast.AST]) -> set[str]:
    nodes = list(nodes)
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    attributes = (node for node in nodes if isinstance(node, ast.Attribute))
    return names | {node.attr for node in attributes if _last(node.value) != "c"}  # no columns


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
