"""The keys that time-stamping units got by rotation."""

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "tsa_unit_key",
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_label", sa.String(200), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "number", name="pk_tsa_unit_key"),
    )
