"""What a path over a cross-certificate makes of a certificate: policies in the own root's terms (RFC 5280 §6.1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shirushi.core.evidence import Certificate, Material, TrustAnchor
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.qualification import Ground, ServiceSource, Step
from shirushi.core.reason import reason
from shirushi.core.recognition import NativeFinding, Party, TrustKind
from shirushi.rules.path import Path, PathParameters, validate_path

CROSS_CERTIFIED = "cross-certified"
"""The status of a bridge while its cross-certificate is valid."""
_CLAUSE = "RFC 5280 §6.1"


def crossing(party: Party, chain: Sequence[Certificate]) -> Certificate | None:
    """The cross-certificate in `chain` that its anchor, the last, issued to one of the party's bridges.

    The bridge's name is as good as the anchor: it was the anchor that signed it.
    """
    anchor = chain[-1]
    for each in chain[1:-1]:
        issued = each.issuer == anchor.subject and each.extensions.basic_constraints is not None
        if issued and each.subject.text in party.bridges:
            return each
    return None


def bridged(
    party: Party,
    chain: Sequence[Certificate],
    kinds: Collection[TrustKind],
    at: Instant,
    material: Material,
) -> NativeFinding:
    """What the party's policies mean at `at` over the path, which must hold then with a policy that we know.

    `chain` has a `crossing`, and runs from the certificate to the own root; signatures are those that `material` holds.
    """
    cross = crossing(party, chain)
    assert cross is not None
    wanted = [each for each in party.conclusions if each.kind in kinds]
    known = frozenset().union(*(each.mapped for each in wanted))
    path = Path(chain[0], tuple(chain[:-1]), TrustAnchor.given(chain[-1]))
    parameters = PathParameters(initial_policy_set=known, initial_explicit_policy=True)
    result = validate_path(path, at, material, parameters)
    source = ServiceSource(
        territory=party.id,
        provider=cross.issuer.text,
        service=cross.subject.text,
        service_type="",
        status=CROSS_CERTIFIED,
        period_start=cross.not_before,
        snapshot=cross.id,
        ground=Ground.AGREEMENT,
    )
    if not result.valid:
        detail = ", ".join(dict.fromkeys(each.reason.code for each in result.failures))
        said = reason("NATIVE_PATH_BROKEN", bridge=cross.subject.text, at=rfc3339(at), detail=detail)
        return NativeFinding(at, "", source, "", (Step(_CLAUSE, passed=False, reason=said),))
    asserted = {each.oid for each in chain[0].extensions.certificate_policies or ()}
    reached = [
        each
        for each in wanted
        if each.mapped & result.policies and (not each.policies or each.policies & asserted)
    ]
    said = reason(
        "NATIVE_PATH",
        bridge=cross.subject.text,
        at=rfc3339(at),
        policies=", ".join(sorted(asserted)),
        mapped=", ".join(sorted(result.policies)),
    )
    steps = (Step(_CLAUSE, passed=True, reason=said),)
    names = sorted({each.name for each in reached})
    if len(names) > 1:
        torn = reason("NATIVE_CONFLICT", party=party.id, conclusions=", ".join(names))
        return NativeFinding(at, None, source, CROSS_CERTIFIED, (*steps, Step(party.id, None, torn)))
    if not names:
        none = reason("NATIVE_NONE", party=party.id, at=rfc3339(at))
        return NativeFinding(
            at, "", source, CROSS_CERTIFIED, (*steps, Step(party.id, passed=False, reason=none))
        )
    return NativeFinding(at, names[0], source, CROSS_CERTIFIED, steps)
