"""JSON Web Signatures taken apart and put together in their three forms."""

import json

import pytest

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.codecs.jose.algorithms import digest_name, jws_algorithm, jws_name, named_digest
from shirushi.codecs.jose.errors import JsonTooComplex, MalformedJws
from shirushi.codecs.jose.jws import Jws, JwsSignature, Serialization, parse_jws, write_jws
from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.errors import UnsupportedAlgorithm
from tests.unit.formats_jades.bench import signers

ONE = JwsSignature("e30", "AAAA")
WITH_HEADER = JwsSignature("e30", "AAAA", {"etsiU": ["e30"]})


@pytest.mark.parametrize(
    ("jws", "data"),
    [
        (Jws(Serialization.COMPACT, "cGF5", (ONE,)), b"e30.cGF5.AAAA"),
        (Jws(Serialization.COMPACT, None, (ONE,)), b"e30..AAAA"),
        (
            Jws(Serialization.FLATTENED, "cGF5", (WITH_HEADER,)),
            b'{"payload":"cGF5","protected":"e30","header":{"etsiU":["e30"]},"signature":"AAAA"}',
        ),
        (
            Jws(Serialization.GENERAL, None, (ONE, WITH_HEADER)),
            (
                b'{"signatures":[{"protected":"e30","signature":"AAAA"},'
                b'{"protected":"e30","header":{"etsiU":["e30"]},"signature":"AAAA"}]}'
            ),
        ),
    ],
)
def test_both_ways(jws, data):
    assert write_jws(jws) == data
    assert parse_jws(data) == jws
    assert parse_jws(b" \n" + data + b"\r\n") == jws


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"e30.e30",
        b"e30.e30.AA.BB",
        b"\xff.e30.AA",
        b'{"payload": 1, "protected": "e30", "signature": "AA"}',
        b'{"payload": "e30", "protected": {}, "signature": "AA"}',
        b'{"payload": "e30", "protected": "e30", "signature": null}',
        b'{"payload": "e30", "protected": "e30", "signature": "AA", "header": []}',
        b'{"payload": "e30", "signatures": []}',
        b'{"payload": "e30", "signatures": {}}',
        b'{"payload": "e30", "signatures": ["AA"]}',
        b'{"payload": "e30", "signatures": [{"protected": "e30"}]}',
        b'{"payload": "e30", "signature": "AA", "signatures": [{"protected": "e30", "signature": "AA"}]}',
    ],
)
def test_what_is_none_is_refused_by_name(data):
    with pytest.raises(MalformedJws):
        parse_jws(data)


@pytest.mark.parametrize("data", [b"{}", b"[]", b'{"payload": "e30"}', b'["signature"]'])
def test_other_json_is_no_jws(data):
    assert parse_jws(data) is None


def test_signatures_are_bounded():
    each = {"protected": "e30", "signature": "AA"}
    with pytest.raises(JsonTooComplex, match="signatures"):
        parse_jws(json.dumps({"payload": "e30", "signatures": [each] * 257}).encode())


@pytest.mark.parametrize(
    "jws",
    [
        Jws(Serialization.COMPACT, "e30", (WITH_HEADER,)),
        Jws(Serialization.COMPACT, "a.b", (ONE,)),
        Jws(Serialization.COMPACT, "é", (ONE,)),
        Jws(Serialization.COMPACT, "e30", (ONE, ONE)),
        Jws(Serialization.FLATTENED, "e30", (ONE, ONE)),
    ],
)
def test_what_a_form_cannot_hold_is_not_written(jws):
    with pytest.raises(MalformedJws):
        write_jws(jws)


@pytest.mark.parametrize("name", [name for name in signers() if name != "Brainpool"])
def test_names_of_algorithms(name):
    signer = signers()[name]
    key = parse_certificate(signer.der).public_key
    written = jws_name(signer.algorithm, key)
    assert written == name.partition(" ")[0]
    assert jws_algorithm(written, key) == signer.algorithm


def test_what_jose_has_no_name_for_is_refused_by_name():
    signer = signers()["Brainpool"]
    with pytest.raises(UnsupportedAlgorithm, match=r"1\.3\.36\.3\.3\.2\.8\.1\.1\.7 \(JOSE\)"):
        jws_name(signer.algorithm, signer.certificate.public_key)
    with pytest.raises(UnsupportedAlgorithm, match="ML-DSA-65"):
        jws_name(SignatureAlgorithm(Scheme.ML_DSA_65), signer.certificate.public_key)
    p_256 = signers()["ES256"].certificate.public_key
    with pytest.raises(UnsupportedAlgorithm, match="SHA-384"):
        jws_name(SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA384), p_256)
    with pytest.raises(UnsupportedAlgorithm, match="RIPEMD"):
        digest_name(DigestAlgorithm.RIPEMD160)


def test_a_name_has_one_curve():
    p_384, brainpool = (signers()[name].certificate.public_key for name in ("ES384", "Brainpool"))
    assert jws_algorithm("ES256", p_384) is None
    assert jws_algorithm("ES256", brainpool) is None
    assert jws_algorithm("EdDSA", p_384) is None
    assert jws_algorithm("EdDSA", None) is None
    ed25519 = signers()["EdDSA"].certificate.public_key
    assert jws_algorithm("Ed25519", ed25519) == SignatureAlgorithm(Scheme.ED25519)  # RFC 9864
    assert jws_algorithm("Ed448", ed25519) is None


@pytest.mark.parametrize("name", ["none", "HS256", "es256", "", None, 7, ["ES256"], {}])
def test_no_other_name_is_an_algorithm(name):
    assert jws_algorithm(name, signers()["ES256"].certificate.public_key) is None
    assert named_digest(name) is None
