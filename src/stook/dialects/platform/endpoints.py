"""All routes of the Platform API."""

from __future__ import annotations

from dataclasses import replace

from stook.dialects.platform import agents, chat, dialect, search

for part in (chat, search, agents):
    dialect.router.include_router(part.router)

DIALECT = replace(
    dialect.DIALECT,
    models=(*chat.REQUESTS, *search.REQUESTS, *agents.REQUESTS),
)
