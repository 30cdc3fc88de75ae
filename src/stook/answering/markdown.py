"""Verbatim Markdown made fit to stand in an answer: no images, no markup that points nowhere."""

from __future__ import annotations

import re

_IMAGE = re.compile(
    r"!\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])?"
)
_LINK = re.compile(
    r"\[([^\[\]]*)\]\(\s*<?([^()\s<>]*(?:\([^()]*\)[^()\s<>]*)*)>?(?:\s+\"[^\"]*\")?\s*\)"
)
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_FOOTNOTE = re.compile(r"\[\^[^\[\]]+\]")
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL)
_BREAK = re.compile(r"</?(?:br|dd|div|dt|hr|li|p|t[dhr])\b[^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+", re.MULTILINE)
_MARKER = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
# Not between letters or digits, where they are no emphasis: 2**10, a`b, part__whole.
_EMPHASIS = tuple(
    (mark, re.compile(rf"(?<![^\W_]){re.escape(mark)}|{re.escape(mark)}(?![^\W_])"))
    for mark in ("**", "__", "`")
)
_SPACE = re.compile(r"\s+")


def inline(raw: str) -> str:
    """A sentence on one line, without quotation marks of the margin."""
    return _balanced(_SPACE.sub(" ", cleaned(_HEADING.sub("", raw))).strip())


def without_marker(raw: str) -> str:
    """A list item without its bullet or number."""
    return _MARKER.sub("", raw, count=1)


def cleaned(raw: str) -> str:
    """Images and tags left out; links to other places of the source become their words."""
    text = _IMAGE.sub(r"\1", raw)
    text = _LINK.sub(_link, text)
    text = _REFERENCE.sub(r"\1", text)
    text = _FOOTNOTE.sub("", text)
    text = _TAG.sub("", _BREAK.sub(" ", text))
    return _QUOTE.sub("", text)


def without_emphasis(text: str) -> str:
    """The text without marks of bold type and of code."""
    for _, emphasis in _EMPHASIS:
        text = emphasis.sub("", text)
    return text


def with_addresses(text: str) -> str:
    """The text with each link as its words and, in brackets, its address."""
    return _LINK.sub(_with_address, text)


def _with_address(match: re.Match[str]) -> str:
    words, address = match[1], match[2]
    return words if not address or words == address else f"{words} ({address})"


def _link(match: re.Match[str]) -> str:
    words, address = match[1], match[2]
    return f"[{words}]({address})" if words and _ADDRESS.match(address) else words


def _balanced(text: str) -> str:
    """Marks of emphasis that begin in one sentence and end in another are taken out."""
    for mark, emphasis in _EMPHASIS:
        if text.count(mark) % 2:
            text = emphasis.sub("", text)
    return text
