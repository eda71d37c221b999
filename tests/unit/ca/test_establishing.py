from dataclasses import replace
from datetime import timedelta

import pytest

from shirushi.core.algorithms import KeyType
from shirushi.core.errors import NotPermitted
from shirushi.core.evidence import KeyUsage, RevocationReason
from shirushi.ports.keys import KeyExists
from shirushi.services.ca import store
from shirushi.services.ca.model import (
    AuthorityExists,
    AuthorityExpired,
    AuthorityRevoked,
    AuthorityUnknown,
    DefinitionRefused,
    DistinguishedName,
    SubjectNameRefused,
    ValidityOutsideIssuer,
    ValidityRefused,
)
from tests.fakes import START
from tests.unit.ca.world import CLIENT, OPERATOR, World, definition


def test_a_root_signs_itself_and_has_no_status(world: World) -> None:
    root = world.ca.authority(CLIENT, "root").certificate
    assert root.self_issued
    assert root.extensions.basic_constraints is not None
    assert root.extensions.basic_constraints.ca
    assert root.extensions.key_usage == {KeyUsage.KEY_CERT_SIGN, KeyUsage.CRL_SIGN}
    assert root.extensions.authority_key_identifier == root.extensions.subject_key_identifier
    assert not root.extensions.crl_distribution_points
    assert not root.extensions.ocsp_urls
    assert root.subject.text == "CN=Shirushi root,O=印 認証局,C=JP"


def test_an_issuing_authority_says_where_its_issuer_tells_its_status(world: World) -> None:
    root, issuing = (world.ca.authority(CLIENT, name).certificate for name in ("root", "issuing"))
    assert issuing.issuer == root.subject
    assert issuing.extensions.authority_key_identifier == root.extensions.subject_key_identifier
    assert issuing.extensions.basic_constraints.path_length == 0
    (point,) = issuing.extensions.crl_distribution_points
    assert [name.value for name in point.full_name] == ["http://ca.example.jp/root.crl"]
    assert issuing.extensions.ca_issuers_urls == ("http://ca.example.jp/root.cer",)
    assert issuing.extensions.critical == {"2.5.29.15", "2.5.29.19"}


def test_authorities_outlive_the_service_that_made_them(world: World) -> None:
    names = [authority.name for authority in world.service().authorities(CLIENT)]
    assert names == ["issuing", "root"]
    assert world.service().authority(CLIENT, "issuing") == world.ca.authority(CLIENT, "issuing")


def test_every_step_is_on_record(world: World) -> None:
    assert world.audited() == [
        (OPERATOR.id, action, "done")
        for action in (
            *("ca.issue", "ca.establish"),
            *("ca.issue", "ca.establish"),
            *("ca.issue", "ca.establish_responder"),
        )
    ]


def test_a_key_that_is_in_the_store_is_taken(empty: World) -> None:
    spki = empty.spki("root", KeyType.ED25519)
    made = empty.ca.establish_root(OPERATOR, definition("root", KeyType.ED25519, key_label="root"))
    assert made.certificate.public_key.spki == spki


def test_a_key_of_another_type_is_refused(empty: World) -> None:
    empty.spki("root", KeyType.ED25519)
    with pytest.raises(DefinitionRefused):
        empty.ca.establish_root(OPERATOR, definition("root", key_label="root"))


def test_a_foreign_key_of_the_same_label_is_never_adopted(empty: World) -> None:
    empty.spki("ca-root")
    with pytest.raises(KeyExists):
        empty.ca.establish_root(OPERATOR, definition("root"))
    assert empty.ca.authorities(CLIENT) == ()


def test_what_was_interrupted_is_taken_up_again_under_the_same_key(empty: World) -> None:
    wanted = definition("root")
    with empty.database.unit() as connection:
        store.remember_authority(connection, wanted, None, "ca-root")
    spki = empty.spki("ca-root")  # … and then the power failed
    with pytest.raises(AuthorityUnknown):
        empty.ca.authority(CLIENT, "root")
    assert empty.ca.establish_root(OPERATOR, wanted).certificate.public_key.spki == spki


@pytest.mark.parametrize(
    "change",
    [
        {"subject": DistinguishedName.of(countryName="JP", organizationName="x", commonName="another")},
        {"name": "other"},
    ],
    ids=["same name", "same subject"],
)
def test_no_two_authorities_share_a_name_or_a_subject(world: World, change: dict[str, object]) -> None:
    with pytest.raises(AuthorityExists):
        world.ca.establish_root(OPERATOR, replace(definition("root"), **change))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": "Root CA"}, DefinitionRefused),
        ({"name": ""}, DefinitionRefused),
        ({"crl_urls": ("ca.example.jp/crl",)}, DefinitionRefused),
        ({"ocsp_urls": ("http://ca.example.jp/日本",)}, DefinitionRefused),
        ({"path_length": -1}, DefinitionRefused),
        ({"crl_validity": timedelta(0)}, DefinitionRefused),
        ({"legislation": ("Japan",)}, DefinitionRefused),
        ({"subject": DistinguishedName(())}, SubjectNameRefused),
        ({"subject": DistinguishedName.of(commonName="no country")}, SubjectNameRefused),
        ({"not_after": START - timedelta(days=366)}, ValidityRefused),
        ({"not_after": START + timedelta(days=36525)}, ValidityRefused),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_established(
    empty: World, change: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        empty.ca.establish_root(OPERATOR, replace(definition("root"), **change))
    assert empty.ca.authorities(CLIENT) == ()
    assert empty.ca.establish_root(OPERATOR, definition("root")).name == "root"


def test_an_issuer_must_be_there_and_valid(empty: World) -> None:
    with pytest.raises(AuthorityUnknown):
        empty.ca.establish_issuing(OPERATOR, definition("issuing"), issuer="root")
    empty.ca.establish_root(OPERATOR, definition("root", not_after=START + timedelta(days=30)))
    with pytest.raises(ValidityOutsideIssuer):
        empty.ca.establish_issuing(
            OPERATOR, definition("issuing", not_after=START + timedelta(days=31)), issuer="root"
        )
    issuing = empty.ca.establish_issuing(OPERATOR, definition("issuing"), issuer="root")
    assert issuing.certificate.not_after == START + timedelta(days=30)
    empty.clock.advance(days=31)
    with pytest.raises(AuthorityExpired):
        empty.issue()


def test_nothing_is_issued_below_a_revoked_authority(world: World) -> None:
    issuing = world.ca.authority(CLIENT, "issuing").certificate
    world.ca.revoke(OPERATOR, issuing.serial_number, RevocationReason.CA_COMPROMISE)
    with pytest.raises(AuthorityRevoked):
        world.issue()


def test_only_operators_establish(empty: World) -> None:
    with pytest.raises(NotPermitted):
        empty.ca.establish_root(CLIENT, definition("root"))
    assert empty.audited() == [(CLIENT.id, "ca.establish_root", "refused")]
    assert empty.ca.authorities(CLIENT) == ()
