"""Makes Markdown of what stands within a line of AsciiDoc."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stook.knowledge.ingestion.parsing import symbols

MOST_REPLACED = 10_000  # characters that the attributes in one line may add

_BUILT_IN = {
    "nbsp": " ", "zwsp": "", "sp": " ", "empty": "", "plus": "+", "amp": "&", "lt": "<", "gt": ">",
    "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "apos": "'", "quot": '"', "vbar": "|",
    "deg": "°", "startsb": "[", "endsb": "]", "caret": "^", "asterisk": "*", "tilde": "~",
    "backslash": "\\", "backtick": "`", "two-colons": "::", "two-semicolons": ";;", "cpp": "C++",
}  # fmt: skip
_ATTRIBUTE = re.compile(r"\{([\w-]{1,60})\}")
_CODE = re.compile(r"(?<![\w`])`{1,2}\+?([^`\n]{1,500})`{1,2}(?![\w`])")
_FOOTNOTE = re.compile(r"footnote(?:ref)?:([\w-]{0,50})\[([^\[\]\n]{0,2000})\]")
_ADDRESS = re.compile(
    r"(?:link:)?((?:https?|ftp|mailto):[^\s\[\]<>]{1,1000})\[([^\[\]\n]{0,500})\]"
)
_LINK = re.compile(r"(?:link|xref):([^\s\[\]]{0,500})\[([^\[\]\n]{0,500})\]")
_REFERENCE = re.compile(r"<<([^<>,\n]{1,300})(?:,([^<>\n]{1,300}))?>>")
_IMAGE = re.compile(r"\b(?:image|icon):([^\s\[\]:]{1,500})\[([^\[\]\n]{0,500})\]")
_KEYS = re.compile(r"\b(?:kbd|btn):\[([^\[\]\n]{1,200})\]")
_MENU = re.compile(r"\bmenu:([^\[\]\n]{1,100})\[([^\[\]\n]{0,200})\]")
_PASSED = re.compile(r"\b(?:pass|stem|latexmath|asciimath):[a-z,]{0,20}\[([^\[\]\n]{0,500})\]")
_ANCHOR = re.compile(r"\[\[[^\[\]\n]{1,200}\]\]|anchor:[\w-]{1,100}\[[^\[\]\n]{0,200}\]")
_ROLE = re.compile(r"\[[.#%][\w.#% -]{1,100}\](?=[#*_`])")
_DOUBLE = re.compile(r"(\*\*|__|##)(?=\S)([^*_#\n]{1,500})\1")
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,500})(?<=\S)\*(?![\w*])")
_ITALIC = re.compile(r"(?<![\w_])_(?=\S)([^_\n]{1,500})(?<=\S)_(?![\w_])")
_MARKED = re.compile(r"(?<![\w#&])#(?=\S)([^#\n]{1,500})(?<=\S)#(?![\w#])")
_RAISED = re.compile(r"\^([^\s^]{1,60})\^")
_LOWERED = re.compile(r"(?<=\w)~([^\s~]{1,60})~")
_LITERAL_PLUS = re.compile(r"(?<![\w+])\+{1,3}(?=\S)([^+\n]{1,500})(?<=\S)\+{1,3}(?![\w+])")
_HELD = re.compile("\ufdd2([0-9]{1,6})\ufdd3")


class Inline:
    """What lines mean, by the attributes that were set before them."""

    def __init__(self, anchors: Mapping[str, str]) -> None:
        self._anchors = anchors
        self.attributes: dict[str, str] = {}

    def define(self, name: str, value: str) -> None:
        """Set an attribute; what it refers to is put in at once."""
        self.attributes[name.lower()] = self._replaced(value)[:MOST_REPLACED]

    def written(self, line: str) -> str:
        """A line as Markdown."""
        line = self._replaced(line)
        held: list[str] = []

        def hold(text: str) -> str:
            held.append(text)
            return f"\ufdd2{len(held) - 1}\ufdd3"

        line = _CODE.sub(lambda hit: hold(f"`{hit[1].strip('+')}`"), line)
        line = _PASSED.sub(lambda hit: hold(hit[1]), line)
        line = _FOOTNOTE.sub(lambda hit: f" ({hit[2]})" if hit[2] else "", line)
        line = _ADDRESS.sub(lambda hit: hold(_link(hit[1], hit[2])), line)
        line = _LINK.sub(lambda hit: hit[2].split(",")[0].strip('"^ ') or self._named(hit[1]), line)
        line = _REFERENCE.sub(lambda hit: hit[2] or self._named(hit[1]), line)
        line = _ANCHOR.sub("", _ROLE.sub("", line))
        line = _IMAGE.sub(lambda hit: hit[2].split(",")[0].strip('" '), line)
        line = _MENU.sub(lambda hit: " > ".join(filter(None, (hit[1], hit[2]))), line)
        line = _KEYS.sub(r"\1", line)
        line = _DOUBLE.sub(_doubled, line)
        line = _ITALIC.sub(r"*\1*", _BOLD.sub(r"**\1**", line))
        line = _LITERAL_PLUS.sub(r"\1", _MARKED.sub(r"\1", line))
        line = _LOWERED.sub(r"\1", _RAISED.sub(_raised, line))
        return _HELD.sub(lambda hit: held[int(hit[1])] if int(hit[1]) < len(held) else "", line)

    def _replaced(self, line: str) -> str:
        left = MOST_REPLACED

        def value(hit: re.Match[str]) -> str:
            nonlocal left
            found = self.attributes.get(hit[1].lower(), _BUILT_IN.get(hit[1].lower()))
            if found is None or len(found) > left:
                return hit[0]
            left -= len(found)
            return found

        return _ATTRIBUTE.sub(value, line) if "{" in line else line

    def _named(self, target: str) -> str:
        return self._anchors.get(target.removeprefix("#"), target)


def _doubled(hit: re.Match[str]) -> str:
    mark = {"**": "**", "__": "*", "##": ""}[hit[1]]
    return f"{mark}{hit[2]}{mark}"


def _raised(hit: re.Match[str]) -> str:
    return symbols.raised(hit[1]) if any(mark.isdigit() for mark in hit[1]) else hit[1]


def _link(target: str, words: str) -> str:
    shown = words.split(",")[0].strip('"^ ') if "=" in words else words.strip('"').removesuffix("^")
    return f"[{shown}]({target})" if shown else target.removeprefix("mailto:")
