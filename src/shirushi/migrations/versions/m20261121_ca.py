"""The certification authority: authorities, certificates, revocations, CRLs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shirushi.migrations import place
from shirushi.ports.database import InstantType

revision, down_revision = place(__file__)


def upgrade() -> None:
    op.create_table(
        "ca_authority",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("issuer", sa.String(40)),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("key_label", sa.String(255), nullable=False),
        sa.Column("serial_number", sa.String(40)),
        sa.Column("responders", sa.Integer, nullable=False),
        sa.Column("responder_serial_number", sa.String(40)),
        sa.Column("responder_key_label", sa.String(255)),
        sa.Column("crl_number", sa.BigInteger, nullable=False),
        sa.Column("revocations", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "ca_certificate",
        sa.Column("serial_number", sa.String(40), primary_key=True),
        sa.Column("authority", sa.String(40), nullable=False),
        sa.Column("profile", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("subject", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("not_before", InstantType, nullable=False),
        sa.Column("not_after", InstantType, nullable=False),
        sa.Column("reserved_at", InstantType, nullable=False),
        sa.Column("certificate_id", sa.String(64)),
        sa.Column("der", sa.LargeBinary),
    )
    op.create_index("ix_ca_certificate_key_id", "ca_certificate", ["key_id"])
    op.create_index("ix_ca_certificate_certificate_id", "ca_certificate", ["certificate_id"], unique=True)
    op.create_table(
        "ca_revocation",
        sa.Column("serial_number", sa.String(40), primary_key=True),
        sa.Column("authority", sa.String(40), nullable=False),
        sa.Column("revocation_time", InstantType, nullable=False),
        sa.Column("reason", sa.Integer, nullable=False),
        sa.Column("recorded_at", InstantType, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_ca_revocation_authority", "ca_revocation", ["authority"])
    op.create_table(
        "ca_crl",
        sa.Column("authority", sa.String(40), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("this_update", InstantType, nullable=False),
        sa.Column("next_update", InstantType, nullable=False),
        sa.Column("revocations", sa.BigInteger, nullable=False),
        sa.Column("der", sa.LargeBinary, nullable=False),
    )
