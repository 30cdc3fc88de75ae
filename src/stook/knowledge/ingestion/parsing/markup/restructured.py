"""Reads reStructuredText by docutils, also with what Sphinx adds to it; gives HTML."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree, publish_from_doctree
from docutils.parsers.rst import Directive, directives, roles
from docutils.parsers.rst.languages import en

from stook.knowledge.ingestion.parsing import canonical
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.markup.page import Page
from stook.knowledge.ingestion.parsing.parsed import Facts

MOST_NAMES = 500  # of directives and roles that one text may bring
_ERROR = 3  # of docutils' levels
_DIRECTIVE = re.compile(
    r"^[ \t]*\.\. (?:\|[^|\n]{1,80}\| )?([a-zA-Z][\w:+.-]{0,60})::", re.MULTILINE
)
_ROLE = re.compile(r":([a-zA-Z][\w:+.-]{0,60}):`")
_TARGET = re.compile(r"^(.*\S)\s*<[^<>]*>$", re.DOTALL)
_SAID = {
    "versionadded": "Added in version", "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version", "seealso": "See also:", "rubric": "",
    "centered": "", "hlist": "", "only": "", "glossary": "", "tabularcolumns": None,
    "index": None, "highlight": None, "currentmodule": None, "toctree": None,
}  # fmt: skip
_CODE = frozenset(("code", "code-block", "sourcecode", "highlight", "prompt", "productionlist"))
_SETTINGS = {
    "file_insertion_enabled": False, "raw_enabled": False, "report_level": _ERROR,
    "halt_level": 5, "warning_stream": False, "_disable_config": True, "embed_stylesheet": False,
    "syntax_highlight": "none", "math_output": "LaTeX", "line_length_limit": 10_000_000,
    "smart_quotes": False, "initial_header_level": 2, "doctitle_xform": True,
    "sectsubtitle_xform": False, "traceback": False, "stylesheet_path": "",
    "record_dependencies": None,
    "toc_backlinks": False, "footnote_backlinks": False,
}  # fmt: skip


def read(written: str) -> Page:
    """The text as a page; what docutils cannot make sense of stands as it is written."""
    text = canonical.tidy(written)
    _know(text)
    tree = publish_doctree(text, settings_overrides=_SETTINGS)
    facts = _facts(tree)
    notes = _repair(tree)
    _name_admonitions(tree)
    _gather_footnotes(tree)
    output = publish_from_doctree(tree, writer="html5", settings_overrides=_SETTINGS)
    return Page(output.decode(), facts, notes)


class _Any(Directive):  # type: ignore[misc]
    """A directive that docutils does not know: what it says and holds is text."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        said = _SAID.get(self.name, "")
        if said is None:
            return []
        argument = " ".join((self.arguments or [""])[0].split())
        head = " ".join(filter(None, (said, argument)))
        found: list[nodes.Node] = []
        if head:
            inline, messages = self.state.inline_text(head, self.lineno)
            found = [nodes.paragraph(head, "", *inline), *messages]
        inside = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, inside, match_titles=True)
        return [*found, *inside.children]


class _Code(Directive):  # type: ignore[misc]
    """Code, whatever options it has."""

    optional_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        code = "\n".join(self.content)
        language = (self.arguments or [""])[0]
        caption = (
            [nodes.paragraph("", self.options["caption"])] if "caption" in self.options else []
        )
        return [*caption, nodes.literal_block(code, code, classes=["code", language])]


class _Options(dict[str, Any]):
    """Takes any option as it is written."""

    def __missing__(self, _name: str) -> Any:
        return lambda argument: argument or ""


_Any.option_spec = _Code.option_spec = _Options({"": str})


def _role(
    _name: str, _raw: str, text: str, _line: int, _inliner: Any, *_: Any
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    words = text.replace("\x00", "")
    found = _TARGET.match(words)
    shown = (found[1] if found else words).lstrip("~!")
    return [nodes.literal(shown, shown) if not found else nodes.Text(shown)], []


def _know(text: str) -> None:
    """Make the directives and roles known that a text uses and docutils does not have."""
    for name in sorted({name.lower() for name in _DIRECTIVE.findall(text)})[:MOST_NAMES]:
        if name in _CODE:
            directives.register_directive(name, _Code)
        elif name not in en.directives:
            directives.register_directive(name, _Any)
    for name in sorted({name.lower() for name in _ROLE.findall(text)})[:MOST_NAMES]:
        if name not in en.roles:
            roles.register_local_role(name, _role)


def _repair(tree: nodes.document) -> tuple[str, ...]:
    """Put the source of what could not be understood in the place of its message."""
    unclear = 0
    for message in list(tree.findall(nodes.system_message)):
        if message.parent is None:
            continue
        source = [child for child in message.children if isinstance(child, nodes.literal_block)]
        unclear += bool(source)
        message.parent.replace(message, source)
    for section in list(tree.findall(nodes.section)):
        if "system-messages" in section["classes"]:
            section.parent.remove(section)
    return (f"{unclear} parts could not be understood and stand as written",) if unclear else ()


def _name_admonitions(tree: nodes.document) -> None:
    """The name of a box stands before its first words."""
    for box in list(tree.findall(nodes.Admonition)):
        if not isinstance(box, nodes.Element) or isinstance(box, nodes.system_message):
            continue
        children = list(box.children)
        if isinstance(box, nodes.admonition) and children:
            label, children = children[0].astext(), children[1:]
        else:
            label = box.tagname.capitalize()
        if not children or not isinstance(children[0], nodes.paragraph):
            children.insert(0, nodes.paragraph())
        children[0].insert(0, nodes.Text(f"{label}: "))
        box.replace_self(nodes.container("", *children))


def _gather_footnotes(tree: nodes.document) -> None:
    """Footnotes stand at the end, each behind its number."""
    for note in [*tree.findall(nodes.footnote), *tree.findall(nodes.citation)]:
        label, *inside = note.children
        if not inside or not isinstance(inside[0], nodes.paragraph):
            inside.insert(0, nodes.paragraph())
        inside[0].insert(0, nodes.Text(f"[{label.astext()}] "))
        note.parent.remove(note)
        tree += inside


def _facts(tree: nodes.document) -> Facts:
    def first(kind: type[nodes.Element]) -> str:
        return next((node.astext() for node in tree.findall(kind)), "")

    authors = first(nodes.authors).replace("\n\n", ", ") or first(nodes.author)
    return Facts(str(tree.get("title", "")), authors, updated_at=microseconds(first(nodes.date)))
