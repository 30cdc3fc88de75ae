"""Custom metadata of documents, in groups of keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stook.knowledge.intake import metadata
from stook.knowledge.intake.metadata import Key
from stook.runtime import Runtime


async def datasource_of(runtime: Runtime, document: str) -> str:
    """Return the datasource that a pushed document is in; raises NotFound."""
    return await runtime.database.read(metadata.datasource_of, document)


async def put(runtime: Runtime, document: str, group: str, values: Mapping[str, Any]) -> None:
    """Add or replace values of a document; raises NotFound, InvalidRequest."""
    await runtime.database.write(metadata.put, document, group, values)


async def delete(runtime: Runtime, document: str, group: str) -> None:
    """Remove the values of a group from a document; raises NotFound."""
    await runtime.database.write(metadata.delete, document, group)


async def schema(runtime: Runtime, group: str) -> list[Key]:
    """Return the keys of a group; raises NotFound."""
    return await runtime.database.read(metadata.schema, group)


async def put_schema(runtime: Runtime, group: str, keys: Sequence[Key]) -> None:
    """Make a group or replace its keys; raises InvalidRequest."""
    await runtime.database.write(metadata.put_schema, group, keys)


async def delete_schema(runtime: Runtime, group: str) -> None:
    """Delete a group, on all documents too; raises NotFound."""
    await runtime.database.write(metadata.delete_schema, group)
