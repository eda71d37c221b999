import itertools

import pytest
from asn1crypto import algos

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.algorithms import (
    cms_signature_algorithm,
    digest_algorithm,
    encode_digest_algorithm,
    encode_signature_algorithm,
    signature_algorithm,
)
from shirushi.codecs.asn1.errors import Asn1TooComplex, MalformedAsn1
from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.errors import UnsupportedAlgorithm

D = DigestAlgorithm
SHA2 = (D.SHA224, D.SHA256, D.SHA384, D.SHA512)
SHA3 = (D.SHA3_224, D.SHA3_256, D.SHA3_384, D.SHA3_512)
WITH_DIGEST = [
    *itertools.product([Scheme.RSA_PKCS1], (D.MD5, D.SHA1, *SHA2, *SHA3, D.RIPEMD160)),
    *itertools.product([Scheme.ECDSA, Scheme.DSA], (D.SHA1, *SHA2, *SHA3)),
]
SELF_HASHING = [Scheme.ED25519, Scheme.ED448, Scheme.ML_DSA_44, Scheme.ML_DSA_65, Scheme.ML_DSA_87]
PSS = [
    SignatureAlgorithm(Scheme.RSA_PSS, D.SHA1, 20),
    SignatureAlgorithm(Scheme.RSA_PSS, D.SHA256, 32),
    SignatureAlgorithm(Scheme.RSA_PSS, D.SHA512, 20, D.SHA1),
    SignatureAlgorithm(Scheme.RSA_PSS, D.SHA3_256, 0),
]


@pytest.mark.parametrize(
    "algorithm",
    [*(SignatureAlgorithm(*pair) for pair in WITH_DIGEST), *map(SignatureAlgorithm, SELF_HASHING), *PSS],
    ids=str,
)
def test_signature_algorithms_come_back(algorithm):
    assert signature_algorithm(encode_signature_algorithm(algorithm)) == algorithm


@pytest.mark.parametrize(
    ("oid", "scheme"),
    [("17", Scheme.ML_DSA_44), ("18", Scheme.ML_DSA_65), ("19", Scheme.ML_DSA_87)],
)
def test_ml_dsa_is_named_as_rfc_9881_says(oid, scheme):
    expected = der.sequence(der.oid(f"2.16.840.1.101.3.4.3.{oid}"))
    assert encode_signature_algorithm(SignatureAlgorithm(scheme)) == expected


def test_parameters_of_pss_are_those_of_another_reader():
    found = algos.SignedDigestAlgorithm.load(encode_signature_algorithm(PSS[2]), strict=True)
    assert found["algorithm"].native == "rsassa_pss"
    parameters = found["parameters"].native
    assert parameters["hash_algorithm"]["algorithm"] == "sha512"
    assert parameters["mask_gen_algorithm"]["parameters"]["algorithm"] == "sha1"
    assert (parameters["salt_length"], parameters["trailer_field"]) == (20, "trailer_field_bc")


def test_pss_without_a_salt_length_takes_that_of_its_digest():
    found = signature_algorithm(encode_signature_algorithm(SignatureAlgorithm(Scheme.RSA_PSS, D.SHA384)))
    assert found == SignatureAlgorithm(Scheme.RSA_PSS, D.SHA384, 48)


def pss(*fields: bytes) -> bytes:
    return der.sequence(der.oid("1.2.840.113549.1.1.10"), der.sequence(*fields))


def test_absent_parameters_of_pss_are_the_defaults():
    expected = SignatureAlgorithm(Scheme.RSA_PSS, D.SHA1, 20)
    assert signature_algorithm(der.sequence(der.oid("1.2.840.113549.1.1.10"))) == expected
    assert signature_algorithm(pss(der.tlv(0xA3, der.integer(1)))) == expected


@pytest.mark.parametrize(
    "identifier",
    [
        pss(der.tlv(0xA3, der.integer(2))),
        pss(der.tlv(0xA2, der.integer(-1))),
        pss(der.tlv(0xA0, der.sequence(der.oid("1.2.3")))),
        pss(der.tlv(0xA1, der.sequence(der.oid("1.2.3")))),
        der.sequence(der.oid("1.2.3.4")),
    ],
)
def test_what_is_not_known_is_none(identifier):
    assert signature_algorithm(identifier) is None


def test_rsa_is_read_with_and_without_null():
    for parameters in (b"", der.NULL_DER):
        found = signature_algorithm(der.sequence(der.oid("1.2.840.113549.1.1.11"), parameters))
        assert found == SignatureAlgorithm(Scheme.RSA_PKCS1, D.SHA256)


@pytest.mark.parametrize(
    ("oid", "scheme"),
    [
        ("1.2.840.113549.1.1.1", Scheme.RSA_PKCS1),
        ("1.2.840.10045.2.1", Scheme.ECDSA),
        ("1.2.840.10040.4.1", Scheme.DSA),
    ],
)
def test_in_cms_a_key_algorithm_takes_the_digest_beside_it(oid, scheme):
    identifier = der.sequence(der.oid(oid), der.NULL_DER)
    assert cms_signature_algorithm(identifier, D.SHA512) == SignatureAlgorithm(scheme, D.SHA512)
    assert cms_signature_algorithm(identifier, None) is None
    assert signature_algorithm(identifier) is None


def test_in_cms_a_signature_algorithm_has_its_own_digest():
    identifier = encode_signature_algorithm(SignatureAlgorithm(Scheme.RSA_PKCS1, D.SHA512))
    assert cms_signature_algorithm(identifier, D.SHA256) == SignatureAlgorithm(Scheme.RSA_PKCS1, D.SHA512)


@pytest.mark.parametrize("digest", DigestAlgorithm)
def test_digests_come_back(digest):
    assert digest_algorithm(encode_digest_algorithm(digest)) is digest


def test_odd_digests_are_read():
    assert digest_algorithm(der.sequence(der.oid(D.SHA256.oid), der.NULL_DER)) is D.SHA256
    assert digest_algorithm(der.sequence(der.oid("1.2.840.113549.1.1.11"))) is D.SHA256
    shake = der.oid("2.16.840.1.101.3.4.2.18")
    assert digest_algorithm(der.sequence(shake, der.integer(512))) is D.SHAKE256
    assert digest_algorithm(der.sequence(shake, der.integer(256))) is None
    assert digest_algorithm(der.sequence(der.oid("1.2.3"))) is None


@pytest.mark.parametrize(
    "algorithm",
    [
        SignatureAlgorithm(Scheme.ECDSA),
        SignatureAlgorithm(Scheme.ECDSA, D.MD5),
        SignatureAlgorithm(Scheme.RSA_PSS),
        SignatureAlgorithm(Scheme.DSA, D.SHAKE256),
    ],
)
def test_what_has_no_identifier_is_not_written(algorithm):
    with pytest.raises(UnsupportedAlgorithm):
        encode_signature_algorithm(algorithm)


@pytest.mark.parametrize("identifier", [b"", b"\x30\x00", der.sequence(der.NULL_DER), b"\x06\x01\x2a"])
def test_what_is_no_identifier_is_refused(identifier):
    for read in (signature_algorithm, digest_algorithm):
        with pytest.raises(MalformedAsn1):
            read(identifier)


def test_an_identifier_has_a_limit():
    with pytest.raises(Asn1TooComplex):
        signature_algorithm(der.sequence(der.oid("1.2.3"), der.octets(bytes(5000))))
