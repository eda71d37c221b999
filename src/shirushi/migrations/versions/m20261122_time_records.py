"""The time-audit records of the clock guard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    op.create_table(
        "clock_record",
        sa.Column("node", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("node", "number", name="pk_clock_record"),
    )
    op.create_index("ix_clock_record_at", "clock_record", ["at"])
