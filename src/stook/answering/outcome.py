"""How a question was answered: by the documents, by what comes closest, or not at all."""

from __future__ import annotations

import enum


class Outcome(enum.StrEnum):
    """What an answer amounts to. A turn that says nothing of it was answered."""

    ANSWERED = "answered"  # the documents say it
    CLOSEST = "closest"  # they do not say it; what comes closest is shown and cited
    NOTHING = "nothing"  # nothing in them comes close
