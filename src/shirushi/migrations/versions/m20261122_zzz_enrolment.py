"""Certification requests, enrolment codes, and what the ACME server remembers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place

revision, down_revision = place(__file__)


def upgrade() -> None:
    op.create_table(
        "ca_request",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("authority", sa.String(40), nullable=False),
        sa.Column("profile", sa.String(64), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("der", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("submitted_by", sa.String(255), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(255), nullable=True),
        sa.Column("serial_number", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_ca_request"),
    )
    op.create_index("ix_ca_request_submitted_at", "ca_request", ["submitted_at"])
    op.create_table(
        "est_code",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(64), nullable=True),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("serial_number", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_est_code"),
    )
    op.create_index("ix_est_code_created_at", "est_code", ["created_at"])
    op.create_table(
        "acme_nonce",
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name="pk_acme_nonce"),
    )
    op.create_index("ix_acme_nonce_issued_at", "acme_nonce", ["issued_at"])
    op.create_table(
        "acme_account",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("jwk", sa.Text, nullable=False),
        sa.Column("thumbprint", sa.String(43), nullable=False),
        sa.Column("contacts", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("external", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_acme_account"),
        sa.UniqueConstraint("thumbprint", name="uq_acme_account_thumbprint"),
    )
    op.create_index("ix_acme_account_created_at", "acme_account", ["created_at"])
    op.create_table(
        "acme_external",
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("secret", sa.String(64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kid", name="pk_acme_external"),
    )
    op.create_table(
        "acme_order",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("identifiers", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("csr", sa.LargeBinary, nullable=True),
        sa.Column("serial_number", sa.String(40), nullable=True),
        sa.Column("replaces", sa.String(128), nullable=True),
        sa.Column("error", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_acme_order"),
    )
    for column in ("account", "status", "created_at", "serial_number", "replaces"):
        op.create_index(f"ix_acme_order_{column}", "acme_order", [column])
    op.create_table(
        "acme_authorization",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("order", sa.String(32), nullable=False),
        sa.Column("identifier", sa.String(255), nullable=False),
        sa.Column("wildcard", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("token", sa.String(43), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("challenge", sa.String(16), nullable=True),
        sa.Column("validated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_acme_authorization"),
    )
    op.create_index("ix_acme_authorization_account", "acme_authorization", ["account"])
    op.create_index("ix_acme_authorization_order", "acme_authorization", ["order"])
