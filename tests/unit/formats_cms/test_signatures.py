"""CMS signatures: built, read back, and put before OpenSSL."""

import hashlib
import subprocess
from datetime import UTC, datetime

import asn1crypto.tsp  # noqa: F401  teaches asn1crypto the attribute signing-certificate-v2
import pytest
from asn1crypto import cms as judge

from shirushi.codecs.asn1 import ber, der
from shirushi.codecs.asn1.algorithms import encode_digest_algorithm, encode_signature_algorithm
from shirushi.codecs.asn1.errors import MalformedCms
from shirushi.codecs.asn1.pem import to_pem
from shirushi.core.algorithms import (
    Digest,
    DigestAlgorithm,
    KeyType,
    Scheme,
    SignatureAlgorithm,
    message_digest_algorithm,
)
from shirushi.core.evidence import SignatureFormat
from shirushi.formats.cms import oids
from shirushi.formats.cms.assembly import add_unsigned_attribute, assemble_signed_data
from shirushi.formats.cms.attributes import attribute, signed_attributes, signing_certificate_v2
from shirushi.formats.cms.evidence import cms_evidence, cms_evidences
from tests.unit.codecs_asn1 import samples
from tests.unit.codecs_asn1.test_revocation import basic, response, single
from tests.unit.formats_cms.keys import Holder, holder

CONTENT = "契約書 contract".encode()
TIME = datetime(2026, 4, 1, 9, tzinfo=UTC)
KINDS = [(kind, False) for kind in KeyType if not kind.name.startswith("RSA")] + [
    (KeyType.RSA_2048, False),
    (KeyType.RSA_2048, True),
]


def digester(content: bytes):
    return lambda algorithm: Digest(algorithm, algorithm.digest(content))


def signature(
    by: Holder,
    *,
    content: bytes | None = None,
    attributes: bytes | None = None,
    unsigned: tuple[bytes, ...] = (),
    **more,
) -> bytes:
    if attributes is None:
        digest = message_digest_algorithm(by.algorithm).digest(CONTENT)
        attributes = signed_attributes(digest, by.certificate.der, **more)
    return assemble_signed_data(
        attributes,
        by.sign(attributes),
        (by.certificate.der,),
        by.algorithm,
        content=content,
        unsigned_attributes=unsigned,
    )


@pytest.mark.parametrize(("kind", "pss"), KINDS, ids=lambda value: getattr(value, "name", value))
def test_every_algorithm_signs_and_is_read_back_intact(kind, pss):
    by = holder(kind, pss=pss)
    digest = message_digest_algorithm(by.algorithm)
    encoding = signature(by, signing_time=TIME, protect=(digest, by.algorithm))
    found = cms_evidence(encoding, digester(CONTENT), signature_format=SignatureFormat.CADES)
    assert found.integrity
    assert (found.structure, found.level_failings) == ((), ())
    assert found.signature_algorithm == by.algorithm
    assert found.signing_certificate == by.certificate
    assert found.certificate_reference.matches
    assert found.certificate_reference.issuer_serial_matches
    assert found.claimed_signing_time == TIME
    assert found.id == hashlib.sha256(found.signature_value).hexdigest()
    assert found.references[0].digest_algorithm is digest


def test_a_changed_content_is_told_from_a_changed_value():
    encoding = signature(holder())
    found = cms_evidence(encoding, digester(CONTENT + b"!"))
    assert (found.value_intact, found.references[0].intact, found.integrity) == (True, False, False)
    value = found.signature_value
    changed = encoding.replace(value, value[:-1] + bytes([value[-1] ^ 1]))
    found = cms_evidence(changed, digester(CONTENT))
    assert (found.value_intact, found.references[0].intact, found.integrity) == (False, True, False)


def test_content_that_is_not_at_hand_is_told():
    found = cms_evidence(signature(holder()), lambda _: None)
    assert (found.references[0].found, found.references[0].intact, found.integrity) == (False, None, None)


def test_encapsulated_content_is_what_is_signed():
    found = cms_evidence(signature(holder(), content=CONTENT), lambda _: None)
    assert found.integrity


def test_the_structure_is_der_and_that_of_another_reader():
    by = holder()
    encoding = signature(by, content=CONTENT, signing_time=TIME, extra=(attribute("1.2.3", der.NULL_DER),))
    assert ber.canonical(encoding) == encoding
    data = judge.ContentInfo.load(encoding, strict=True)["content"]
    (info,) = data["signer_infos"]
    assert data["version"].native == "v1"
    assert data["encap_content_info"]["content"].native == CONTENT
    assert info["sid"].chosen["serial_number"].native == by.certificate.serial_number
    types = [a["type"].native for a in info["signed_attrs"]]
    assert set(types) == {"content_type", "message_digest", "signing_time", "signing_certificate_v2", "1.2.3"}
    reference = next(a for a in info["signed_attrs"] if a["type"].native == "signing_certificate_v2")
    (ess,) = reference["values"][0]["certs"]
    assert ess["cert_hash"].native == hashlib.sha256(by.certificate.der).digest()
    assert ess["issuer_serial"]["serial_number"].native == by.certificate.serial_number
    assert "hash_algorithm" not in der.single(signing_certificate_v2(by.certificate.der)).raw.decode(
        "latin-1"
    )


def test_a_reference_under_another_digest_names_it():
    found = cms_evidence(signature(holder(), reference_digest=DigestAlgorithm.SHA512), digester(CONTENT))
    assert found.certificate_reference.digest.algorithm is DigestAlgorithm.SHA512
    assert found.certificate_reference.matches
    assert found.attributes_digest_algorithms == (DigestAlgorithm.SHA512,)


def test_a_reference_to_another_certificate_does_not_match():
    by, other = holder(), holder(text="Mallory", seed=2)
    digest = DigestAlgorithm.SHA256.digest(CONTENT)
    found = cms_evidence(
        signature(by, attributes=signed_attributes(digest, other.certificate.der)), digester(CONTENT)
    )
    assert found.signing_certificate == by.certificate
    reference = found.certificate_reference
    assert (reference.matches, reference.issuer_serial_matches) == (False, False)


def test_certificates_from_elsewhere_are_considered():
    by = holder()
    attributes = signed_attributes(DigestAlgorithm.SHA256.digest(CONTENT), by.certificate.der)
    encoding = assemble_signed_data(
        attributes, by.sign(attributes), (by.certificate.der,), by.algorithm, with_certificates=False
    )
    without = cms_evidence(encoding, digester(CONTENT))
    assert (without.signing_certificate, without.value_intact, without.integrity) == (None, None, None)
    assert cms_evidence(encoding, digester(CONTENT), certificates=[by.certificate]).integrity


def test_zeros_may_follow_and_other_bytes_fail_the_level_alone():
    encoding = signature(holder())
    padded = cms_evidence(encoding + bytes(100), digester(CONTENT))
    assert (padded.integrity, padded.level_failings) == (True, ())
    trailed = cms_evidence(encoding + b"\x00garbage", digester(CONTENT))
    assert trailed.integrity
    assert [r.code for r in trailed.level_failings] == ["CMS_TRAILING_BYTES"]


def indefinite(encoding: bytes) -> bytes:
    """The same with indefinite lengths wherever something is constructed, down to the SignerInfo's fields."""
    found = der.single(encoding)
    signed_attributes = found.tag == 0xA0 and der.oid(oids.MESSAGE_DIGEST) in found.raw[:80]
    if signed_attributes or not found.tag & der.CONSTRUCTED:
        return encoding
    return bytes([found.tag, 0x80]) + b"".join(indefinite(c.raw) for c in found.children()) + b"\x00\x00"


def test_indefinite_lengths_are_read():
    encoding = indefinite(signature(holder(), content=CONTENT))
    assert encoding[:2] == b"\x30\x80"
    assert cms_evidence(encoding, lambda _: None).integrity


def test_content_in_segments_is_joined():
    encoding = signature(holder(), content=CONTENT)
    segments = b"\x24\x80" + der.octets(CONTENT[:5]) + der.octets(CONTENT[5:]) + b"\x00\x00"
    info = der.single(encoding).children()
    data = info[1].only().children()
    encapsulated = der.sequence(data[2].children()[0].raw, b"\xa0\x80" + segments + b"\x00\x00")
    parts = [encapsulated if n == 2 else part.raw for n, part in enumerate(data)]
    odd = der.sequence(info[0].raw, der.tlv(0xA0, der.sequence(*parts)))
    assert cms_evidence(odd, lambda _: None).integrity


@pytest.mark.parametrize("sent_sorted", [True, False])
def test_signed_attributes_in_another_order_count_as_found_or_as_der(sent_sorted):
    by = holder()
    attributes = signed_attributes(DigestAlgorithm.SHA256.digest(CONTENT), by.certificate.der)
    shuffled = der.tlv(der.SET, *(c.raw for c in reversed(der.single(attributes).children())))
    value = by.sign(attributes if sent_sorted else shuffled)
    encoding = assemble_signed_data(shuffled, value, (by.certificate.der,), by.algorithm)
    assert cms_evidence(encoding, digester(CONTENT)).integrity


DIGEST = DigestAlgorithm.SHA256.digest(CONTENT)
TYPE = attribute(oids.CONTENT_TYPE, der.oid(oids.DATA))
MESSAGE = attribute(oids.MESSAGE_DIGEST, der.octets(DIGEST))
OTHER_ALGORITHM = der.sequence(
    encode_digest_algorithm(DigestAlgorithm.SHA512),
    der.tlv(0xA1, der.single(encode_signature_algorithm(SignatureAlgorithm(Scheme.ED25519))).value),
)


@pytest.mark.parametrize(
    ("attributes", "codes"),
    [
        ([MESSAGE], ["CMS_ATTRIBUTE_MISSING"]),
        ([TYPE], ["CMS_ATTRIBUTE_MISSING"]),
        ([attribute(oids.CONTENT_TYPE, der.oid(oids.TST_INFO)), MESSAGE], ["CMS_CONTENT_TYPE_MISMATCH"]),
        ([TYPE, MESSAGE, MESSAGE], ["CMS_ATTRIBUTE_REPEATED"]),
        ([TYPE, MESSAGE, attribute(oids.SIGNING_TIME, der.NULL_DER)], ["CMS_ATTRIBUTE_MALFORMED"]),
        (
            [TYPE, MESSAGE, attribute(oids.SIGNING_CERTIFICATE_V2, der.sequence(der.sequence()))],
            ["CMS_ATTRIBUTE_MALFORMED"],
        ),
        ([TYPE, MESSAGE, attribute(oids.SIGNATURE_POLICY, der.sequence())], ["CMS_ATTRIBUTE_MALFORMED"]),
        (
            [TYPE, MESSAGE, attribute(oids.ALGORITHM_PROTECTION, OTHER_ALGORITHM)],
            ["CMS_ALGORITHM_PROTECTION_BROKEN"],
        ),
    ],
)
def test_what_is_wrong_with_the_attributes_is_told(attributes, codes):
    found = cms_evidence(signature(holder(), attributes=der.set_of(*attributes)), digester(CONTENT))
    assert found.value_intact
    assert [r.code for r in found.structure] == codes
    assert all(r.explain("ja") and r.remedy("en") for r in found.structure)


@pytest.mark.parametrize("content", [None, CONTENT])
def test_a_signature_without_signed_attributes_covers_the_content_itself(content):
    by = holder()
    digest = encode_digest_algorithm(DigestAlgorithm.SHA256)
    info = der.sequence(
        der.integer(3),
        b"\x80\x05Alice",
        digest,
        encode_signature_algorithm(by.algorithm),
        der.octets(by.sign(CONTENT)),
    )
    encapsulated = der.sequence(der.oid(oids.DATA), der.tlv(0xA0, der.octets(content)) if content else b"")
    data = der.sequence(
        der.integer(3), der.set_of(digest), encapsulated, der.tlv(0xA0, by.certificate.der), der.set_of(info)
    )
    encoding = der.sequence(der.oid(oids.SIGNED_DATA), der.tlv(0xA0, data))
    found = cms_evidence(encoding, digester(CONTENT))
    assert (found.integrity, found.structure) == (True, ())
    assert cms_evidence(encoding, digester(b"other")).integrity is (content is not None)
    ades = cms_evidence(encoding, digester(CONTENT), signature_format=SignatureFormat.PADES)
    assert [r.code for r in ades.structure] == ["CMS_SIGNED_ATTRIBUTES_MISSING"]


def policy(*, oid: str = "1.2.392.1", uri: str = "http://example.jp/policy") -> bytes:
    qualifier = der.sequence(der.oid(oids.POLICY_URI), der.tlv(der.IA5_STRING, uri.encode()))
    digest = der.sequence(encode_digest_algorithm(DigestAlgorithm.SHA256), der.octets(b"p" * 32))
    return attribute(oids.SIGNATURE_POLICY, der.sequence(der.oid(oid), digest, der.sequence(qualifier)))


def test_the_signature_policy_is_read():
    found = cms_evidence(signature(holder(), extra=(policy(),)), digester(CONTENT)).policy
    assert (found.oid, found.uri) == ("1.2.392.1", "http://example.jp/policy")
    assert found.digest == Digest(DigestAlgorithm.SHA256, b"p" * 32)
    implied = attribute(oids.SIGNATURE_POLICY, der.NULL_DER)
    assert cms_evidence(signature(holder(), extra=(implied,)), digester(CONTENT)).policy.oid == ""


def test_revocation_data_and_certificates_in_attributes_are_collected():
    crl, ocsp = samples.crl(), basic(single())
    archival = der.sequence(
        der.tlv(0xA0, der.sequence(crl, b"\x30\x00")), der.tlv(0xA1, der.sequence(response(ocsp)))
    )
    values = der.sequence(der.tlv(0xA0, der.sequence(crl)), der.tlv(0xA1, der.sequence(ocsp)))
    encoding = signature(
        holder(),
        extra=(attribute(oids.REVOCATION_INFO_ARCHIVAL, archival),),
        unsigned=(
            attribute(oids.REVOCATION_VALUES, values),
            attribute(oids.CERTIFICATE_VALUES, der.sequence(samples.certificate())),
        ),
    )
    found = cms_evidence(encoding, digester(CONTENT))
    assert [c.der for c in found.crls] == [crl]
    assert [r.der for r in found.ocsp_responses] == [ocsp]
    assert [c.der for c in found.certificates] == [holder().certificate.der, samples.certificate()]


def test_revocation_data_of_the_signed_data_are_collected():
    info = der.single(signature(holder())).children()
    parts = [p.raw for p in info[1].only().children()]
    other = der.tlv(0xA1, der.oid(oids.OCSP_RESPONSE), response(basic(single())))
    unknown = der.tlv(0xA1, der.oid("1.2.3"), der.NULL_DER)
    parts.insert(-1, der.tlv(0xA1, samples.crl(), other, unknown))
    found = cms_evidence(der.sequence(info[0].raw, der.tlv(0xA0, der.sequence(*parts))), digester(CONTENT))
    assert (len(found.crls), len(found.ocsp_responses)) == (1, 1)


def test_more_than_one_signer_is_a_failing_where_one_belongs():
    one, two = (
        der.single(signature(holder(text=t, seed=s))).children() for t, s in (("Alice", 1), ("Bob", 2))
    )
    first, second = one[1].only().children(), two[1].only().children()
    certificates = der.tlv(0xA0, first[3].value, second[3].value)
    signers = der.set_of(first[4].value, second[4].value)
    data = der.sequence(*(p.raw for p in first[:3]), certificates, signers)
    encoding = der.sequence(one[0].raw, der.tlv(0xA0, data))
    both = cms_evidences(encoding, digester(CONTENT))
    assert [e.integrity for e in both] == [True, True]
    assert {e.signing_certificate.subject.text for e in both} == {"CN=Alice", "CN=Bob"}
    found = cms_evidence(encoding, digester(CONTENT))
    assert [r.code for r in found.structure] == ["CMS_SIGNER_COUNT"]
    assert found.integrity


@pytest.mark.parametrize("padding", [b"", bytes(64)])
def test_an_unsigned_attribute_is_added_and_every_other_byte_stays(padding):
    original = signature(holder())
    once = add_unsigned_attribute(original + padding, attribute("1.2.3", der.integer(1)))
    twice = add_unsigned_attribute(once, attribute("1.2.4", der.integer(2)))
    found = cms_evidence(twice, digester(CONTENT))
    assert found.integrity
    (info,) = judge.ContentInfo.load(twice, strict=True)["content"]["signer_infos"]
    assert [a["type"].native for a in info["unsigned_attrs"]] == ["1.2.3", "1.2.4"]
    assert der.single(original).children()[1].only().children()[3].raw in twice


@pytest.mark.parametrize(
    "encoding",
    [b"", b"\x30\x00", samples.certificate(), der.sequence(der.oid(oids.DATA), b"\xa0\x02\x05\x00")],
)
def test_what_is_no_signature_is_refused(encoding):
    with pytest.raises(MalformedCms):
        cms_evidence(encoding, lambda _: None)
    with pytest.raises(MalformedCms):
        add_unsigned_attribute(encoding, attribute("1.2.3", der.NULL_DER))


def test_an_unsigned_attribute_is_added_to_what_has_indefinite_lengths():
    original = indefinite(signature(holder(), content=CONTENT))
    found = cms_evidence(
        add_unsigned_attribute(original, attribute("1.2.3", der.NULL_DER)), digester(CONTENT)
    )
    assert found.integrity


def test_a_signed_data_without_signers_is_refused():
    data = der.sequence(der.integer(1), der.set_of(), der.sequence(der.oid(oids.DATA)), der.set_of())
    with pytest.raises(MalformedCms):
        cms_evidence(der.sequence(der.oid(oids.SIGNED_DATA), der.tlv(0xA0, data)), lambda _: None)


def test_a_key_that_cannot_be_used_here_accuses_nobody():
    by = holder()
    curve = der.oid("1.2.840.10045.3.1.7")
    odd = by.certificate.der.replace(curve, der.oid("1.2.840.10045.3.1.9"))
    attributes = signed_attributes(DIGEST, odd)
    encoding = assemble_signed_data(attributes, by.sign(attributes), (odd,), by.algorithm)
    assert cms_evidence(encoding, digester(CONTENT)).value_intact is None


OPENSSL_3_0 = {KeyType.P_256, KeyType.P_384, KeyType.P_521, KeyType.RSA_2048}
"""What OpenSSL 3.0 verifies in CMS: it hands EdDSA a digest, which its own provider refuses, and lacks ML-DSA."""


@pytest.mark.needs("openssl", "openssl")
@pytest.mark.parametrize(
    ("kind", "pss"), [k for k in KINDS if k[0] in OPENSSL_3_0], ids=lambda v: getattr(v, "name", v)
)
def test_openssl_verifies_ours(kind, pss, tmp_path):
    by = holder(kind, pss=pss)
    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "ca.pem").write_text(to_pem(by.certificate))
    (tmp_path / "signature").write_bytes(signature(by, signing_time=TIME))
    arguments = "-verify -cades -binary -inform DER -in signature -content content -CAfile ca.pem -purpose any -out out"
    done = subprocess.run(
        ["openssl", "cms", *arguments.split()], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "out").read_bytes() == CONTENT
