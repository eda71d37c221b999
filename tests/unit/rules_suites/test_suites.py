"""The dated algorithm catalogues."""

from datetime import timedelta

import pytest

from shirushi.core.algorithms import (
    DigestAlgorithm,
    KeyKind,
    KeyType,
    Scheme,
    SignatureAlgorithm,
    signature_algorithm,
)
from shirushi.core.evidence import PublicKey
from shirushi.core.instant import instant
from shirushi.rules.suites import (
    CRYPTREC,
    ETSI,
    MODERN,
    NEVER,
    AlgorithmCatalogue,
    DigestEntry,
    acceptable,
    acceptable_digest,
    layered,
    reliable_until,
)

NOW = instant("2026-11-01T00:00:00Z")
P_256 = PublicKey(b"", KeyKind.EC, 256, "1.2.840.10045.3.1.7")


def rsa(bits):
    return PublicKey(b"", KeyKind.RSA, bits)


def pkcs1(digest=DigestAlgorithm.SHA256):
    return SignatureAlgorithm(Scheme.RSA_PKCS1, digest)


KEYS = {
    KeyType.RSA_2048: rsa(2048),
    KeyType.RSA_3072: rsa(3072),
    KeyType.RSA_4096: rsa(4096),
    KeyType.P_256: P_256,
    KeyType.P_384: PublicKey(b"", KeyKind.EC, 384, "1.3.132.0.34"),
    KeyType.P_521: PublicKey(b"", KeyKind.EC, 521, "1.3.132.0.35"),
    KeyType.ED25519: PublicKey(b"", KeyKind.ED25519, 255),
    KeyType.ED448: PublicKey(b"", KeyKind.ED448, 456),
    KeyType.ML_DSA_44: PublicKey(b"", KeyKind.ML_DSA, 10496),
    KeyType.ML_DSA_65: PublicKey(b"", KeyKind.ML_DSA, 15616),
    KeyType.ML_DSA_87: PublicKey(b"", KeyKind.ML_DSA, 20736),
}


@pytest.mark.parametrize("catalogue", [CRYPTREC, MODERN], ids=lambda c: c.name)
@pytest.mark.parametrize("key_type", list(KeyType), ids=lambda k: k.value)
def test_what_this_platform_signs_with_is_accepted(key_type, catalogue):
    key = KEYS[key_type]
    assert acceptable(signature_algorithm(key_type), key, NOW, catalogue) is None
    if key.kind is KeyKind.RSA:
        assert acceptable(signature_algorithm(key_type, pss=True), key, NOW, catalogue) is None


def test_etsi_alone_knows_neither_eddsa_nor_ml_dsa():
    for key_type in (KeyType.ED25519, KeyType.ED448, KeyType.ML_DSA_65):
        why = acceptable(signature_algorithm(key_type), KEYS[key_type], NOW, ETSI)
        assert why is not None
        assert why.code == "ALGORITHM_NOT_LISTED"


@pytest.mark.parametrize(
    ("bits", "at", "code"),
    [
        (512, "2005-01-01", "ALGORITHM_NOT_LISTED"),
        (1024, "2019-09-30", None),
        (1024, "2019-10-01", "ALGORITHM_EXPIRED"),
        (2047, "2026-01-01", None),
        (2048, "2028-12-31", None),
        (2048, "2029-01-01", "ALGORITHM_EXPIRED"),
    ],
)
def test_rsa_by_size_and_time(bits, at, code):
    why = acceptable(pkcs1(), rsa(bits), instant(at + "T00:00:00Z"), ETSI)
    assert (why.code if why else None) == code


def test_cryptrec_has_its_own_years():
    pss = SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA256)
    assert reliable_until(pkcs1(), rsa(2048), CRYPTREC) == instant("2031-01-01T00:00:00Z")
    assert reliable_until(pkcs1(), rsa(3072), CRYPTREC) == instant("2051-01-01T00:00:00Z")
    assert reliable_until(pss, rsa(3071), CRYPTREC) == instant("2031-01-01T00:00:00Z")
    assert reliable_until(pkcs1(), rsa(1024), CRYPTREC) == reliable_until(pkcs1(), rsa(1024), ETSI)


def test_an_unlisted_curve_is_not_accepted():
    ecdsa = SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA256)
    koblitz = PublicKey(b"", KeyKind.EC, 256, "1.3.132.0.10")
    unnamed = PublicKey(b"", KeyKind.EC, 256)
    for key in (koblitz, unnamed):
        why = acceptable(ecdsa, key, NOW, CRYPTREC)
        assert why is not None
        assert why.code == "ALGORITHM_NOT_LISTED"
        assert reliable_until(ecdsa, key, CRYPTREC) == NEVER


def test_the_digest_of_a_signature_counts():
    why = acceptable(pkcs1(DigestAlgorithm.SHA1), rsa(3072), NOW, CRYPTREC)
    assert why is not None
    assert (why.code, dict(why.parameters)["algorithm"]) == ("ALGORITHM_EXPIRED", "SHA-1")
    assert reliable_until(pkcs1(DigestAlgorithm.SHA1), rsa(3072), CRYPTREC) == instant("2012-08-01T00:00:00Z")
    unlisted = acceptable(pkcs1(DigestAlgorithm.SHA3_224), rsa(3072), NOW, CRYPTREC)
    assert unlisted is not None
    assert unlisted.code == "ALGORITHM_NOT_LISTED"


def test_an_unknown_algorithm_is_never_accepted():
    assert acceptable(None, P_256, NOW, CRYPTREC) is not None
    assert reliable_until(None, P_256, CRYPTREC) == NEVER


def test_end_dates_are_exclusive():
    end = instant("2029-01-01T00:00:00Z")
    assert acceptable_digest(DigestAlgorithm.SHA224, end - timedelta(microseconds=1), ETSI) is None
    assert acceptable_digest(DigestAlgorithm.SHA224, end, ETSI) is not None
    assert reliable_until(DigestAlgorithm.SHA224, None, ETSI) == end
    assert reliable_until(DigestAlgorithm.SHA3_224, None, ETSI) == NEVER
    assert reliable_until(DigestAlgorithm.SHA256, None, ETSI) is None


def test_the_later_layer_holds():
    mine = AlgorithmCatalogue("mine", (DigestEntry(DigestAlgorithm.SHA256, NOW, "a decision"),), ())
    both = layered("both", ETSI, mine)
    assert acceptable_digest(DigestAlgorithm.SHA256, NOW, both) is not None
    assert acceptable_digest(DigestAlgorithm.SHA384, NOW, both) is None
    assert len(both.digests) == len(ETSI.digests)


@pytest.mark.parametrize("catalogue", [CRYPTREC, MODERN, ETSI], ids=lambda c: c.name)
def test_every_entry_names_its_source(catalogue):
    assert all(entry.source for entry in (*catalogue.digests, *catalogue.schemes))
