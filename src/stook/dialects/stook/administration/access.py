"""Who may administer: an administrator at the page, or by a token of theirs for ADMIN."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from stook.dialects.access import Authenticate, Opened
from stook.dialects.stook.access import signed_in
from stook.errors import Forbidden
from stook.identity.administrators import is_administrator
from stook.identity.principals import Caller, Scope
from stook.rates import EndpointClass


class NotAdministrator(Forbidden):
    """Forbidden: only administrators may do this; another one can make you one."""


def _administering(endpoint: EndpointClass) -> Authenticate:
    """A dependency: an administrator of this moment, whatever the credential was made for.

    The scope alone is not enough: a token outlives its owner's office.
    """
    with_scope = signed_in(Scope.ADMIN, endpoint)

    async def authenticated(
        runtime: Opened,
        principal: Caller = Depends(with_scope),  # noqa: B008 - FastAPI's way for a local one
    ) -> Caller:
        email = principal.email
        if email is None or not await runtime.database.read(is_administrator, email):
            raise NotAdministrator
        return principal

    return authenticated


Administrator = Annotated[Caller, Depends(_administering(EndpointClass.OTHER))]
AskingAdministrator = Annotated[Caller, Depends(_administering(EndpointClass.CHAT))]
