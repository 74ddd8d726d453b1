"""Where Alembic begins: it runs on the connection that ``opening`` hands it, in its transaction."""

from __future__ import annotations

from alembic import context

from earmark.database.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=False,
    transactional_ddl=False,
)
context.run_migrations()
