"""The tables of people, groups and what lets people and programs in."""

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
    String,
    Table,
    Text,
)

from stook.storage.tables.schema import metadata

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
    Column("method", String(10), nullable=False, server_default="link"),  # how it was begun
)

# Groups that an identity provider claims for a person, and that end when it does no longer.
claimed_groups = Table(
    "claimed_groups",
    metadata,
    Column("user_email", ForeignKey("users.email"), primary_key=True),
    Column("group_name", String(400), primary_key=True),
)

# People whom an identity provider provisions (SCIM), as it describes them.
scim_users = Table(
    "scim_users",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("user_email", ForeignKey("users.email"), nullable=False, unique=True),
    Column("login", Text, nullable=False),
    Column("login_key", String(400), nullable=False, unique=True),  # in lower case
    Column("external_id", Text, nullable=False),
    Column("described", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

# Groups of the organisation that it provisions.
scim_groups = Table(
    "scim_groups",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("group_name", String(400), nullable=False, unique=True),
    Column("external_id", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
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
