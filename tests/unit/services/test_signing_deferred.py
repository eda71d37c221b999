"""Deferred signing: small values that outlive processes, a certificate bound when it is known, a key that is never here."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import shirushi
from shirushi import Level, SignatureParameters
from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.core.actor import Actor
from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.document import document
from shirushi.core.errors import NotPermitted
from shirushi.core.evidence import RevocationReason
from shirushi.core.verdict import Indication
from shirushi.domain import compose
from shirushi.formats.stored import StoredMalformed
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from shirushi.services.signing.model import Deferral, SigningCertificateUnusable, ValueForeign
from tests.fakes import FakeClock

ECDSA = SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA256)
XML = document(b"<order><item>1</item></order>", "order.xml", "application/xml")
TEXT = document(b"minutes " * 200, "minutes.txt", "text/plain")

PREPARE = """
import sys, shirushi
data, file, form, target = sys.argv[1:]
with shirushi.open(data) as domain:
    deferral = domain.signing.defer(shirushi.read(file), form=form or None)
open(target, "w").write(deferral.text)
"""


class Elsewhere:
    """A key outside the platform, certified by its authority; the clock that all steps look at."""

    def __init__(self, data):
        self.directory, self.clock = DataDirectory(data), FakeClock(datetime.now(UTC))
        self.configuration = read_configuration(self.directory.configuration)
        self.key = ec.generate_private_key(ec.SECP256R1())
        spki = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        name = DistinguishedName.of(
            countryName="JP", commonName="遠隔 太郎", surname="遠隔", givenName="太郎", serialNumber="JP-9"
        )
        with self.domain() as domain:
            issued = domain.ca.issue(
                CertificateRequest(
                    authority="issuing",
                    profile="person-signature",
                    subject=name,
                    public_key=spki,
                    not_after=self.clock.now() + timedelta(hours=9),
                )
            )
            self.chain = domain.ca.chain(issued)
            self.serial_number = issued.serial_number

    def domain(self):
        return compose(self.directory, self.configuration, self.clock)

    def sign(self, data):
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


@pytest.fixture
def elsewhere(data):
    return Elsewhere(data)


def stages(elsewhere, given, form=None, level=Level.B_T, hours=3):
    """Each step in a domain of its own, hours apart; between them there is nothing but text."""
    with elsewhere.domain() as domain:
        text = domain.signing.defer(given, form=form, level=level).text
    elsewhere.clock.advance(hours=hours)
    with elsewhere.domain() as domain:
        bound, to_be_signed = domain.signing.bind_deferred(Deferral.read(text), elsewhere.chain, ECDSA)
        text, value = bound.text, elsewhere.sign(to_be_signed.data)
    elsewhere.clock.advance(hours=hours)
    with elsewhere.domain() as domain:
        signed = domain.signing.complete_deferred(Deferral.read(text), given, value)
        return text, domain.validation.validate(signed, content=[given])


@pytest.mark.parametrize("level", [Level.B_B, Level.B_LTA])
@pytest.mark.parametrize("form", [None, "pades", "cades", "xades", "asic-s", "asic-e", "asic-e-xades"])
def test_hours_pass_between_the_steps_and_nothing_is_held(elsewhere, contract, form, level):
    given = shirushi.read(contract) if form in {None, "pades"} else TEXT
    text, verdict = stages(elsewhere, given, form, level)
    assert verdict.indication is Indication.TOTAL_PASSED
    assert verdict.worst.level is level
    assert "遠隔" in verdict.worst.signature.signing_certificate.subject.text
    assert json.loads(text)["form"]


def test_the_value_is_small_however_large_the_document(elsewhere, contract):
    large = document(bytes(8 << 20), "large.bin")
    for form in ("asic-e", "cades", "asic-s"):
        text, verdict = stages(elsewhere, large, form, Level.B_B, hours=0)
        assert verdict.indication is Indication.TOTAL_PASSED
        assert len(text) < 40_000


def test_a_process_ends_after_it_prepared(elsewhere, data, contract, tmp_path):
    target = tmp_path / "deferral.json"
    subprocess.run([sys.executable, "-c", PREPARE, data, contract, "", target], check=True)
    given = shirushi.read(contract)
    with elsewhere.domain() as domain:
        bound, to_be_signed = domain.signing.bind_deferred(
            Deferral.read(target.read_text()), elsewhere.chain, ECDSA
        )
        signed = domain.signing.complete_deferred(bound, given, elsewhere.sign(to_be_signed.data))
        assert domain.validation.validate(signed).indication is Indication.TOTAL_PASSED


def test_a_certificate_that_expires_before_the_value_comes_is_named(elsewhere, contract):
    with pytest.raises(SigningCertificateUnusable) as refused:
        stages(elsewhere, shirushi.read(contract), hours=5)
    assert "遠隔 太郎" in refused.value.explain("ja")
    with elsewhere.domain() as domain:
        late = domain.signing.defer(shirushi.read(contract))
        with pytest.raises(SigningCertificateUnusable):
            domain.signing.bind_deferred(late, elsewhere.chain, ECDSA)


def test_a_certificate_that_is_revoked_meanwhile_is_named(elsewhere, contract):
    given = shirushi.read(contract)
    with elsewhere.domain() as domain:
        bound, to_be_signed = domain.signing.bind_deferred(
            domain.signing.defer(given), elsewhere.chain, ECDSA
        )
        domain.ca.revoke(elsewhere.serial_number, RevocationReason.KEY_COMPROMISE)
        with pytest.raises(SigningCertificateUnusable) as refused:
            domain.signing.complete_deferred(bound, given, elsewhere.sign(to_be_signed.data))
    assert "revoked" in refused.value.explain("en")


def test_what_does_not_go_together_is_refused(elsewhere, contract):
    given = shirushi.read(contract)
    with elsewhere.domain() as domain:
        prepared = domain.signing.defer(given, parameters=SignatureParameters(reason="承認"))
        bound, to_be_signed = domain.signing.bind_deferred(prepared, elsewhere.chain, ECDSA)
        value = elsewhere.sign(to_be_signed.data)
        with pytest.raises(ValueForeign):
            domain.signing.complete_deferred(bound, given, elsewhere.sign(b"something else"))
        with pytest.raises(StoredMalformed):
            domain.signing.complete_deferred(bound, TEXT, value)
        with pytest.raises(StoredMalformed):
            domain.signing.complete_deferred(prepared, given, value)
        nobody = Actor("nobody", frozenset())
        with pytest.raises(NotPermitted):
            domain.services.signing.complete_deferred(nobody, bound, given, value)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"form":1,"level":"B-T","step":"{}","chain":[]}', "[" * 9999]
)
def test_text_that_is_no_deferral_is_refused(elsewhere, text):
    with elsewhere.domain() as domain, pytest.raises(StoredMalformed):
        domain.signing.complete_deferred(Deferral.read(text), TEXT, b"")
