"""No regular expression of the package takes more than linear time, whatever text it meets.

All patterns are found: compiled ones in every module, and those that stand in calls of ``re``.
Each is run as the package runs it over repetitions made of the characters that it knows. What is
measured is growth: four times the text may not take eight times the CPU time of this thread.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import stook
from stook.conversation.research import plan
from stook.knowledge.questions import making
from stook.knowledge.retrieval import exact_phrases
from stook.knowledge.text import analysis

ROOT = Path(stook.__file__).parent
METHODS = ("search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split")
SCANS = {"findall": "finditer", "sub": "finditer", "subn": "finditer", "split": "finditer"}
COMMON = "aZ1 "
LETTERS, WORDS = 12, 7  # of a pattern, that are combined
SIZES = (30, 120, 480, 1920, 7680, 30720)
GROWTH = 8.0
FLOOR = 0.01  # seconds of CPU below which there is nothing to compare
CALM, CALM_FLOOR = 5.5, 0.0003  # growth of what need not be looked at with more text

# Patterns that meet bounded texts only, each with the most characters and where that is seen to.
BOUNDED = {
    "stook.conversation.research.plan": plan.LONGEST,
    "stook.knowledge.retrieval.exact_phrases._IDENTIFIER": exact_phrases.LONGEST,
    "stook.knowledge.questions.english": making.LONGEST_SENTENCE,
    "stook.knowledge.questions.others": making.LONGEST_SENTENCE,
    "stook.knowledge.retrieval.spelling._OPENS": 8,
    "stook.knowledge.text.analysis._CAMEL": analysis.LONGEST_TERM,
    "stook.knowledge.text.chunking._PAUSE": 8,
    "stook.knowledge.text.sentences._WORD_BEFORE": 30,
}


@dataclass(frozen=True)
class Found:
    """A pattern of the package, and by which methods it is run."""

    name: str
    pattern: re.Pattern[Any]
    methods: tuple[str, ...]

    @property
    def longest(self) -> int:
        """Characters of the longest text that it meets."""
        known = [most for name, most in BOUNDED.items() if self.name.startswith(name)]
        return known[0] if known else SIZES[-1]


def _modules() -> Iterator[str]:
    for each in pkgutil.walk_packages([str(ROOT)], "stook."):
        if "migrations" not in each.name and not each.name.endswith("__main__"):
            yield each.name


def _patterns() -> list[Found]:
    sources = {name: _source(name) for name in _modules()}
    everything = "\n".join(sources.values())
    found: dict[tuple[Any, int, tuple[str, ...]], Found] = {}
    for name, source in sources.items():
        module = importlib.import_module(name)
        for label, pattern in _held(vars(module)):
            methods = _methods_of(label.partition("[")[0], source, everything)
            one = Found(f"{name}.{label}", pattern, methods)
            found.setdefault((pattern.pattern, pattern.flags, methods), one)
        for label, pattern, methods in _inline(ast.parse(source), vars(module)):
            one = Found(f"{name}:{label}", pattern, methods)
            found.setdefault((pattern.pattern, pattern.flags, methods), one)
    return list(found.values())


def _source(name: str) -> str:
    path = importlib.import_module(name).__file__
    assert path is not None
    return Path(path).read_text()


def _held(values: dict[str, Any]) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Patterns in a module's variables, also inside tuples, lists and dictionaries."""
    for name, value in values.items():
        if not name.startswith("__"):
            yield from _within(name, value, depth=3)


def _within(name: str, value: Any, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif depth and isinstance(value, tuple | list | dict | frozenset):
        items = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        for at, each in enumerate(items):
            yield from _within(f"{name}[{at}]", each, depth - 1)


def _methods_of(name: str, source: str, everything: str) -> tuple[str, ...]:
    uses = re.compile(rf"\b{re.escape(name)}\.({'|'.join(METHODS)})\b")
    found = set(uses.findall(source if name.startswith("_") else everything))
    return tuple(sorted(SCANS.get(each, each) for each in found)) or ("finditer",)


def _inline(tree: ast.Module, names: dict[str, Any]) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Patterns in calls of ``re``, as far as they are known without running the function."""
    assigned = {id(part) for node in tree.body for part in _values(node)}
    for node in ast.walk(tree):
        if id(node) in assigned or not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        ):
            continue
        is_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        if not is_re or node.func.attr not in (*METHODS, "compile") or not node.args:
            continue
        flags = next((each.value for each in node.keywords if each.arg == "flags"), None)
        at = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(node.func.attr, 2)
        flags = node.args[at] if len(node.args) > at else flags
        try:
            pattern = re.compile(_value(node.args[0], names), _value(flags, names) or 0)
        except NameError:
            continue  # of a function's own variables: see the tests below
        method = SCANS.get(node.func.attr, node.func.attr)
        method = "finditer" if method == "compile" else method
        yield f"{node.lineno}", pattern, (method,)


def _values(node: ast.stmt) -> Iterator[ast.AST]:
    """What is assigned to a module's variables, which is looked at there."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        yield from ast.walk(node.value)


def _value(node: ast.expr | None, names: dict[str, Any]) -> Any:
    if node is None:
        return 0
    return eval(compile(ast.Expression(node), "pattern", "eval"), dict(names))


def _letters(pattern: re.Pattern[Any]) -> str:
    """Characters that a pattern tells apart."""
    found: dict[str, None] = dict.fromkeys(COMMON)
    is_text = isinstance(pattern.pattern, str)
    text = pattern.pattern if is_text else pattern.pattern.decode("latin-1")
    for each in itertools.chain(re._parser.parse(text, pattern.flags)):
        _add(each, found)
    fit = [letter for letter in found if is_text or ord(letter) < 256]
    return "".join(fit[:LETTERS])


def _words(pattern: re.Pattern[Any]) -> list[str]:
    """Words that stand in a pattern."""
    text = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    return list(dict.fromkeys(re.findall(r"(?<![\\\w])[a-z]{2,}", text)))[:WORDS]


def _add(node: Any, found: dict[str, None]) -> None:
    if isinstance(node, tuple) and len(node) == 2 and str(node[0]) in ("LITERAL", "NOT_LITERAL"):
        found.setdefault(chr(node[1]))
    elif isinstance(node, tuple) and len(node) == 2 and str(node[0]) == "RANGE":
        found.setdefault(chr(node[1][0]))
    elif isinstance(node, tuple | list) or hasattr(node, "data"):
        for each in node.data if hasattr(node, "data") else node:
            _add(each, found)


def _hostile(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str]]:
    """What a text begins with, and what is repeated in it."""
    letters = _letters(pattern)
    for one in letters:
        yield "", one
    for one, other in itertools.permutations(letters, 2):
        yield "", one + other
        yield one, other
    words = [f"{word} " for word in _words(pattern)]
    for one in words:
        yield "", one
        yield one, " "
        yield one, "a"
    for one, other in itertools.permutations(words, 2):
        yield one, other
        yield "", one + other


def _seconds(found: Found, method: str, text: str, runs: int) -> float:
    given: Any = text if isinstance(found.pattern.pattern, str) else text.encode("latin-1")
    run = getattr(found.pattern, method)
    best = float("inf")
    for _ in range(runs):
        began = time.thread_time()
        if method == "finditer":
            for _match in run(given):
                pass
        else:
            run(given)
        best = min(best, time.thread_time() - began)
    return best


def _text(start: str, unit: str, size: int) -> str:
    return start + unit * (size // len(unit)) + "\x01"


def _grows(found: Found, method: str, start: str, unit: str) -> bool:
    """Whether time grows faster than the text; more text is tried for as long as it may."""
    before = _seconds(found, method, _text(start, unit, SIZES[0]), 1)
    for size in (each for each in SIZES[1:] if each <= found.longest):
        text = _text(start, unit, size)
        taken = _seconds(found, method, text, 1)
        if size >= SIZES[3] and taken <= CALM * before + CALM_FLOOR:
            return False
        if taken > GROWTH * before + FLOOR:
            taken = _seconds(found, method, text, 2)  # not if something else took the time
        if taken > GROWTH * before + FLOOR:
            return True
        before = taken
    return False


@pytest.mark.parametrize("found", _patterns(), ids=lambda found: found.name)
def test_time_grows_no_faster_than_the_text(found: Found) -> None:
    for method in found.methods:
        for start, unit in _hostile(found.pattern):
            assert not _grows(found, method, start, unit), (method, start, unit)
