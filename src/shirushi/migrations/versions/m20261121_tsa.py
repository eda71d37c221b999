"""Serial numbers of time-stamp tokens."""

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    """Make the table of reservations."""
    op.create_table(
        "tsa_serial_reservation",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tsa_serial_reservation"),
    )
