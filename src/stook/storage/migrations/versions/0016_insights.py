"""Questions as they were answered, how often documents are cited, and answers that people wrote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_questions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_questions")),
    )
    op.create_index("ix_asked_questions_asked_at", "asked_questions", ["asked_at"])
    op.create_index("ix_asked_questions_message_id", "asked_questions", ["message_id"])
    op.create_table(
        "citation_counts",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "day", name=op.f("pk_citation_counts")),
    )
    op.create_index("ix_citation_counts_day", "citation_counts", ["day"])
    op.create_table(
        "curated_questions",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("wording_key", sa.String(length=64), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_curated_questions_document_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "wording_key", name=op.f("pk_curated_questions")),
    )
    op.create_index("ix_curated_questions_wording_key", "curated_questions", ["wording_key"])
