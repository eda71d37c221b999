"""Facets: what was really done at proofing, at authentication and in federation, and the levels that follow from it.

Facets are facts, and each framework draws its own levels from them. A facet that is not recorded was not done.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from functools import cache

from shirushi.core.errors import ShirushiError
from shirushi.core.reason import reason
from shirushi.rules.assurance import japan
from shirushi.rules.assurance.model import (
    Assessment,
    Framework,
    Kind,
    Level,
    Step,
    TableInvalid,
    TableMark,
)
from shirushi.rules.assurance.requirements import Requirement, closed, highest, requirement
from shirushi.rules.assurance.tables import Table, table


class FacetsContradict(ShirushiError):
    """Two facets that cannot both be true of one event."""

    code = "ASSURANCE_FACETS_CONTRADICT"


class Facet(Enum):
    """One fact about how somebody was proofed, authenticated or vouched for.

    The catalogue holds what each means under `ASSURANCE_FACT_<NAME>`.
    """

    DOCUMENT = "document"
    DOCUMENT_ORIGINAL = "document_original"
    SECOND_DOCUMENT = "second_document"
    CHIP_VERIFIED = "chip_verified"
    SOURCE_CHECKED = "source_checked"
    FACE_COMPARED = "face_compared"
    LIVENESS = "liveness"
    CREDENTIAL_PIN = "credential_pin"
    ADDRESS_CONFIRMED = "address_confirmed"
    SUPERVISED_REMOTE = "supervised_remote"
    IN_PERSON = "in_person"
    IN_PERSON_AT_HANDOVER = "in_person_at_handover"
    TRAINED_CHECKER = "trained_checker"
    BIOMETRIC_KEPT = "biometric_kept"

    FACTOR_KNOWLEDGE = "factor_knowledge"
    FACTOR_POSSESSION = "factor_possession"
    FACTOR_BIOMETRIC = "factor_biometric"
    ONE_TIME_CODE = "one_time_code"
    CRYPTOGRAPHIC_KEY = "cryptographic_key"
    HARDWARE = "hardware"
    KEY_NOT_EXPORTABLE = "key_not_exportable"
    SYNCED = "synced"
    SOFTWARE_ALTERNATIVE = "software_alternative"
    PHISHING_RESISTANT = "phishing_resistant"
    REPLAY_RESISTANT = "replay_resistant"
    APPROVED_CRYPTOGRAPHY = "approved_cryptography"
    AUTHENTICATED_CHANNEL = "authenticated_channel"
    HIGH_ATTACK_POTENTIAL = "high_attack_potential"
    DUTIES_TOLD = "duties_told"
    LOCKOUT = "lockout"

    ASSERTION_SIGNED = "assertion_signed"
    ASSERTION_ENCRYPTED = "assertion_encrypted"
    HOLDER_OF_KEY = "holder_of_key"
    BOUND_AUTHENTICATOR = "bound_authenticator"
    INJECTION_PROTECTED = "injection_protected"
    TRUST_AGREEMENT = "trust_agreement"
    USER_VERIFIABLE = "user_verifiable"


FACTORS = frozenset({Facet.FACTOR_KNOWLEDGE, Facet.FACTOR_POSSESSION, Facet.FACTOR_BIOMETRIC})
FEDERATION = frozenset(
    {
        Facet.ASSERTION_SIGNED,
        Facet.ASSERTION_ENCRYPTED,
        Facet.HOLDER_OF_KEY,
        Facet.BOUND_AUTHENTICATOR,
        Facet.INJECTION_PROTECTED,
        Facet.TRUST_AGREEMENT,
        Facet.USER_VERIFIABLE,
    }
)
IMPLIED = {
    "document_original": ("document",),
    "chip_verified": ("document",),
    "second_document": ("document",),
    "in_person": ("attended",),
    "supervised_remote": ("attended",),
    "one_time_code": ("dynamic", "replay_resistant"),
    "cryptographic_key": ("dynamic", "replay_resistant"),
}
"""What follows from a facet, or from a fact that no facet names: `attended`, `dynamic`, `one_factor`, `two_factors`."""


@dataclass(frozen=True, slots=True)
class FacetTable:
    """What one framework demands for each level of its scales, in facts."""

    mark: TableMark
    framework: Framework
    scales: tuple[tuple[Kind, tuple[Requirement, ...]], ...]
    """From the lowest level upwards."""


def facet_table(source: Table) -> FacetTable:
    """A framework's demands out of their data; raises `TableInvalid`."""
    try:
        scales = tuple(
            (Kind(scale["kind"]), tuple(requirement(row) for row in scale["level"]))
            for scale in source.content["scale"]
        )
        return FacetTable(source.mark, Framework(source.content["framework"]), scales)
    except (KeyError, ValueError, TypeError) as error:
        raise TableInvalid(table=source.mark.id, detail=error) from error


@cache
def shipped(framework: Framework) -> FacetTable:
    """The demands of `framework` as they ship; raises `TableInvalid` where there are none."""
    return facet_table(table(f"facets-{framework.value}"))


FRAMEWORKS = (
    Framework.NIST_63_3,
    Framework.NIST_63_4,
    Framework.EIDAS,
    Framework.NEW_ZEALAND,
    Framework.JAPAN_2022,
)
"""The frameworks that draw levels from facets."""


def facts(facets: Collection[Facet]) -> frozenset[str]:
    """The facets' names with all that follows from them; raises `FacetsContradict`."""
    if Facet.SYNCED in facets and Facet.KEY_NOT_EXPORTABLE in facets:
        raise FacetsContradict(left=Facet.SYNCED.value, right=Facet.KEY_NOT_EXPORTABLE.value)
    known = {facet.value for facet in facets}
    factors = len(FACTORS.intersection(facets))
    if factors:
        known.add("one_factor")
    if factors > 1:
        known.add("two_factors")
    return closed(known, IMPLIED)


def from_facets(
    facets: Collection[Facet],
    framework: Framework,
    demands: FacetTable | None = None,
    options: japan.Options | None = None,
) -> Assessment:
    """The levels that `framework` gives to what was done; what lacks for the next level stands in the trace.

    Args:
        facets: what was done.
        framework: one of `FRAMEWORKS`.
        demands: the framework's demands; by default those that ship.
        options: the choices at the open points of Japan's draft of 2022; other frameworks have none.
    """
    known = facts(facets)
    if framework is Framework.JAPAN_2022:
        return japan.assess(_japanese(facets), options)
    demands = demands or shipped(framework)
    levels, trace = [], []
    for kind, scale in demands.scales:
        if kind is Kind.FAL and not FEDERATION.intersection(facets):
            levels.append(Level(framework, kind, None, "—"))
            trace.append(Step(reason("ASSURANCE_FAL_NOT_FEDERATED"), demands.mark.cite(scale[0].clause)))
            continue
        held, next_up, lacking = highest(scale, known)
        levels.append(
            Level(framework, kind, held.value if held else 0, held.name if held else f"{kind.name} —")
        )
        if held:
            trace.append(
                Step(reason("ASSURANCE_LEVEL_SHOWN", level=held.name), demands.mark.cite(held.clause))
            )
        if next_up:
            citation = demands.mark.cite(next_up.clause)
            trace.append(Step(reason("ASSURANCE_LEVEL_LACKS", level=next_up.name), citation))
            trace.extend(Step(reason(f"ASSURANCE_FACT_{fact.upper()}"), citation) for fact in lacking)
    if framework is Framework.EIDAS:
        overall = min(levels, key=lambda level: level.value or 0)
        levels.append(Level(framework, Kind.LOA, overall.value, overall.name if overall.value else "—"))
        trace.append(Step(reason("ASSURANCE_EIDAS_FACETS_ONLY"), demands.mark.cite("2.1 – 2.4")))
    return Assessment(framework, tuple(levels), tuple(trace), (demands.mark,))


def _japanese(facets: Collection[Facet]) -> japan.Practice:
    """What the draft of 2022 asks, read from the facets."""
    evidence = japan.Evidence.SELF_ASSERTED
    check = japan.Check.NONE
    if Facet.CHIP_VERIFIED in facets:
        evidence = japan.Evidence.ELECTRONICALLY_VERIFIABLE
    elif {Facet.DOCUMENT, Facet.DOCUMENT_ORIGINAL, Facet.SECOND_DOCUMENT}.intersection(facets):
        evidence = japan.Evidence.ISSUER_GUARANTEED
    if evidence is not japan.Evidence.SELF_ASSERTED:
        if Facet.IN_PERSON in facets:
            check = japan.Check.IN_PERSON
        elif Facet.IN_PERSON_AT_HANDOVER in facets:
            check = japan.Check.ONLINE_THEN_IN_PERSON
        elif {Facet.FACE_COMPARED, Facet.LIVENESS}.issubset(facets):
            check = japan.Check.EKYC
        else:
            check = japan.Check.REMOTE
    federation = japan.Federation.NONE
    for facet, kind in (
        (Facet.ASSERTION_SIGNED, japan.Federation.SIGNED),
        (Facet.ASSERTION_ENCRYPTED, japan.Federation.ENCRYPTED),
        (Facet.USER_VERIFIABLE, japan.Federation.USER_VERIFIABLE),
        (Facet.HOLDER_OF_KEY, japan.Federation.USER_VERIFIABLE),
    ):
        if facet in facets:
            federation = kind
    return japan.Practice(
        evidence,
        check,
        qualified_checker=Facet.TRAINED_CHECKER in facets,
        factors=min(2, len(FACTORS.intersection(facets))),
        hardware_token=Facet.HARDWARE in facets,
        software_alternative=Facet.SOFTWARE_ALTERNATIVE in facets,
        authenticated_channel=Facet.PHISHING_RESISTANT in facets,
        federation=federation,
    )
