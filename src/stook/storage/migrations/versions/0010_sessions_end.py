"""Sessions end with what made them; those made before this was kept are ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tokens", sa.Column("parent_id", sa.String(length=40), nullable=True))
    tokens = sa.table("tokens", sa.column("name"), sa.column("counted_as"))
    is_session = sa.and_(tokens.c.name == "browser session", tokens.c.counted_as.is_not(None))
    op.execute(sa.delete(tokens).where(is_session))
