"""Since when an ACME order has been finalised, so that what was interrupted is told from what goes on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    op.add_column("acme_order", sa.Column("processing_since", sa.DateTime(timezone=True), nullable=True))
