"""NIST PKITS: every case of the Public Key Interoperability Test Suite, on the procedures of `rules.path`.

A case fails as it is said to fail: a path that RFC 5280 §6.1 refuses, a revoked certificate on a path that otherwise
holds, or a certificate whose status cannot be told from the lists at hand.
"""

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path as Folder

import pytest

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.material import build_material
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.evidence import Certificate, Crl, Material, RevocationReason, TrustAnchor
from shirushi.core.instant import instant
from shirushi.rules.path import (
    ANY_POLICY,
    Path,
    PathParameters,
    RevocationStatus,
    Status,
    candidate_paths,
    revocation_status,
    validate_path,
)

pytestmark = pytest.mark.corpora

AT = instant("2011-04-15T12:00:00Z")
"""Within the validity of the suite's certificates (2010 to 2030), after those that end at the beginning of 2011."""

ROOT = Folder(__file__).resolve().parents[2]
PKITS = Folder(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora") / "pkits"
CASES = json.loads((PKITS / "pkits.json").read_text()) if PKITS.is_dir() else []
NOTICES = json.loads((PKITS / "pkits-user-notice.json").read_text()) if PKITS.is_dir() else []

REFUSED, REVOKED, UNTOLD = "refused", "revoked", "untold"
OUTCOMES = {
    None: "valid",
    "PathValidationError": REFUSED,
    "RevokedError": REVOKED,
    "InsufficientRevinfoError": UNTOLD,
    "StaleRevinfoError": UNTOLD,
}
REASONS = {
    "a compromised key": RevocationReason.KEY_COMPROMISE,
    "a certificate hold": RevocationReason.CERTIFICATE_HOLD,
    "an affiliation change": RevocationReason.AFFILIATION_CHANGED,
}


@cache
def certificate(name: str) -> Certificate:
    return parse_certificate((PKITS / "certs" / name).read_bytes())


@cache
def crl(name: str) -> Crl:
    return parse_crl((PKITS / "crls" / name).read_bytes())


def load(case: dict) -> tuple[Certificate, Material, TrustAnchor]:
    target = certificate(case["cert"])
    root = certificate("TrustAnchorRootCertificate.crt")
    material = build_material(
        [target, root, *map(certificate, case.get("other_certs", []))],
        [crl("TrustAnchorRootCRL.crl"), *map(crl, case.get("crls", []))],
    )
    return target, material, TrustAnchor(root, "PKITS")


def parameters(case: dict) -> PathParameters:
    stated = case.get("params", {})
    return PathParameters(
        initial_policy_set=frozenset(stated.get("user_initial_policy_set", [ANY_POLICY])),
        initial_explicit_policy=stated.get("initial_explicit_policy", False),
        initial_policy_mapping_inhibit=stated.get("initial_policy_mapping_inhibit", False),
        initial_any_policy_inhibit=stated.get("initial_any_policy_inhibit", False),
    )


def statuses(path: Path, material: Material, anchor: TrustAnchor) -> list[RevocationStatus]:
    """The status of every certificate of the path, the anchor's side first."""
    return [
        revocation_status(path, index, AT, material, [anchor], require_current=True)
        for index in reversed(range(len(path.certificates)))
    ]


def holding(case: dict) -> tuple[list[Path], Callable[[Path], list[RevocationStatus]]]:
    target, material, anchor = load(case)
    paths = [
        path
        for path in candidate_paths(target, material, [anchor])
        if validate_path(path, AT, material, parameters(case)).valid
    ]
    return paths, lambda path: statuses(path, material, anchor)


def identify(case: dict) -> str:
    return f"{case['id'][0]}.{int(case['id'][1:3])}.{int(case['id'][3:])}-{case['name']}"


def cases(outcome: str) -> list:
    found = [case for case in CASES if OUTCOMES[case.get("error", {}).get("class")] == outcome]
    return [pytest.param(case, id=identify(case)) for case in found]


def test_the_suite_is_whole(corpora):
    assert len(CASES) == 246
    assert sum(len(cases(outcome)) for outcome in {*OUTCOMES.values()}) == 246


@pytest.mark.parametrize("case", cases("valid"))
def test_a_valid_path_is_found_and_nothing_on_it_is_revoked(case):
    paths, status = holding(case)
    good = [path for path in paths if all(s.status is Status.GOOD for s in status(path))]
    assert good
    assert len(good[0].certificates) + 1 == case["path_len"]


@pytest.mark.parametrize("case", cases(REFUSED))
def test_every_path_is_refused_without_looking_at_revocation(case):
    paths, _ = holding(case)
    assert paths == []


@pytest.mark.parametrize("case", cases(REVOKED))
def test_a_certificate_of_a_path_that_holds_is_revoked(case):
    paths, status = holding(case)
    assert paths
    for path in paths:
        found = next(s for s in status(path) if s.status is not Status.GOOD)
        assert found.status is Status.REVOKED
        assert found.reason is REASONS[case["error"]["msg_regex"].rpartition("due to ")[2]]


@pytest.mark.parametrize("case", cases(UNTOLD))
def test_the_status_of_a_certificate_cannot_be_told(case):
    paths, status = holding(case)
    assert paths
    for path in paths:
        found = next(s for s in status(path) if s.status is not Status.GOOD)
        assert found.status is Status.UNKNOWN
        assert found.reasons


@pytest.mark.parametrize("case", [pytest.param(case, id=identify(case)) for case in NOTICES])
def test_user_notices_stand_in_nobodys_way(case):
    paths, _ = holding(case)
    assert paths
