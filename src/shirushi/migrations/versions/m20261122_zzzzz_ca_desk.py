"""What certificates are found by; why requests were decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.errors import ShirushiError
from shirushi.migrations import place
from shirushi.services.ca.model.name import DistinguishedName
from shirushi.services.ca.model.searching import looks_of, words_of

revision, down_revision = place(__file__)


def upgrade() -> None:
    op.create_table(
        "ca_search",
        sa.Column("serial_number", sa.String(40), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("looks", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("serial_number", name="pk_ca_search"),
    )
    op.create_index("ix_ca_certificate_not_after", "ca_certificate", ["not_after"])
    op.create_index("ix_ca_request_serial_number", "ca_request", ["serial_number"])
    op.add_column("ca_request", sa.Column("remark", sa.String(500), nullable=True))
    op.add_column("ca_request", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    _fill_search()


def _fill_search() -> None:
    """What earlier certificates are found by: their subjects and alternative names."""
    connection = op.get_bind()
    known = sa.table("ca_certificate", sa.column("serial_number"), sa.column("der", sa.LargeBinary))
    search = sa.table("ca_search", sa.column("serial_number"), sa.column("words"), sa.column("looks"))
    for serial_number, der in connection.execute(sa.select(known).where(known.c.der.is_not(None))).all():
        found = parse_certificate(der)
        names = found.extensions.subject_alternative_names
        try:
            subject = DistinguishedName.decode(found.subject.der)
            values = {"words": words_of(subject, names), "looks": looks_of(subject, names)}
        except ShirushiError:  # an attribute that this program no longer writes: found by its text alone
            values = {"words": found.subject.text.casefold(), "looks": ""}
        connection.execute(search.insert().values(serial_number=serial_number, **values))
