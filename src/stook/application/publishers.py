"""Publishers by the names that callers give, and the items that clients push for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stook.application.search.finding import Filters
from stook.errors import Forbidden
from stook.identity.principals import Caller, Principal
from stook.knowledge.intake import items, publishers
from stook.knowledge.intake.definitions import Content
from stook.knowledge.intake.items import FACTS, SAID, Listed, Said, Taken
from stook.knowledge.intake.publishers import Publisher
from stook.knowledge.store.conditions import PROPERTIES
from stook.knowledge.store.documents import Document
from stook.runtime import Runtime

__all__ = ["Content", "Listed", "Publisher", "Said", "Taken"]


async def shown_names(runtime: Runtime) -> Mapping[str, str]:
    """Return by which name each datasource is shown."""
    return await runtime.database.read(publishers.names)


async def published_by(runtime: Runtime, names: Sequence[str]) -> Filters:
    """Return the filters for what these publish; no names are no restriction."""
    return await runtime.database.read(publishers.filters, names)


async def visible(runtime: Runtime, principal: Principal, name: str) -> Filters:
    """Return the filters for what one publishes; raises Forbidden where nothing may be seen."""
    if not await runtime.database.read(publishers.is_known, principal, name):
        raise Forbidden(f"There is no publisher {name[:100]!r}, or you may not see it.")
    return await published_by(runtime, [name])


async def pushed_into(runtime: Runtime, caller: Caller, name: str) -> Publisher:
    """Return the publisher into which the caller may push; raises Forbidden."""
    return await runtime.database.read(publishers.require, caller.token_id, name)


async def check_item(runtime: Runtime, publisher: Publisher, item_id: str) -> None:
    """Raise NotFound where the publisher has no such item."""
    await runtime.database.read(items.require, publisher, item_id)


async def publish(
    runtime: Runtime,
    publisher: Publisher,
    own_id: str | None,
    file: Content,
    filename: str,
    said: Said,
) -> Taken:
    """Take in a file as a publisher's item; raises UnreadableDocument, InvalidRequest."""
    return await runtime.pusher.publish(publisher, own_id, file, filename, said)


async def describe(runtime: Runtime, publisher: Publisher, item: str, said: Said) -> Taken:
    """Say something of a publisher's item; raises NotFound, InvalidRequest."""
    return await runtime.pusher.describe(publisher, item, said)


async def items_of(
    runtime: Runtime, principal: Principal, publisher: Publisher, most: int
) -> list[Listed]:
    """Return the publisher's items that the principal may see, the newest first."""
    name = publisher.datasource.name
    return await runtime.database.read(items.listing, principal, name, most)


async def item(runtime: Runtime, principal: Principal, item_id: str) -> Listed:
    """Return an item that the principal may see; raises NotFound."""
    return await runtime.database.read(items.shown, principal, item_id)


def authors(document: Document) -> list[str]:
    """Return everybody who wrote it, as far as is known."""
    said = (document.details.get(SAID) or {}).get("authors")
    return list(said) if said else [document.author] if document.author else []


def said_of(document: Document) -> Mapping[str, object]:
    """Return what its publisher says of an item beyond the fields that all have."""
    return document.details.get(PROPERTIES) or {}


def filename(document: Document) -> str:
    """Return the name of the file that an item was read from, else the end of its own id."""
    facts = document.details.get(FACTS) or {}
    return str(facts.get("filename") or document.external_id.rpartition("/")[2])
