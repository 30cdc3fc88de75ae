"""People as Glean writes them: never without a name and an obfuscatedId."""

from __future__ import annotations

from typing import Any

from stook.application.documents import Document, owner
from stook.application.people import Profile
from stook.dialects.glean.rendering import wire
from stook.identity.users import User


def person_id(email: str) -> str:
    """The id by which a person is known to clients."""
    return wire.tracking_token("person", email)


def person_json(profile: Profile) -> dict[str, Any]:
    """A Person of the directory, with what a people connector said of them."""
    user, (first, last) = profile.user, profile.names
    names = {"firstName": first, "lastName": last} if user.name else {}
    manager = {"manager": _manager_json(profile.manager)} if profile.manager else {}
    own = {"type": profile.type, "email": user.email, **names, **profile.kept, **manager}
    return {
        "name": user.name or user.email,
        "obfuscatedId": person_id(user.email),
        "metadata": own,
    }


def _manager_json(user: User) -> dict[str, Any]:
    return {
        "name": user.name or user.email,
        "obfuscatedId": person_id(user.email),
        "metadata": {"email": user.email},
    }


def document_with_people(document: Document) -> dict[str, Any]:
    """A Document with its author and owner, where its source names them."""
    found = wire.document_json(document)
    people = {"author": document.author, "owner": owner(document)}
    found["metadata"] |= {role: named_person_json(name) for role, name in people.items() if name}
    return found


def named_person_json(name: str) -> dict[str, Any]:
    """Somebody whom a document names, by name or address."""
    return {"name": name, "obfuscatedId": person_id(name.lower())}
