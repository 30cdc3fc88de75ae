"""Who calls Gleen's API: a token, in any of the headers that its pages name."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from stook.dialects.access import caller
from stook.identity.principals import Caller, Scope
from stook.rates import EndpointClass

HEADERS = ("ALHENA_API_KEY", "X-API-Key")
GleenCaller = Annotated[Caller, Depends(caller(Scope.CHAT, *HEADERS, endpoint=EndpointClass.CHAT))]
