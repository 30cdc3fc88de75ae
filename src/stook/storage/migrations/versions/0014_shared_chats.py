"""Chats that are shown to colleagues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "chats", sa.Column("shared", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "chat_readers",
        sa.Column("chat_id", sa.String(length=64), nullable=False),
        sa.Column("user_email", sa.String(length=320), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_chat_readers_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_email"], ["users.email"], name=op.f("fk_chat_readers_user_email")
        ),
        sa.PrimaryKeyConstraint("chat_id", "user_email", name=op.f("pk_chat_readers")),
    )
    op.create_index("ix_chat_readers_user_email", "chat_readers", ["user_email"])
