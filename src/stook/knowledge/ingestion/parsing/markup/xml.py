"""Reads XML: DocBook, DITA, JATS and TEI as the texts they are, all else as an outline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import structured
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.markup import vocabulary
from stook.knowledge.ingestion.parsing.parsed import Facts, Read

DAMAGED = "it is not well-formed XML, and was read as far as it can be understood"
FromMarkup = Callable[[str], str]
_SPACES = re.compile(r"\s+")


def read(content: bytes, from_markup: FromMarkup) -> Read:
    """An XML file as Markdown; ``from_markup`` makes it of HTML. Raises UnreadableDocument."""
    root, notes = _parse(content)
    if local(root) in vocabulary.ROOTS and _is_text(root):
        text = _Text(root)
        return Read(from_markup(text.markup()), text.facts(), notes)
    value = {local(root): _value(root)}
    title, outline = structured.outline(value)
    return Read(outline, Facts(title=title or _title_within(root)), notes, by_name=True)


def local(element: Any) -> str:
    """An element's name without its namespace; "" for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _parse(content: bytes) -> tuple[Any, tuple[str, ...]]:
    """The root, with entities of the file itself only; damaged files as far as they go."""
    for recover in (False, True):
        parser = etree.XMLParser(
            resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False,
            remove_comments=True, remove_pis=True, recover=recover,
        )  # fmt: skip
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            continue
        if root is not None:
            return root, (DAMAGED,) if recover else ()
    raise UnreadableDocument(UnreadableReason.BROKEN)


def _is_text(root: Any) -> bool:
    return any(local(element) in vocabulary.OF_TEXTS for element in root.iter(etree.Element))


# --- texts --------------------------------------------------------------------------------------


class _Text:
    """A text in one of the vocabularies, on its way to HTML."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._titles = {
            name: title
            for element in root.iter(etree.Element)
            if (
                name := element.get("id") or element.get("{http://www.w3.org/XML/1998/namespace}id")
            )
            and (title := _first(element, vocabulary.TITLES))
        }

    def markup(self) -> str:
        """The text as HTML."""
        return f"<html><body>{self._element(self._root, 1)}</body></html>"

    def facts(self) -> Facts:
        """What the text says of itself, wherever its vocabulary has that said."""
        head = next((e for e in self._root.iter(etree.Element) if _is_head(e)), None)
        about = self._root if head is None else head
        authors = [
            _person(one) for one in about.iter(etree.Element) if local(one) in vocabulary.PEOPLE
        ]
        dates = (_date(one) for one in about.iter(etree.Element) if local(one) in vocabulary.DATES)
        return Facts(
            title=_first(about, vocabulary.TITLES) or _first(self._root, vocabulary.TITLES),
            author=", ".join(dict.fromkeys(filter(None, authors))),
            updated_at=next((date for date in dates if date is not None), None),
        )

    def _element(self, element: Any, level: int) -> str:
        name = local(element)
        if not name or name in vocabulary.DROPPED:
            return ""
        if name in vocabulary.SECTIONS:
            level += element is not self._root
            return f"<div>{self._inside(element, level)}</div>"
        if _is_head(element):
            return self._head(element, level)
        if name in vocabulary.TITLES:
            return self._title(element, level)
        special: dict[str, Callable[[Any, int], str]] = {
            "footnote": self._footnote, "fn": self._footnote, "link": self._link,
            "ulink": self._link,
            "xref": self._link, "ext-link": self._link, "ref": self._link, "entry": self._entry,
            "list": self._list, "listitem": self._item, "note": self._note,
        }  # fmt: skip
        if name in special:
            return special[name](element, level)
        if name in vocabulary.ADMONITIONS:
            return self._note(element, level)
        tag = vocabulary.HTML.get(name, "span" if name in vocabulary.INLINE else "div")
        inside = self._inside(element, level, keep=tag == "pre")
        if tag == "pre":
            return f"<pre><code{_language(element)}>{inside}</code></pre>"
        return f"<{tag}>{inside}</{tag}>{' ' if name == 'label' else ''}"

    def _inside(self, element: Any, level: int, *, keep: bool = False) -> str:
        parts = [_escaped(element.text, keep)]
        for child in element:
            if child.tag is etree.Entity:
                parts.append(escape(child.text))
            else:
                parts.append(self._element(child, level))
            parts.append(_escaped(child.tail, keep))
        return "".join(parts)

    def _head(self, element: Any, level: int) -> str:
        """Of a head the title, the abstract and the keywords; all else are facts about the text."""
        title = _first(element, vocabulary.TITLES)
        parts = [f"<h{level}>{escape(title)}</h{level}>" if title else ""]
        for one in element.iter(etree.Element):
            if local(one) == "abstract":
                heading = (
                    "" if _first(one, ("title",)) else f"<h{level + 1}>Abstract</h{level + 1}>"
                )
                parts.append(heading + f"<div>{self._inside(one, level + 1)}</div>")
            elif local(one) in vocabulary.KEYWORDS:
                words = [_plain(word) for word in one.iter(etree.Element) if not len(word)]
                parts.append(f"<p>Keywords: {escape(', '.join(filter(None, words)))}</p>")
        return "".join(parts)

    def _title(self, element: Any, level: int) -> str:
        """A heading where it is a section's, else the caption of what it stands in."""
        inside = self._inside(element, level)
        above = element.getparent()
        if above is None or local(above) in vocabulary.SECTIONS:
            shown = min(level, 6)
            return f"<h{shown}>{inside}</h{shown}>"
        return f"<p><em>{inside}</em></p>"

    def _footnote(self, element: Any, level: int) -> str:
        if local(element.getparent()) == "fn-group":
            return f"<p>{self._inside(element, level)}</p>"
        text = _plain(element)
        return f" ({escape(text)})" if text else ""

    def _link(self, element: Any, level: int) -> str:
        if local(element.getparent()) == "ref-list":  # no link, but what links lead to
            return f"<p>{self._inside(element, level)}</p>"
        target = _attribute(element, ("href", "url", "target"))
        inside = self._inside(element, level)
        if not inside.strip():
            inside = escape(self._titles.get(_attribute(element, ("linkend", "rid")), target))
        outside = target.startswith(("http://", "https://", "mailto:"))
        return f'<a href="{escape(target)}">{inside}</a>' if outside else f"<span>{inside}</span>"

    def _entry(self, element: Any, level: int) -> str:
        """A cell of a CALS table: it may span columns that are named, and rows."""
        row = element.getparent()
        head = row is not None and local(row.getparent()) == "thead"
        tag = "th" if head else "td"
        first, last = element.get("namest"), element.get("nameend")
        across = _columns(element, first, last) if first and last else 1
        down = element.get("morerows", "0")
        spans = f' colspan="{across}"' if across > 1 else ""
        spans += f' rowspan="{int(down) + 1}"' if down.isdigit() and 0 < int(down) < 1000 else ""
        return f"<{tag}{spans}>{self._inside(element, level)}</{tag}>"

    def _list(self, element: Any, level: int) -> str:
        kind = element.get("list-type") or element.get("type") or element.get("rend") or ""
        tag = "ol" if kind.startswith(("order", "alpha", "roman", "number")) else "ul"
        return f"<{tag}>{self._inside(element, level)}</{tag}>"

    def _item(self, element: Any, level: int) -> str:
        tag = "dd" if local(element.getparent()) == "varlistentry" else "li"
        return f"<{tag}>{self._inside(element, level)}</{tag}>"

    def _note(self, element: Any, level: int) -> str:
        name = element.get("type") or local(element)
        label = escape(name.capitalize())
        inside = self._inside(element, level).strip()
        for opening in ("<p>", "<div>"):
            if inside.startswith(opening):
                return f"<div>{opening}{label}: {inside[len(opening) :]}</div>"
        return f"<div>{label}: {inside}</div>"


def _is_head(element: Any) -> bool:
    """Whether an element says something of its text; ``info`` within a step of DITA is content."""
    name = local(element)
    above = element.getparent()
    about = name == "info" and above is not None and local(above) in vocabulary.SECTIONS
    return about or name in vocabulary.HEADS


def _escaped(text: str | None, keep: bool) -> str:
    return escape(text if keep else _SPACES.sub(" ", text)) if text else ""


def _plain(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _first(element: Any, names: Any) -> str:
    """The text of the first element of these names, inside its own section."""
    return next((_plain(one) for one in element.iter(etree.Element) if local(one) in names), "")


def _attribute(element: Any, names: tuple[str, ...]) -> str:
    found = (value for key, value in element.attrib.items() if key.rpartition("}")[2] in names)
    return next(found, "").strip()


def _language(element: Any) -> str:
    language = element.get("language") or element.get("outputclass") or ""
    return f' class="language-{escape(language)}"' if language.isalnum() else ""


def _columns(element: Any, first: str, last: str) -> int:
    group = next((one for one in element.iterancestors() if local(one) == "tgroup"), None)
    names = (
        [one.get("colname") for one in group if local(one) == "colspec"]
        if group is not None
        else []
    )
    known = first in names and last in names
    return max(1, names.index(last) - names.index(first) + 1) if known else 1


def _person(element: Any) -> str:
    """A name as people write it: given names first."""
    given = _first(element, vocabulary.GIVEN)
    family = _first(element, vocabulary.FAMILY)
    return " ".join(filter(None, (given, family))) or _plain(element)


def _date(element: Any) -> int | None:
    parts = [_first(element, (name,)) for name in ("year", "month", "day")]
    if parts[0]:
        written = "-".join(part.zfill(2) for part in parts if part)
        return microseconds(written if parts[2] else f"{parts[0]}-01-01")
    return microseconds(element.get("date") or element.get("when") or _plain(element))


# --- everything else ----------------------------------------------------------------------------


def _value(element: Any) -> object:
    """An element as a record, a list of them, or its words where it holds text and marks."""
    children = [child for child in element if local(child)]
    pairs: list[tuple[str, object]] = [
        (key.rpartition("}")[2], value) for key, value in element.attrib.items() if value.strip()
    ]
    words = (element.text or "").strip() or any((child.tail or "").strip() for child in children)
    if not children or words:
        text = _plain(element)
        return structured.record([*pairs, ("text", text)]) if pairs else text
    return structured.record([*pairs, *_grouped(children)])


def _grouped(children: list[Any]) -> Iterator[tuple[str, object]]:
    """Children of one name are a list."""
    by_name: dict[str, list[object]] = {}
    for child in children:
        by_name.setdefault(local(child), []).append(_value(child))
    for name, values in by_name.items():
        yield name, values if len(values) > 1 else values[0]


def _title_within(root: Any) -> str:
    """The title of the root, or of the one element that it is a wrapper of."""
    names = [local(child) for child in root]
    wrapped = [child for child in root if names.count(local(child)) == 1]
    titles = (child for one in (root, *wrapped) for child in one if local(child) == "title")
    return next((_plain(title)[:200] for title in titles), "")
