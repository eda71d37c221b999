"""Issued certificates by what they are sought by. Never commits."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, func, or_, select

from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import Instant
from shirushi.services.ca.model import IssuedCertificate
from shirushi.services.ca.model.searching import Sought, Standing
from shirushi.services.ca.store import ISSUED, issued_of
from shirushi.services.ca.store.tables import certificate, revocation, search

_HELD = revocation.c.reason == RevocationReason.CERTIFICATE_HOLD.value
_NOT_REVOKED = revocation.c.serial_number.is_(None)
SHA256_DIGITS = 64


def page(
    connection: Connection, sought: Sought, now: Instant, limit: int, after: tuple[Instant, int] | None
) -> list[IssuedCertificate]:
    """Issued certificates, newest first; those that end before a moment, soonest first.

    `after` is the notBefore, or the notAfter, and the serial number of the one that they follow.
    """
    number, first = certificate.c.serial_number, certificate.c.not_before
    query = ISSUED.where(*_conditions(sought, now)).limit(limit)
    if sought.ends_before is not None:
        first = certificate.c.not_after
        query = query.order_by(first, number)
    else:
        query = query.order_by(first.desc(), number.desc())
    if after is not None:
        at, serial_number = after[0], f"{after[1]:040x}"
        follows = (first > at, number > serial_number)
        if sought.ends_before is None:
            follows = (first < at, number < serial_number)
        query = query.where(follows[0] | ((first == at) & follows[1]))
    return [issued_of(row) for row in connection.execute(query)]


def count(connection: Connection, sought: Sought, now: Instant) -> int:
    """How many certificates fit."""
    found = ISSUED.where(*_conditions(sought, now)).with_only_columns(func.count())
    return int(connection.execute(found).scalar_one())


def namesakes(
    connection: Connection, looks: tuple[str, ...], subject: bytes, now: Instant, limit: int
) -> list[IssuedCertificate]:
    """Certificates in force, or on hold, of other subjects, of whose names one looks like one of `looks`."""
    alike = or_(*(search.c.looks.contains(f"\n{look}\n", autoescape=True) for look in looks))
    query = ISSUED.where(
        certificate.c.subject != subject,
        certificate.c.not_after >= now,
        _NOT_REVOKED | _HELD,
        certificate.c.serial_number.in_(select(search.c.serial_number).where(alike)),
    )
    return [
        issued_of(row) for row in connection.execute(query.order_by(certificate.c.not_before).limit(limit))
    ]


def of_subject(connection: Connection, subject: bytes) -> list[IssuedCertificate]:
    """The certificates of a subject, a Name in DER, oldest first."""
    query = ISSUED.where(certificate.c.subject == subject).order_by(certificate.c.not_before)
    return [issued_of(row) for row in connection.execute(query)]


def of_key(connection: Connection, key_id: str) -> list[IssuedCertificate]:
    """The certificates of a key, oldest first."""
    query = ISSUED.where(certificate.c.key_id == key_id).order_by(certificate.c.not_before)
    return [issued_of(row) for row in connection.execute(query)]


def _conditions(sought: Sought, now: Instant) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.authority is not None:
        found.append(certificate.c.authority == sought.authority)
    if sought.profile is not None:
        found.append(certificate.c.profile == sought.profile)
    if sought.revoked is not None:
        found.append(~_NOT_REVOKED if sought.revoked else _NOT_REVOKED)
    if sought.standing is not None:
        found += _standing(sought.standing, now)
    if sought.ends_before is not None:
        found += [*_standing(Standing.VALID, now), certificate.c.not_after <= sought.ends_before]
    if sought.words:
        found.append(_text(sought))
    return found


def _standing(standing: Standing, now: Instant) -> list[ColumnElement[bool]]:
    begun, ended = certificate.c.not_before <= now, certificate.c.not_after < now
    match standing:
        case Standing.VALID:
            return [_NOT_REVOKED, begun, ~ended]
        case Standing.ON_HOLD:
            return [_HELD]
        case Standing.REVOKED:
            return [revocation.c.serial_number.is_not(None), ~_HELD]
        case Standing.EXPIRED:
            return [_NOT_REVOKED, ended]
        case Standing.FUTURE:
            return [_NOT_REVOKED, ~begun]


def _text(sought: Sought) -> ColumnElement[bool]:
    """All words in what it is found by; or its number."""
    words = [search.c.words.contains(word, autoescape=True) for word in sought.words]
    fits = certificate.c.serial_number.in_(select(search.c.serial_number).where(*words))
    match sought.number:
        case None:
            return fits
        case str(number) if len(number) == SHA256_DIGITS:
            return fits | (certificate.c.certificate_id == number)
        case number:
            return fits | (certificate.c.serial_number == f"{int(number, 16):040x}")
