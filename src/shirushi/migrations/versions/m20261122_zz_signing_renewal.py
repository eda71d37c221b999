"""What was augmented here, and when it falls due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    """Make the table of augmented documents."""
    op.create_table(
        "signing_augmented",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("augmented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(255), nullable=False),
        sa.Column("renewed_to", sa.String(64), nullable=True),
        sa.Column("failure", sa.Text, nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_signing_augmented"),
    )
    op.create_index("ix_signing_augmented_due_at", "signing_augmented", ["due_at"])
