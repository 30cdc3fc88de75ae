"""Reads source code: as it is, under a heading for each of its definitions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_for_filename, guess_lexer
from pygments.lexers.special import TextLexer
from pygments.token import Token
from pygments.util import ClassNotFound

from stook.knowledge.ingestion.parsing import canonical, places
from stook.knowledge.ingestion.parsing.markup.writing import fenced
from stook.knowledge.ingestion.parsing.parsed import Read

LONGEST = 400_000  # characters; in longer files, made by programs, definitions are not looked for
SHORT = 40  # lines; methods get headings of their own only in longer definitions
_DEFINED = (Token.Name.Function, Token.Name.Class)
_SCRIPT = "#!"
_DECLARED = re.compile(
    r"[ \t]*+(?:(?:export|pub|public|private|static|async|default|abstract|final)[ \t]++){0,4}"
    r"(?:func|fn|function|class|interface|type|struct|enum|trait|impl|module|def|sub|proc)[ \t]++"
    r"(?:\([^()\n]{0,100}\)[ \t]*+)?([A-Za-z_][\w.]*+)"
)


def read(written: str, name: str) -> Read:
    """Source code as Markdown, with the places where its definitions begin."""
    code = canonical.tidy(written)
    file = name.replace("\\", "/").rpartition("/")[2]
    lexer = _lexer(file, code)
    language = lexer.aliases[0] if lexer.aliases and not isinstance(lexer, TextLexer) else ""
    lines = code.split("\n")
    parts = [f"# {file}"]
    for start, end, title in _pieces(lexer, code, lines):
        piece = "\n".join(lines[start:end]).strip("\n")
        if piece.strip():
            heading = f"## {title}\n\n" if title else ""
            parts.append(f"{places.mark(f'line {start + 1}')}{heading}{fenced(piece, language)}")
    return Read("\n\n".join(parts))


def _lexer(file: str, code: str) -> Lexer:
    try:
        if code.startswith(_SCRIPT):
            return guess_lexer(code[:2000])
        return get_lexer_for_filename(file, code[:10_000])
    except ClassNotFound:
        return TextLexer()


def _pieces(lexer: Lexer, code: str, lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """The lines from which to which a definition reaches, with its name; "" before the first."""
    starts = _starts(lexer, code, lines) if len(code) <= LONGEST else []
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, ""))
    ends = [start for start, _ in starts[1:]] + [len(lines)]
    for (start, title), end in zip(starts, ends, strict=True):
        yield start, end, title


def _starts(lexer: Lexer, code: str, lines: list[str]) -> list[tuple[int, str]]:
    found = list(_definitions(lexer, code, lines)) or list(_declared(lines))
    outer = [one for one in found if one[1] == 0]
    ends = [line for line, *_ in outer[1:]] + [len(lines)]
    chosen: list[tuple[int, str]] = []
    for (line, _, name), end in zip(outer, ends, strict=False):
        chosen.append((_head(lines, line), name))
        inner = [one for one in found if line < one[0] < end] if end - line > SHORT else []
        depth = min((indent for _, indent, _ in inner), default=0)
        chosen += [
            (_head(lines, at), f"{name}.{own}") for at, indent, own in inner if indent == depth
        ]
    return [next(same) for _, same in itertools.groupby(chosen, key=lambda one: one[0])]


def _declared(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Definitions by the words that begin them, in languages whose names the library tells not."""
    for number, line in enumerate(lines):
        if found := _DECLARED.match(line):
            yield number, len(line) - len(line.lstrip()), found[1]


def _definitions(lexer: Lexer, code: str, lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """The line, the indent and the name of each definition, one a line."""
    line = position = 0
    last = -1
    for offset, token, value in lexer.get_tokens_unprocessed(code):
        if token in _DEFINED and offset >= position:
            line += code.count("\n", position, offset)
            position = offset
            if line != last and (name := value.strip()):
                indent = len(lines[line]) - len(lines[line].lstrip())
                yield line, indent, name
            last = line


def _head(lines: list[str], line: int) -> int:
    """Where a definition begins: with the comments and decorators right above it."""
    indent = len(lines[line]) - len(lines[line].lstrip())
    while line and lines[line - 1].strip():
        above = lines[line - 1]
        if len(above) - len(above.lstrip()) < indent or not above.lstrip().startswith(
            ("#", "//", "/*", "*", "@", "--", ";", "[", "template")
        ):
            break
        line -= 1
    return line
