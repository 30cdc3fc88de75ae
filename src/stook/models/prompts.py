"""What is asked of a language model, and what comes back."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Usage:
    """Which model wrote, and how many tokens it read and wrote, as its provider counts them."""

    model: str
    input_tokens: int
    output_tokens: int
