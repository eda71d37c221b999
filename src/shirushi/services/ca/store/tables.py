"""The tables of the certification authority.

A serial number is written in 40 hexadecimal digits, the 20 octets that RFC 5280 §4.1.2.2 allows.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table, Text

from shirushi.ports.database import InstantType, metadata

authority = Table(
    "ca_authority",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("issuer", String(40)),
    Column("definition", Text, nullable=False),
    Column("key_label", String(255), nullable=False),
    Column("serial_number", String(40)),
    Column("responders", Integer, nullable=False),
    Column("responder_serial_number", String(40)),
    Column("responder_key_label", String(255)),
    Column("crl_number", BigInteger, nullable=False),
    Column("revocations", BigInteger, nullable=False),
)
"""`serial_number` is None until the authority is established; `revocations` counts every act of revocation."""

certificate = Table(
    "ca_certificate",
    metadata,
    Column("serial_number", String(40), primary_key=True),
    Column("authority", String(40), nullable=False),
    Column("profile", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("key_id", String(64), nullable=False, index=True),
    Column("not_before", InstantType, nullable=False, index=True),
    Column("not_after", InstantType, nullable=False, index=True),
    Column("reserved_at", InstantType, nullable=False),
    Column("certificate_id", String(64), index=True, unique=True),
    Column("der", LargeBinary),
)
"""`subject` is the Name in DER, `key_id` the SHA-256 of the SubjectPublicKeyInfo, `certificate_id` that of `der`."""

revocation = Table(
    "ca_revocation",
    metadata,
    Column("serial_number", String(40), primary_key=True),
    Column("authority", String(40), nullable=False, index=True),
    Column("revocation_time", InstantType, nullable=False),
    Column("reason", Integer, nullable=False),
    Column("recorded_at", InstantType, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("partition", Integer, nullable=False, server_default="0"),
    Column("act", BigInteger, nullable=False, server_default="0"),
)
"""`entry` is the certificate's entry on the CRL of `partition`, in DER; `act` counts the authority's acts up to this one."""

release = Table(
    "ca_release",
    metadata,
    Column("serial_number", String(40), primary_key=True),
    Column("authority", String(40), nullable=False, index=True),
    Column("entry", LargeBinary, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("held_act", BigInteger, nullable=False),
    Column("act", BigInteger, nullable=False),
)
"""The last release of a certificate from hold: `entry` is that on a delta CRL, `held_act` the act of the hold."""

crl = Table(
    "ca_crl",
    metadata,
    Column("authority", String(40), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("this_update", InstantType, nullable=False),
    Column("next_update", InstantType, nullable=False),
    Column("revocations", BigInteger, nullable=False),
    Column("der", LargeBinary, nullable=False),
    Column("partition", Integer, nullable=False, server_default="0"),
    Column("base", BigInteger),
)
"""`base` is the number of the complete CRL that a delta CRL builds on; None for a complete one."""

search = Table(
    "ca_search",
    metadata,
    Column("serial_number", String(40), primary_key=True),
    Column("words", Text, nullable=False),
    Column("looks", Text, nullable=False),
)
"""What certificates are found by, apart from them so that little is read: see `model.searching`."""

register_key = Table(
    "ca_register_key",
    metadata,
    Column("serial_number", String(40), primary_key=True),
    Column("subject_key", String(256), primary_key=True, index=True),
)
"""By what registers know the subjects of certificates."""

flag = Table(
    "ca_flag",
    metadata,
    Column("serial_number", String(40), primary_key=True),
    Column("change", String(16), primary_key=True),
    Column("at", InstantType, primary_key=True),
    Column("subject_key", String(256), nullable=False),
    Column("settled_by", String(255)),
)


def hexadecimal(serial_number: int) -> str:
    """How a serial number is written."""
    return f"{serial_number:040x}"
