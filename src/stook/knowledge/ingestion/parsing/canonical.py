"""Makes text canonical: ``\\n`` line ends, NFC, no front matter, comments or images."""

from __future__ import annotations

import re
import unicodedata

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import places
from stook.knowledge.ingestion.parsing.encodings import TERMINAL
from stook.knowledge.ingestion.parsing.parsed import ParsedDocument, Read
from stook.knowledge.text.blocks import Kind, blocks

TITLE_LENGTH = 200

_TERMINAL = re.compile(TERMINAL)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
_STARTS = re.compile(
    r"(?P<fence>^[ \t>]*(?P<marks>`{3,}|~{3,}))|(?P<code>`+)|(?P<comment><!--)"
    r"|(?P<image>!\[)|(?P<tag><img\b)",
    re.MULTILINE | re.IGNORECASE,
)
_IMAGE = re.compile(
    r"!\[(?P<alt>[^\[\]\n]{0,1000})\]"
    r"(?:\([^()\n]{0,4000}(?:\([^()\n]{0,1000}\)[^()\n]{0,4000})?\)|\[[^\[\]\n]{0,200}\])"
)
_IMAGE_TAG = re.compile(r"<img\b[^<>]{0,4000}>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:sheet|tabelle|feuil|hoja|blad|plan|page|slide)?\s*\d*", re.IGNORECASE)
_MARKS = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)|(?<!\w)[*_`]{1,3}(?=\w)|(?<=\w)[*_`]{1,3}(?!\w)")


def tidy(text: str) -> str:
    """``\\n`` line ends, NFC, no control characters, no white space around it."""
    if "\r" in text or not text.isascii() or not text.isprintable():
        if "\x1b" in text or "\b" in text:
            text = _TERMINAL.sub("", text)
        text = _CONTROL.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip("\n").rstrip()


def close_up(text: str) -> str:
    """At most one blank line in a row."""
    return _BLANK_LINES.sub("\n\n", text)


def without_images(markdown: str) -> str:
    """Markdown without comments, and with alternative texts in place of images; code is kept."""
    if not any(mark in markdown for mark in ("<!--", "![", "<img", "<IMG")):
        return markdown
    kept: list[str] = []
    position = 0
    while start := _STARTS.search(markdown, position):
        kept.append(markdown[position : start.start()])
        instead, position = _replaced(markdown, start)
        kept.append(instead)
    return "".join([*kept, markdown[position:]])


def _replaced(markdown: str, start: re.Match[str]) -> tuple[str, int]:
    """What stands in the text in place of a construct, and where the construct ends."""
    if start["fence"]:
        end = _fence_end(markdown, start.end(), start["marks"])
        return markdown[start.start() : end], end
    if start["comment"]:
        end = markdown.find("-->", start.end())
        return ("", end + 3) if end >= 0 else (markdown[start.start() :], len(markdown))
    if start["code"]:
        line_end = markdown.find("\n", start.end())
        end = markdown.find(start[0], start.end(), line_end if line_end >= 0 else len(markdown))
        end = end + len(start[0]) if end >= 0 else start.end()
        return markdown[start.start() : end], end
    found = (_IMAGE if start["image"] else _IMAGE_TAG).match(markdown, start.start())
    if not found:
        return start[0], start.end()
    return (found["alt"] if start["image"] else _alternative(found[0])), found.end()


def _fence_end(markdown: str, start: int, marks: str) -> int:
    closing = re.compile(rf"^[ \t>]*{marks[0]}{{{len(marks)},}}[ \t]*$", re.MULTILINE)
    found = closing.search(markdown, start)
    return found.end() if found else len(markdown)


def _alternative(tag: str) -> str:
    found = _ALT.search(tag)
    return (found[1] or found[2] or "") if found else ""


def document(read: Read, name: str, mime_type: str) -> ParsedDocument:
    """A parsed document; its title is what it says, else its first heading, else its name.

    Raises UnreadableDocument where there is no text.
    """
    text, marked = places.taken_out(close_up(tidy(read.text)))
    if not any(map(str.isalnum, text)):
        raise UnreadableDocument(UnreadableReason.EMPTY)
    facts = read.facts
    title = _title(text, name, usable_title(facts.title), by_name=read.by_name)
    return ParsedDocument(
        text=text,
        title=plain(title)[:TITLE_LENGTH],
        mime_type=mime_type,
        author=plain(facts.author)[:TITLE_LENGTH],
        created_at=facts.created_at,
        updated_at=facts.updated_at,
        notes=read.notes,
        places=marked,
        members=read.members,
    )


def _title(text: str, name: str, said: str, *, by_name: bool) -> str:
    """What the file says it is called, else its first heading, else its name.

    Of decks and sheets the name comes first, as people know them by it: many say the title of the
    one that they were copied from.
    """
    if not by_name:
        return said or first_heading(text) or readable_name(name)
    heading = first_heading(text)
    telling = said if not heading or _NUMBERED.fullmatch(heading) else heading
    known, named = plain(telling), readable_name(name)
    return f"{named}: {known}" if known and known.lower() not in named.lower() else named


def first_heading(text: str) -> str:
    """The first heading of a Markdown text, if it has one near its beginning."""
    for block in blocks(text, 0, min(len(text), 20_000)):
        if block.kind is Kind.HEADING and block.title:
            return block.title
    return ""


def usable_title(title: str) -> str:
    """A title from a file's metadata, or nothing where programs wrote it and no person."""
    words = plain(title).lower()
    made_up = words.startswith(
        ("microsoft word -", "powerpoint presentation", "untitled", "(anonymous)", "(unspecified)")
    )
    file_name = re.fullmatch(r"\S+\.\w{2,5}", words) or re.fullmatch(r"document\d*", words)
    return "" if made_up or file_name else title


def readable_name(name: str) -> str:
    """A file's name as a title: without its suffix, with spaces."""
    stem = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    stem = stem.rpartition(".")[0] or stem
    return re.sub(r"[-_\s]+", " ", stem).strip() or name


def plain(markdown: str) -> str:
    """One line of Markdown without its marks."""
    return " ".join(unicodedata.normalize("NFC", _MARKS.sub(r"\1", markdown)).split())
