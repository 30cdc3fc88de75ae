"""What was not read of a document, or guessed, and where its pages begin, beside its text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("notes", "places"):
        column = sa.Column(name, sa.JSON(), nullable=False, server_default="[]")
        op.add_column("document_texts", column)
