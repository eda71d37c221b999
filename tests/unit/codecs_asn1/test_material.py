import pytest
from cryptography.hazmat.primitives.asymmetric import dsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shirushi.codecs.asn1 import der, material
from shirushi.codecs.asn1.algorithms import encode_signature_algorithm
from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.material import build_material, merge
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from tests.unit.bounds.certificates import ed25519_key, issued, named, spki, spki_of_rsa
from tests.unit.codecs_asn1 import samples
from tests.unit.codecs_asn1.samples import certificate, crl, extension
from tests.unit.codecs_asn1.test_revocation import basic, single

ROOT = parse_certificate(certificate())
CHILD = parse_certificate(certificate(number=2, by=1))
GRANDCHILD = parse_certificate(certificate(number=3, by=2))
STRANGER = parse_certificate(
    certificate(number=9, by=9, issuer=samples.name("CA 1"), subject=samples.name("CA 1"))
)


def test_every_pair_that_verifies_is_found_and_no_other():
    found = build_material([ROOT, CHILD, GRANDCHILD, STRANGER, CHILD])
    assert found.certificates == (ROOT, CHILD, GRANDCHILD, STRANGER)
    assert found.verified == {
        (ROOT.id, ROOT.id),
        (CHILD.id, ROOT.id),
        (GRANDCHILD.id, CHILD.id),
        (STRANGER.id, STRANGER.id),
    }
    assert found.is_signed_by(CHILD.id, ROOT)
    assert not found.is_signed_by(CHILD.id, STRANGER)


def test_lists_and_responses_are_verified_under_whom_they_name():
    listed = parse_crl(crl())
    by_hash = parse_ocsp_response(basic(single()))
    by_name = parse_ocsp_response(basic(single(), responder=der.tlv(0xA1, samples.name("ca 1"))))
    found = build_material([ROOT, STRANGER], [listed, listed], [by_hash, by_name, by_hash])
    assert (found.crls, found.ocsp_responses) == ((listed,), (by_hash, by_name))
    assert {(listed.id, ROOT.id), (by_hash.id, ROOT.id), (by_name.id, ROOT.id)} < found.verified


def test_certificates_inside_responses_are_taken_in():
    response = parse_ocsp_response(basic(single(), certificates=ROOT.der))
    found = build_material([CHILD], [], [response])
    assert found.certificates == (CHILD, ROOT)
    assert {(CHILD.id, ROOT.id), (response.id, ROOT.id)} < found.verified


def test_a_key_identifier_makes_a_candidate_whatever_the_names():
    key_id = extension("2.5.29.14", der.octets(b"kid"))
    issuer = parse_certificate(certificate(key_id, number=1, by=1, subject=samples.name("another name")))
    subject = parse_certificate(
        certificate(extension("2.5.29.35", der.sequence(b"\x80\x03kid")), number=2, by=1)
    )
    assert build_material([issuer, subject]).is_signed_by(subject.id, issuer)


def test_an_algorithm_inside_other_than_outside_does_not_verify():
    other = encode_signature_algorithm(SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA384))
    odd = parse_certificate(certificate(number=2, by=1, inner=other))
    assert not build_material([ROOT, odd]).is_signed_by(odd.id, ROOT)


def test_merging_finds_pairs_across():
    found = merge(build_material([ROOT]), build_material([CHILD], [parse_crl(crl())]))
    assert found.is_signed_by(CHILD.id, ROOT)
    assert found.is_signed_by(found.crls[0].id, ROOT)


def test_a_heap_of_namesakes_is_tried_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(material, "_COMMON_EFFORT", 10_000_000)
    heap = [
        parse_certificate(certificate(serial=der.integer(n), by=9, issuer=samples.name("CA 1")))
        for n in range(80)
    ]
    found = build_material([*heap, CHILD])
    assert sum(signed == CHILD.id for signed, _ in found.verified) == 64


def test_results_are_remembered_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(material, "_REMEMBERED", 2)
    monkeypatch.setattr(material, "_RESULTS", {})
    assert (
        build_material([ROOT, CHILD, GRANDCHILD]).verified
        == build_material([ROOT, CHILD, GRANDCHILD]).verified
    )
    assert len(material._RESULTS) <= 2


def test_dsa_keys_take_inherited_parameters_from_their_issuer():
    upper, lower = samples.dsa_key(0xA11CE), samples.dsa_key(0xB0B)
    full = upper.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    own = lower.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    algorithm, bits = der.single(own).children()
    bare = der.sequence(der.sequence(algorithm.children()[0].raw), bits.raw)
    identifier = encode_signature_algorithm(SignatureAlgorithm(Scheme.DSA, DigestAlgorithm.SHA256))

    def signed(key: dsa.DSAPrivateKey, issuer: str, subject: str, public_key: bytes) -> bytes:
        tbs = der.sequence(
            samples.V3,
            der.integer(1),
            identifier,
            samples.name(issuer),
            samples.VALIDITY,
            samples.name(subject),
            public_key,
        )
        return der.sequence(tbs, identifier, der.bits(key.sign(tbs, SHA256())))

    root = parse_certificate(signed(upper, "root", "root", full))
    middle = parse_certificate(signed(upper, "root", "middle", bare))
    leaf = parse_certificate(signed(lower, "middle", "leaf", samples.spki()))
    assert middle.public_key.parameters_inherited
    assert {(middle.id, root.id), (leaf.id, middle.id)} <= build_material([root, middle, leaf]).verified
    assert build_material([middle, leaf]).verified == frozenset()


def test_a_heap_of_namesakes_ends_with_the_effort(monkeypatch):
    tried = []
    monkeypatch.setattr(material.primitives, "verify", lambda spki, *_: bool(tried.append(spki)))
    monkeypatch.setattr(material, "_RESULTS", {})
    monkeypatch.setattr(material, "_COMMON_EFFORT", 10_000)
    name, keys = named("N"), [ed25519_key(n + 1) for n in range(200)]
    heap = [
        parse_certificate(issued(name, name, spki(key), n, keys[0], extensions=b""))
        for n, key in enumerate(keys)
    ]
    assert not build_material(heap).verified
    assert 10 <= len(tried) < 500


@pytest.mark.parametrize(("bits", "exponent"), [(3072, (1 << 65) - 1), (16400, 65537)])
def test_a_key_beyond_all_measure_verifies_nothing(bits, exponent):
    key = spki_of_rsa(1 << bits - 1 | 1, exponent)
    algorithm = SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA256)
    assert not material.primitives.supports(key, algorithm)
    assert not material.primitives.verify(key, algorithm, bytes(bits // 8), b"")
    assert material.primitives.cost(key) == 0
