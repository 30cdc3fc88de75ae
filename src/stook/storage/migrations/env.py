"""Run by Alembic: migrates over the connection that it is given, inside its transaction."""

from __future__ import annotations

from alembic import context

from stook.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
