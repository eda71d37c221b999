"""Certification paths (RFC 5280 §6), for signing certificates.

`candidate_paths` finds the ways to an anchor, `validate_path` tells whether one holds at a time, `revocation_status`
what revocation data say of a certificate on it. None of them computes a signature: `Material.verified` holds the results,
for which the anchors' certificates must have been among the certificates of the material.
"""

from shirushi.rules.path.building import candidate_paths, topmost
from shirushi.rules.path.model import (
    ANY_POLICY,
    Path,
    PathFailure,
    PathFailureKind,
    PathParameters,
    PathResult,
    RevocationStatus,
    Status,
)
from shirushi.rules.path.revocation import revocation_status
from shirushi.rules.path.validation import validate_path

__all__ = [
    "ANY_POLICY",
    "Path",
    "PathFailure",
    "PathFailureKind",
    "PathParameters",
    "PathResult",
    "RevocationStatus",
    "Status",
    "candidate_paths",
    "revocation_status",
    "topmost",
    "validate_path",
]
