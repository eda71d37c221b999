"""Officers, how authorities are controlled, what officers decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    op.create_table(
        "ca_officer",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("key_label", sa.String(255), nullable=False),
        sa.Column("spki", sa.LargeBinary, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_ca_officer"),
    )
    op.create_table(
        "ca_control",
        sa.Column("authority", sa.String(40), nullable=False),
        sa.Column("control", sa.Text, nullable=False),
        sa.Column("motion", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("authority", name="pk_ca_control"),
    )
    op.create_table(
        "ca_motion",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("authority", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("control", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("definition", sa.Text, nullable=True),
        sa.Column("issuer", sa.String(40), nullable=True),
        sa.Column("protocol", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_ca_motion"),
    )
    op.create_index("ix_ca_motion_authority", "ca_motion", ["authority"])
    op.create_table(
        "ca_approval",
        sa.Column("motion", sa.String(32), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("motion", "officer", name="pk_ca_approval"),
    )
