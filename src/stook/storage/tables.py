"""The schema: every table of the SQL database, in SQLAlchemy Core.

Times are integer microseconds since the epoch, UTC, so that both databases sort and compare
them alike. Identifiers that leave the process are text; joins inside go by them as well.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- people ------------------------------------------------------------------------------------

users = Table(
    "users",
    metadata,
    Column("email", String(320), primary_key=True),  # lower case
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", BigInteger, nullable=False),
)

# A realm is where names of groups and users are unique: the empty realm is the organisation's
# own (members are named by e-mail address); each datasource that pushes identities has another.
realm_users = Table(
    "realm_users",
    metadata,
    Column("realm", String(200), primary_key=True),
    Column("user_ref", String(320), primary_key=True),
    Column("email", String(320), nullable=False, index=True),
    Column("name", Text, nullable=False, default=""),
    Column("active", Boolean, nullable=False, default=True),
)

groups = Table(
    "groups",
    metadata,
    Column("realm", String(200), primary_key=True),
    Column("name", String(400), primary_key=True),
    Column("created_at", BigInteger, nullable=False),
)

group_members = Table(
    "group_members",
    metadata,
    Column("realm", String(200), primary_key=True),
    Column("group_name", String(400), primary_key=True),
    Column("member_kind", String(5), primary_key=True),  # "user" or "group"
    Column("member_ref", String(400), primary_key=True),
    Index("ix_group_members_member", "member_kind", "realm", "member_ref", "group_name"),
)

# --- credentials -------------------------------------------------------------------------------

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),  # SHA-256, hex
    Column("user_email", ForeignKey("users.email"), nullable=True),  # null: a global token
    Column("scopes", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=True),
    Column("revoked_at", BigInteger, nullable=True),
    Column("last_used_at", BigInteger, nullable=True),
    Column("rate_limits", Text, nullable=True),  # in place of the server's, as stook.rates reads
    Column("counted_as", String(400), nullable=True),  # whose buckets its calls take from
    Column("parent_id", String(40), nullable=True),  # the token or client that it ends with
)

# What a caller has left of the calls to a class of endpoints; it fills with time.
rate_buckets = Table(
    "rate_buckets",
    metadata,
    Column("counted_as", String(400), primary_key=True),
    Column("endpoint", String(20), primary_key=True),
    Column("calls_left", Float, nullable=False),  # at the time of counting
    Column("counted_at", BigInteger, nullable=False),
)

oauth_clients = Table(
    "oauth_clients",
    metadata,
    Column("client_id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("user_email", ForeignKey("users.email"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger, nullable=True),
    Column("rate_limits", Text, nullable=True),  # as those of tokens
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("key_id", String(40), primary_key=True),
    Column("private_jwk", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("retired_at", BigInteger, nullable=True),
)

# Who looks after the server; they act for themselves like everybody else.
administrators = Table(
    "administrators",
    metadata,
    Column("email", ForeignKey("users.email"), primary_key=True),
    Column("since", BigInteger, nullable=False),
)

# Links that sign a person in at the page, each once.
sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("secret_hash", String(64), primary_key=True),  # SHA-256, hex
    Column("user_email", ForeignKey("users.email"), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

# A person signed in at the page with one browser; what ended is removed.
browser_sessions = Table(
    "browser_sessions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("secret_hash", String(64), nullable=False, unique=True),  # SHA-256, hex
    Column("user_email", ForeignKey("users.email"), nullable=False, index=True),
    Column("browser", Text, nullable=False),  # as it names itself
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

# Passwords of those who have set one; the others sign in by links.
passwords = Table(
    "passwords",
    metadata,
    Column("user_email", ForeignKey("users.email"), primary_key=True),
    Column("hash", Text, nullable=False),  # Argon2id, with its parameters
    Column("changed_at", BigInteger, nullable=False),
)

# Who did what; nothing changes what stands here.
audit_events = Table(
    "audit_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(400), nullable=False),  # an address, or the command line
    Column("credential", String(40), nullable=False),  # the session, token or client; or empty
    Column("action", String(40), nullable=False),
    Column("subject", Text, nullable=False),  # whom or what it was done to
    Column("details", JSON, nullable=False),
    Index("ix_audit_events_action_id", "action", "id"),
    Index("ix_audit_events_actor_id", "actor", "id"),
)

# --- documents and who may see them ------------------------------------------------------------

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

passages = Table(
    "passages",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("start", Integer, nullable=False),  # code points into the text, inclusive
    Column("end", Integer, nullable=False),  # exclusive
    Column("heading_path", JSON, nullable=False),  # list of headings, outermost first
)

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

# --- what people say of answers, and what they look at ------------------------------------------

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

# --- what clients push ---------------------------------------------------------------------------

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
