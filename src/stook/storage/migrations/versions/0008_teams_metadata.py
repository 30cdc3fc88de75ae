"""Teams, shortcuts and custom metadata that clients push."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    op.create_table(
        "shortcuts",
        sa.Column("alias", sa.String(length=400), nullable=False),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("alias", "external", name=op.f("pk_shortcuts")),
    )
    op.create_table(
        "metadata_groups",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("stored_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_metadata_groups")),
    )
    op.create_table(
        "document_metadata",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("group_name", sa.String(length=200), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_document_metadata_document_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_name"],
            ["metadata_groups.name"],
            name=op.f("fk_document_metadata_group_name"),
        ),
        sa.PrimaryKeyConstraint("document_id", "group_name", name=op.f("pk_document_metadata")),
    )
