"""Batches: many documents that are signed under one activation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    op.create_table(
        "signing_batch",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("credential", sa.String(255)),
        sa.Column("level", sa.String(8)),
        sa.Column("on_behalf_of", sa.String(500)),
        sa.Column("begun_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(16)),
        sa.PrimaryKeyConstraint("id", name="pk_signing_batch"),
    )
    op.create_index("ix_signing_batch_actor", "signing_batch", ["actor"])
    op.create_index("ix_signing_batch_opened_at", "signing_batch", ["opened_at"])
    op.create_table(
        "signing_batch_document",
        sa.Column("batch", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("result_name", sa.String(255)),
        sa.Column("result_size", sa.BigInteger),
        sa.Column("result_digest", sa.String(64)),
        sa.Column("failure", sa.Text),
        sa.PrimaryKeyConstraint("batch", "number", name="pk_signing_batch_document"),
    )
