"""Makes what a language model writes fit to be shown, while it is being written.

Links, images and HTML become their words, whatever the model was talked into; an address is
shown, as code, only where the passages hold it word for word. What may still turn into one of
these is held back until it is complete.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

LONGEST_HELD = 2000  # characters

_IMAGE = re.compile(r"!\[([^\[\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*\])")
_LINK = re.compile(r"\[([^\[\]\n]*)\]\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
_LABEL = r"\[(?=[\d\s,;]*+[^\[\]\d\s,;])([^\[\]\n]*+)\]"  # not of numbers alone
_REFERENCE = re.compile(rf"{_LABEL}\[[^\[\]\n]*\]")
_DEFINITION = re.compile(rf"{_LABEL}:")
_MARKER = re.compile(
    r"\[(?:passages?|sources?|documents?)[ \t]*(\d+)\]|【(\d+)[^】\n]*】", re.IGNORECASE
)
_DELIMITER = re.compile(r"«/?\d*+:?[0-9a-f]*+»")
_NUMBERS = re.compile(r"\d+(?:[\s,;]+\d+)*")
_FOOTNOTE = re.compile(r"\[\^(\d+)\]")
_AUTOLINK = re.compile(r"<((?:[a-z][a-z0-9+.-]*:|www\.)[^<>\s]*)>", re.IGNORECASE)
_TAG = re.compile(r"<!--[^\n]*?-->|</?[A-Za-z!?][^<>\n]*>")
_ADDRESS = re.compile(
    r"`?((?:(?<![\w+.-])[\w+.-]+://|www\.|(?:mailto|javascript|data|xmpp):)[^\s`<>]+)`?",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"(?<![.,;:!?)\]}'\"*_])[.,;:!?)\]}'\"*_]+$")
# What hangs together: brackets, the address of a link and a tag may hold white space, and may not
# be complete yet. The last word is held back with all of it.
_PLAIN = r"[^\s\[<【!]|!(?!\[)|!?\[(?=[^\[\]\n]*\[)|<(?![A-Za-z/!?])|<(?=[^<>\n]*<)"
_ADDRESSED = r"\((?:[^()\n]|\([^()\n]*\))*"
_DEEPER = r"\([^()\n]*"
_COMPLETE = (
    rf"!?\[[^\[\]\n]*\](?:(?!\()|{_ADDRESSED}\)|(?={_ADDRESSED}{_DEEPER}\())"
    r"|<[A-Za-z/!?][^<>\n]*>|【[^】\n]*】"
)
_BEGUN = rf"!?\[[^\[\]\n]*(?:\]{_ADDRESSED}(?:{_DEEPER})?)?|<[A-Za-z/!?][^<>\n]*|【[^】\n]*|!"
_PART = re.compile(rf"(?P<space>\s+)|{_PLAIN}|{_COMPLETE}|(?:{_BEGUN})\Z")
_INVISIBLE = re.compile(
    r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
)

Known = Callable[[str], bool]


class Output:
    """Takes text in any pieces and gives it back cleaned; the pieces make no difference."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._held = ""

    def feed(self, text: str) -> str:
        """What can be shown now."""
        self._held = _simplified(self._held + text)
        cut = self._cut()
        ready, self._held = self._held[:cut], self._held[cut:]
        return cleaned(ready, self._known)

    def finish(self) -> str:
        """The rest."""
        ready, self._held = self._held, ""
        return cleaned(ready, self._known).rstrip()

    def _cut(self) -> int:
        line = max(self._held.rfind("\n"), 0)
        if len(self._held) - line > LONGEST_HELD:
            self._held += " "  # ends whatever it was
            return len(self._held)
        spaces = [part.start() for part in _PART.finditer(self._held, line) if part["space"]]
        return spaces[-1] if spaces else line


def cleaned(text: str, known: Known) -> str:
    """A model's text without links, images, HTML and addresses that are not known."""
    text = _simplified(text)
    text = _IMAGE.sub(lambda match: _worded(match[1]), text)
    text = _LINK.sub(lambda match: _linked(match, known), text)
    text = _REFERENCE.sub(r"\1", text)
    text = _DEFINITION.sub(r"\1:", text)
    text = _AUTOLINK.sub(r" \1", text)
    text = _TAG.sub("", text)
    text = _ADDRESS.sub(lambda match: _shown(match[1], known), text)
    return "".join(_defused(text))


def _simplified(text: str) -> str:
    """Without what is never shown, and all markers alike; again where that makes new ones."""
    before = None
    while text != before:
        before = text
        text = _DELIMITER.sub("", _INVISIBLE.sub("", text))
        text = _FOOTNOTE.sub(r"[\1]", text)
        text = _MARKER.sub(lambda match: f"[{match[1] or match[2]}]", text)
    return text


def _linked(match: re.Match[str], known: Known) -> str:
    words, address = match[1].strip(), match[2].strip().split(" ")[0]
    if words == address or not (_ADDRESS.fullmatch(address) and known(address)):
        return _worded(words)
    return f"{_worded(words)} ({address})"


def _worded(words: str) -> str:
    """The words of a link or an image; numbers stay the marker that they are."""
    return f"[{words}]" if _NUMBERS.fullmatch(words) else words


def _shown(address: str, known: Known) -> str:
    """The address as code, where it is known; else nothing of it."""
    end = _TRAILING.search(address)
    tail = end[0] if end else ""
    address = address.removesuffix(tail)
    return (f"`{address}`" if known(address) else "…") + tail


def _defused(text: str) -> Iterator[str]:
    """What is left of the syntax of links and HTML, so that it means nothing any more."""
    for place, character in enumerate(text):
        following = text[place + 1 : place + 2]
        if character == "<" and (following.isalpha() or following in "/!?") and following:
            yield "‹"
        elif character == "]" and following and following in "([":
            yield "] "
        else:
            yield character
