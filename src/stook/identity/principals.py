"""Who asks."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Scope(enum.StrEnum):
    """What a token may be used for (the names that Glean's tokens use)."""

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
    SEARCH = "SEARCH"
    SUMMARIZE = "SUMMARIZE"
    TOOLS = "TOOLS"


@dataclass(frozen=True, slots=True)
class Principal:
    """The person on whose behalf something is read, and what the credential allows.

    ``email`` is lower case. It is None for the command line without ``--as``: such a principal
    sees what everyone may see, and owns no chats. ``attachments`` are ids of documents that the
    request refers to, of those that are seen in no other way. ``counted_as`` names the owner of
    the rate limits that a call counts against, ``rate_limits`` those that the token has of its own.
    ``expires_at`` is when the credential ends by itself, in microseconds since the epoch.
    ``sees_all`` is an administrator's search of every document, whatever its permissions say.
    """

    email: str | None
    name: str = ""
    scopes: frozenset[Scope] = frozenset()
    token_id: str | None = None
    attachments: frozenset[str] = frozenset()
    counted_as: str = ""
    rate_limits: str = ""
    expires_at: int | None = None
    sees_all: bool = False


EVERYONE = Principal(email=None, name="everyone")
