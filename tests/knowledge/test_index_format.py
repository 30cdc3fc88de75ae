"""The format of the index is derived from the code that shapes what is stored and indexed."""

from __future__ import annotations

import ast
import hashlib
import inspect
import io
import sys
import tokenize
from collections.abc import Iterator
from types import ModuleType

import pytest

from stook.knowledge.encoding.embedding import INDEX_FORMAT
from stook.knowledge.index import rows
from stook.knowledge.ingestion import cutting
from stook.knowledge.store import passages

# Of what these modules import, what shapes.
SHAPING = ("stook.knowledge.text.", "stook.knowledge.questions.")


def derived() -> int:
    """The number for the modules that shape passages, units, windows, terms and rows."""
    modules = {module.__name__: module for module in (cutting, passages, rows)}
    waiting = list(modules.values())
    while waiting:
        for name in _imported(waiting.pop()):
            if name.startswith(SHAPING) and name not in modules and name in sys.modules:
                modules[name] = sys.modules[name]
                waiting.append(modules[name])
    digest = hashlib.sha256()
    for name in sorted(modules):
        digest.update(f"{name}\n{code_of(inspect.getsource(modules[name]))}\n".encode())
    return int(digest.hexdigest()[:8], 16)


def _imported(module: ModuleType) -> Iterator[str]:
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def code_of(source: str) -> str:
    """The lines of a module without docstrings, comments and empty lines."""
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            said = node.body[0]
            for row in range(said.lineno - 1, said.end_lineno or said.lineno):
                lines[row] = ""
    return "\n".join(line.rstrip() for line in lines if line.strip())


def test_the_format_is_that_of_the_code() -> None:
    assert derived() == INDEX_FORMAT, (
        "what shapes the index was changed: set INDEX_FORMAT (knowledge/encoding/embedding.py) to "
        f"{derived():#010x}, so that every index is made anew"
    )


@pytest.mark.parametrize("module", [cutting, passages, rows], ids=lambda each: each.__name__)
def test_a_changed_constant_is_seen_and_a_changed_comment_is_not(module: ModuleType) -> None:
    source = inspect.getsource(module)
    assert code_of(source + "\n\nMORE = 1\n") != code_of(source)
    assert code_of(source + "\n# More is less.\n") == code_of(source)


def test_words_of_docstrings_do_not_count() -> None:
    one = 'def cut(text: str) -> str:\n    """Cut it."""\n    return text[:3]  # short\n'
    assert code_of(one) == "def cut(text: str) -> str:\n    return text[:3]"
    assert code_of(one.replace("[:3]", "[:4]")) != code_of(one)
