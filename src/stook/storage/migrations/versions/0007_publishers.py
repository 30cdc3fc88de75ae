"""Pinned chats and their summaries; into which publishers an OAuth client may push."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "chats", sa.Column("pinned", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("chats", sa.Column("summary", sa.Text(), nullable=True))
    op.create_table(
        "client_publishers",
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("datasource", sa.String(length=200), nullable=False),
        sa.Column("grants", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["oauth_clients.client_id"],
            name=op.f("fk_client_publishers_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["datasource"], ["datasources.name"], name=op.f("fk_client_publishers_datasource")
        ),
        sa.PrimaryKeyConstraint("client_id", "datasource", name=op.f("pk_client_publishers")),
    )
