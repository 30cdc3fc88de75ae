"""Stook answers questions from an organisation's own documents, with citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stook.client import AsyncStook, Stook

__version__ = "0.1.0"

__all__ = ["AsyncStook", "Stook", "__version__"]


def __getattr__(name: str) -> Any:
    """The SDK is imported when it is asked for, so that importing ``stook`` stays cheap."""
    if name in ("AsyncStook", "Stook"):
        from stook import client

        return getattr(client, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
