"""Which certificate a request asks to renew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    op.add_column("ca_request", sa.Column("renews", sa.String(40), nullable=True))
