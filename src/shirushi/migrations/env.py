"""Alembic's environment: the revisions run on the connection, in the transaction, that `adapters.database` gives."""

from __future__ import annotations

from alembic import context

from shirushi.ports.database import metadata

# SQLite's DDL is transactional once BEGIN is said by hand, as adapters.database does: an upgrade is whole or not at all
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
