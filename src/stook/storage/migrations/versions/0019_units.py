"""Passages hold their text, units, windows and what is near; `stook reindex` fills them in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NO_UNITS = '{"paths": [], "units": []}'


def upgrade() -> None:
    op.add_column("passages", sa.Column("text", sa.Text(), nullable=False, server_default=""))
    for name, empty in (("windows", "[]"), ("units", NO_UNITS), ("near", "[]"), ("places", "[]")):
        op.add_column("passages", sa.Column(name, sa.JSON(), nullable=False, server_default=empty))
