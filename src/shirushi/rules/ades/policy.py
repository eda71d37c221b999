"""Validation policy as data: which checks fail, which warn, and what is trusted for what."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any

from shirushi.core.algorithms import Digest
from shirushi.core.evidence import KeyUsage
from shirushi.core.instant import rfc3339
from shirushi.rules.ades.requirements import Requirement
from shirushi.rules.ades.severity import Severity
from shirushi.rules.path.model import PathParameters
from shirushi.rules.path.validation import DEFAULT_PARAMETERS
from shirushi.rules.suites import CRYPTREC, MODERN, AlgorithmCatalogue

ID_KP_TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
"""id-kp-timeStamping (RFC 3161 §2.3)."""

_SERVICE = "http://uri.etsi.org/TrstSvc/Svctype/"
_SIGNATURE_PURPOSES = frozenset(
    {
        _SERVICE + "CA/QC",
        _SERVICE + "CA/PKC",
        _SERVICE + "NationalRootCA-QC",
        "1.3.6.1.5.5.7.3.4",  # id-kp-emailProtection
        "1.3.6.1.5.5.7.3.36",  # id-kp-documentSigning, RFC 9336
    }
)
_TIME_STAMP_PURPOSES = frozenset(
    {
        _SERVICE + "TSA",
        _SERVICE + "TSA/QTST",
        _SERVICE + "TSA/TSS-QC",
        _SERVICE + "TSA/TSS-AdESQCandQES",
        _SERVICE + "NationalRootCA-QC",
        ID_KP_TIME_STAMPING,
    }
)


@dataclass(frozen=True, slots=True)
class SignaturePolicyDocument:
    """A signature policy whose document is at hand, by its object identifier and the document's digests."""

    oid: str
    digests: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class ValidationPolicy:
    """The constraints of EN 319 102-1 §5.1.4, with the severity of each check.

    `signer_revocation` and its kin say whether a revocation status must be known: of the signing certificate, of the
    CA certificates above it, of a TSU's certificate and of those above that. A revocation that is known always counts.

    `ca_freshness` None is as `freshness`. `max_freshness` is the maximum age of revocation data (§5.2.5); None takes
    what nextUpdate promises, and for data without nextUpdate `max_freshness_without_next_update`. With `sliding_freshness` FAIL, data that is not fresh moves
    the control time of a past validation back to its issuance (§5.6.2.2.4 c); else it must be fresh at the best
    signature time, as in §5.5.

    `revocation_catalogue` is for the signatures of CRLs and OCSP responses, `certificate_catalogue` for those of
    certificates, where `catalogue` is not. `whole_document` asks that the signature covers the whole document.

    `changes` is what becomes of an update after the signature that the signature did not permit.
    `certificate_reference` speaks of AdES formats, `legacy_certificate_reference` of others; an aged digest of the
    reference is a matter of its own, for every ESSCertID is SHA-1 (RFC 2634 §5.4). `signer_key_usage`: a
    signing certificate that has the extension has one of these bits. `acceptable_signature_policies`: those that a
    signer may name, None for any. `time_stamp_delay` is the longest time between claimed signing time and best
    signature time (§5.5.4 step 5). The purposes are those for which an anchor must be trusted, where it is limited.

    The requirements are of the signing certificate, the CA certificates above it, and a TSU's certificate.
    `content_time_stamps` is what becomes of one that does not pass; it proves nothing in any case. `manifest_present`
    asks that a signed manifest has entries of which one is at hand, `manifest_complete` that all are, `manifest_intact`
    that those at hand are the listed ones, and `manifest_names` that they are named as listed.

    `signature_policy_documents` are those at hand. `signature_policy_document` asks that the one that the signer named
    is among them, `signature_policy_digest` that it is the one whose digest the signer signed.

    `unmapped` names what the file of the policy demands and nothing here checks.
    """

    name: str
    catalogue: AlgorithmCatalogue
    path_parameters: PathParameters = DEFAULT_PARAMETERS
    signer_revocation: Severity = Severity.FAIL
    ca_revocation: Severity = Severity.FAIL
    time_stamp_revocation: Severity = Severity.FAIL
    time_stamp_ca_revocation: Severity = Severity.FAIL
    freshness: Severity = Severity.FAIL
    ca_freshness: Severity | None = None
    time_stamp_freshness: Severity = Severity.FAIL
    max_freshness: timedelta | None = None
    max_freshness_without_next_update: timedelta | None = timedelta(days=1)
    sliding_freshness: Severity = Severity.IGNORE
    revocation_issuer_validity: Severity = Severity.FAIL
    structure: Severity = Severity.FAIL
    changes: Severity = Severity.FAIL
    certificate_reference: Severity = Severity.FAIL
    legacy_certificate_reference: Severity = Severity.WARN
    time_stamp_certificate_reference: Severity = Severity.FAIL
    issuer_serial: Severity = Severity.WARN
    claimed_signing_time: Severity = Severity.IGNORE
    claimed_signing_time_in_validity: Severity = Severity.WARN
    signer_key_usage: frozenset[KeyUsage] = frozenset({KeyUsage.DIGITAL_SIGNATURE, KeyUsage.NON_REPUDIATION})
    key_usage: Severity = Severity.FAIL
    time_stamp_key_usage: Severity = Severity.FAIL
    time_stamp_key_usage_exclusive: Severity = Severity.FAIL
    acceptable_signature_policies: frozenset[str] | None = None
    signature_policy: Severity = Severity.FAIL
    signature_policy_documents: tuple[SignaturePolicyDocument, ...] = ()
    signature_policy_document: Severity = Severity.IGNORE
    signature_policy_digest: Severity = Severity.FAIL
    time_stamp_order: Severity = Severity.FAIL
    time_stamp_delay: timedelta | None = None
    cryptography: Severity = Severity.FAIL
    revocation_catalogue: AlgorithmCatalogue | None = None
    certificate_catalogue: AlgorithmCatalogue | None = None
    whole_document: Severity = Severity.IGNORE
    certificate_reference_digest: Severity = Severity.WARN
    signature_purposes: frozenset[str] = _SIGNATURE_PURPOSES
    time_stamp_purposes: frozenset[str] = _TIME_STAMP_PURPOSES
    signer_requirements: tuple[Requirement, ...] = ()
    ca_requirements: tuple[Requirement, ...] = ()
    time_stamp_requirements: tuple[Requirement, ...] = ()
    content_time_stamps: Severity = Severity.IGNORE
    reference_names: Severity = Severity.WARN
    manifest_present: Severity = Severity.FAIL
    manifest_complete: Severity = Severity.FAIL
    manifest_intact: Severity = Severity.FAIL
    manifest_names: Severity = Severity.WARN
    unmapped: tuple[str, ...] = ()

    def digest(self) -> str:
        """The policy's name in reports: hexadecimal SHA-256 over its canonical form, every constraint included."""
        return _digest(self)


@lru_cache(maxsize=64)
def _digest(policy: ValidationPolicy) -> str:
    canonical = json.dumps(_plain(policy), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """The canonical form: objects by field name, sets sorted, times as RFC 3339, durations in seconds."""
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, frozenset):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return value.hex()
    return value


JAPAN = ValidationPolicy("japan", CRYPTREC)
"""The default: what cannot be known fails. Algorithms by CRYPTREC."""

EU = ValidationPolicy(
    "eu",
    MODERN,
    time_stamp_ca_revocation=Severity.WARN,
    freshness=Severity.IGNORE,
    time_stamp_freshness=Severity.IGNORE,
    certificate_reference=Severity.WARN,
    time_stamp_certificate_reference=Severity.WARN,
    claimed_signing_time=Severity.FAIL,
    claimed_signing_time_in_validity=Severity.FAIL,
    time_stamp_order=Severity.WARN,
    signer_key_usage=frozenset({KeyUsage.NON_REPUDIATION}),
    key_usage=Severity.WARN,
    time_stamp_key_usage_exclusive=Severity.WARN,
    manifest_present=Severity.WARN,
    manifest_complete=Severity.WARN,
)
"""As the default policy of the EU's validation library judges, save that forbidden changes to a document fail here."""

PKI = ValidationPolicy(
    "pki",
    MODERN,
    certificate_reference=Severity.WARN,
    time_stamp_ca_revocation=Severity.WARN,
    time_stamp_key_usage_exclusive=Severity.WARN,
    issuer_serial=Severity.IGNORE,
    claimed_signing_time_in_validity=Severity.IGNORE,
)
"""Plain public key infrastructure: signatures need not be AdES."""

PRESETS = {policy.name: policy for policy in (JAPAN, EU, PKI)}
"""The policies that configuration can name."""
