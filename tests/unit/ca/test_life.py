"""Holds, registers that change, delta CRLs and partitions, answers signed before, succession and cross-certification."""

from dataclasses import replace

import pytest

from shirushi.adapters.pkilint_linter import PkiLinter
from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.issue import certificate_id, key_identifier
from shirushi.codecs.asn1.material import build_material
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.evidence import (
    CertificateIdentifier,
    CertificateStatus,
    GeneralName,
    GeneralNameKind,
    RevocationReason,
)
from shirushi.ports.lint import Finding
from shirushi.services.audit.service import AuditTrail
from shirushi.services.ca.model import (
    ApprovalNeeded,
    CrlUnknown,
    DistinguishedName,
    FlagUnknown,
    LintRefused,
    NotOnHold,
    RegisterChange,
    SubjectKeyRefused,
    SubjectNameRefused,
    SuccessionRefused,
    legal_person,
    profile,
    profile_names,
)
from shirushi.services.ca.model.identifiers import corporate_number_holds, hidden_ideograph, semantics_of
from shirushi.services.ca.model.linting import waiver, waivers
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.service.linting import unwaived
from tests.unit.ca.subjects import COMPANY, SUBJECTS
from tests.unit.ca.world import CLIENT, OPERATOR, SAKURA, World, definition


@pytest.fixture
def linted(empty: World) -> World:
    empty.ca = CertificateAuthority(
        database=empty.database,
        keys=empty.keys,
        clock=empty.clock,
        entropy=empty.entropy,
        audit=AuditTrail(empty.clock),
        linter=PkiLinter(),
    )
    empty.establish()
    return empty


def test_what_every_profile_issues_passes_the_linter(linted: World) -> None:
    linter = PkiLinter()

    def stands(name: str, certificate: bytes) -> tuple[Finding, ...]:
        return unwaived(linter.findings(certificate, profile(name).lint), name)

    made = {name: linted.ca.authority(CLIENT, name).certificate.der for name in ("root", "issuing")}
    for name, (subject, names) in SUBJECTS.items():
        request = replace(linted.request(f"key-{name}", subject, name), alternative_names=names)
        if profile(name).four_eyes:
            with pytest.raises(ApprovalNeeded):
                linted.ca.issue(OPERATOR, request)
        issued = linted.ca.issue_for(OPERATOR, request)
        made[name] = issued.der
    other = DistinguishedName.of(countryName="DE", organizationName="Other", commonName="Other Root")
    elsewhere = linted.ca.establish_root(OPERATOR, definition("elsewhere", subject=other)).certificate
    made["cross"] = linted.ca.cross_certify(OPERATOR, "root", elsewhere).der
    assert set(made) == set(profile_names())
    assert {name: found for name, der_ in made.items() if (found := stands(name, der_))} == {}
    linted.ca.revoke(OPERATOR, issued.serial_number, RevocationReason.SUPERSEDED)
    assert linter.crl_findings(linted.ca.crl(CLIENT, "issuing")) == ()
    assert linter.ocsp_findings(linted.ca.answer_ocsp(CLIENT, _asks(linted, issued.serial_number))) == ()


def test_a_finding_keeps_the_certificate_back_unless_the_authority_was_defined_so(linted: World) -> None:
    unheard_of = legal_person(country="XX", organization="印", identifier="NTRXX-1")
    wrong = {"subject": unheard_of, "profile": "e-seal"}
    with pytest.raises(LintRefused, match="country"):
        linted.issue(**wrong)
    assert linted.audited()[-1] == (OPERATOR.id, "ca.issue", "failed")
    name = DistinguishedName.of(countryName="JP", organizationName="別", commonName="unlinted")
    linted.ca.establish_root(OPERATOR, definition("free", subject=name, lint=False))
    request = replace(linted.request("other", unheard_of, "e-seal"), authority="free")
    assert linted.ca.issue(OPERATOR, request)


def test_waivers_have_reasons_and_bounds() -> None:
    assert all(len(each.reason) > 40 for each in waivers())
    assert waiver("pkix.invalid_uri_syntax", "…subjectAltName…", "card-authentication")
    assert waiver("pkix.invalid_uri_syntax", "…subjectAltName…", "e-seal") is None


def test_a_post_has_its_name_in_both_scripts(world: World) -> None:
    subject, names = SUBJECTS["official-seal"]
    request = world.request("post", subject, "official-seal")
    with pytest.raises(SubjectNameRefused, match="directoryName"):
        world.ca.issue_for(OPERATOR, request)
    assert world.ca.issue_for(OPERATOR, replace(request, alternative_names=names))


@pytest.mark.parametrize(
    ("number", "holds"),
    [("7000012050002", True), ("7000012050003", False), ("700001205000", False), ("７000012050002", False)],
)
def test_corporate_numbers_have_a_check_digit(number: str, *, holds: bool) -> None:
    assert corporate_number_holds(number) is holds


@pytest.mark.parametrize("identifier", ["NTRJP-7000012050003", "NTRJP-1", "VATJP-T1234567890123"])
def test_a_corporate_number_that_is_none_is_refused(identifier: str) -> None:
    with pytest.raises(SubjectNameRefused, match="organizationIdentifier"):
        legal_person(country="JP", organization="印", identifier=identifier).encode()


def test_identifiers_have_semantics() -> None:
    assert semantics_of({"organizationIdentifier": COMPANY}) == "legal"
    assert semantics_of({"serialNumber": "PNOJP-123"}) == "natural"
    assert semantics_of({"serialNumber": "A-1"}) is None
    assert hidden_ideograph("トヨ夕ー") == "ヨ夕ー: U+5915"
    assert hidden_ideograph("夕日タクシー") is None


def test_a_hold_is_told_and_released(world: World) -> None:
    issued = world.issue()
    world.ca.suspend(OPERATOR, issued.serial_number)
    assert _status(world, issued.serial_number) is CertificateStatus.REVOKED
    world.ca.release(OPERATOR, issued.serial_number)
    assert _status(world, issued.serial_number) is CertificateStatus.GOOD
    assert not parse_crl(world.ca.crl(CLIENT, "issuing")).entries
    with pytest.raises(NotOnHold):
        world.ca.release(OPERATOR, issued.serial_number)
    assert world.audited()[-1][1] != "ca.release"


def test_a_register_that_changes_ends_or_flags_certificates(world: World) -> None:
    seal = world.issue("seal", subject=SAKURA, profile="e-seal")
    found = world.ca.register_changed(OPERATOR, COMPANY, RegisterChange.REPRESENTATIVE)
    assert found.flagged == (seal.serial_number,)
    world.ca.register_changed(OPERATOR, COMPANY, RegisterChange.REPRESENTATIVE)
    assert [each.serial_number for each in world.ca.flags(OPERATOR)] == [seal.serial_number]
    world.ca.settle_flags(OPERATOR, seal.serial_number)
    with pytest.raises(FlagUnknown):
        world.ca.settle_flags(OPERATOR, seal.serial_number)
    assert world.ca.register_changed(OPERATOR, COMPANY, RegisterChange.ENDED).revoked == (seal.serial_number,)
    assert world.ca.certificate(OPERATOR, seal.serial_number).revocation.reason is (
        RevocationReason.CESSATION_OF_OPERATION
    )
    assert world.ca.register_changed(OPERATOR, COMPANY, RegisterChange.ENDED).revoked == ()


def _asks(world: World, serial_number: int) -> bytes:
    issuer = world.ca.authority(CLIENT, "issuing").certificate
    sha1 = DigestAlgorithm.SHA1
    named = CertificateIdentifier(
        sha1, sha1.digest(issuer.subject.der), key_identifier(issuer.public_key.spki), serial_number
    )
    return der.sequence(der.sequence(der.sequence(der.sequence(certificate_id(named)))))


def _status(world: World, serial_number: int) -> CertificateStatus:
    answer = parse_ocsp_response(world.ca.answer_ocsp(CLIENT, _asks(world, serial_number)))
    return answer.responses[0].status


def test_an_answer_is_given_again_until_something_is_revoked(world: World) -> None:
    issued, other = world.issue(), world.issue("bob")
    asked = _asks(world, issued.serial_number)
    first = world.ca.answer_ocsp(CLIENT, asked)
    world.clock.advance(minutes=20)
    assert world.ca.answer_ocsp(CLIENT, asked) == first
    world.service().revoke(OPERATOR, other.serial_number, RevocationReason.SUPERSEDED)  # another process
    world.clock.advance(seconds=1)
    second = world.ca.answer_ocsp(CLIENT, asked)
    assert second != first
    world.clock.advance(minutes=31)
    assert world.ca.answer_ocsp(CLIENT, asked) != second


@pytest.fixture
def spread(empty: World) -> World:
    empty.ca.establish_root(OPERATOR, definition("root"))
    urls = {
        "crl_urls": ("http://ca.example.jp/crl/issuing/{partition}.crl",),
        "delta_crl_urls": ("http://ca.example.jp/crl/issuing/{partition}/delta.crl",),
    }
    empty.ca.establish_issuing(OPERATOR, definition("issuing", partitions=4, **urls), issuer="root")
    return empty


def test_lists_are_spread_and_deltas_tell_what_is_new(spread: World) -> None:
    issued = [spread.issue(f"key-{n}") for n in range(8)]
    held = issued[0]
    partition = held.serial_number % 4
    assert (
        held.certificate.extensions.crl_distribution_points[0]
        .full_name[0]
        .value.endswith(f"/{partition}.crl")
    )
    assert held.certificate.extensions.freshest_crl
    spread.ca.suspend(OPERATOR, held.serial_number)
    complete = parse_crl(spread.ca.crl(CLIENT, "issuing", partition))
    assert [number for _, number in complete.entries] == [held.serial_number]
    assert not parse_crl(spread.ca.crl(CLIENT, "issuing", (partition + 1) % 4)).entries
    for each in issued[1:]:
        spread.ca.revoke(OPERATOR, each.serial_number, RevocationReason.SUPERSEDED)
    spread.ca.release(OPERATOR, held.serial_number)
    delta = spread.ca.current_delta(CLIENT, "issuing", partition)
    assert delta.base == complete.number
    told = {number: entry.reason for (_, number), entry in parse_crl(delta.der).entries.items()}
    here = {each.serial_number for each in issued if each.serial_number % 4 == partition}
    assert set(told) == here
    assert told[held.serial_number] is RevocationReason.REMOVE_FROM_CRL
    linter = PkiLinter()
    assert linter.crl_findings(delta.der) == ()
    with pytest.raises(CrlUnknown):
        spread.ca.crl(CLIENT, "issuing", 4)
    with pytest.raises(CrlUnknown):
        spread.ca.current_delta(CLIENT, "root")


def test_a_responder_is_renewed_before_its_end(world: World) -> None:
    issued = world.issue()
    assert world.ca.renew_responders(OPERATOR) == 0
    world.clock.advance(days=300)
    before = parse_ocsp_response(world.ca.answer_ocsp(CLIENT, _asks(world, issued.serial_number)))
    assert world.ca.renew_responders(OPERATOR) == 1
    assert world.ca.renew_responders(OPERATOR) == 0
    after = parse_ocsp_response(world.ca.answer_ocsp(CLIENT, _asks(world, issued.serial_number)))
    assert before.certificates[0].id != after.certificates[0].id


def test_a_key_rolls_over_without_an_outage(world: World) -> None:
    old = world.issue()
    subject = world.ca.authority(CLIENT, "issuing").definition.subject
    new = definition("issuing-2", subject=subject, succeeds="issuing", path_length=0)
    with pytest.raises(SuccessionRefused):
        world.ca.establish_issuing(
            OPERATOR, replace(new, crl_urls=("http://ca.example.jp/issuing.crl",)), "root"
        )
    world.ca.establish_issuing(OPERATOR, new, issuer="root")
    world.ca.establish_responder(OPERATOR, "issuing-2")
    made = world.issue("bob")
    assert made.authority == "issuing-2"
    for issued in (old, made):
        chain = world.ca.chain(CLIENT, issued)
        verified = build_material(chain).verified
        assert (chain[0].id, chain[1].id) in verified
        world.ca.revoke(OPERATOR, issued.serial_number, RevocationReason.SUPERSEDED)
        entries = parse_crl(world.ca.crl(CLIENT, issued.authority)).entries
        assert [number for _, number in entries] == [issued.serial_number]
    assert _status(world, old.serial_number) is CertificateStatus.REVOKED


def test_a_roots_keys_are_linked(world: World) -> None:
    root = world.ca.authority(CLIENT, "root")
    with pytest.raises(SuccessionRefused):
        world.ca.link_keys(OPERATOR, "root")
    new = definition("root-2", subject=root.definition.subject, succeeds="root")
    fresh = world.ca.establish_root(OPERATOR, new).certificate
    new_with_old, old_with_new = world.ca.link_keys(OPERATOR, "root-2")
    certificates = [root.certificate, fresh, new_with_old.certificate, old_with_new.certificate]
    verified = build_material(certificates).verified
    assert (new_with_old.certificate.id, root.certificate.id) in verified
    assert (old_with_new.certificate.id, fresh.id) in verified
    assert new_with_old.certificate.public_key == fresh.public_key
    assert set(world.ca.issuers(fresh)) == {each.der for each in certificates}


def test_another_domain_is_cross_certified_with_its_policies(world: World) -> None:
    name = DistinguishedName.of(countryName="DE", organizationName="Other", commonName="Other Root")
    other = world.ca.establish_root(OPERATOR, definition("elsewhere", subject=name)).certificate
    below = GeneralName(GeneralNameKind.DNS, "example.de")
    mapping = (("0.4.0.2042.1.2", "1.2.3.4"),)
    made = world.ca.cross_certify(
        OPERATOR, "root", other, policy_mappings=mapping, permitted=[below], path_length=0
    ).certificate
    assert made.subject == other.subject
    assert made.extensions.policy_mappings == mapping
    assert [each.oid for each in made.extensions.certificate_policies] == ["0.4.0.2042.1.2"]
    assert made.extensions.name_constraints
    assert made.extensions.basic_constraints.path_length == 0
    assert PkiLinter().findings(made.der, "pkix") == ()
    with pytest.raises(SubjectKeyRefused):
        world.ca.cross_certify(OPERATOR, "root", world.issue().certificate)


def test_status_is_told_of_a_path_over_a_cross_certificate_too(world: World) -> None:
    name = DistinguishedName.of(countryName="DE", organizationName="Other", commonName="Other Root")
    other = world.ca.establish_root(OPERATOR, definition("elsewhere", subject=name)).certificate
    crossed = world.ca.cross_certify(OPERATOR, "root", other).certificate
    issued = world.issue(authority="elsewhere").certificate
    told = {tuple(world.ca.revocation_data(issued, each, world.clock.now())) for each in (other, crossed)}
    (data,) = told
    assert data, "the same under both of the issuer's certificates"
    root = world.ca.authority(OPERATOR, "root").certificate
    assert world.ca.revocation_data(issued, root, world.clock.now()) == ()
