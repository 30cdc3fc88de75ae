"""How a session was begun, and which groups an identity provider claims for whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    method = sa.Column("method", sa.String(length=10), nullable=False, server_default="link")
    op.add_column("browser_sessions", method)
    op.create_table(
        "claimed_groups",
        sa.Column("user_email", sa.String(length=320), nullable=False),
        sa.Column("group_name", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_email"], ["users.email"], name=op.f("fk_claimed_groups_user_email")
        ),
        sa.PrimaryKeyConstraint("user_email", "group_name", name=op.f("pk_claimed_groups")),
    )
