"""The tables of documents, their texts and passages, and of who may see them."""

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
)

from stook.storage.tables.schema import metadata

datasources = Table(
    "datasources",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("realm", String(200), nullable=False),  # whose users and groups its permissions name
    Column("config", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

# An access set is one distinct permission definition. Documents point at it, and the search
# index stores only its number: a change in a group writes nothing to the index.
access_sets = Table(
    "access_sets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("fingerprint", String(64), nullable=False, unique=True),
    Column("realm", String(200), nullable=False),
    Column("everyone", Boolean, nullable=False),  # anybody signed in
    Column("realm_members", Boolean, nullable=False),  # any active user of the realm
)

access_set_users = Table(
    "access_set_users",
    metadata,
    Column("access_set_id", ForeignKey("access_sets.id"), primary_key=True),
    Column("realm", String(200), primary_key=True),
    Column("user_ref", String(320), primary_key=True),
    Index("ix_access_set_users_user", "realm", "user_ref", "access_set_id"),
)

# A clause is met by members of every group in it; one allowed group is a clause of one.
access_set_groups = Table(
    "access_set_groups",
    metadata,
    Column("access_set_id", ForeignKey("access_sets.id"), primary_key=True),
    Column("clause", Integer, primary_key=True),
    Column("realm", String(200), primary_key=True),
    Column("group_name", String(400), primary_key=True),
    Index("ix_access_set_groups_group", "realm", "group_name", "access_set_id", "clause"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("datasource", ForeignKey("datasources.name"), nullable=False),
    Column("external_id", Text, nullable=False),  # a path, a URL, or the pushed id
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("mime_type", String(200), nullable=False),
    Column("object_type", String(200), nullable=False, default=""),
    Column("container", Text, nullable=False, default=""),
    Column("publisher", Text, nullable=False, default=""),
    Column("author", Text, nullable=False, default=""),
    Column("details", JSON, nullable=False),
    Column("access_set_id", ForeignKey("access_sets.id"), nullable=False),
    Column("indexed_access_set_id", Integer, nullable=True),  # what the search index filters by
    Column("content_hash", String(64), nullable=False),  # of the source's bytes
    Column("version", Integer, nullable=False),  # counts changes of content
    Column("served_version", Integer, nullable=True),  # the one whose passages are searchable
    Column("created_at", BigInteger, nullable=True),  # as the source says
    Column("updated_at", BigInteger, nullable=True),  # as the source says
    Column("stored_at", BigInteger, nullable=False),
    Column("withdrawn_at", BigInteger, nullable=True),  # deleted; its rows go shortly after
    Column("served_at", BigInteger, nullable=True),  # when the served version became searchable
    UniqueConstraint("datasource", "external_id"),
    Index("ix_documents_access_set_id", "access_set_id"),
    Index("ix_documents_url", "url"),
)

# The text of a version is kept until the next one is searchable, so that a document never
# vanishes while it is being indexed again.
document_texts = Table(
    "document_texts",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("notes", JSON, nullable=False, server_default="[]"),  # what was not read, or guessed
    Column("places", JSON, nullable=False, server_default="[]"),  # [offset, "page 3"], in order
)

# Questions that a version answers, made when it was indexed, or put by somebody who said that
# the answer was good.
passage_questions = Table(
    "passage_questions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("origin", String(12), nullable=False),
    Column("question", Text, nullable=False),
    Column("start", Integer, nullable=False),  # of what answers it, code points into the text
    Column("end", Integer, nullable=False),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=True),
    Index("ix_passage_questions_document_id", "document_id", "version"),
    Index("ix_passage_questions_message_id", "message_id"),
)

passages = Table(
    "passages",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("start", Integer, nullable=False),  # code points into the text, inclusive
    Column("end", Integer, nullable=False),  # exclusive
    Column("heading_path", JSON, nullable=False),  # list of headings, outermost first
    # Up to where the next passage begins.
    Column("text", Text, nullable=False, server_default=""),
    # [start, end] of each run of sentences with a vector.
    Column("windows", JSON, nullable=False, server_default="[]"),
    # The sentences, items and rows that begin in it: see store/passages.py.
    Column("units", JSON, nullable=False, server_default='{"paths": [], "units": []}'),
    # [first, last] ordinals of the passages that its units belong to.
    Column("near", JSON, nullable=False, server_default="[]"),
    # [offset, "page 3"] of what begins in it, and before it.
    Column("places", JSON, nullable=False, server_default="[]"),
)

# Wordings of questions to which a document is the answer that somebody wrote.
curated_questions = Table(
    "curated_questions",
    metadata,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("wording_key", String(64), primary_key=True, index=True),  # of its words, SHA-256
    Column("wording", Text, nullable=False),
)
