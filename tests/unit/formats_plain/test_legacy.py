"""Formats older than AdES, made by others: verified, and named as what they are."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import XMLSigner, methods

from shirushi.codecs.asn1.errors import MalformedTimeStamp
from shirushi.core.document import document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import SignatureFormat
from shirushi.formats.plain.files import parse_cms_file, parse_xml_file
from shirushi.formats.plain.records import parse_record
from shirushi.formats.plain.tokens import parse_token

PAPER = document("契約".encode(), "paper.txt")
KEY = ec.derive_private_key(4711, ec.SECP256R1())


@pytest.fixture(scope="module")
def certificate() -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Older Signer")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(KEY, SHA256())
    )


@pytest.mark.parametrize("attributes", [True, False])
def test_a_detached_pkcs7(certificate, attributes):
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    options += [] if attributes else [pkcs7.PKCS7Options.NoAttributes]
    made = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(PAPER.read())
        .add_signer(certificate, KEY, SHA256())
        .sign(Encoding.DER, options)
    )
    given = document(made, "paper.p7s")
    (found,) = parse_cms_file(given, [PAPER])
    assert (found.format, found.level, found.integrity) == (SignatureFormat.CMS, None, True)
    assert found.structure == ()
    assert "LEGACY_FORMAT" in {reason.code for reason in found.level_failings}
    (alone,) = parse_cms_file(given)
    assert alone.integrity is None
    (other,) = parse_cms_file(given, [document(b"another paper", "paper.txt")])
    assert other.integrity is False


def test_a_plain_xml_signature(certificate):
    root = etree.fromstring("<paper><item>a</item></paper>")
    signer = XMLSigner(method=methods.enveloped, signature_algorithm="ecdsa-sha256")
    pem = certificate.public_bytes(Encoding.PEM).decode()
    made = etree.tostring(signer.sign(root, key=KEY, cert=pem))
    (found,) = parse_xml_file(document(made, "paper.xml"))
    assert (found.format, found.level, found.integrity) == (SignatureFormat.XMLDSIG, None, True)
    assert "XADES_NOT_XADES" in {reason.code for reason in found.level_failings}
    (changed,) = parse_xml_file(document(made.replace(b">a<", b">b<"), "paper.xml"))
    assert changed.integrity is False


@pytest.mark.parametrize("parse", [parse_cms_file, parse_token, parse_record, parse_xml_file])
def test_what_is_nothing_of_the_kind_is_refused(parse, rng):
    for size in (0, 1, 2, 40, 400):
        with pytest.raises(MalformedInput):
            parse(document(bytes(rng.randrange(256) for _ in range(size)), "x"))


def test_a_cms_that_is_no_token_is_refused(certificate):
    made = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(b"data")
        .add_signer(certificate, KEY, SHA256())
        .sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )
    with pytest.raises(MalformedTimeStamp):
        parse_token(document(made, "x.tst"))
