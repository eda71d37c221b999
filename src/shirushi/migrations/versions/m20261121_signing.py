"""Credentials and their PIN counters."""

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    """Make the table of credentials."""
    op.create_table(
        "signing_credential",
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key_label", sa.String(255), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_signing_credential"),
    )
