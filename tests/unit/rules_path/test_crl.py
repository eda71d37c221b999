from dataclasses import replace

import pytest

from shirushi.codecs.asn1 import der
from shirushi.core.evidence import (
    DistributionPoint,
    Extensions,
    GeneralName,
    GeneralNameKind,
    IssuingDistributionPoint,
    KeyUsage,
    RevocationReason,
)
from shirushi.rules.path import Status, revocation_status
from tests.unit.rules_path.world import AT, CA, DAY, START, World, chain, make_name, named, revoked_entry

HOLD = RevocationReason.CERTIFICATE_HOLD
CRL_SIGNER = Extensions(key_usage=frozenset({KeyUsage.CRL_SIGN}))


def uri(text):
    return GeneralName(GeneralNameKind.URI, text)


def directory(name):
    return GeneralName(GeneralNameKind.DIRECTORY, name)


class Domain(World):
    """A root, an issuing authority, a signer, and the question after the signer's status."""

    def __init__(self, points=(), **changes):
        super().__init__()
        self.root = self.ca("root")
        self.issuing = self.ca("issuing", self.root)
        extensions = Extensions(crl_distribution_points=tuple(points))
        self.target = self.certificate("target", self.issuing, extensions=extensions, **changes)
        self.path = chain(self.target, self.issuing, self.root)

    def status(self, at=AT, *, index=0, current=True):
        return revocation_status(
            self.path, index, at, self.material, [self.path.anchor], require_current=current
        )

    def listed(self, time=AT - DAY, reason=RevocationReason.KEY_COMPROMISE, **changes):
        return {self.target.serial_number: revoked_entry(time, reason, **changes)}


def codes(status):
    return [reason.code for reason in status.reasons]


def test_without_data_the_status_is_unknown():
    domain = Domain()
    status = domain.status()
    assert status.status is Status.UNKNOWN
    assert codes(status) == ["REVOCATION_DATA_MISSING"]
    domain.crl(domain.root)
    assert codes(domain.status()) == ["REVOCATION_DATA_MISSING"]


def test_a_list_without_an_entry_tells_that_all_is_good():
    domain = Domain()
    crl = domain.crl(domain.issuing)
    status = domain.status()
    assert status.status is Status.GOOD
    assert (status.source_id, status.issued_at, status.next_update) == (
        crl.id,
        crl.this_update,
        crl.next_update,
    )
    assert status.revocation_time is status.reason is status.signer is None
    assert domain.status(index=1).status is Status.UNKNOWN


def test_an_entry_revokes_from_its_time_on():
    domain = Domain()
    domain.crl(domain.issuing, domain.listed(AT - DAY / 2))
    status = domain.status()
    assert status.status is Status.REVOKED
    assert status.revocation_time == AT - DAY / 2
    assert status.reason is RevocationReason.KEY_COMPROMISE
    earlier = domain.status(AT - DAY)
    assert earlier.status is Status.GOOD
    assert earlier.revocation_time == AT - DAY / 2
    assert earlier.reason is RevocationReason.KEY_COMPROMISE


def test_the_same_number_of_another_issuer_means_nothing():
    domain = Domain()
    domain.crl(domain.issuing)
    domain.crl(domain.root, domain.listed())
    assert domain.status().status is Status.GOOD


@pytest.mark.parametrize(
    ("at", "current"),
    [(AT, True), (AT - 2 * DAY, False), (AT + 2 * DAY, False), (AT + DAY, True), (AT - DAY, True)],
)
def test_data_must_enclose_the_time_where_they_must_be_current(at, current):
    domain = Domain()
    domain.crl(domain.issuing)
    strict = domain.status(at)
    assert strict.status is (Status.GOOD if current else Status.UNKNOWN)
    assert codes(strict) == ([] if current else ["REVOCATION_NOT_CURRENT"])
    assert domain.status(at, current=False).status is Status.GOOD


def test_without_next_update_a_list_is_not_shown_to_be_current():
    domain = Domain()
    domain.crl(domain.issuing, next_update=None)
    assert codes(domain.status()) == ["REVOCATION_NOT_CURRENT"]
    assert domain.status(current=False).next_update is None


def test_the_newest_list_counts():
    domain = Domain()
    domain.crl(domain.issuing, this_update=AT - 3 * DAY)
    newest = domain.crl(domain.issuing, this_update=AT)
    domain.crl(domain.issuing, this_update=AT - 2 * DAY)
    assert domain.status(current=False).source_id == newest.id


def test_a_hold_ends_with_the_list_that_no_longer_tells_of_it():
    domain = Domain()
    domain.crl(domain.issuing, domain.listed(AT - 5 * DAY, HOLD), this_update=AT - 4 * DAY)
    held = domain.status(current=False)
    assert (held.status, held.reason) == (Status.REVOKED, HOLD)
    domain.crl(domain.issuing, this_update=AT - 2 * DAY)
    assert domain.status(current=False).status is Status.GOOD


@pytest.mark.parametrize("reason", [RevocationReason.SUPERSEDED, RevocationReason.KEY_COMPROMISE, None])
def test_no_newer_list_undoes_a_revocation(reason):
    domain = Domain()
    older = domain.crl(domain.issuing, domain.listed(AT - 5 * DAY, reason), this_update=AT - 4 * DAY)
    domain.crl(domain.issuing, this_update=AT - 2 * DAY)
    status = domain.status(current=False)
    assert status.status is Status.REVOKED
    assert status.source_id == older.id
    assert status.reason is (reason or RevocationReason.UNSPECIFIED)
    before = domain.status(AT - 6 * DAY, current=False)
    assert before.status is Status.GOOD
    assert before.revocation_time == AT - 5 * DAY


def test_a_list_made_after_expiry_is_silent_about_the_expired():
    domain = Domain(not_after=AT - 2 * DAY)
    domain.crl(domain.issuing)
    assert codes(domain.status(current=False)) == ["REVOCATION_AFTER_EXPIRY"]
    domain.crl(domain.issuing, expired_certs_on_crl=AT - DAY)
    assert domain.status(current=False).status is Status.UNKNOWN
    domain.crl(domain.issuing, expired_certs_on_crl=START)
    assert domain.status(current=False).status is Status.GOOD
    domain.crl(domain.issuing, domain.listed(AT - 3 * DAY))
    assert domain.status(current=False).status is Status.REVOKED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"critical": frozenset({"1.2.3.4"})}, "REVOCATION_EXTENSION_UNKNOWN"),
        ({"malformed": frozenset({"2.5.29.28"})}, "REVOCATION_EXTENSION_UNKNOWN"),
        (
            {"issuing_distribution_point": IssuingDistributionPoint(only_ca_certificates=True)},
            "REVOCATION_SCOPE_DIFFERS",
        ),
        (
            {"issuing_distribution_point": IssuingDistributionPoint(only_attribute_certificates=True)},
            "REVOCATION_SCOPE_DIFFERS",
        ),
        (
            {"issuing_distribution_point": IssuingDistributionPoint(full_name=(uri("http://a.example"),))},
            "REVOCATION_SCOPE_DIFFERS",
        ),
    ],
)
def test_a_list_that_cannot_be_used_says_why(changes, code):
    domain = Domain()
    domain.crl(domain.issuing, **changes)
    status = domain.status()
    assert status.status is Status.UNKNOWN
    assert codes(status) == [code]
    assert all(reason.explain("ja") and reason.remedy("en") for reason in status.reasons)


def test_an_entry_that_cannot_be_processed_spoils_the_list():
    domain = Domain()
    domain.crl(domain.issuing, {4711: revoked_entry(START, unknown_critical=True)})
    assert codes(domain.status()) == ["REVOCATION_ENTRY_UNKNOWN"]


def test_a_list_for_users_leaves_authorities_out():
    domain = Domain()
    scope = IssuingDistributionPoint(only_user_certificates=True)
    domain.crl(domain.issuing, issuing_distribution_point=scope)
    domain.crl(domain.root, issuing_distribution_point=scope)
    assert domain.status().status is Status.GOOD
    assert codes(domain.status(index=1)) == ["REVOCATION_SCOPE_DIFFERS"]


def test_lists_for_some_reasons_are_put_together():
    points = [
        DistributionPoint(full_name=(uri("http://a.example"),), reasons=frozenset({1, 2})),
        DistributionPoint(full_name=(uri("http://b.example"),)),
    ]
    domain = Domain(points)
    domain.crl(
        domain.issuing,
        issuing_distribution_point=IssuingDistributionPoint((uri("http://a.example"),)),
        this_update=AT - 2 * DAY,
    )
    assert codes(domain.status()) == ["REVOCATION_REASONS_INCOMPLETE"]
    rest = IssuingDistributionPoint((uri("http://b.example"),), only_some_reasons=frozenset(range(3, 9)))
    domain.crl(domain.issuing, issuing_distribution_point=rest, next_update=AT + DAY / 2)
    status = domain.status()
    assert status.status is Status.GOOD
    assert status.issued_at == AT - 2 * DAY
    domain.crl(domain.issuing, domain.listed(), issuing_distribution_point=rest)
    assert domain.status().status is Status.REVOKED


def test_one_partition_that_revokes_is_enough():
    domain = Domain([DistributionPoint(full_name=(uri("http://a.example"),), reasons=frozenset({1}))])
    scope = IssuingDistributionPoint((uri("http://a.example"),))
    domain.crl(domain.issuing, domain.listed(), issuing_distribution_point=scope)
    assert domain.status().status is Status.REVOKED
    assert codes(domain.status(AT - 2 * DAY, current=False)) == ["REVOCATION_REASONS_INCOMPLETE"]


def test_a_name_relative_to_the_issuer_is_put_below_it():
    relative = der.set_of(der.sequence(der.oid("2.5.4.3"), der.tlv(der.UTF8_STRING, b"List 1")))
    whole = make_name([("C", "JP"), ("CN", "issuing"), ("CN", "LIST 1")])
    for point, scope in (
        (DistributionPoint(relative_name=relative), IssuingDistributionPoint((directory(whole),))),
        (DistributionPoint((directory(whole),)), IssuingDistributionPoint(relative_name=relative)),
        (DistributionPoint(relative_name=relative), IssuingDistributionPoint(relative_name=relative)),
    ):
        domain = Domain([point])
        domain.crl(domain.issuing, issuing_distribution_point=scope)
        assert domain.status().status is Status.GOOD
    domain = Domain([DistributionPoint((uri("http://a.example"),))])
    domain.crl(
        domain.issuing, issuing_distribution_point=IssuingDistributionPoint(relative_name=b"\x31\x05bad")
    )
    assert domain.status().status is Status.GOOD


class TestIndirect:
    """Lists of an issuer other than the certificate's."""

    POINT = DistributionPoint(crl_issuer=(directory(named("lists")),))
    SCOPE = IssuingDistributionPoint(indirect=True)

    def domain(self, **changes):
        domain = Domain([self.POINT])
        changes.setdefault("extensions", CRL_SIGNER)
        domain.lists = domain.certificate("lists", domain.root, **changes)
        domain.crl(domain.root)
        return domain

    def test_the_entries_name_the_certificates_issuer(self):
        domain = self.domain()
        domain.crl(
            domain.lists,
            {domain.target.serial_number: revoked_entry(AT - DAY)},
            issuing_distribution_point=self.SCOPE,
        )
        good = domain.status()
        assert good.status is Status.GOOD
        assert good.signer.certificates == (domain.lists,)
        entry = domain.listed(certificate_issuer=domain.issuing.subject)
        domain.crl(domain.lists, entry, issuing_distribution_point=self.SCOPE)
        assert domain.status().status is Status.REVOKED

    def test_an_authority_above_may_sign_it(self):
        domain = Domain([DistributionPoint(crl_issuer=(directory(named("root")),))])
        domain.crl(domain.root, issuing_distribution_point=self.SCOPE)
        status = domain.status()
        assert status.status is Status.GOOD
        assert status.signer.target == domain.root
        assert status.signer.certificates == ()
        assert domain.status(index=1).signer is None

    def test_the_list_must_be_indirect_and_named(self):
        domain = self.domain()
        domain.crl(domain.lists)
        assert domain.status().status is Status.UNKNOWN
        stranger = Domain()
        lists = stranger.certificate("lists", stranger.root, extensions=CRL_SIGNER)
        stranger.crl(lists, issuing_distribution_point=self.SCOPE)
        assert stranger.status().status is Status.UNKNOWN

    def test_the_names_of_the_point_may_be_its_issuers(self):
        domain = self.domain()
        scope = replace(self.SCOPE, full_name=(directory(named("lists")),))
        domain.crl(domain.lists, issuing_distribution_point=scope)
        assert domain.status().status is Status.GOOD

    def test_the_signer_needs_a_path_to_the_same_anchor(self):
        domain = Domain([self.POINT])
        other = domain.ca("other root")
        lists = domain.certificate("lists", other, extensions=CRL_SIGNER)
        domain.crl(lists, issuing_distribution_point=self.SCOPE)
        assert codes(domain.status(current=False)) == ["REVOCATION_SIGNER_NOT_TRUSTED"]

    def test_the_signer_must_be_valid_and_permitted(self):
        expired = self.domain(not_after=AT - 2 * DAY)
        expired.crl(expired.lists, issuing_distribution_point=self.SCOPE)
        assert codes(expired.status()) == ["REVOCATION_SIGNER_NOT_TRUSTED"]
        wrong = self.domain(extensions=Extensions(key_usage=frozenset({KeyUsage.KEY_CERT_SIGN})))
        wrong.crl(wrong.lists, issuing_distribution_point=self.SCOPE)
        assert codes(wrong.status()) == ["REVOCATION_KEY_USAGE_NOT_CRL_SIGN"]

    def test_the_signer_was_valid_when_it_signed_where_age_is_judged_by_others(self):
        domain = self.domain(not_after=AT)
        domain.crl(domain.lists, issuing_distribution_point=self.SCOPE)
        assert domain.status(AT + 5 * DAY, current=False).status is Status.GOOD

    def test_a_revoked_signer_is_not_believed(self):
        domain = self.domain()
        domain.crl(domain.lists, issuing_distribution_point=self.SCOPE)
        assert domain.status().status is Status.GOOD
        revoked = {domain.lists.serial_number: revoked_entry(AT - 2 * DAY, RevocationReason.SUPERSEDED)}
        domain.crl(domain.root, revoked, this_update=AT)
        assert codes(domain.status()) == ["REVOCATION_SIGNER_NOT_TRUSTED"]
        assert codes(domain.status(current=False)) == ["REVOCATION_SIGNER_NOT_TRUSTED"]

    def test_a_signer_whose_key_was_compromised_later_is_not_believed(self):
        domain = self.domain()
        domain.crl(domain.lists, issuing_distribution_point=self.SCOPE)
        revoked = {domain.lists.serial_number: revoked_entry(AT, RevocationReason.CESSATION_OF_OPERATION)}
        domain.crl(domain.root, revoked, this_update=AT)
        assert domain.status(current=False).status is Status.GOOD
        revoked = {domain.lists.serial_number: revoked_entry(AT, RevocationReason.KEY_COMPROMISE)}
        domain.crl(domain.root, revoked, this_update=AT)
        assert codes(domain.status(current=False)) == ["REVOCATION_SIGNER_NOT_TRUSTED"]

    def test_a_signer_of_unknown_status_is_refused_where_all_must_be_current(self):
        domain = Domain([self.POINT])
        lists = domain.certificate("lists", domain.root, extensions=CRL_SIGNER)
        domain.crl(lists, issuing_distribution_point=self.SCOPE)
        assert codes(domain.status()) == ["REVOCATION_SIGNER_NOT_TRUSTED"]
        assert domain.status(current=False).status is Status.GOOD

    def test_a_signer_may_be_covered_by_its_own_list(self):
        domain = Domain([self.POINT])
        own = replace(CRL_SIGNER, crl_distribution_points=(self.POINT,))
        lists = domain.certificate("lists", domain.root, extensions=own)
        domain.crl(lists, issuing_distribution_point=self.SCOPE)
        assert domain.status().status is Status.GOOD
        listed = {
            lists.serial_number: revoked_entry(AT - DAY, certificate_issuer=domain.root.subject),
        }
        domain.crl(lists, listed, issuing_distribution_point=self.SCOPE)
        assert domain.status().status is Status.UNKNOWN

    def test_signers_behind_signers_are_followed_to_a_bound(self):
        domain = Domain([DistributionPoint(crl_issuer=(directory(named("lists 0")),))])
        for number in range(8):
            point = DistributionPoint(crl_issuer=(directory(named(f"lists {number + 1}")),))
            extensions = replace(CRL_SIGNER, crl_distribution_points=(point,))
            lists = domain.certificate(f"lists {number}", domain.root, extensions=extensions)
            domain.crl(lists, issuing_distribution_point=self.SCOPE)
        assert codes(domain.status()) == ["REVOCATION_SIGNER_NOT_TRUSTED"]
        assert domain.status(current=False).status is Status.GOOD


def test_the_issuer_signs_with_another_key():
    domain = Domain()
    lists = domain.certificate("issuing", domain.root, key_of="lists", extensions=CRL_SIGNER)
    domain.crl(lists)
    domain.crl(domain.root)
    status = domain.status()
    assert status.status is Status.GOOD
    assert status.signer.target == lists


def test_the_issuers_key_usage_counts_for_its_lists():
    domain = Domain()
    no_lists = replace(domain.issuing, extensions=replace(CA, key_usage=frozenset({KeyUsage.KEY_CERT_SIGN})))
    domain.path = chain(domain.target, no_lists, domain.root)
    domain.certificates.remove(domain.issuing)
    domain.crl(no_lists)
    assert codes(domain.status()) == ["REVOCATION_KEY_USAGE_NOT_CRL_SIGN"]
    twin = domain.ca("issuing", domain.root)
    domain.crl(twin)
    assert domain.status().status is Status.GOOD
    assert domain.status().signer is None


def test_a_signature_that_nobody_made_counts_for_nothing():
    domain = Domain()
    crl = domain.crl(domain.issuing)
    domain.signed.discard((crl.id, domain.issuing.id))
    assert codes(domain.status()) == ["REVOCATION_SIGNATURE_UNVERIFIED"]


class TestDelta:
    """Delta lists complete a base (§5.2.4)."""

    def domain(self, revoked=None, delta=None, **changes):
        domain = Domain()
        domain.crl(domain.issuing, revoked and domain.listed(*revoked), number=5, this_update=AT - 3 * DAY)
        settings = {"number": 7, "delta_base": 4, "this_update": AT - DAY / 2} | changes
        domain.delta = domain.crl(domain.issuing, delta and domain.listed(*delta), **settings)
        return domain

    def test_it_revokes(self):
        domain = self.domain(delta=(AT - DAY,))
        status = domain.status()
        assert status.status is Status.REVOKED
        assert status.source_id == domain.delta.id
        assert status.issued_at == AT - DAY / 2

    def test_it_lifts_a_hold(self):
        hold = (AT - 4 * DAY, HOLD)
        assert self.domain(hold).status().status is Status.REVOKED
        lifted = self.domain(hold, (AT - DAY, RevocationReason.REMOVE_FROM_CRL))
        assert lifted.status().status is Status.GOOD

    def test_it_undoes_no_revocation(self):
        domain = self.domain((AT - 4 * DAY,), (AT - DAY, RevocationReason.REMOVE_FROM_CRL))
        assert domain.status().status is Status.REVOKED

    def test_it_renews_a_base_that_is_no_longer_current(self):
        domain = self.domain()
        domain.crls[0] = replace(domain.crls[0], next_update=AT - DAY)
        assert domain.status().status is Status.GOOD
        domain.crls.remove(domain.delta)
        assert domain.status().status is Status.UNKNOWN

    @pytest.mark.parametrize(
        "changes",
        [
            {"delta_base": 6},
            {"number": 4},
            {"issuing_distribution_point": IssuingDistributionPoint()},
            {"authority_key_identifier": b"other"},
            {"critical": frozenset({"1.2.3.4"})},
            {"next_update": AT - DAY / 4},
            {"this_update": AT - 4 * DAY},
        ],
    )
    def test_one_that_does_not_fit_is_left_out(self, changes):
        domain = self.domain(delta=(AT - DAY,), **changes)
        assert domain.status().status is Status.GOOD

    def test_it_is_nothing_without_a_base(self):
        domain = Domain()
        domain.crl(domain.issuing, domain.listed(), number=7, delta_base=4)
        assert codes(domain.status()) == ["REVOCATION_DATA_MISSING"]
