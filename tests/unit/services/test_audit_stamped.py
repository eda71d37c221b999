"""Checkpoints with time-stamps of a real unit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import Digest, KeyType, signature_algorithm
from shirushi.core.evidence import TstInfo
from shirushi.formats.cms.timestamp import assemble_token, bind_token
from tests.audit_log import OPERATOR, Log
from tests.fakes import START


class Unit:
    """A time-stamping unit under a certificate of its own making."""

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TSU")])
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        certificate = (
            x509.CertificateBuilder(name, name, self.key.public_key(), 1, START, START + timedelta(days=1))
            .add_extension(usage, critical=True)
            .sign(self.key, None)
        )
        self.certificate = parse_certificate(certificate.public_bytes(Encoding.DER))
        self.actors: list[Actor] = []

    def stamp(self, actor: Actor, imprint: Digest) -> bytes:
        self.actors.append(actor)
        info = TstInfo("1.2.3", imprint, len(self.actors), START)
        bound = bind_token(info, (self.certificate,), signature_algorithm(KeyType.ED25519))
        return assemble_token(bound, self.key.sign(bound.data))

    def token_size(self) -> int:
        return 10_000


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path, Unit())


def test_a_stamped_checkpoint(log: Log) -> None:
    made = log.filled(2).service.checkpoint(OPERATOR)
    assert made
    assert made.token
    found = log.verify()
    assert found.intact
    assert (found.checkpoints, found.stamped) == (1, 1)
    unit = log.service._time_stamper
    assert isinstance(unit, Unit)
    assert [(actor.id, actor.has(Role.SERVICE)) for actor in unit.actors] == [("service:audit", True)]


@pytest.mark.parametrize("place", [0, 60, -1])
def test_an_altered_stamp(log: Log, place: int) -> None:
    made = log.filled(2).service.checkpoint(OPERATOR)
    assert made
    assert made.token
    token = bytearray(made.token)
    token[place] ^= 1
    log.tamper("UPDATE audit_checkpoint SET token = ?", [bytes(token)])
    log.archive.path.unlink()
    assert log.found() == [("AUDIT_CHECKPOINT_STAMP_ALTERED", None)]


def test_a_removed_stamp_is_caught_by_the_copy_kept_elsewhere(log: Log) -> None:
    log.filled(2).service.checkpoint(OPERATOR)
    log.tamper("UPDATE audit_checkpoint SET token = NULL")
    assert log.found() == [("AUDIT_CHECKPOINT_STAMP_ALTERED", None)]


def test_the_stamp_of_another_checkpoint(log: Log) -> None:
    first = log.filled(2).service.checkpoint(OPERATOR)
    log.filled(1).service.checkpoint(OPERATOR)
    assert first
    log.tamper("UPDATE audit_checkpoint SET token = ? WHERE number = 2", [first.token])
    assert log.found() == [("AUDIT_CHECKPOINT_STAMP_ALTERED", None)]
    assert log.verify().stamped == 1
