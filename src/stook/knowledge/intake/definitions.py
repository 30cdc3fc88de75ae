"""The nouns of what clients push, as the dialects give them. Times are microseconds, UTC."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person as a datasource names them: by address, by its own id, or only by name."""

    email: str = ""
    user_id: str = ""
    name: str = ""

    @property
    def shown(self) -> str:
        return self.name or self.email or self.user_id


@dataclass(frozen=True, slots=True)
class Grants:
    """Who may see a document; whoever meets any one of these. The default is nobody."""

    users: tuple[PersonRef, ...] = ()
    groups: tuple[str, ...] = ()
    intersections: tuple[tuple[str, ...], ...] = ()  # members of all groups of one
    everyone: bool = False  # anybody signed in
    datasource_users: bool = False  # any active user of the datasource

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, held: dict[str, Any]) -> Grants:
        return cls(
            users=tuple(PersonRef(**user) for user in held["users"]),
            groups=tuple(held["groups"]),
            intersections=tuple(map(tuple, held["intersections"])),
            everyone=held["everyone"],
            datasource_users=held["datasource_users"],
        )


@dataclass(frozen=True, slots=True)
class Content:
    """Something to read: the bytes, and what they are."""

    mime_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on a document."""

    author: PersonRef
    content: Content
    created_at: int | None = None


@dataclass(frozen=True, slots=True)
class PushedDocument:
    """A document as a client pushed it; ``id`` and ``object_type`` name it in its datasource.

    ``details`` is kept with the document as it is, for search and for whoever reads it back.
    """

    datasource: str
    id: str
    object_type: str = ""
    title: str = ""
    filename: str = ""
    url: str = ""
    container: str = ""
    summary: Content | None = None
    body: Content | None = None
    comments: tuple[Comment, ...] = ()
    author: PersonRef = PersonRef()
    grants: Grants = Grants()
    created_at: int | None = None
    updated_at: int | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        return external_id(self.object_type, self.id)


def external_id(object_type: str, own_id: str) -> str:
    """Under which a document is stored: ids are unique in a type, and case does not matter."""
    return f"{object_type}/{own_id}".lower() if object_type else own_id.lower()


@dataclass(frozen=True, slots=True)
class Datasource:
    """A datasource as it is configured; ``config`` is all that the client said of it.

    ``realm`` is whose users and groups its documents' grants name.
    """

    name: str
    display_name: str
    realm: str
    by_email: bool = False
    url_regex: str = ""
    is_test: bool = False
    is_entity: bool = False
    config: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a bulk upload; ``digest`` tells it from others and knows it again.

    ``subject`` narrows what the upload replaces: the group whose members it brings.
    """

    kind: str
    datasource: str
    upload_id: str
    digest: str
    first: bool = False
    last: bool = False
    restart: bool = False
    remove_at_once: bool = False
    subject: str = ""
