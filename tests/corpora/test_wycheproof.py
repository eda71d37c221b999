"""Project Wycheproof's vectors on `core.primitives`: the only place where signature values are checked."""

import json
import os
from pathlib import Path

import pytest

from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.primitives import supports, verify, verify_digest

pytestmark = pytest.mark.corpora

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora") / "wycheproof"

D = DigestAlgorithm
PSS = SignatureAlgorithm(Scheme.RSA_PSS, D.SHA256, 32)
ALGORITHMS = {
    "ecdsa_brainpoolP256r1_sha256": SignatureAlgorithm(Scheme.ECDSA, D.SHA256),
    "ecdsa_secp256r1_sha256": SignatureAlgorithm(Scheme.ECDSA, D.SHA256),
    "ecdsa_secp384r1_sha384": SignatureAlgorithm(Scheme.ECDSA, D.SHA384),
    "ecdsa_secp521r1_sha512": SignatureAlgorithm(Scheme.ECDSA, D.SHA512),
    "ed25519": SignatureAlgorithm(Scheme.ED25519),
    "ed448": SignatureAlgorithm(Scheme.ED448),
    "mldsa_44_verify": SignatureAlgorithm(Scheme.ML_DSA_44),
    "mldsa_65_verify": SignatureAlgorithm(Scheme.ML_DSA_65),
    "mldsa_87_verify": SignatureAlgorithm(Scheme.ML_DSA_87),
    "rsa_pss_2048_sha256_mgf1_32": PSS,
    "rsa_pss_3072_sha256_mgf1_32": PSS,
    "rsa_signature_2048_sha256": SignatureAlgorithm(Scheme.RSA_PKCS1, D.SHA256),
    "rsa_signature_3072_sha256": SignatureAlgorithm(Scheme.RSA_PKCS1, D.SHA256),
    "rsa_signature_4096_sha512": SignatureAlgorithm(Scheme.RSA_PKCS1, D.SHA512),
}


@pytest.mark.parametrize("name", ALGORITHMS)
def test_every_vector_is_judged_as_wycheproof_says(name, corpora):
    algorithm = ALGORITHMS[name]
    judged = 0
    wrong = []
    for group in json.loads((FOLDER / f"{name}_test.json").read_text())["testGroups"]:
        spki = bytes.fromhex(group["publicKeyDer"] or "")
        for case in group["tests"]:
            if case["result"] == "acceptable" or case.get("ctx"):
                continue  # a matter of taste; a context string, which no signature format here uses
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            judged += 1
            if verify(spki, algorithm, signature, message) != (case["result"] == "valid"):
                wrong.append((case["tcId"], case["comment"]))
            if algorithm.digest and supports(spki, algorithm):
                digest = algorithm.digest.digest(message)
                if verify_digest(spki, algorithm, signature, digest) != (case["result"] == "valid"):
                    wrong.append((case["tcId"], "by digest"))
    assert judged > 50
    assert wrong == []


def test_every_file_of_the_folder_is_used(corpora):
    assert {path.name.removesuffix("_test.json") for path in FOLDER.glob("*.json")} == set(ALGORITHMS)
