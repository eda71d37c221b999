"""Snapshots of trusted lists."""

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    """Make the table of snapshots."""
    op.create_table(
        "trusted_list_snapshot",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("territory", sa.String(16), nullable=False),
        sa.Column("list_type", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("issued", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_update", sa.DateTime(timezone=True)),
        sa.Column("vouched_by", sa.String(64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_trusted_list_snapshot"),
    )
    op.create_index("ix_trusted_list_snapshot_territory", "trusted_list_snapshot", ["territory"])
