"""The tables of chats, turns and files, and of what people say of answers."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from stook.storage.tables.schema import metadata

# --- conversations -----------------------------------------------------------------------------

chats = Table(
    "chats",
    metadata,
    Column("id", String(64), primary_key=True),  # a UUID
    Column("number", BigInteger, nullable=False, unique=True),  # for APIs that count threads
    Column("user_email", ForeignKey("users.email"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("application_id", String(64), nullable=True),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("pinned", Boolean, nullable=False, server_default=false()),
    Column("summary", Text, nullable=True),  # what its owner wrote of it
    Column("shared", Boolean, nullable=False, server_default=false()),  # with all who sign in
)

# Whom the owner of a chat shows it to by name.
chat_readers = Table(
    "chat_readers",
    metadata,
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    Column("user_email", ForeignKey("users.email"), primary_key=True, index=True),
    Column("since", BigInteger, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(64), primary_key=True),  # a UUID
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),  # 0, 1, 2 … within the chat
    Column("turn_id", String(64), nullable=False),  # a question and its answer share it
    Column("author", String(9), nullable=False),  # "user" or "assistant"
    Column("status", String(9), nullable=False),  # "complete", "cancelled" or "failed"
    Column("text", Text, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("details", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("chat_id", "position"),
)

# A turn that can be followed or stopped from elsewhere, until a while after its end.
turns = Table(
    "turns",
    metadata,
    Column("id", String(64), primary_key=True),  # a UUID
    Column("message_id", String(64), nullable=False, index=True),  # of its answer
    Column("asker", String(400), nullable=False),
    Column("label", JSON, nullable=False),  # what its dialect needs to write it again
    Column("alive_until", BigInteger, nullable=False, index=True),  # unless its node says more
    Column("finished", Boolean, nullable=False),
    Column("stopping", Boolean, nullable=False, default=False),
)

# Its events, those of a fraction of a second in one row.
turn_batches = Table(
    "turn_batches",
    metadata,
    Column("turn_id", ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("first", Integer, primary_key=True),  # the number of its first event; they count from 1
    Column("events", JSON, nullable=False),
)

# A file that somebody asks about; what is read of it becomes a document of their own. Its bytes
# are a blob of the same name.
chat_files = Table(
    "chat_files",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("user_email", ForeignKey("users.email"), nullable=False),
    Column("name", Text, nullable=False),
    Column("mime_type", String(200), nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes
    Column("status", String(20), nullable=False),
    Column("failure_reason", String(40), nullable=True),
    Column("processed_size", BigInteger, nullable=False),  # bytes
    Column("uploaded_at", BigInteger, nullable=False),
    Index("ix_chat_files_user_email_uploaded_at", "user_email", "uploaded_at"),
    Index("ix_chat_files_status_uploaded_at", "status", "uploaded_at"),
)

# What an administrator set up for a purpose: instructions, and which documents are used.
chat_applications = Table(
    "chat_applications",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("definition", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

# A question that a document answers, offered by a number that stays the same.
faqs = Table(
    "faqs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("question", Text, nullable=False),
    UniqueConstraint("document_id", "question"),
)

# --- what people say of answers, and what they look at -----------------------------------------

feedback = Table(
    "feedback",
    metadata,
    Column("user_email", ForeignKey("users.email"), primary_key=True),
    Column("id", String(200), primary_key=True),  # the client's, so that it may send twice
    Column("event", String(100), nullable=False),
    Column("category", String(100), nullable=False),
    Column("tracking_tokens", JSON, nullable=False),
    Column("details", JSON, nullable=False),  # all that the client said
    Column("created_at", BigInteger, nullable=False),
)

activity = Table(
    "activity",
    metadata,
    Column("user_email", ForeignKey("users.email"), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("action", String(100), nullable=False),
    Column("url", Text, nullable=False),
    Column("happened_at", BigInteger, nullable=False),  # as the client says
    Column("details", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_activity_user_email_happened_at", "user_email", "happened_at"),
)

# How a question was answered. Who asked is not kept; the text is emptied after a while.
asked_questions = Table(
    "asked_questions",
    metadata,
    Column("id", String(64), primary_key=True),  # of its turn
    Column("message_id", String(64), nullable=False, index=True),  # of its answer
    Column("asked_at", BigInteger, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("outcome", String(8), nullable=False),  # of an answer, or "failed"
    Column("milliseconds", Integer, nullable=False),
)

# In how many answers of a day (counted from the epoch, UTC) a document was cited.
citation_counts = Table(
    "citation_counts",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("day", Integer, primary_key=True, index=True),
    Column("answers", Integer, nullable=False),
)
