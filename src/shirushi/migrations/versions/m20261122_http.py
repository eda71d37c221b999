"""Access tokens, and the replies kept under idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    op.create_table(
        "http_access_token",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("roles", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_http_access_token"),
        sa.UniqueConstraint("id", name="uq_http_access_token_id"),
    )
    op.create_table(
        "http_kept_reply",
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer, nullable=True),
        sa.Column("media_type", sa.String(255), nullable=True),
        sa.Column("headers", sa.Text, nullable=True),
        sa.Column("content", sa.LargeBinary, nullable=True),
        sa.Column("after_document", sa.Boolean, nullable=True),
        sa.PrimaryKeyConstraint("actor", "key", name="pk_http_kept_reply"),
    )
    op.create_index("ix_http_kept_reply_claimed_at", "http_kept_reply", ["claimed_at"])
