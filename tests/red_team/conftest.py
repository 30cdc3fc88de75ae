"""Fixtures shared with the tests of conversations."""

from __future__ import annotations

from tests.conversation.conftest import embedder, local_server

__all__ = ["embedder", "local_server"]
