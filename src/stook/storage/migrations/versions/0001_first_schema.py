"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people()
    _credentials()
    _rights()
    _documents()
    _conversations()


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_users")),
    )
    op.create_table(
        "realm_users",
        sa.Column("realm", sa.String(length=200), nullable=False),
        sa.Column("user_ref", sa.String(length=320), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("realm", "user_ref", name=op.f("pk_realm_users")),
    )
    op.create_index(op.f("ix_realm_users_email"), "realm_users", ["email"])
    op.create_table(
        "groups",
        sa.Column("realm", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("realm", "name", name=op.f("pk_groups")),
    )
    op.create_table(
        "group_members",
        sa.Column("realm", sa.String(length=200), nullable=False),
        sa.Column("group_name", sa.String(length=400), nullable=False),
        sa.Column("member_kind", sa.String(length=5), nullable=False),
        sa.Column("member_ref", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint(
            "realm", "group_name", "member_kind", "member_ref", name=op.f("pk_group_members")
        ),
    )
    op.create_index(
        "ix_group_members_member",
        "group_members",
        ["member_kind", "realm", "member_ref", "group_name"],
    )


def _credentials() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_email", sa.String(length=320), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user_email"], ["users.email"], name=op.f("fk_tokens_user_email")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_tokens_secret_hash")),
    )
    op.create_table(
        "oauth_clients",
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_email", sa.String(length=320), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_email"], ["users.email"], name=op.f("fk_oauth_clients_user_email")
        ),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_oauth_clients")),
    )
    op.create_table(
        "signing_keys",
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("private_jwk", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_signing_keys")),
    )


def _rights() -> None:
    op.create_table(
        "datasources",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("realm", sa.String(length=200), nullable=False),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_datasources")),
    )
    op.create_table(
        "access_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("realm", sa.String(length=200), nullable=False),
        sa.Column("everyone", sa.Boolean(), nullable=False),
        sa.Column("realm_members", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_sets")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_access_sets_fingerprint")),
    )
    op.create_table(
        "access_set_users",
        sa.Column("access_set_id", sa.Integer(), nullable=False),
        sa.Column("realm", sa.String(length=200), nullable=False),
        sa.Column("user_ref", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(
            ["access_set_id"], ["access_sets.id"], name=op.f("fk_access_set_users_access_set_id")
        ),
        sa.PrimaryKeyConstraint(
            "access_set_id", "realm", "user_ref", name=op.f("pk_access_set_users")
        ),
    )
    op.create_index(
        "ix_access_set_users_user", "access_set_users", ["realm", "user_ref", "access_set_id"]
    )
    op.create_table(
        "access_set_groups",
        sa.Column("access_set_id", sa.Integer(), nullable=False),
        sa.Column("clause", sa.Integer(), nullable=False),
        sa.Column("realm", sa.String(length=200), nullable=False),
        sa.Column("group_name", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["access_set_id"], ["access_sets.id"], name=op.f("fk_access_set_groups_access_set_id")
        ),
        sa.PrimaryKeyConstraint(
            "access_set_id", "clause", "realm", "group_name", name=op.f("pk_access_set_groups")
        ),
    )
    op.create_index(
        "ix_access_set_groups_group",
        "access_set_groups",
        ["realm", "group_name", "access_set_id", "clause"],
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("datasource", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("mime_type", sa.String(length=200), nullable=False),
        sa.Column("object_type", sa.String(length=200), nullable=False),
        sa.Column("container", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("access_set_id", sa.Integer(), nullable=False),
        sa.Column("indexed_access_set_id", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("served_version", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=True),
        sa.Column("stored_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["access_set_id"], ["access_sets.id"], name=op.f("fk_documents_access_set_id")
        ),
        sa.ForeignKeyConstraint(
            ["datasource"], ["datasources.name"], name=op.f("fk_documents_datasource")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint(
            "datasource", "external_id", name=op.f("uq_documents_datasource_external_id")
        ),
    )
    op.create_index("ix_documents_access_set_id", "documents", ["access_set_id"])
    op.create_index("ix_documents_url", "documents", ["url"])
    op.create_table(
        "document_texts",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_texts_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "version", name=op.f("pk_document_texts")),
    )
    op.create_table(
        "passages",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("heading_path", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_passages_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "version", "ordinal", name=op.f("pk_passages")),
    )


def _conversations() -> None:
    op.create_table(
        "chats",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("user_email", sa.String(length=320), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("application_id", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_email"], ["users.email"], name=op.f("fk_chats_user_email")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
        sa.UniqueConstraint("number", name=op.f("uq_chats_number")),
    )
    op.create_index(op.f("ix_chats_user_email"), "chats", ["user_email"])
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("chat_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=9), nullable=False),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_messages_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("chat_id", "position", name=op.f("uq_messages_chat_id_position")),
    )
