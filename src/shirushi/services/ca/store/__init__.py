"""What the certification authority remembers. Never commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)

from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import Instant
from shirushi.ports.database import hold
from shirushi.services.ca.model import (
    AuthorityDefinition,
    CertificateState,
    IssuedCertificate,
    Revocation,
)
from shirushi.services.ca.store.tables import authority as authority
from shirushi.services.ca.store.tables import certificate as certificate
from shirushi.services.ca.store.tables import hexadecimal as _hex
from shirushi.services.ca.store.tables import register_key, search
from shirushi.services.ca.store.tables import revocation as revocation

_DEFINITION = TypeAdapter(AuthorityDefinition)


class AuthorityRow(NamedTuple):
    """An authority as it is remembered; `der` is its certificate, None until it is established."""

    definition: AuthorityDefinition
    issuer: str | None
    key_label: str
    der: bytes | None


class Reservation(NamedTuple):
    """A serial number with the intent to issue a certificate under it."""

    serial_number: int
    authority: str
    profile: str
    subject: bytes
    key_id: str
    not_before: Instant
    not_after: Instant
    register_keys: tuple[str, ...] = ()
    words: str = ""
    looks: str = ""


def remember_authority(
    connection: Connection, definition: AuthorityDefinition, issuer: str | None, key_label: str
) -> None:
    """Keep the intent to establish an authority, in place of an earlier intent that came to nothing."""
    connection.execute(
        delete(authority).where(authority.c.name == definition.name, authority.c.serial_number.is_(None))
    )
    connection.execute(
        insert(authority).values(
            name=definition.name,
            issuer=issuer,
            definition=_DEFINITION.dump_json(definition).decode(),
            key_label=key_label,
            responders=0,
            crl_number=0,
            revocations=0,
        )
    )


def establish_authority(connection: Connection, name: str, serial_number: int) -> None:
    """The authority has its certificate."""
    connection.execute(
        update(authority).where(authority.c.name == name).values(serial_number=_hex(serial_number))
    )


def forget_authority(connection: Connection, name: str) -> str | None:
    """Forget the intent to establish an authority: the label of its key, None where there was none."""
    mine = (authority.c.name == name) & authority.c.serial_number.is_(None)
    label = connection.execute(select(authority.c.key_label).where(mine)).scalar()
    connection.execute(delete(authority).where(mine))
    return label


def authorities(connection: Connection) -> tuple[AuthorityRow, ...]:
    """All authorities by name, those whose establishment was interrupted as well."""
    rows = connection.execute(
        select(authority.c.definition, authority.c.issuer, authority.c.key_label, certificate.c.der)
        .outerjoin(certificate, certificate.c.serial_number == authority.c.serial_number)
        .order_by(authority.c.name)
    )
    return tuple(
        AuthorityRow(_DEFINITION.validate_json(row.definition), row.issuer, row.key_label, row.der)
        for row in rows
    )


def next_responder(connection: Connection, name: str) -> int:
    """Count one more responder of an authority: its number, which no other has."""
    connection.execute(
        update(authority).where(authority.c.name == name).values(responders=authority.c.responders + 1)
    )
    number = connection.execute(select(authority.c.responders).where(authority.c.name == name)).scalar_one()
    return int(number)


def install_responder(connection: Connection, name: str, serial_number: int, key_label: str) -> None:
    """The responder that answers for an authority from now on."""
    connection.execute(
        update(authority)
        .where(authority.c.name == name)
        .values(responder_serial_number=_hex(serial_number), responder_key_label=key_label)
    )


_KEY_OF_OTHER = select(
    exists().where(
        certificate.c.key_id == bindparam("key_id"),
        certificate.c.subject != bindparam("subject"),
        certificate.c.state != CertificateState.ABANDONED.value,
    )
)


def hold_authorities(connection: Connection) -> None:
    """Let nobody else add an authority until the unit ends."""
    hold(connection, authority.name)


def hold_keys(connection: Connection, key_ids: Iterable[str]) -> None:
    """Let nobody else reserve certificates of these keys until the unit ends."""
    hold(connection, *(f"{certificate.name} {key_id}" for key_id in key_ids))


def hold_certificate(connection: Connection, serial_number: int) -> None:
    """Let nobody else change what is known of a certificate until the unit ends."""
    row = select(certificate.c.serial_number).where(certificate.c.serial_number == _hex(serial_number))
    connection.execute(row.with_for_update()).one_or_none()


def key_certified_for_other(connection: Connection, key_id: str, subject: bytes) -> bool:
    """Whether the key was certified, or is about to be, for another subject."""
    return bool(connection.execute(_KEY_OF_OTHER, {"key_id": key_id, "subject": subject}).scalar())


_RESERVE = insert(certificate)
_RESERVE_KEYS = insert(register_key)
_RESERVE_SEARCH = insert(search)


def reserve(connection: Connection, reservations: Sequence[Reservation], at: Instant) -> None:
    """Take serial numbers, with the intent to issue under them. One that was taken before raises IntegrityError."""
    also = {"state": CertificateState.RESERVED.value, "reserved_at": at}
    rows = [r._asdict() | also | {"serial_number": _hex(r.serial_number)} for r in reservations]
    keys = [
        {"serial_number": row["serial_number"], "subject_key": key}
        for row in rows
        for key in dict.fromkeys(row.pop("register_keys"))
    ]
    found_by = [
        {"serial_number": row["serial_number"], "words": row.pop("words"), "looks": row.pop("looks")}
        for row in rows
    ]
    connection.execute(_RESERVE, rows)
    connection.execute(_RESERVE_SEARCH, found_by)
    if keys:
        connection.execute(_RESERVE_KEYS, keys)


_KEEP_ISSUED = (
    update(certificate)
    .where(certificate.c.serial_number == bindparam("reserved"))
    .values(state=CertificateState.ISSUED.value, certificate_id=bindparam("id"), der=bindparam("issued"))
)


def keep_issued(connection: Connection, issued: Iterable[tuple[int, str, bytes]]) -> None:
    """Keep certificates that were made: serial number, SHA-256 in hexadecimal, DER."""
    rows = [{"reserved": _hex(number), "id": id_, "issued": der} for number, id_, der in issued]
    connection.execute(_KEEP_ISSUED, rows)


def abandon(connection: Connection, serial_numbers: Iterable[int]) -> None:
    """No certificate will be made under these serial numbers."""
    for number in serial_numbers:
        connection.execute(
            update(certificate)
            .where(certificate.c.serial_number == _hex(number))
            .values(state=CertificateState.ABANDONED.value)
        )


ISSUED = (
    select(
        certificate.c.serial_number,
        certificate.c.der,
        certificate.c.authority,
        certificate.c.profile,
        certificate.c.not_before,
        certificate.c.not_after,
        revocation.c.revocation_time,
        revocation.c.reason,
        revocation.c.recorded_at,
    )
    .outerjoin(revocation, revocation.c.serial_number == certificate.c.serial_number)
    .where(certificate.c.state == CertificateState.ISSUED.value)
)
_BY_SERIAL = ISSUED.where(certificate.c.serial_number == bindparam("key"))
_BY_ID = ISSUED.where(certificate.c.certificate_id == bindparam("key"))


def issued(connection: Connection, serial_number: int) -> IssuedCertificate | None:
    """The issued certificate of that serial number, or None."""
    return _one(connection, _BY_SERIAL, _hex(serial_number))


def issued_by_id(connection: Connection, certificate_id: str) -> IssuedCertificate | None:
    """The issued certificate with that SHA-256, or None."""
    return _one(connection, _BY_ID, certificate_id)


def issued_for(connection: Connection, subject: bytes, profile: str) -> list[IssuedCertificate]:
    """The certificates of a profile for a subject, a Name in DER, oldest first."""
    mine = (certificate.c.profile == profile) & (certificate.c.subject == subject)
    return [
        issued_of(row) for row in connection.execute(ISSUED.where(mine).order_by(certificate.c.not_before))
    ]


def _one(connection: Connection, query: Select[Any], key: str) -> IssuedCertificate | None:
    row = connection.execute(query, {"key": key}).one_or_none()
    return issued_of(row) if row else None


def issued_of(row: Any) -> IssuedCertificate:
    """The certificate of a row of `ISSUED`."""
    return IssuedCertificate(
        int(row.serial_number, 16),
        row.der,
        row.authority,
        row.profile,
        row.not_before,
        row.not_after,
        revocation_of(row),
    )


def revocation_of(row: Any) -> Revocation | None:
    """The revocation in a row, or None."""
    if row.revocation_time is None:
        return None
    return Revocation(
        int(row.serial_number, 16), row.revocation_time, RevocationReason(row.reason), row.recorded_at
    )


AHEAD = 1 << 32
"""Numbers of CRLs: more than a century of one a second."""


def skip_ahead(connection: Connection) -> None:
    """Leave so many CRL numbers out that none comes again which was given after this state of the database."""
    connection.execute(update(authority).values(crl_number=authority.c.crl_number + AHEAD))
