"""What clients push: uploads, versions, events, people, test datasources, limits of tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("served_at", sa.BigInteger(), nullable=True))
    _tokens()
    _test_datasources()
    _pushed()
    _uploads()


def _tokens() -> None:
    op.create_table(
        "indexing_tokens",
        sa.Column("token_id", sa.String(length=40), nullable=False),
        sa.Column("datasources", sa.JSON(), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("rotation_minutes", sa.Integer(), nullable=True),
        sa.Column("rotated_at", sa.BigInteger(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=True),
        sa.Column("previous_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["token_id"], ["tokens.id"], name=op.f("fk_indexing_tokens_token_id")
        ),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_indexing_tokens")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_indexing_tokens_previous_hash")),
    )


def _test_datasources() -> None:
    for name in ("test_datasources", "beta_users"):
        email = [sa.Column("email", sa.String(length=320), nullable=False)]
        columns = email if name == "beta_users" else []
        op.create_table(
            name,
            sa.Column("datasource", sa.String(length=200), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(
                ["datasource"], ["datasources.name"], name=op.f(f"fk_{name}_datasource")
            ),
            sa.PrimaryKeyConstraint(
                "datasource", *(column.name for column in columns), name=op.f(f"pk_{name}")
            ),
        )


def _pushed() -> None:
    op.create_table(
        "pushed_documents",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("datasource", sa.String(length=200), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["datasource"], ["datasources.name"], name=op.f("fk_pushed_documents_datasource")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_pushed_documents")),
    )
    op.create_index(
        "ix_pushed_documents_datasource_uploaded_at",
        "pushed_documents",
        ["datasource", "uploaded_at"],
    )
    op.create_table(
        "employees",
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("made_user", sa.Boolean(), nullable=False),
        sa.Column("uploaded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_employees")),
    )
    op.create_table(
        "push_marks",
        sa.Column("datasource", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=900), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("datasource", "kind", "ref", name=op.f("pk_push_marks")),
    )
    op.create_table(
        "document_events",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "at", "event", name=op.f("pk_document_events")),
    )


def _uploads() -> None:
    op.create_table(
        "bulk_uploads",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("datasource", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("upload_id", sa.String(length=400), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("dropped_at", sa.BigInteger(), nullable=True),
        sa.Column("remove_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_uploads")),
    )
    op.create_index(
        "ix_bulk_uploads_kind_datasource_subject",
        "bulk_uploads",
        ["kind", "datasource", "subject"],
    )
    for name, column, length in (
        ("bulk_upload_pages", "page", 64),
        ("bulk_upload_items", "ref", 420),
    ):
        op.create_table(
            name,
            sa.Column("upload", sa.String(length=40), nullable=False),
            sa.Column(column, sa.String(length=length), nullable=False),
            sa.ForeignKeyConstraint(
                ["upload"], ["bulk_uploads.id"], name=op.f(f"fk_{name}_upload")
            ),
            sa.PrimaryKeyConstraint("upload", column, name=op.f(f"pk_{name}")),
        )
