"""The tables of what clients push: documents, people, metadata, uploads."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table

from stook.storage.tables.schema import metadata

# Limits of tokens that only bring documents in; a token without a row here has none.
indexing_tokens = Table(
    "indexing_tokens",
    metadata,
    Column("token_id", ForeignKey("tokens.id"), primary_key=True),
    Column("datasources", JSON, nullable=False),  # empty: all
    Column("addresses", JSON, nullable=False),  # networks it may be used from; empty: anywhere
    Column("rotation_minutes", Integer, nullable=True),  # it ends unless it is rotated that often
    Column("rotated_at", BigInteger, nullable=False),
    Column("previous_hash", String(64), nullable=True, unique=True),
    Column("previous_until", BigInteger, nullable=True),  # so long the previous secret works
)

# Into which datasources an OAuth client may push, and who may see what it brings.
client_publishers = Table(
    "client_publishers",
    metadata,
    Column("client_id", ForeignKey("oauth_clients.client_id"), primary_key=True),
    Column("datasource", ForeignKey("datasources.name"), primary_key=True),
    Column("grants", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

# A test datasource is seen by its beta users only, whatever its documents' rights say.
test_datasources = Table(
    "test_datasources",
    metadata,
    Column("datasource", ForeignKey("datasources.name"), primary_key=True),
)

beta_users = Table(
    "beta_users",
    metadata,
    Column("datasource", ForeignKey("datasources.name"), primary_key=True),
    Column("email", String(320), primary_key=True),
)

# What was pushed of a document and is not in ``documents``; it goes when the document does.
pushed_documents = Table(
    "pushed_documents",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("datasource", ForeignKey("datasources.name"), nullable=False),
    Column("permissions", JSON, nullable=False),  # as they were pushed
    Column("uploaded_at", BigInteger, nullable=False),
    Index("ix_pushed_documents_datasource_uploaded_at", "datasource", "uploaded_at"),
)

# People whom a people connector pushed; it looks after the users that it made, and no others.
employees = Table(
    "employees",
    metadata,
    Column("email", String(320), primary_key=True),
    Column("definition", JSON, nullable=False),
    Column("made_user", Boolean, nullable=False),
    Column("uploaded_at", BigInteger, nullable=False),
)

# Teams of the organisation as a people connector pushed them.
teams = Table(
    "teams",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("definition", JSON, nullable=False),
    Column("uploaded_at", BigInteger, nullable=False),
)

# Short names for addresses; external ones lead over another service.
shortcuts = Table(
    "shortcuts",
    metadata,
    Column("alias", String(400), primary_key=True),
    Column("external", Boolean, primary_key=True),
    Column("definition", JSON, nullable=False),
    Column("uploaded_at", BigInteger, nullable=False),
)

# Groups of custom metadata with the keys of each, and what documents have in them.
metadata_groups = Table(
    "metadata_groups",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("keys", JSON, nullable=False),
    Column("stored_at", BigInteger, nullable=False),
)
document_metadata = Table(
    "document_metadata",
    metadata,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("group_name", ForeignKey("metadata_groups.name"), primary_key=True),
    Column("held", JSON, nullable=False),  # values by key
)

# The highest version pushed of a thing, or when something was last done to it.
push_marks = Table(
    "push_marks",
    metadata,
    Column("datasource", String(200), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("ref", String(900), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

document_events = Table(
    "document_events",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("event", String(20), primary_key=True),
)

# An upload brings a whole set in pages; what it lacks is removed when its last page is in.
bulk_uploads = Table(
    "bulk_uploads",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("datasource", String(200), nullable=False),  # empty for people
    Column("kind", String(20), nullable=False),
    Column("subject", String(400), nullable=False),  # the group whose members it brings
    Column("upload_id", String(400), nullable=False),  # the client's
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger, nullable=True),
    Column("dropped_at", BigInteger, nullable=True),  # another one was started instead
    Column("remove_at", BigInteger, nullable=True),  # when what it lacks will be removed
    Index("ix_bulk_uploads_kind_datasource_subject", "kind", "datasource", "subject"),
)

bulk_upload_pages = Table(
    "bulk_upload_pages",
    metadata,
    Column("upload", ForeignKey("bulk_uploads.id"), primary_key=True),
    Column("page", String(64), primary_key=True),  # SHA-256 of what is in it
)

bulk_upload_items = Table(
    "bulk_upload_items",
    metadata,
    Column("upload", ForeignKey("bulk_uploads.id"), primary_key=True),
    Column("ref", String(420), primary_key=True),
)
