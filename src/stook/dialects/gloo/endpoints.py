"""Gloo's dialect with all its routes."""

from __future__ import annotations

from stook.dialects.gloo import chats, message, token
from stook.dialects.gloo.dialect import DIALECT, router

for part in (token, message, chats):
    router.include_router(part.router)

__all__ = ["DIALECT"]
