"""From what was really done to each framework's level; mappings; fit and gap."""

import pytest

from shirushi.rules.assurance import (
    Facet,
    FacetsContradict,
    Fit,
    Framework,
    Kind,
    Level,
    MappingUnknown,
    ScalesDiffer,
    carry,
    facets,
    fit_gap,
    from_facets,
    mapping,
)

PASSKEY = {
    Facet.FACTOR_POSSESSION,
    Facet.FACTOR_BIOMETRIC,
    Facet.CRYPTOGRAPHIC_KEY,
    Facet.PHISHING_RESISTANT,
    Facet.APPROVED_CRYPTOGRAPHY,
    Facet.AUTHENTICATED_CHANNEL,
}
CARD = PASSKEY | {Facet.HARDWARE, Facet.KEY_NOT_EXPORTABLE}


def level(done, framework, kind):
    return from_facets(done, framework).level(kind)


def test_a_synced_passkey_reaches_aal2_and_a_hardware_key_aal3():
    assert level(PASSKEY | {Facet.SYNCED}, Framework.NIST_63_4, Kind.AAL).name == "AAL2"
    assert level(PASSKEY | {Facet.SYNCED, Facet.HARDWARE}, Framework.NIST_63_4, Kind.AAL).name == "AAL2"
    assert level(CARD, Framework.NIST_63_4, Kind.AAL).name == "AAL3"


def test_revision_3_did_not_ask_whether_the_key_can_leave_the_hardware():
    exportable = CARD - {Facet.KEY_NOT_EXPORTABLE}
    assert level(exportable, Framework.NIST_63_3, Kind.AAL).name == "AAL3"
    assert level(exportable, Framework.NIST_63_4, Kind.AAL).name == "AAL2"


def test_a_key_cannot_be_synced_and_not_exportable():
    with pytest.raises(FacetsContradict):
        from_facets(CARD | {Facet.SYNCED}, Framework.NIST_63_4)


def test_the_card_with_its_pin_proofs_ial2_under_revision_4_alone():
    done = {Facet.CHIP_VERIFIED, Facet.CREDENTIAL_PIN, Facet.ADDRESS_CONFIRMED}
    assert level(done, Framework.NIST_63_4, Kind.IAL).name == "IAL2"
    assert level(done, Framework.NIST_63_3, Kind.IAL).name == "IAL1"
    found = from_facets(done, Framework.NIST_63_3)
    assert "ASSURANCE_FACT_FACE_COMPARED" in [step.reason.code for step in found.trace]


def test_two_passwords_are_one_factor():
    done = {Facet.FACTOR_KNOWLEDGE, Facet.AUTHENTICATED_CHANNEL}
    assert level(done, Framework.NIST_63_3, Kind.AAL).name == "AAL1"
    assert level(done, Framework.EIDAS, Kind.AUTHENTICATION).name == "low"


def test_fal_under_both_revisions():
    signed = {Facet.ASSERTION_SIGNED}
    encrypted = signed | {Facet.ASSERTION_ENCRYPTED}
    guarded = signed | {Facet.TRUST_AGREEMENT, Facet.INJECTION_PROTECTED}
    table = {
        frozenset(signed): (1, 1),
        frozenset(encrypted): (2, 1),
        frozenset(guarded): (1, 2),
        frozenset(encrypted | {Facet.HOLDER_OF_KEY}): (3, 1),
        frozenset(guarded | {Facet.BOUND_AUTHENTICATOR}): (1, 3),
        frozenset(): (None, None),
    }
    for done, (third, fourth) in table.items():
        assert level(done, Framework.NIST_63_3, Kind.FAL).value == third
        assert level(done, Framework.NIST_63_4, Kind.FAL).value == fourth


def test_eidas_from_facets_takes_the_lower_and_says_what_it_cannot_see():
    done = CARD | {
        Facet.CHIP_VERIFIED,
        Facet.FACE_COMPARED,
        Facet.SOURCE_CHECKED,
        Facet.HIGH_ATTACK_POTENTIAL,
    }
    found = from_facets(done, Framework.EIDAS)
    assert [one.name for one in found.levels] == ["high", "high", "high"]
    weaker = from_facets(done - {Facet.HIGH_ATTACK_POTENTIAL}, Framework.EIDAS)
    assert weaker.level(Kind.LOA).name == "substantial"
    assert weaker.trace[-1].reason.code == "ASSURANCE_EIDAS_FACETS_ONLY"
    assert found.unverified


def test_new_zealand_from_facets():
    done = CARD | {Facet.CHIP_VERIFIED, Facet.SOURCE_CHECKED, Facet.FACE_COMPARED, Facet.CREDENTIAL_PIN}
    done |= {Facet.LIVENESS, Facet.DUTIES_TOLD, Facet.LOCKOUT}
    assert [one.name for one in from_facets(done, Framework.NEW_ZEALAND).levels] == ["IA4", "BA4", "AA4"]
    assert [one.name for one in from_facets((), Framework.NEW_ZEALAND).levels] == ["IA1", "BA1", "AA —"]


@pytest.mark.parametrize("framework", facets.FRAMEWORKS)
def test_doing_more_never_lowers_a_level(framework):
    """Every facet added to every single facet, and to all of them but one."""
    everything = frozenset(Facet) - {Facet.SYNCED, Facet.SOFTWARE_ALTERNATIVE}
    for one in everything:
        for other in everything:
            for less, more in (
                ({one}, {one, other}),
                (everything - {one, other}, everything - {one}),
            ):
                before, after = from_facets(less, framework), from_facets(more, framework)
                for low, high in zip(before.levels, after.levels, strict=True):
                    assert high.reaches(low), (framework, less ^ more)


def test_a_mapping_is_named_and_says_what_it_loses():
    mapped = carry(Level(Framework.EIDAS, Kind.LOA, 2, "substantial"), Framework.ISO_29115)
    assert (mapped.mapping, mapped.target.name) == ("eidas-to-iso-29115", "LoA3")
    assert [why.code for why in mapped.loses] == [
        "ASSURANCE_LOSES_FOUR_TO_THREE",
        "ASSURANCE_LOSES_PROOFING_DIFFERS",
    ]
    assert not mapped.table.verified


def test_every_mapping_is_monotone_and_loses_something():
    for one in mapping.shipped().mappings:
        carried = [after for _, after in one.levels]
        assert carried == sorted(carried)
        assert one.loses
        for before, _ in one.levels:
            level_ = Level(*one.source, before, str(before))
            assert carry(level_, one.target[0]).mapping == one.name


def test_what_does_not_apply_is_carried_over_as_that():
    mapped = carry(Level(Framework.NIST_63_3, Kind.IAL, None, "—"), Framework.ISO_29115)
    assert mapped.target.value is None


def test_levels_of_two_revisions_have_no_mapping():
    with pytest.raises(MappingUnknown):
        carry(Level(Framework.NIST_63_3, Kind.IAL, 2, "IAL2"), Framework.NIST_63_4)


def levels(**stated):
    return [Level(Framework.NIST_63_3, Kind(kind), value, str(value)) for kind, value in stated.items()]


@pytest.mark.parametrize(
    ("needed", "in_place", "fit"),
    [
        ({"ial": 2, "aal": 2}, {"ial": 3, "aal": 3}, Fit.TOO_MUCH),
        ({"ial": 2, "aal": 2}, {"ial": 2, "aal": 2}, Fit.FITS),
        ({"ial": 2, "aal": 2}, {"ial": 3, "aal": 1}, Fit.TOO_LITTLE),
        ({"ial": 2, "fal": None}, {"ial": 2, "fal": 1}, Fit.TOO_MUCH),
        ({"ial": 2, "fal": 1}, {"ial": 2, "fal": None}, Fit.TOO_LITTLE),
        ({"ial": 2, "fal": None}, {"ial": 2, "fal": None}, Fit.FITS),
    ],
)
def test_fit_and_gap(needed, in_place, fit):
    found = fit_gap(levels(**needed), levels(**in_place))
    assert found.fit is fit
    for gap in found.gaps:
        assert gap.reason.explain("ja") != gap.reason.explain("en")
        assert (gap.steps > 0) == (gap.fit is Fit.TOO_MUCH)
        assert (gap.steps < 0) == (gap.fit is Fit.TOO_LITTLE)


def test_sides_without_a_common_scale_are_refused():
    with pytest.raises(ScalesDiffer):
        fit_gap(levels(ial=2), levels(aal=2))
