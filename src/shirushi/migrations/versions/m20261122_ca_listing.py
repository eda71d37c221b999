"""Issued certificates by date, for lists of them."""

from __future__ import annotations

from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    op.create_index("ix_ca_certificate_not_before", "ca_certificate", ["not_before"])
