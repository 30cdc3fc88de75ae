"""Reads LaTeX as it would be printed: sections and captions numbered, references resolved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import Any

from pylatexenc import latexwalker
from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalker
from pylatexenc.macrospec import EnvironmentSpec, MacroSpec, VerbatimArgsParser

from stook.knowledge.ingestion.parsing import canonical
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.markup import latex_names as names
from stook.knowledge.ingestion.parsing.markup.page import Page
from stook.knowledge.ingestion.parsing.parsed import Facts

MOST_EXPANDED = 50_000  # characters that the text's own macros may add
DEEPEST = 20  # of the text's own macros in each other
_DEFINITION = re.compile(
    r"\\(?:re|provide)?newcommand\*?\s{0,9}\{?\\([a-zA-Z]{1,50})\}?(?:\[([1-9])\])?\s{0,9}\{"
)
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_QUOTES = re.compile("``|''")
_OPTIONS = re.compile(r"\s*(?:\[[^\]\n]{0,500}\])?(?:\{[\w+-]{0,30}\})?[ \t]*\n?")
_PARAMETER = re.compile(r"#([1-9])")

Nodes = Sequence[Any]


def read(written: str) -> Page:
    """The text as a page; what cannot be parsed stands as it is written."""
    source = canonical.tidy(written)
    try:
        text = _Text(source)
        markup = text.markup()
        if text.has_references:  # forward, too: now every label is known
            markup = _Text(source, text.labels).markup()
    except (latexwalker.LatexWalkerError, RecursionError):
        note = "it could not be parsed, and stands as written"
        return Page(f"<pre>{escape(source)}</pre>", notes=(note,))
    return Page(f"<html><body>{markup}</body></html>", text.facts, tuple(text.notes()))


def _context(defined: dict[str, tuple[int, str]]) -> Any:
    """What the library knows of macros and their arguments, and what is added here."""
    context = latexwalker.get_default_latex_context_db()
    verbatim = [
        EnvironmentSpec(name, args_parser=VerbatimArgsParser("verbatim-environment"))
        for name in names.VERBATIM | names.DROPPED_ENVIRONMENTS
    ]
    arguments = names.ENVIRONMENT_ARGUMENTS.items()
    environments = [EnvironmentSpec(name, spec.replace("<", "")) for name, spec in arguments]
    macros = [MacroSpec(name, spec) for name, spec in names.ARGUMENTS.items()]
    macros += [MacroSpec(name, "{" * count) for name, (count, _) in defined.items()]
    context.add_context_category(
        "stook", prepend=True, macros=macros, environments=environments + verbatim
    )
    return context


def _definitions(source: str) -> dict[str, tuple[int, str]]:
    """The text's own macros: how many arguments they take, and what they stand for."""
    found: dict[str, tuple[int, str]] = {}
    for hit in _DEFINITION.finditer(source):
        depth, end = 1, hit.end()
        while depth and end < min(len(source), hit.end() + 5000):
            depth += {"{": 1, "}": -1}.get(source[end], 0) if source[end - 1] != "\\" else 0
            end += 1
        if not depth and hit[1] not in names.ARGUMENTS:
            found[hit[1]] = (int(hit[2] or 0), source[hit.end() : end - 1])
    return found


class _Text:
    """A text on its way to HTML. ``labels`` are the numbers that references show."""

    def __init__(self, source: str, labels: dict[str, str] | None = None) -> None:
        self._known = labels or {}
        self.labels: dict[str, str] = {}
        self.has_references = False
        self.facts = Facts()
        self._defined = _definitions(source)
        self._context = _context(self._defined)
        self._nodes = self._parse(source)
        self._text = LatexNodes2Text(
            math_mode="text", keep_comments=False, strict_latex_spaces=False
        )
        self._expanded = self._depth = 0
        self._counters = dict.fromkeys((*names.SECTIONS, "figure", "table", "equation"), 0)
        self._here = ""  # the number that a label at this place would name
        self._included: list[str] = []
        self._drawings = 0
        used = {node.macroname for node in _all(self._nodes) if hasattr(node, "macroname")}
        self._top = next((name for name in names.SECTIONS if name in used), "section")

    def _parse(self, source: str) -> Nodes:
        walker = LatexWalker(source, latex_context=self._context, tolerant_parsing=True)
        found: Nodes = walker.get_latex_nodes()[0]
        return found

    def markup(self) -> str:
        """The body as HTML, below its title."""
        before, body = _split(self._nodes)
        head = self._title([*before, *body])
        return f"{head}<p>{self._render(body)}"

    def notes(self) -> Iterator[str]:
        if self._included:
            shown = ", ".join(self._included[:20])
            yield f"it includes other files, which are not part of its text: {shown}"
        if self._drawings:
            yield f"{self._drawings} drawings were not read"

    def _title(self, nodes: Nodes) -> str:
        said = {
            node.macroname: self._argument(node)
            for node in nodes
            if _is_macro(node, ("title", "author", "date"))
        }
        plain = {name: canonical.plain(_TAGS.sub(" ", value)) for name, value in said.items()}
        self.facts = Facts(
            plain.get("title", ""),
            plain.get("author", ""),
            updated_at=microseconds(plain.get("date", "")),
        )
        title = f"<h1>{said['title']}</h1>" if said.get("title") else ""
        return title + "".join(f"<p>{said[name]}" for name in ("author", "date") if said.get(name))

    # --- nodes ----------------------------------------------------------------------------------

    def _render(self, nodes: Iterable[Any]) -> str:
        return "".join(self._node(node) for node in nodes if node is not None)

    def _node(self, node: Any) -> str:
        kind = type(node).__name__
        if kind == "LatexCharsNode":
            text = _QUOTES.sub(lambda hit: "“" if hit[0] == "``" else "”", node.chars)
            return _PARAGRAPH.sub("<p>", escape(text))
        if kind == "LatexGroupNode":
            return self._render(node.nodelist)
        if kind == "LatexMathNode":
            return self._formula(node)
        if kind == "LatexEnvironmentNode":
            return self._environment(node)
        if kind == "LatexMacroNode":
            return self._macro(node)
        if kind == "LatexSpecialsNode":
            return {"~": " ", "&": " ", "\n\n": "<p>"}.get(node.specials_chars) or self._plain(node)
        return ""

    def _plain(self, node: Any) -> str:
        return escape(str(self._text.node_to_text(node)))

    def _formula(self, node: Any) -> str:
        if node.displaytype == "inline":
            return self._plain(node)
        return _code(node.latex_verbatim().strip("$\\[] \n"), "latex")

    def _macro(self, node: Any) -> str:
        name = node.macroname
        if name in names.SECTIONS:
            return self._section(node)
        if name in self._defined:
            return self._expansion(node)
        special = self._specials().get(name)
        if special is not None:
            return special(node)
        if tag := names.INLINE.get(name):
            return f"<{tag}>{self._argument(node)}</{tag}>"
        if name in names.REFERENCES:
            return self._reference(node)
        if name in names.CITATIONS:
            return f"[{self._argument(node)}]"
        if name in names.INCLUDES:
            self._included.append(_TAGS.sub("", self._argument(node)))
            return ""
        if name in names.DROPPED:
            return "<p>" if name in ("par", "bigskip", "medskip") else ""
        if name in names.ARGUMENTS or not self._text.latex_context.get_macro_spec(name).macroname:
            return self._render(_arguments(node))
        return self._plain(node)

    def _specials(self) -> dict[str, Callable[[Any], str]]:
        return {
            "label": self._label, "caption": self._caption, "href": self._link,
            "\\": lambda _: "<br>",
            "footnote": self._footnote,
            "thanks": lambda _: "",
            "footnotetext": self._footnote,
            "url": lambda node: self._argument(node), "and": lambda _: ", ",
            "frametitle": lambda node: f"<h2>{self._argument(node)}</h2>",
            "bibitem": lambda node: f"<p>[{self._argument(node)}] ",
            "textcolor": lambda node: self._argument(node),
            "multicolumn": lambda node: self._argument(node),
            "multirow": lambda node: self._argument(node),
        }  # fmt: skip

    def _footnote(self, node: Any) -> str:
        return f" ({self._argument(node)})"

    def _argument(self, node: Any, number: int = -1) -> str:
        """One of a macro's arguments; the last, unless said."""
        given = _arguments(node)
        return self._render([given[number]]).strip() if given else ""

    def _expansion(self, node: Any) -> str:
        """What one of the text's own macros stands for."""
        count, body = self._defined[node.macroname]
        given = [_inner(one) for one in _arguments(node)][:count]
        text = _PARAMETER.sub(
            lambda hit: given[int(hit[1]) - 1] if int(hit[1]) <= len(given) else "", body
        )
        self._expanded += len(text)
        if self._expanded > MOST_EXPANDED or self._depth >= DEEPEST:
            return ""
        self._depth += 1
        written = self._render(self._parse(text))
        self._depth -= 1
        return written

    # --- what has a number ----------------------------------------------------------------------

    def _section(self, node: Any) -> str:
        depth = names.SECTIONS.index(node.macroname)
        level = min(6, 2 + max(0, depth - names.SECTIONS.index(self._top)))
        starred = any(getattr(one, "chars", "") == "*" for one in _arguments(node))
        number = ""
        if not starred and depth < names.SECTIONS.index("paragraph"):
            number = self._next(node.macroname)
        return f"<h{level}>{number}{' ' if number else ''}{self._argument(node)}</h{level}><p>"

    def _next(self, name: str) -> str:
        self._counters[name] += 1
        depth, top = names.SECTIONS.index(name), names.SECTIONS.index(self._top)
        for below in names.SECTIONS[depth + 1 :]:
            self._counters[below] = 0
        self._here = ".".join(str(self._counters[one]) for one in names.SECTIONS[top : depth + 1])
        return self._here

    def _count(self, name: str) -> str:
        self._counters[name] += 1
        self._here = str(self._counters[name])
        return self._here

    def _label(self, node: Any) -> str:
        self.labels[self._argument(node)] = self._here
        return ""

    def _reference(self, node: Any) -> str:
        self.has_references = True
        keys = self._argument(node).split(",")
        return ", ".join(self._known.get(key.strip()) or key.strip() for key in keys)

    def _caption(self, node: Any) -> str:
        return (
            f"<p><em>{self._figure}: {self._argument(node)}</em><p>"
            if self._figure
            else (f"<p><em>{self._argument(node)}</em><p>")
        )

    _figure = ""

    def _link(self, node: Any) -> str:
        given = _arguments(node)
        target = _inner(given[-2]) if len(given) > 1 else ""
        return f'<a href="{escape(target)}">{self._argument(node)}</a>'

    # --- environments ---------------------------------------------------------------------------

    def _environment(self, node: Any) -> str:
        name = node.environmentname
        if name in names.DROPPED_ENVIRONMENTS:
            return ""
        if name in names.VERBATIM:
            return _code(_OPTIONS.sub("", _inner(node), count=1).rstrip())
        if name in names.FORMULAS:
            if name in names.NUMBERED_FORMULAS:
                self._count("equation")
            self._render(one for one in _all(node.nodelist) if _is_macro(one, ("label",)))
            return _code(_inner(node).strip("\n"), "latex")
        if name in names.DRAWINGS:
            self._drawings += 1
            return ""
        if name in names.TABLES:
            return self._table(node)
        if name in names.LISTS:
            return self._list(node, names.LISTS[name])
        if name.rstrip("*") in ("figure", "table"):
            number = self._count(name.rstrip("*"))
            self._figure = f"{name.rstrip('*').capitalize()} {number}"
            inside = self._render(node.nodelist)
            self._figure = ""
            return f"<p>{inside}<p>"
        inside = self._render(node.nodelist)
        if name == "abstract":
            return f"<h2>Abstract</h2><p>{inside}<p>"
        if name in names.QUOTES:
            return f"<blockquote><p>{inside}</blockquote><p>"
        if name.rstrip("*") in names.THEOREMS:
            return f"<p>{name.rstrip('*').capitalize()}: {inside}<p>"
        return f"<p>{inside}<p>" if name != "document" else inside

    def _list(self, node: Any, tag: str) -> str:
        items = _divided(node.nodelist, lambda one: _is_macro(one, ("item",)))
        written = []
        for mark, inside in items:
            label = self._argument(mark) if mark is not None and _arguments(mark) else ""
            text = self._render(inside)
            if tag == "dl":
                written.append(f"<dt>{label}</dt><dd>{text}</dd>" if mark is not None else "")
            elif mark is not None:
                written.append(f"<li>{label}{' ' if label else ''}{text}</li>")
        return f"<{tag}>{''.join(written)}</{tag}><p>"

    def _table(self, node: Any) -> str:
        rows: list[str] = []
        first_head = -1
        for _, row in _divided(node.nodelist, lambda one: _is_macro(one, ("\\", "tabularnewline"))):
            marks = {one.macroname for one in row if _is_macro(one, None)}
            if "endhead" in marks and first_head >= 0:  # the head again, for further pages
                del rows[first_head:]
            if "endfirsthead" in marks:
                first_head = len(rows)
            cells = [inside for _, inside in _divided(row, _is_ampersand)]
            written = [self._cell(cell, "td" if rows else "th") for cell in cells]
            if any(_TAGS.sub("", cell).strip() for cell in written):
                rows.append(f"<tr>{''.join(written)}</tr>")
        return f"<table>{''.join(rows)}</table><p>"

    def _cell(self, nodes: Nodes, tag: str) -> str:
        spans = ""
        for node in nodes:
            if _is_macro(node, ("multicolumn", "multirow")):
                count = _inner(next((one for one in _arguments(node) if one is not None), None))
                name = "colspan" if node.macroname == "multicolumn" else "rowspan"
                spans += f' {name}="{count}"' if count.isdigit() else ""
        return f"<{tag}{spans}>{self._render(nodes).strip()}</{tag}>"


_TAGS = re.compile(r"<[^<>]*>")


def _code(text: str, language: str = "") -> str:
    shown = f' class="language-{language}"' if language else ""
    return f"<pre><code{shown}>{escape(text)}</code></pre><p>"


def _is_macro(node: Any, wanted: tuple[str, ...] | None) -> bool:
    name = getattr(node, "macroname", None)
    return name is not None and (wanted is None or name in wanted)


def _is_ampersand(node: Any) -> bool:
    return getattr(node, "specials_chars", "") == "&"


def _arguments(node: Any) -> list[Any]:
    """The arguments that a macro was given."""
    given = getattr(getattr(node, "nodeargd", None), "argnlist", None) or []
    return [one for one in given if one is not None]


def _inner(node: Any) -> str:
    """The source of what is inside a group, an argument or an environment."""
    if node is None:
        return ""
    if getattr(node, "environmentname", None) in names.VERBATIM:
        given = _arguments(node)
        return str(given[0].chars) if given else ""
    inside = getattr(node, "nodelist", None)
    if inside is None:
        return str(node.latex_verbatim())
    return "".join(one.latex_verbatim() for one in inside if one is not None)


def _all(nodes: Iterable[Any]) -> Iterator[Any]:
    """Some nodes and all within them."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node is not None:
            yield node
            waiting += [*(getattr(node, "nodelist", None) or []), *_arguments(node)]


def _split(nodes: Nodes) -> tuple[Nodes, Nodes]:
    """What stands before the document, and in it; of a part of a document all is in it."""
    for number, node in enumerate(nodes):
        if getattr(node, "environmentname", "") == "document":
            return nodes[:number], node.nodelist
    return [], nodes


def _divided(
    nodes: Iterable[Any], divides: Callable[[Any], bool]
) -> Iterator[tuple[Any, list[Any]]]:
    """Runs of nodes, each with what it begins with; None before the first."""
    mark: Any = None
    run: list[Any] = []
    for node in nodes:
        if node is not None and divides(node):
            yield mark, run
            mark, run = node, []
        elif node is not None:
            run.append(node)
    yield mark, run
