"""Takes out of a model's text what it says to itself: thoughts in tags, channels but the last.

Tags come in any pieces. A closing tag without an opening one ends a thought that began with the
text, so the text of a model of which nothing is known yet is held back until its end, or, where it
is to be shown at once, if it begins as thoughts do. A model that was seen to answer without such
a tag is shown as it writes.
"""

from __future__ import annotations

import re

LONGEST_TAG = 40  # characters

_NAMES = r"think|thinking|thought|thoughts|reasoning|analysis|scratchpad|reflection|inner_monologue"
_OPENING = rf"<\s*(?:{_NAMES})\s*>|\[THINK\]|<\|(?:begin_of_thought|START_THINKING)\|>"
_CLOSING = rf"<\s*/\s*(?:{_NAMES})\s*>|\[/THINK\]|<\|(?:end_of_thought|END_THINKING)\|>"
_HEADER = r"<\|(?:start|channel)\|>"
_BODY = r"<\|message\|>"
_END = r"<\|(?:end|return|call)\|>"
_MARK = (
    r"<\|(?:begin_of_solution|end_of_solution|START_RESPONSE|END_RESPONSE|START_TEXT|END_TEXT|"
    r"constrain|im_end|im_start|eot_id|end_of_text)\|>"
)
_TAG = re.compile(
    rf"(?P<opening>{_OPENING})|(?P<closing>{_CLOSING})|(?P<header>{_HEADER})|(?P<body>{_BODY})|"
    rf"(?P<end>{_END})|(?P<mark>{_MARK})",
    re.IGNORECASE,
)
_BEGUN = re.compile(r"(?:<[\s/]{0,3}\|?[\w\s|]{0,30}|\[/?[A-Z]{0,5})\Z", re.IGNORECASE)
_MUSING = re.compile(
    r"(?:so,?\s+|well,?\s+|hmm+,?\s*|ok(?:ay)?[,.]?\s+|alright[,.]?\s+|first,?\s+|now,?\s+)*"
    r"(?:the\s+(?:user|question|person|customer)\b|(?:we|i)\s+(?:need|have|should|must|will|am|can|"
    r"want)\b|i['’](?:ll|m)\b|let\s+(?:me|us)\b|let['’]s\b|hmm|(?:ok(?:ay)?|alright),|thinking\b|"
    r"der\s+(?:nutzer|benutzer)\b|die\s+frage\b|ich\s+(?:muss|soll|werde)\b|also,)",
    re.IGNORECASE,
)
BEGINNING = 24  # characters by which thoughts are recognised
FINAL = "final"  # the channel that is the answer


class Aloud(Exception):
    """Some of what was shown turns out to be a thought."""


class Spoken:
    """The part of one text that is meant for others. ``held``: nothing is shown before its end,
    or the end of a thought; ``wary``: nothing either if it begins as thoughts do."""

    def __init__(self, *, held: bool, wary: bool = False) -> None:
        self._wary = wary
        self.thinks_aloud = False  # a closing tag stood alone
        self._held = held
        self._ready: list[str] = []
        self._rest = ""  # may still turn into a tag
        self._hidden = False
        self._header: str | None = None  # of a channel, while it is being written
        self._began = False

    def take(self, text: str) -> list[str]:
        """What can be shown after this piece; raises Aloud."""
        self._rest += text
        while tag := _TAG.search(self._rest):
            self._say(self._rest[: tag.start()])
            self._rest = self._rest[tag.end() :]
            self._turn(str(tag.lastgroup))
        begun = _BEGUN.search(self._rest[-LONGEST_TAG:])
        cut = len(self._rest) - (len(begun[0]) if begun else 0)
        self._say(self._rest[:cut])
        self._rest = self._rest[cut:]
        if self._wary and not self._held:
            return self._judged()
        return [] if self._held else self._handed_over()

    def _judged(self) -> list[str]:
        """What was said, unless it begins as thoughts do, once that can be told."""
        beginning = "".join(self._ready)
        if len(beginning) < BEGINNING:
            return []
        self._wary = False
        self._held = _MUSING.match(beginning) is not None
        return [] if self._held else self._handed_over()

    def finish(self) -> list[str]:
        """The rest, once the model has ended."""
        self._say(self._rest)
        self._rest = ""
        return self._handed_over()

    def _turn(self, tag: str) -> None:
        """What a tag makes of the text behind it."""
        if tag == "closing" and not self._hidden:
            self._forget()
        if tag == "header":
            self._header = self._header or ""
        elif tag == "body":
            self._hidden = bool(self._header) and FINAL not in str(self._header).lower()
            self._header = None
        elif tag != "mark":
            self._hidden = tag in ("opening", "end")
        if tag in ("opening", "closing"):
            self._header = None

    def _forget(self) -> None:
        """All until here was a thought."""
        self.thinks_aloud = True
        if not (self._held or self._wary) and self._began:
            raise Aloud
        self._ready = []
        self._held = self._wary = self._began = False

    def _say(self, text: str) -> None:
        if self._header is not None:
            self._header = (self._header + text)[:LONGEST_TAG]
        elif not self._hidden:
            text = text if self._began else text.lstrip()
            self._began = self._began or bool(text)
            self._ready += [text] if text else []

    def _handed_over(self) -> list[str]:
        ready, self._ready = self._ready, []
        return ready
