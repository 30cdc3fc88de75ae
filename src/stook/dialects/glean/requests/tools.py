"""The bodies that tools take."""

from __future__ import annotations

from typing import Annotated

from stook.dialects import bounds
from stook.dialects.bounds import Json, Name, Value
from stook.dialects.glean.requests.fields import Question, Text, Wire


class CallParameter(Wire):
    """The value of a parameter, as text: numbers too. Its name is the key below which it stands."""

    name: Text | None = None
    value: Question | None = None
    items: Annotated[list[Value], bounds.FEW] | None = None
    properties: Json | None = None


class ToolsCallRequest(Wire):
    """The name of a tool that tools/list gives, and what it is called with."""

    name: Text
    parameters: Annotated[dict[Name, CallParameter], bounds.PROPERTIES]
