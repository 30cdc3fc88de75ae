"""The body by which an answer is explained."""

from __future__ import annotations

from stook.dialects.glean.requests.fields import Offset, Text, Wire


class ExplainAnswerRequest(Wire):
    """The question to explain the answer of; the offset from UTC is in minutes."""

    question: Text
    timezone_offset: Offset | None = None
