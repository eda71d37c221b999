"""Certificate policies along a path: RFC 5280 §6.1 with the policy graph of RFC 9618 §5.

The graph holds what the policy tree of RFC 5280 holds, with one node for each policy and depth: its size grows with the
certificates, never exponentially with the length of the path.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from shirushi.core.evidence import Certificate
from shirushi.rules.path.model import ANY_POLICY


@dataclass(slots=True)
class _Node:
    """A node by the policies of its parents, one level up, and what it expects of the next certificate."""

    parents: set[str]
    expected: set[str]


class PolicyGraph:
    """valid_policy_graph (RFC 9618 §5.1). It grows certificate by certificate, from the anchor's side down.

    `is_null` holds once no policy is valid for the path so far, and never ends.
    """

    def __init__(self) -> None:
        self._levels: list[dict[str, _Node]] = [{ANY_POLICY: _Node(set(), {ANY_POLICY})}]

    @property
    def is_null(self) -> bool:
        """Whether the valid_policy_graph is NULL."""
        return not self._levels

    def assert_policies(self, certificate: Certificate, *, any_policy_counts: bool) -> None:
        """§6.1.3 (d) and (e): take in the policies of the next certificate.

        `any_policy_counts` tells whether anyPolicy in it is to be processed (d)(2).
        """
        policies = certificate.extensions.certificate_policies
        if policies is None:
            self._levels = []  # (e)
        if policies is None or self.is_null:
            return
        above = self._levels[-1]
        expecting: dict[str, set[str]] = {}
        for policy, node in above.items():
            for expected in node.expected:
                expecting.setdefault(expected, set()).add(policy)
        asserted = {policy.oid for policy in policies}
        level: dict[str, _Node] = {}
        for policy in asserted - {ANY_POLICY}:  # (d)(1)
            if policy in expecting:
                level[policy] = _Node(expecting[policy], {policy})
            elif ANY_POLICY in above:
                level[policy] = _Node({ANY_POLICY}, {policy})
        if ANY_POLICY in asserted and any_policy_counts:  # (d)(2)
            for policy in expecting.keys() - level.keys():
                level[policy] = _Node(expecting[policy], {policy})
        self._levels.append(level)
        self._prune()  # (d)(3)

    def map_policies(self, certificate: Certificate, *, mapping_allowed: bool) -> None:
        """§6.1.4 (b): apply the policy mappings of the certificate last taken in."""
        mappings: dict[str, set[str]] = {}
        for issuer_policy, subject_policy in certificate.extensions.policy_mappings:
            mappings.setdefault(issuer_policy, set()).add(subject_policy)
        if self.is_null or not mappings:
            return
        level = self._levels[-1]
        for policy, mapped in mappings.items():
            if not mapping_allowed:
                level.pop(policy, None)
            elif policy in level:
                level[policy].expected = mapped
            elif ANY_POLICY in level:
                level[policy] = _Node({ANY_POLICY}, mapped)
        self._prune()

    def user_constrained(self, initial: AbstractSet[str]) -> frozenset[str]:
        """§6.1.5 (g): the policies that hold for the whole path, in the anchor's terms, out of `initial`.

        It holds anyPolicy where `initial` does and every policy is acceptable.
        """
        if self.is_null:
            return frozenset()
        authority = {
            policy
            for level in self._levels
            for policy, node in level.items()
            if policy != ANY_POLICY and node.parents == {ANY_POLICY}
        }
        any_at_the_end = ANY_POLICY in self._levels[-1]
        if ANY_POLICY in initial:
            return frozenset(authority | ({ANY_POLICY} if any_at_the_end else set()))
        return frozenset(initial if any_at_the_end else authority & initial)

    def _prune(self) -> None:
        """Remove, from the last level up, every node above it that has no children."""
        for depth in range(len(self._levels) - 1, 0, -1):
            with_children = {parent for node in self._levels[depth].values() for parent in node.parents}
            above = self._levels[depth - 1]
            if above.keys() <= with_children:
                break
            for policy in above.keys() - with_children:
                del above[policy]
        if not self._levels[0] or not self._levels[-1]:
            self._levels = []
