from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from shirushi.adapters.software_keys import SoftwareKeyStore
from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.material import build_material
from shirushi.core.algorithms import KeyType, Scheme
from shirushi.core.errors import NotPermitted
from shirushi.core.evidence import GeneralName, GeneralNameKind, KeyUsage
from shirushi.ports.keys import KeyUnknown
from shirushi.services.ca import store
from shirushi.services.ca.model import (
    AuthorityUnknown,
    CertificateUnknown,
    DistinguishedName,
    ProfileRefused,
    ProfileUnknown,
    SubjectKeyRefused,
    SubjectKeyReused,
    SubjectKeyWeak,
    SubjectNameRefused,
    ValidityOutsideIssuer,
    ValidityRefused,
    legal_person,
)
from shirushi.services.ca.service import CertificateAuthority
from tests.fakes import START
from tests.unit.ca.world import ALICE, CLIENT, OPERATOR, SAKURA, World, definition

SYSTEM = DistinguishedName.of(countryName="JP", organizationName="印", commonName="TSU 1")


def test_a_person_signs_and_does_nothing_else(world: World) -> None:
    email = GeneralName(GeneralNameKind.EMAIL, "alice@example.jp")
    certificate = world.issue(alternative_names=(email,)).certificate
    said = certificate.extensions
    assert said.key_usage == {KeyUsage.NON_REPUDIATION}
    assert said.extended_key_usage is None
    assert said.basic_constraints is None
    assert [policy.oid for policy in said.certificate_policies or ()] == ["0.4.0.194112.1.0"]
    assert said.subject_alternative_names == (email,)
    assert said.ocsp_urls == ("http://ca.example.jp/ocsp",)
    assert said.critical == {"2.5.29.15"}
    assert certificate.subject.text == "CN=有栖 花子,serialNumber=A-0001,givenName=花子,SN=有栖,C=JP"
    assert certificate.not_before == START
    assert certificate.not_after == START + timedelta(days=1096) - timedelta(seconds=1)


def test_a_qualified_certificate_says_what_for_and_under_whose_law(world: World) -> None:
    statements = {s.oid: s.info for s in world.issue().certificate.extensions.qc_statements}
    assert list(statements) == ["0.4.0.1862.1.1", "0.4.0.1862.1.7", "0.4.0.1862.1.6", "0.4.0.1862.1.5"]
    assert statements["0.4.0.1862.1.7"] == bytes.fromhex("300413024a50")
    assert statements["0.4.0.1862.1.6"] == der.sequence(der.oid("0.4.0.1862.1.6.1"))
    assert b"https://ca.example.jp/pds_en.pdf" in (statements["0.4.0.1862.1.5"] or b"")


def test_a_company_seals(world: World) -> None:
    issued = world.issue("sakura", subject=SAKURA, profile="e-seal")
    said = issued.certificate.extensions
    assert said.key_usage == {KeyUsage.DIGITAL_SIGNATURE, KeyUsage.NON_REPUDIATION}
    assert issued.certificate.subject.get("2.5.4.97") == "ntrjp-7000012050002"
    read = x509.load_der_x509_certificate(issued.der)
    assert [a.value for a in read.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)] == [
        "さくら商事株式会社"
    ]


def test_a_time_stamping_unit_has_the_one_critical_purpose(world: World) -> None:
    said = world.issue("tsu", subject=SYSTEM, profile="tsu").certificate.extensions
    assert said.extended_key_usage == {"1.3.6.1.5.5.7.3.8"}
    assert said.critical == {"2.5.29.15", "2.5.29.37"}
    assert said.key_usage == {KeyUsage.DIGITAL_SIGNATURE}


def test_an_ocsp_responder_is_not_asked_about(world: World) -> None:
    certificate = world.ca.establish_responder(OPERATOR, "issuing").certificate
    said = certificate.extensions
    assert said.ocsp_no_check
    assert said.extended_key_usage == {"1.3.6.1.5.5.7.3.9"}
    assert not said.crl_distribution_points
    assert not said.ocsp_urls
    assert certificate.subject.text == "CN=OCSP Responder 2,O=印 認証局,C=JP"


def test_serial_numbers_are_random_positive_and_never_the_same(world: World) -> None:
    request = world.request()
    serials = [c.serial_number for c in world.ca.issue_all(OPERATOR, [request] * 50)]
    assert len(set(serials)) == 50
    assert all(0 < serial < 1 << 128 for serial in serials)
    assert max(serials).bit_length() == 128
    assert serials != sorted(serials)


def test_a_certificate_is_found_again(world: World) -> None:
    issued = world.issue()
    assert world.service().certificate(OPERATOR, issued.serial_number) == issued
    chain = world.service().chain(CLIENT, issued)
    assert [c.subject.get("2.5.4.3") for c in chain] == ["有栖 花子", "shirushi issuing", "shirushi root"]
    with pytest.raises(CertificateUnknown):
        world.ca.certificate(OPERATOR, 1)
    with pytest.raises(NotPermitted):
        world.ca.certificate(CLIENT, issued.serial_number)


def test_the_chain_of_an_authority_begins_with_itself(world: World) -> None:
    root, issuing = (world.ca.authority(CLIENT, name).certificate for name in ("root", "issuing"))
    assert world.ca.chain(CLIENT, issuing) == (issuing, root)
    assert world.ca.chain(CLIENT, root) == (root,)


@pytest.mark.parametrize(
    ("key_type", "pss"),
    [
        (KeyType.RSA_2048, False),
        (KeyType.RSA_2048, True),
        (KeyType.P_256, False),
        (KeyType.P_384, False),
        (KeyType.P_521, False),
        (KeyType.ED25519, False),
        (KeyType.ED448, False),
        (KeyType.ML_DSA_44, False),
        (KeyType.ML_DSA_65, False),
        (KeyType.ML_DSA_87, False),
    ],
)
def test_every_key_type_certifies_and_is_certified(empty: World, key_type: KeyType, *, pss: bool) -> None:
    empty.establish(key_type, pss=pss, responder=False)
    issued = empty.ca.issue(OPERATOR, empty.request("subject", key_type=key_type))
    chain = empty.ca.chain(CLIENT, issued)
    verified = build_material(chain, [], []).verified
    assert {(chain[0].id, chain[1].id), (chain[1].id, chain[2].id), (chain[2].id, chain[2].id)} <= verified
    assert (chain[0].signature_algorithm.scheme is Scheme.RSA_PSS) == pss
    read = [x509.load_der_x509_certificate(c.der) for c in chain]
    read[0].verify_directly_issued_by(read[1])  # raises where it does not
    read[1].verify_directly_issued_by(read[2])


def test_an_operator_may_say_the_validity(world: World) -> None:
    begin, end = START - timedelta(days=20), START - timedelta(days=10)
    certificate = world.issue(not_before=begin, not_after=end).certificate
    assert (certificate.not_before, certificate.not_after) == (begin, end)


@pytest.mark.parametrize(
    ("not_before", "not_after", "error"),
    [
        (0, -1, ValidityRefused),
        (0, 1826, ValidityRefused),
        (-366, 10, ValidityOutsideIssuer),
        (3600, 3700, ValidityOutsideIssuer),
    ],
)
def test_a_validity_that_cannot_be_is_refused(
    world: World, not_before: int, not_after: int, error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        world.issue(
            not_before=START + timedelta(days=not_before), not_after=START + timedelta(days=not_after)
        )
    assert type(raised.value) is error


def test_a_default_validity_ends_with_the_issuer(world: World) -> None:
    world.clock.advance(days=8 * 365)
    certificate = world.issue().certificate
    assert certificate.not_after == world.ca.authority(CLIENT, "issuing").certificate.not_after


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("commonName", ""),
        ("commonName", "   "),
        ("commonName", "x" * 65),
        ("commonName", "株" * 65),
        ("commonName", "a\x00b"),
        ("commonName", "abc\u202edef"),
        ("commonName", "\ud800"),
        ("commonName", " Alice"),
        ("countryName", "Japan"),
        ("countryName", "jp"),
        ("countryName", "日本"),
        ("serialNumber", "番号"),
        ("emailAddress", "花子@example.jp"),
        ("favouriteColour", "red"),
    ],
)
def test_a_name_that_cannot_be_is_refused_by_name(world: World, kind: str, value: str) -> None:
    subject = DistinguishedName((*(a for a in ALICE.attributes if a[0] != kind), (kind, value)))
    with pytest.raises(SubjectNameRefused) as raised:
        world.issue(subject=subject)
    assert raised.value.parameters["attribute"] == kind
    assert raised.value.explain("ja") != raised.value.explain("en")


def test_a_name_must_have_what_the_profile_demands(world: World) -> None:
    with pytest.raises(SubjectNameRefused, match="givenName / surname / pseudonym"):
        world.issue(subject=DistinguishedName.of(countryName="JP", commonName="Alice", serialNumber="A-0001"))
    with pytest.raises(SubjectNameRefused, match="organizationIdentifier"):
        world.issue("x", subject=SYSTEM, profile="e-seal")


def test_an_alternative_name_must_be_ascii(world: World) -> None:
    name = GeneralName(GeneralNameKind.EMAIL, "花子@example.jp")
    with pytest.raises(SubjectNameRefused, match="subjectAltName"):
        world.issue(alternative_names=(name,))


def test_names_are_composed(world: World) -> None:
    decomposed = legal_person(country="JP", organization="か\u3099", identifier="NTRJP-7000012050002")
    subject = world.issue("x", subject=decomposed, profile="e-seal").certificate.subject
    assert "が".encode() in subject.der


def _spki(key: object) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _rsa(e: int, n: int) -> bytes:
    return (
        rsa.RSAPublicNumbers(e, n).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )


@pytest.mark.parametrize(
    "spki",
    [
        _spki(rsa.generate_private_key(65537, 1024)),
        _spki(rsa.generate_private_key(3, 2048)),
        _rsa(65537, 3 * (1 << 2047) + 3),
    ],
    ids=["short", "small exponent", "small factor"],
)
def test_a_weak_key_is_refused(world: World, spki: bytes) -> None:
    with pytest.raises(SubjectKeyWeak):
        world.issue(public_key=spki)


_ON_THE_CURVE = _spki(ec.generate_private_key(ec.SECP256R1()))
_OFF_THE_CURVE = _ON_THE_CURVE[:-1] + bytes((_ON_THE_CURVE[-1] ^ 1,))


@pytest.mark.parametrize(
    "spki",
    [
        b"",
        b"\x30\x00",
        _spki(ec.generate_private_key(ec.SECP256K1())),
        _spki(x25519.X25519PrivateKey.generate()),
        _spki(dsa.generate_private_key(1024)),
        _OFF_THE_CURVE,
    ],
    ids=["empty", "nothing", "another curve", "key agreement", "DSA", "not on the curve"],
)
def test_a_key_that_is_none_is_refused(world: World, spki: bytes) -> None:
    with pytest.raises(SubjectKeyRefused):
        world.issue(public_key=spki)


def test_an_rsa_key_for_pss_alone_is_certified(world: World) -> None:
    spki = der.single(world.spki("pss", KeyType.RSA_2048)).children()
    pss = der.sequence(der.sequence(der.oid("1.2.840.113549.1.1.10")), spki[1].raw)
    assert world.issue(public_key=pss).certificate.public_key.spki == pss


def test_a_key_belongs_to_one_subject(world: World) -> None:
    key = world.issue().certificate.public_key.spki
    other = replace(world.request("sakura", SAKURA, "e-seal"), public_key=key)
    with pytest.raises(SubjectKeyReused):
        world.ca.issue(OPERATOR, other)
    assert world.ca.issue(OPERATOR, replace(world.request("unused"), public_key=key))
    new = world.request("new")
    with pytest.raises(SubjectKeyReused):
        world.ca.issue_all(OPERATOR, [new, replace(other, public_key=new.public_key)])
    authority = world.ca.authority(CLIENT, "issuing").certificate
    with pytest.raises(SubjectKeyReused):
        world.ca.issue(OPERATOR, replace(other, public_key=authority.public_key.spki))


def test_unknown_authorities_and_profiles_are_refused(world: World) -> None:
    request = world.request()
    with pytest.raises(AuthorityUnknown, match="issuing, root"):
        world.ca.issue(OPERATOR, replace(request, authority="nobody"))
    with pytest.raises(ProfileUnknown):
        world.ca.issue(OPERATOR, replace(request, profile="../model"))
    with pytest.raises(ProfileRefused):
        world.ca.issue(OPERATOR, replace(request, profile="issuing"))


def test_only_operators_issue(world: World) -> None:
    with pytest.raises(NotPermitted):
        world.ca.issue(CLIENT, world.request())
    assert world.audited()[-1] == (CLIENT.id, "ca.issue", "refused")


def _states(world: World) -> list[str]:
    with world.database.reading() as connection:
        query = select(store.certificate.c.state).where(store.certificate.c.profile == "person-signature")
        return list(connection.execute(query).scalars())


def test_where_the_key_fails_nothing_is_issued_and_that_is_on_record(world: World) -> None:
    for file in (world.folder / "keys").glob("ca-issuing.key"):
        file.unlink()
    world.keys = SoftwareKeyStore(world.folder / "keys", bytes(32))
    request = world.request()
    with pytest.raises(KeyUnknown):
        world.service().issue(OPERATOR, request)
    assert _states(world) == ["abandoned"]
    assert world.audited()[-1] == (OPERATOR.id, "ca.issue", "failed")


class _PowerFails:
    def record(self, *_: object) -> None:
        raise KeyboardInterrupt


def test_where_the_record_fails_the_certificate_does_not_leave(world: World) -> None:
    request = world.request()
    interrupted = CertificateAuthority(
        database=world.database,
        keys=world.keys,
        clock=world.clock,
        entropy=world.entropy,
        audit=_PowerFails(),
    )
    with pytest.raises(KeyboardInterrupt):
        interrupted.issue(OPERATOR, request)
    assert _states(world) == ["reserved"]
    assert world.audited()[-1][1] == "ca.establish_responder"
    assert world.ca.issue(OPERATOR, request)


def test_many_are_issued_whole_or_not_at_all(world: World) -> None:
    good = world.request()
    with pytest.raises(ValidityRefused):
        world.ca.issue_all(OPERATOR, [good, replace(good, not_after=START - timedelta(days=1))])
    assert _states(world) == []
    assert len(world.ca.issue_all(OPERATOR, [good] * 3)) == 3
    assert world.ca.issue_all(OPERATOR, []) == ()


def test_threads_issue_and_publish_side_by_side(world: World) -> None:
    request = world.request()

    def work(_: int) -> tuple[int, int | None]:
        issued = world.ca.issue(OPERATOR, request)
        return issued.serial_number, parse_crl(world.ca.publish_crl(OPERATOR, "issuing")).number

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(12)))
    assert len({serial for serial, _ in done}) == 12
    assert sorted(number for _, number in done) == list(range(1, 13))
    assert _states(world) == ["issued"] * 12


def test_an_authority_without_addresses_says_none(empty: World) -> None:
    bare = {"crl_urls": (), "ocsp_urls": (), "ca_issuers_urls": (), "pds": (), "legislation": ()}
    empty.ca.establish_root(OPERATOR, definition("root", **bare))
    empty.ca.establish_issuing(OPERATOR, definition("issuing", **bare), issuer="root")
    said = empty.issue().certificate.extensions
    assert "2.5.29.31" not in said.present
    assert "1.3.6.1.5.5.7.1.1" not in said.present
