"""What is asked of a language model, and what comes back."""

from __future__ import annotations

import enum
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question and what was answered."""

    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller wishes of the models: the name of one of them, or ``extractive``, and how
    freely it writes (0 to 2)."""

    model: str = ""
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """``system`` holds the rules; ``user`` is what they are about. There are never any tools."""

    system: str
    user: str
    max_tokens: int
    before: tuple[Exchange, ...] = ()
    temperature: float | None = None
    at_once: bool = False  # it is to be shown as it is written


class Cut(enum.StrEnum):
    """Why an answer is not whole."""

    LENGTH = "length"  # there was no room for more
    FILTER = "content_filter"  # the model's provider let no more through


@dataclass(frozen=True, slots=True)
class Usage:
    """Which model wrote, and how many tokens it read and wrote, as its provider counts them."""

    model: str
    input_tokens: int
    output_tokens: int
    cut: Cut | None = None
