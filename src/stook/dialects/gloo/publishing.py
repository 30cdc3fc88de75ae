"""Publishers by the names that callers give."""

from __future__ import annotations

from stook.errors import Forbidden
from stook.identity.principals import Principal
from stook.knowledge.intake import publishers
from stook.knowledge.store.documents import Filters
from stook.runtime import Runtime

EVERY_PUBLISHER = "GlooGrounded"


async def published(runtime: Runtime, principal: Principal, name: str) -> Filters:
    """What a publisher has; raises Forbidden where there is none that the caller may see."""
    if name == EVERY_PUBLISHER:
        return Filters()
    if not await runtime.database.read(publishers.is_known, principal, name):
        raise Forbidden(f"There is no publisher {name[:100]!r}, or you may not see it.")
    return await runtime.database.read(publishers.filters, [name])
