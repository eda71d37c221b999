"""Our catalogue beside the machine-readable TS 119 312 (TS 119 322 JSON)."""

import json

import pytest

from shirushi.core.algorithms import DigestAlgorithm, KeyKind, Scheme, SignatureAlgorithm
from shirushi.core.evidence import PublicKey
from shirushi.core.instant import instant
from shirushi.rules.suites import ETSI, reliable_until

pytestmark = pytest.mark.corpora

# The file says until the last moment of 2028 in central European time; our end is exclusive, in UTC.
END = instant("2029-01-01T00:00:00Z")
P_256 = PublicKey(b"", KeyKind.EC, 256, "1.2.840.10045.3.1.7")


@pytest.fixture(scope="module")
def algorithms(corpora):
    policy = json.loads((corpora / "policies" / "19312MachineReadable.json").read_text("utf-8"))
    return {a["AlgorithmIdentifier"]["Name"]: a for a in policy["SecuritySuitabilityPolicyType"]["Algorithm"]}


def evaluations(algorithm):
    found = algorithm["Evaluation"]
    return found if isinstance(found, list) else [found]


def end(evaluation):
    return END if "End" in evaluation["Validity"] else None


@pytest.mark.parametrize("name", ["SHA224", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"])
def test_digests(algorithms, name):
    ours = DigestAlgorithm[name.replace("-", "_")]
    (evaluation,) = evaluations(algorithms[name])
    assert reliable_until(ours, None, ETSI) == end(evaluation)


def test_object_identifiers_of_digests(algorithms):
    # The file gives SHA-224 the identifier of ECDSA with SHA-224, and cuts that of SHA-384 short (FIPS 180-4, RFC 5754).
    wrong = {"SHA224": "1.2.840.10045.4.3.1", "SHA384": "2.16.840.1.101.3.4.2"}
    for name in ("SHA224", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"):
        theirs = algorithms[name]["AlgorithmIdentifier"]["Objectidentifier"]
        assert theirs == wrong.get(name, DigestAlgorithm[name.replace("-", "_")].oid)


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("sha256WithRSAEncryption", SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA256)),
        ("sha512WithRSAEncryption", SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA512)),
        ("rsassa-pss", SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA256)),
        ("DSA", SignatureAlgorithm(Scheme.DSA, DigestAlgorithm.SHA256)),
    ],
)
def test_schemes_by_key_size(algorithms, name, algorithm):
    for evaluation in evaluations(algorithms[name]):
        parameters = evaluation["Parameter"]
        first = parameters[0] if isinstance(parameters, list) else parameters
        key = PublicKey(b"", None, int(first["Min"]))
        assert reliable_until(algorithm, key, ETSI) == end(evaluation)


@pytest.mark.parametrize("digest", ["SHA256", "SHA384", "SHA512", "SHA3_256", "SHA3_384", "SHA3_512"])
def test_ecdsa(algorithms, digest):
    name = "ECDSA with " + DigestAlgorithm[digest].label
    (evaluation,) = evaluations(algorithms[name])
    algorithm = SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm[digest])
    assert reliable_until(algorithm, P_256, ETSI) == end(evaluation)


def test_curves(algorithms):
    ecdsa = SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA256)
    for name in (
        "FRP256v1",
        "brainpoolP256r1",
        "brainpoolP384r1",
        "brainpoolP512r1",
        "secp256r1",
        "secp384r1",
    ):
        oid = algorithms[name]["AlgorithmIdentifier"]["Objectidentifier"]
        bits = next(size for size in (512, 384, 256) if str(size) in name)
        assert reliable_until(ecdsa, PublicKey(b"", KeyKind.EC, bits, oid), ETSI) is None
    assert (
        algorithms["secp512r1"]["AlgorithmIdentifier"]["Objectidentifier"] == "1.3.132.0.35"
    )  # meant: secp521r1


def test_what_the_file_lacks(algorithms):
    assert not [name for name in algorithms if "Ed" in name or "ML-DSA" in name]
