"""Publishers as Gloo names them."""

from __future__ import annotations

from stook.application import publishers
from stook.application.search.finding import Filters
from stook.identity.principals import Principal
from stook.runtime import Runtime

EVERY_PUBLISHER = "GlooGrounded"


async def published(runtime: Runtime, principal: Principal, name: str) -> Filters:
    """What a publisher has; raises Forbidden where there is none that the caller may see."""
    if name == EVERY_PUBLISHER:
        return Filters()
    return await publishers.visible(runtime, principal, name)
