"""C2SP x509-limbo: what its cases say of certification paths, in both directions.

Most of the suite is about servers in the Web PKI. Its cases on RFC 5280 run here; those that ask for something that
`rules.path` does not decide stand below with the reason, and are held to the outcome that we give knowingly.
"""

import base64
import json
import os
from pathlib import Path as Folder

import pytest

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.errors import MalformedCertificate
from shirushi.codecs.asn1.material import build_material
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.evidence import Certificate, TrustAnchor
from shirushi.core.instant import instant
from shirushi.rules.path import PathParameters, Status, candidate_paths, revocation_status, validate_path

pytestmark = pytest.mark.corpora

GROUPS = ("rfc5280", "pathlen", "crl", "cve", "pathological", "invalid", "online")
"""The groups about certification paths. `webpki` holds the CA/Browser Forum's rules for servers and their issuers:
which keys, extended key usages and host names these may have is not for RFC 5280 §6 to say."""

AT = instant("2026-03-15T00:00:00Z")
"""For the cases that state no time; their certificates are valid for centuries."""

A_PROFILE = "a duty of the issuer (RFC 5280 §4), which §6 does not ask the relying party to check: {}"
AN_ANCHOR = (
    "an anchor is trusted by decision: §6.1.1 (d) takes its name and key, RFC 5937 its constraints; {}"
)
A_PURPOSE = "the purpose of a certificate is judged by whoever asks for the path: {}"

OUT_OF_SCOPE = {
    "rfc5280::aki::leaf-missing-aki": A_PROFILE.format("the identifier only helps to build the path"),
    "rfc5280::eku::ee-wrong-eku": A_PURPOSE.format("serverAuth was asked for"),
    "rfc5280::ca-as-leaf-wrong-san": A_PURPOSE.format("the host name differs"),
    "rfc5280::nc::permitted-dns-match-noncritical": A_PROFILE.format(
        "the constraints hold, critical or not; webpki::nc::permitted-dns-match-noncritical wants it accepted"
    ),
    "rfc5280::san::underscore-dns": A_PROFILE.format("the syntax of host names"),
    "rfc5280::serial::too-long": A_PROFILE.format(
        "users must cope with long numbers (§4.1.2.2; PKITS 4.4.16)"
    ),
    "rfc5280::ski::root-missing-ski": AN_ANCHOR.format("it needs no identifier"),
    "rfc5280::root-missing-basic-constraints": AN_ANCHOR.format("it need not be a certificate at all"),
    "rfc5280::root-non-critical-basic-constraints": AN_ANCHOR.format("PKITS 4.6.4 accepts it even below"),
    "rfc5280::root-inconsistent-ca-extensions": AN_ANCHOR.format("its key usage is not among these"),
}

PERIOD_OF_TRUST = {"rfc5280::validity::expired-root"}
"""Cases where the anchor is meant to be trusted as long as its certificate is valid: said by the anchor, not assumed."""

ROOT = Folder(__file__).resolve().parents[2]
LIMBO = Folder(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora") / "x509-limbo"
CASES = json.loads((LIMBO / "limbo.json").read_text())["testcases"] if LIMBO.is_dir() else []


def cases(*, in_scope: bool) -> list:
    return [
        pytest.param(case, id=case["id"])
        for case in CASES
        if case["id"].split("::")[0] in GROUPS and (case["id"] not in OUT_OF_SCOPE) is in_scope
    ]


def der(pem: str) -> bytes:
    return base64.b64decode("".join(pem.strip().splitlines()[1:-1]))


def certificates(pems: list[str]) -> list[Certificate]:
    return [parse_certificate(der(pem)) for pem in pems]


def anchor(certificate: Certificate, *, for_its_validity: bool) -> TrustAnchor:
    if not for_its_validity:
        return TrustAnchor(certificate)
    return TrustAnchor(certificate, valid_from=certificate.not_before, valid_until=certificate.not_after)


def judge(case: dict) -> str:
    """SUCCESS where some path holds and, with lists at hand, every certificate on it is good."""
    try:
        roots = certificates(case["trusted_certs"])
        intermediates = certificates(case["untrusted_intermediates"])
        [target] = certificates([case["peer_certificate"]])
    except MalformedCertificate:
        return "FAILURE"
    material = build_material([*roots, *intermediates, target], [parse_crl(der(pem)) for pem in case["crls"]])
    anchors = [anchor(root, for_its_validity=case["id"] in PERIOD_OF_TRUST) for root in roots]
    at = instant(case["validation_time"]) if case["validation_time"] else AT
    parameters = PathParameters(max_path_length=case["max_chain_depth"])
    for path in candidate_paths(target, material, anchors):
        statuses = [
            revocation_status(path, index, at, material, anchors, require_current=True).status
            for index in range(len(path.certificates))
            if case["crls"]
        ]
        if validate_path(path, at, material, parameters).valid and set(statuses) <= {Status.GOOD}:
            return "SUCCESS"
    return "FAILURE"


def test_every_exception_is_a_case_of_the_suite(corpora):
    assert OUT_OF_SCOPE.keys() | PERIOD_OF_TRUST <= {case["id"] for case in CASES}


@pytest.mark.parametrize("case", cases(in_scope=True))
def test_the_outcome_is_the_expected_one(case):
    assert judge(case) == case["expected_result"], case["description"]


@pytest.mark.parametrize("case", cases(in_scope=False))
def test_what_others_must_judge_is_not_refused_here(case):
    assert case["expected_result"] == "FAILURE"
    assert judge(case) == "SUCCESS", OUT_OF_SCOPE[case["id"]]
