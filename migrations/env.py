"""What Alembic runs for every migration: the caller brings the connection and the transaction."""

from alembic import context

from migrations import TABLE

context.configure(connection=context.config.attributes["connection"], version_table=TABLE)
with context.begin_transaction():
    context.run_migrations()
