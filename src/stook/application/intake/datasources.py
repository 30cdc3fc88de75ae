"""Datasources as connectors make and configure them."""

from __future__ import annotations

from collections.abc import Collection

from stook.identity import indexing_tokens
from stook.identity.audit import Actor
from stook.identity.indexing_tokens import Indexer, Rotated
from stook.knowledge.intake import datasources
from stook.knowledge.intake.definitions import Datasource
from stook.runtime import Runtime


async def authenticate(runtime: Runtime, bearer: str, address: str) -> Indexer:
    """Return who pushes, by an indexing token; raises Unauthenticated, Forbidden."""
    return await indexing_tokens.authenticate(runtime.database, bearer, address)


async def rotate(runtime: Runtime, bearer: str) -> Rotated:
    """Give the token a new secret."""
    return await runtime.database.write(indexing_tokens.rotate, bearer)


async def configure(runtime: Runtime, actor: Actor, datasource: Datasource) -> None:
    """Make a datasource or replace its configuration; its documents' rights follow."""
    await runtime.pusher.configure(actor, datasource)


async def get(runtime: Runtime, name: str) -> Datasource:
    """Return a datasource; raises InvalidRequest where there is none of this name."""
    return await runtime.database.read(datasources.get, name)


async def replace_beta_users(runtime: Runtime, name: str, emails: Collection[str]) -> None:
    """Say who sees a test datasource; raises InvalidRequest."""
    await runtime.database.write(datasources.replace_beta_users, name, emails)
