"""The styles of an OpenDocument file: what is hidden, raised or struck, and how lists count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stook.knowledge.ingestion.parsing import counting
from stook.knowledge.ingestion.parsing.opendocument.elements import (
    PRESENTATION,
    STYLE,
    TEXT,
    number,
)

DEEPEST = 30  # styles that are based on one another
LEVELS = 10
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is written; ``form`` is "" for bullets."""

    form: str = ""
    before: str = ""
    after: str = ""
    start: int = 1
    shown: int = 1  # how many levels the number says: 2 for "2.1"
    synchronised: bool = False  # letters go on as aa, bb

    def written(self, count: int) -> str:
        """A count in the form of this level."""
        if self.form in ("a", "A") and not self.synchronised and count > 0:
            letters = counting.alphabetic(count)
            return letters.upper() if self.form == "A" else letters
        return counting.written(count, _FORMS.get(self.form, self.form))


Levels = dict[int, Level]


@dataclass(frozen=True, slots=True)
class Look:
    """What a style does to words."""

    hidden: bool = False
    raised: bool = False
    struck: bool = False


class Styles:
    """The styles of one file by their names."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._styles: dict[str, Any] = {}
        self._lists: dict[str, Levels] = {}
        self._looks: dict[str, Look] = {}
        self.outline: Levels = {}
        for root in roots:
            for style in root.iter(f"{STYLE}style"):
                self._styles[style.get(f"{STYLE}name", "")] = style
            for style in root.iter(f"{TEXT}list-style"):
                self._lists[style.get(f"{STYLE}name", "")] = _levels(style)
            for style in root.iter(f"{TEXT}outline-style"):
                self.outline = _levels(style)

    def levels(self, name: str) -> Levels:
        """The levels of a list style; none where it is unknown."""
        return self._lists.get(name, {})

    def look(self, name: str) -> Look:
        """What a style of characters or paragraphs does to words, with what it inherits."""
        if name not in self._looks:
            self._looks[name] = self._read(name)
        return self._looks[name]

    def is_hidden_page(self, name: str) -> bool:
        """Whether a style of slides hides them."""
        style = self._styles.get(name)
        hides = () if style is None else style.iter(f"{STYLE}drawing-page-properties")
        return any(one.get(f"{PRESENTATION}visibility") == "hidden" for one in hides)

    def properties(self, name: str, kind: str) -> Any:
        """The properties of a kind, "table", that a style has itself; None where it has none."""
        style = self._styles.get(name)
        return None if style is None else style.find(f"{STYLE}{kind}-properties")

    def _read(self, name: str) -> Look:
        said: dict[str, bool] = {}
        for _ in range(DEEPEST):
            style = self._styles.get(name)
            if style is None:
                break
            for properties in style.iterchildren(f"{STYLE}text-properties"):
                hidden = properties.get(f"{TEXT}display")
                position = (properties.get(f"{STYLE}text-position") or "").split(" ")[0]
                through = properties.get(f"{STYLE}text-line-through-style")
                if hidden:
                    said.setdefault("hidden", hidden == "none")
                if position:
                    said.setdefault("raised", position == "super" or position[:1] in "123456789")
                if through:
                    said.setdefault("struck", through != "none")
            name = style.get(f"{STYLE}parent-style-name", "")
        return Look(**said)


def _levels(style: Any) -> Levels:
    levels: Levels = {}
    for element in style.iterchildren(tag=None):
        at = number(element, f"{TEXT}level", 0)
        if 0 < at <= LEVELS:
            levels[at] = Level(
                form=element.get(f"{STYLE}num-format", ""),
                before=element.get(f"{STYLE}num-prefix", ""),
                after=element.get(f"{STYLE}num-suffix", ""),
                start=number(element, f"{TEXT}start-value"),
                shown=number(element, f"{TEXT}display-levels"),
                synchronised=element.get(f"{STYLE}num-letter-sync") == "true",
            )
    return levels
