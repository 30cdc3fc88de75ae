"""Rate limits, and questions that are offered by number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tokens", sa.Column("rate_limits", sa.Text(), nullable=True))
    op.add_column("tokens", sa.Column("counted_as", sa.String(length=400), nullable=True))
    op.create_table(
        "rate_buckets",
        sa.Column("counted_as", sa.String(length=400), nullable=False),
        sa.Column("endpoint", sa.String(length=20), nullable=False),
        sa.Column("calls_left", sa.Float(), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("counted_as", "endpoint", name=op.f("pk_rate_buckets")),
    )
    op.create_table(
        "faqs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_faqs_document_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faqs")),
        sa.UniqueConstraint("document_id", "question", name=op.f("uq_faqs_document_id_question")),
    )
