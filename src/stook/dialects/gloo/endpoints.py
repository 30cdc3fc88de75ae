"""Gloo's dialects with all their routes."""

from __future__ import annotations

from stook.dialects.gloo import chats, completions, ingestion, message, responses, search, token
from stook.dialects.gloo.dialect import DIALECT, completions_router, router
from stook.dialects.gloo.problems import COMPLETIONS

for part in (token, message, chats, search, ingestion):
    router.include_router(part.router)
for versions in (completions, responses):
    router.include_router(versions.first)
    completions_router.include_router(versions.second)

__all__ = ["COMPLETIONS", "DIALECT"]
