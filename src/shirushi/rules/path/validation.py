"""Validate a certification path: RFC 5280 §6.1, with the policy graph of RFC 9618, apart from revocation (§6.1.3 (a)(3)).

The procedure walks from the anchor's side to the target; its steps stand in the order and under the letters of the RFC.
It does not end at the first failure: all that is wrong is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from shirushi.codecs.asn1.names import shown
from shirushi.core.evidence import (
    Certificate,
    KeyUsage,
    Material,
    NameConstraints,
    PolicyConstraints,
    TrustAnchor,
)
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.reason import Reason, reason
from shirushi.rules.path.entities import verifies
from shirushi.rules.path.extensions import unusable_anchor_extensions, unusable_extensions
from shirushi.rules.path.model import (
    ANY_POLICY,
    Path,
    PathFailure,
    PathFailureKind,
    PathParameters,
    PathResult,
)
from shirushi.rules.path.names import NameFinding, check_names, comparisons
from shirushi.rules.path.policies import PolicyGraph

_NAME_CODES = {
    NameFinding.NOT_PERMITTED: "PATH_NAME_NOT_PERMITTED",
    NameFinding.EXCLUDED: "PATH_NAME_EXCLUDED",
    NameFinding.UNPROCESSABLE: "PATH_NAME_UNPROCESSABLE",
}

DEFAULT_PARAMETERS = PathParameters()

_CERTIFICATE = 60
"""What a certificate of a path costs, its names and policies apart."""


def validate_path(
    path: Path, at: Instant, material: Material, parameters: PathParameters = DEFAULT_PARAMETERS
) -> PathResult:
    """Whether `path` holds at `at`, apart from revocation (RFC 5280 §6.1).

    Signatures are those that `material.verified` holds. A path without certificates, its target being an anchor, fails
    only where the anchor is not trusted at `at`; neither the anchor's signature nor its validity period is looked at.
    """
    return _Validation(path, at, material, parameters).run()


@dataclass(slots=True)
class _Validation:
    """The state variables of §6.1.2 that change along the path, beside its inputs."""

    path: Path
    at: Instant
    material: Material
    parameters: PathParameters
    failures: list[PathFailure] = field(default_factory=list)
    graph: PolicyGraph = field(default_factory=PolicyGraph)
    name_constraints: list[NameConstraints] = field(default_factory=list)
    explicit_policy: int = 0
    policy_mapping: int = 0
    inhibit_any_policy: int = 0
    max_path_length: int = 0
    policy_failed: bool = False

    def run(self) -> PathResult:
        self._initialize()
        length = len(self.path.certificates)
        self.material.spend(_CERTIFICATE * length)
        for index in range(length - 1, -1, -1):
            certificate = self.path.certificates[index]
            self._process(certificate, self.path.issuer_of(index), final=index == 0)
            if index:
                self._prepare_for_next(certificate)
        policies = self._wrap_up() if length else frozenset({ANY_POLICY})
        return PathResult(self.path, tuple(self.failures), policies)

    def _initialize(self) -> None:
        """§6.1.2: the counters begin beyond the path's end, or at 0 where an input asks for it."""
        beyond = len(self.path.certificates) + 1
        parameters = self.parameters
        self.explicit_policy = 0 if parameters.initial_explicit_policy else beyond
        self.inhibit_any_policy = 0 if parameters.initial_any_policy_inhibit else beyond
        self.policy_mapping = 0 if parameters.initial_policy_mapping_inhibit else beyond
        self.max_path_length = beyond if parameters.max_path_length is None else parameters.max_path_length
        self._take_anchor(self.path.anchor)

    def _take_anchor(self, anchor: TrustAnchor) -> None:
        """The anchor's own limits: the period of trust, initial subtrees (§6.1.1 (h), (i)), RFC 5937 §3.2."""
        certificate = anchor.certificate
        if (anchor.valid_from and self.at < anchor.valid_from) or (
            anchor.valid_until and self.at > anchor.valid_until
        ):
            self._fail(certificate, "PATH_ANCHOR_NOT_TRUSTED", PathFailureKind.TRUST, at=rfc3339(self.at))
        if anchor.name_constraints:
            self._constrain_names(certificate, anchor.name_constraints)
        if not self.parameters.anchor_constraints or not self.path.certificates:
            return
        self._refuse_all(certificate, unusable_anchor_extensions(anchor))
        self._take_constraints(certificate)

    def _process(self, certificate: Certificate, issuer: Certificate, *, final: bool) -> None:
        """§6.1.3, basic certificate processing."""
        # (a)(1): the signature
        if not verifies(self.material, certificate.id, issuer):
            self._fail(
                certificate, "PATH_SIGNATURE_INVALID", PathFailureKind.SIGNATURE, issuer=issuer.subject.text
            )
        # (a)(2): the validity period, to which both ends belong (§4.1.2.5)
        if self.at < certificate.not_before:
            self._fail(
                certificate,
                "PATH_NOT_YET_VALID",
                PathFailureKind.VALIDITY,
                since=rfc3339(certificate.not_before),
            )
        if self.at > certificate.not_after:
            self._fail(
                certificate, "PATH_EXPIRED", PathFailureKind.VALIDITY, until=rfc3339(certificate.not_after)
            )
        # (a)(4): the names chain, and an issuer has one (§4.1.2.4)
        if certificate.issuer != issuer.subject or not certificate.issuer:
            self._fail(
                certificate,
                "PATH_NAMES_DO_NOT_CHAIN",
                issuer=issuer.subject.text,
            )
        # (b) and (c): permitted and excluded subtrees
        if final or not certificate.self_issued:
            self.material.spend(comparisons(certificate, self.name_constraints))
            finding, name = check_names(certificate, self.name_constraints)
            if finding is not NameFinding.ALLOWED:
                self._fail(
                    certificate,
                    _NAME_CODES[finding],
                    name=shown(name) if name else "…",
                )
        # (d) and (e): the policies
        any_policy_counts = self.inhibit_any_policy > 0 or (not final and certificate.self_issued)
        self.material.spend(len(certificate.extensions.certificate_policies or ()))
        self.graph.assert_policies(certificate, any_policy_counts=any_policy_counts)
        # (f): an explicit policy, where one is due
        if self.explicit_policy == 0 and self.graph.is_null:
            self._fail_policies(certificate)
        # §6.1.4 (o) for intermediate certificates, §6.1.5 (f) for the target
        self._refuse_all(certificate, unusable_extensions(certificate))

    def _prepare_for_next(self, certificate: Certificate) -> None:
        """§6.1.4, preparation for certificate i+1."""
        extensions = certificate.extensions
        # (a): nothing is mapped to or from anyPolicy
        if any(ANY_POLICY in mapping for mapping in extensions.policy_mappings):
            self._fail(certificate, "PATH_ANY_POLICY_MAPPED")
        # (b): the policy mappings
        self.graph.map_policies(certificate, mapping_allowed=self.policy_mapping > 0)
        # (h), before (g), (i) and (j), which do not look at what it changes except to make it smaller
        if not certificate.self_issued:
            self.explicit_policy = max(self.explicit_policy - 1, 0)
            self.policy_mapping = max(self.policy_mapping - 1, 0)
            self.inhibit_any_policy = max(self.inhibit_any_policy - 1, 0)
        # (k): an intermediate certificate of version 1 or 2 is never taken for a certification authority's
        basic = extensions.basic_constraints
        if certificate.version < 3 or basic is None or not basic.ca:
            self._fail(certificate, "PATH_NOT_A_CA")
        # (l): the path's length
        if not certificate.self_issued:
            if self.max_path_length <= 0:
                self._fail(certificate, "PATH_TOO_LONG")
            self.max_path_length -= 1
        # (g), (i), (j) and (m): constraints
        self._take_constraints(certificate)
        # (n): the key usage
        if extensions.key_usage is not None and KeyUsage.KEY_CERT_SIGN not in extensions.key_usage:
            self._fail(certificate, "PATH_KEY_USAGE_NOT_CERT_SIGN")

    def _take_constraints(self, certificate: Certificate) -> None:
        """§6.1.4 (g), (i), (j), (m): what a certification authority's certificate says of all below it."""
        extensions = certificate.extensions
        # (g): name constraints
        if extensions.name_constraints:
            self._constrain_names(certificate, extensions.name_constraints)
        # (i): policy constraints
        policy_constraints = extensions.policy_constraints or PolicyConstraints()
        if policy_constraints.require_explicit_policy is not None:
            self.explicit_policy = min(self.explicit_policy, policy_constraints.require_explicit_policy)
        if policy_constraints.inhibit_policy_mapping is not None:
            self.policy_mapping = min(self.policy_mapping, policy_constraints.inhibit_policy_mapping)
        # (j): inhibit anyPolicy
        if extensions.inhibit_any_policy is not None:
            self.inhibit_any_policy = min(self.inhibit_any_policy, extensions.inhibit_any_policy)
        # (m): the path length constraint
        basic = extensions.basic_constraints
        if basic and basic.path_length is not None:
            self.max_path_length = min(self.max_path_length, basic.path_length)

    def _wrap_up(self) -> frozenset[str]:
        """§6.1.5 (a), (b) and (g), for the target; gives the user-constrained policy set."""
        target = self.path.certificates[0]
        extensions = target.extensions
        # §4.2.1.10: a certificate that is no certification authority's constrains nobody's names
        basic = extensions.basic_constraints
        if extensions.name_constraints and not (basic and basic.ca):
            self._fail(target, "PATH_CONSTRAINTS_WITHOUT_CA")
        # (a): the counter
        explicit_policy = max(self.explicit_policy - 1, 0)
        # (b): the target's own policy constraints
        if extensions.policy_constraints and extensions.policy_constraints.require_explicit_policy == 0:
            explicit_policy = 0
        # (g): the policies of the whole path
        policies = self.graph.user_constrained(self.parameters.initial_policy_set)
        if explicit_policy == 0 and not policies:
            self._fail_policies(target)
        return policies

    def _constrain_names(self, certificate: Certificate, constraints: NameConstraints) -> None:
        """§6.1.4 (g); subtrees with a minimum or a maximum have no meaning in this profile (§4.2.1.10)."""
        if constraints.unusable:
            self._fail(certificate, "PATH_NAME_CONSTRAINTS_UNUSABLE")
        self.name_constraints.append(constraints)

    def _refuse_all(self, certificate: Certificate, reasons: Iterable[Reason]) -> None:
        self.failures += [PathFailure(PathFailureKind.CONSTRAINTS, certificate, why) for why in reasons]

    def _fail_policies(self, certificate: Certificate) -> None:
        """No valid policy is left: said once, at the certificate where it shows first."""
        if not self.policy_failed:
            self.policy_failed = True
            self._fail(certificate, "PATH_NO_VALID_POLICY")

    def _fail(
        self,
        certificate: Certificate,
        code: str,
        kind: PathFailureKind = PathFailureKind.CONSTRAINTS,
        **parameters: str,
    ) -> None:
        why = reason(code, subject=certificate.subject.text, **parameters)
        self.failures.append(PathFailure(kind, certificate, why))
