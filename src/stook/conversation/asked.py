"""Questions that a person has asked before."""

from __future__ import annotations

import sqlalchemy as sa

from stook.storage.tables import chats, messages
from stook.storage.text import is_storable
from stook.understanding.question import Author

LONGEST = 200  # characters of a question that is worth offering again


def questions(connection: sa.Connection, email: str, typed: str, limit: int) -> list[str]:
    """The person's own questions that hold all words typed, the newest first, each once."""
    words = [word for word in typed.lower().split() if is_storable(word)]
    if not words:
        return []
    text = sa.literal(" ") + sa.func.lower(messages.c.text)
    query = (
        sa.select(messages.c.text)
        .join(chats, chats.c.id == messages.c.chat_id)
        .where(chats.c.user_email == email, messages.c.author == Author.USER.value)
        .where(sa.func.length(messages.c.text) <= LONGEST)
        .where(*(text.contains(f" {word}", autoescape=True) for word in words))
        .group_by(messages.c.text)
        .order_by(sa.func.max(messages.c.created_at).desc(), messages.c.text)
    )
    return list(connection.scalars(query.limit(limit)))
