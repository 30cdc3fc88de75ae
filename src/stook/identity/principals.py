"""Who asks, who calls, and with whose eyes documents are read."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field

from stook.errors import MissingScope


class Scope(enum.StrEnum):
    """What a token may be used for (the names that Glean's tokens use, and SCIM)."""

    ACTIVITY = "ACTIVITY"
    ADMIN = "ADMIN"
    AGENTS = "AGENTS"
    CHAT = "CHAT"
    DOCPERMISSIONS = "DOCPERMISSIONS"
    DOCUMENTS = "DOCUMENTS"
    ENTITIES = "ENTITIES"
    FEEDBACK = "FEEDBACK"
    INDEXING = "INDEXING"
    PEOPLE = "PEOPLE"
    SCIM = "SCIM"
    SEARCH = "SEARCH"
    SUMMARIZE = "SUMMARIZE"
    TOOLS = "TOOLS"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes documents are read with: all that ``visible_to`` looks at.

    ``email`` is lower case; None sees what everyone may see. ``attachments`` are ids of documents
    that a request refers to, of those that are seen in no other way.
    """

    email: str | None
    attachments: frozenset[str] = field(default=frozenset(), kw_only=True)

    @property
    def sees_all(self) -> bool:
        """Whether every document is seen, whatever its permissions say."""
        return False

    def referring_to(self, document_ids: Iterable[str]) -> Viewer:
        """The same eyes, for a request that refers to these documents."""
        return Viewer(self.email, attachments=frozenset(document_ids))


@dataclass(frozen=True, slots=True)
class Principal(Viewer):
    """The person who asks. Without an ``email`` (the command line without ``--as``) no chats."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Caller(Principal):
    """A principal whose call came with a credential, and what the credential allows.

    ``counted_as`` names the owner of the rate limits that a call counts against, ``rate_limits``
    those that the token has of its own. ``expires_at`` is when the credential ends by itself, in
    microseconds since the epoch. ``acting_through`` is the name of a global token that acts for
    the person.
    """

    scopes: frozenset[Scope] = frozenset()
    token_id: str | None = None
    counted_as: str = ""
    rate_limits: str = ""
    expires_at: int | None = None
    acting_through: str = ""

    def require(self, scope: Scope) -> None:
        """Raise MissingScope unless the credential has the scope."""
        if scope not in self.scopes:
            raise MissingScope(scope)


class _Overseer(Viewer):
    """Sees every document; made by the two functions below alone."""

    __slots__ = ()

    @property
    def sees_all(self) -> bool:
        """Always."""
        return True


EVERYONE = Principal(email=None, name="everyone")


def administrators_view(caller: Caller) -> Viewer:
    """The eyes of an administrator, who sees every document; raises MissingScope."""
    caller.require(Scope.ADMIN)
    return _Overseer(caller.email)


def operators_view() -> Viewer:
    """The eyes of whoever holds the database itself, by the command line."""
    return _Overseer(None)
