"""Partitions and delta CRLs, releases from hold, what registers know subjects by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shirushi.codecs.asn1 import der
from shirushi.migrations import place

revision, down_revision = place(__file__)

_REGISTER_KEYS = {"2.5.4.97", "2.5.4.5"}
"""organizationIdentifier, serialNumber."""


def upgrade() -> None:
    for table, column in (("ca_revocation", "partition"), ("ca_crl", "partition")):
        op.add_column(table, sa.Column(column, sa.Integer, nullable=False, server_default="0"))
    op.add_column("ca_revocation", sa.Column("act", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("ca_crl", sa.Column("base", sa.BigInteger, nullable=True))
    op.create_table(
        "ca_release",
        sa.Column("serial_number", sa.String(40), nullable=False),
        sa.Column("authority", sa.String(40), nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("held_act", sa.BigInteger, nullable=False),
        sa.Column("act", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("serial_number", name="pk_ca_release"),
    )
    op.create_index("ix_ca_release_authority", "ca_release", ["authority"])
    op.create_table(
        "ca_register_key",
        sa.Column("serial_number", sa.String(40), nullable=False),
        sa.Column("subject_key", sa.String(256), nullable=False),
        sa.PrimaryKeyConstraint("serial_number", "subject_key", name="pk_ca_register_key"),
    )
    op.create_index("ix_ca_register_key_subject_key", "ca_register_key", ["subject_key"])
    op.create_table(
        "ca_flag",
        sa.Column("serial_number", sa.String(40), nullable=False),
        sa.Column("change", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject_key", sa.String(256), nullable=False),
        sa.Column("settled_by", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("serial_number", "change", "at", name="pk_ca_flag"),
    )
    _fill_register_keys()


def _fill_register_keys() -> None:
    """What the subjects of earlier certificates say of themselves."""
    connection = op.get_bind()
    certificate = sa.table("ca_certificate", sa.column("serial_number"), sa.column("subject", sa.LargeBinary))
    known = sa.table("ca_register_key", sa.column("serial_number"), sa.column("subject_key"))
    for serial_number, subject in connection.execute(sa.select(certificate)).all():
        found = {
            value.value.decode()
            for relative in der.single(subject, der.SEQUENCE).children()
            for kind, value in (each.children() for each in relative.children())
            if der.read_oid(kind.value) in _REGISTER_KEYS
        }
        for key in sorted(found):
            connection.execute(known.insert().values(serial_number=serial_number, subject_key=key))
