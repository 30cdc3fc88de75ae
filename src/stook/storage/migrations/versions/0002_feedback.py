"""Feedback on answers, and what people look at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("user_email", sa.String(length=320), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.Column("tracking_tokens", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_email"], ["users.email"], name=op.f("fk_feedback_user_email")
        ),
        sa.PrimaryKeyConstraint("user_email", "id", name=op.f("pk_feedback")),
    )
    op.create_table(
        "activity",
        sa.Column("user_email", sa.String(length=320), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_email"], ["users.email"], name=op.f("fk_activity_user_email")
        ),
        sa.PrimaryKeyConstraint("user_email", "id", name=op.f("pk_activity")),
    )
    op.create_index("ix_activity_user_email_happened_at", "activity", ["user_email", "happened_at"])
