"""Signatures raised to last: our own, and those of others, with material from where their certificates say it is."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import shirushi
from shirushi import Indication, Level
from shirushi.adapters.configuration import FetchSection
from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.codecs.asn1.issue import OcspResponseStatus, ocsp_failure
from shirushi.core.actor import Actor, Role
from shirushi.core.document import document
from shirushi.core.errors import NotPermitted
from shirushi.core.evidence import CertificateStatus, ChangeKind, RevocationReason
from shirushi.domain import compose
from shirushi.formats.pades.declined import NothingToExtend, StampNotOurs
from shirushi.formats.pades.format import Pades
from shirushi.formats.protocol import MaterialNeeded, StampNeeded, ValidationMaterial
from shirushi.main import application
from shirushi.ports.trust import IssuerUnavailable, RevocationDataUnavailable
from shirushi.services.ca.model.searching import Sought
from shirushi.services.signing.model import (
    ChainNotTrusted,
    CredentialKind,
    LevelNotReached,
    NothingSigned,
    SignatureBroken,
)
from tests.unit.services.elsewhere import elsewhere

ALICE, BOB, SAKURA = "alice@example.jp", "bob@example.jp", "さくら商事株式会社"
PINS = {ALICE: "2468", BOB: "1357"}
PDF = "application/pdf"


def sign(domain, given, account=ALICE, level=Level.B_B):
    credential = domain.signing.credential(account)
    request = domain.signing.prepare(given, credential, level=level)
    return domain.signing.sign(request, credential.activate(request, PINS.get(account)))


def from_file(signed):
    """As it is opened later: all of it in the source."""
    return document(signed.read(), "signed.pdf", PDF)


def levels(verdict):
    return [each.level for each in verdict.signatures]


@pytest.fixture
def domain(data):
    with shirushi.open(data) as opened:
        yield opened


@pytest.mark.parametrize("level", [Level.B_LT, Level.B_LTA])
@pytest.mark.parametrize("account", [ALICE, SAKURA])
def test_people_and_companies_sign_at_every_level(domain, contract, account, level):
    signed = sign(domain, shirushi.read(contract), account, level)
    verdict = domain.validation.validate(signed, offline=True)
    assert (verdict.indication, levels(verdict)) == (Indication.TOTAL_PASSED, [level])


def test_step_by_step_from_files_and_renewed(domain, contract):
    signed = from_file(sign(domain, shirushi.read(contract)))
    stamps = []
    for level in (Level.B_T, Level.B_LT, Level.B_LTA, Level.B_LTA, Level.B_LTA):
        extended = domain.signing.extend(signed, level)
        assert extended.read().startswith(signed.read())
        assert extended.source is signed.source
        verdict = domain.validation.validate(extended, offline=True)
        assert (verdict.indication, levels(verdict)) == (Indication.TOTAL_PASSED, [level]), verdict.reasons
        (one,) = verdict.signatures
        stamps.append(len(one.signature.archive_timestamps))
        assert all(change.allowed for change in one.signature.changes)
        assert {change.kind for change in one.signature.changes} <= {
            ChangeKind.VALIDATION_DATA_ADDED,
            ChangeKind.TIMESTAMP_ADDED,
        }
        signed = from_file(extended)
    assert stamps == [1, 1, 2, 3, 4]


def test_what_is_at_the_level_stays_as_it_is(domain, contract):
    signed = from_file(sign(domain, shirushi.read(contract), level=Level.B_LT))
    for level in (Level.B_B, Level.B_T, Level.B_LT):
        assert domain.signing.extend(signed, level).read() == signed.read()


def test_all_signatures_rise_under_one_time_stamp(domain, contract):
    once = from_file(sign(domain, shirushi.read(contract)))
    twice = from_file(sign(domain, once, BOB))
    extended = domain.signing.extend(twice, Level.B_LTA)
    verdict = domain.validation.validate(extended, offline=True)
    assert (verdict.indication, levels(verdict)) == (Indication.TOTAL_PASSED, [Level.B_LTA] * 2)
    assert [len(each.signature.archive_timestamps) for each in verdict.signatures] == [2, 2]


def test_signed_again_after_the_archive(domain, contract):
    first = from_file(sign(domain, shirushi.read(contract), level=Level.B_LTA))
    second = sign(domain, first, BOB, Level.B_LTA)
    verdict = domain.validation.validate(second, offline=True)
    assert (verdict.indication, levels(verdict)) == (Indication.TOTAL_PASSED, [Level.B_LTA] * 2)


def test_a_signature_that_another_covers_takes_a_document_time_stamp(domain, contract):
    once = sign(domain, shirushi.read(contract))
    twice = sign(domain, once, BOB)
    first = Pades().parse(twice)[0].id
    need = Pades().next_need(twice, Level.B_T, signature=first)
    assert isinstance(need, StampNeeded)
    assert need.kind.value == "document"


def test_no_room_for_the_token_takes_a_document_time_stamp(domain, contract):
    signed = sign(domain, shirushi.read(contract))
    extended = domain.signing.extend(signed, Level.B_T)
    (one,) = domain.validation.validate(extended, offline=True).signatures
    assert (one.level, len(one.signature.archive_timestamps)) == (Level.B_T, 1)


def test_nothing_stands_twice_in_the_store(domain, contract):
    signed = from_file(sign(domain, shirushi.read(contract), level=Level.B_LT))
    pades = Pades()
    (found,) = pades.parse(signed)
    held = ValidationMaterial(tuple(c.der for c in found.certificates))
    need = MaterialNeeded(((found.signing_certificate,),))
    again = pades.attach(signed, need, held)
    inner = [c.der for c in found.certificates]
    assert [again.read().count(der) for der in inner] == [signed.read().count(der) for der in inner]


def test_a_token_for_another_state_is_refused(domain, contract):
    signed = from_file(sign(domain, shirushi.read(contract)))
    pades = Pades()
    need = pades.next_need(signed, Level.B_T)
    with pytest.raises(StampNotOurs):
        pades.attach(from_file(domain.signing.extend(signed, Level.B_T)), need, b"token")


def test_material_that_does_not_suffice_ends_it(domain, contract, monkeypatch):
    signed = from_file(sign(domain, shirushi.read(contract), level=Level.B_T))
    gathering = domain.services.signing._augmenting._gathering
    monkeypatch.setattr(type(gathering), "gather", lambda *_, **__: ValidationMaterial())
    with pytest.raises(LevelNotReached):
        domain.signing.extend(signed, Level.B_LT)


def test_what_cannot_be_extended_is_named(domain, contract):
    with pytest.raises(NothingSigned):
        domain.signing.extend(shirushi.read(contract), Level.B_LTA)
    with pytest.raises(NothingToExtend):
        Pades().next_need(shirushi.read(contract), Level.B_T)
    data = bytearray(sign(domain, shirushi.read(contract)).read())
    data[data.index(b"%", 1) + 1] ^= 1
    with pytest.raises(SignatureBroken):
        domain.signing.extend(document(bytes(data), "broken.pdf", PDF), Level.B_T)


def test_auditors_do_not_extend(domain, contract):
    signed = sign(domain, shirushi.read(contract))
    auditor = Actor("eve@example.jp", frozenset({Role.AUDITOR}))
    with pytest.raises(NotPermitted):
        domain.services.signing.extend(auditor, signed, Level.B_T)


def test_extending_is_on_record(domain, contract):
    signed = from_file(sign(domain, shirushi.read(contract)))
    domain.signing.extend(signed, Level.B_LTA)
    (record,) = domain.audit.search(action="signing.extend").records
    assert record.detail == {"level": "B-LTA", "signatures": 1}


def test_the_command(data, contract, tmp_path):
    runner, signed, out = CliRunner(), tmp_path / "signed.pdf", tmp_path / "out.pdf"
    arguments = ["sign", str(contract), "--as", ALICE, "--pin", "2468", "--level", "LT", "-o", str(signed)]
    done = runner.invoke(application(), [*arguments, "--data", str(data)])
    assert done.exit_code == 0, done.output
    done = runner.invoke(
        application(),
        ["extend", str(signed), "--level", "LTA", "-o", str(out), "--data", str(data), "--json"],
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {"file": str(out), "level": "B-LTA"}
    done = runner.invoke(application(), ["validate", str(out), "--data", str(data), "--offline", "--json"])
    assert json.loads(done.output)["signatures"][0]["level"] == "B-LTA"


@pytest.fixture(scope="module")
def abroad(tmp_path_factory):
    """Another domain, and documents that Alice signed there, with and without her issuer's certificate."""
    from pytest_socket import enable_socket

    enable_socket()
    contract = Path(shirushi.__file__).parent / "demo" / "documents" / "contract.pdf"
    with elsewhere(tmp_path_factory.mktemp("elsewhere") / "domain") as other:
        alice = other.domain.signing.credential(ALICE)
        whole = from_file(sign(other.domain, shirushi.read(contract), ALICE, Level.B_T))
        other.domain.keys.generate("seal", alice.key.key_type)
        from shirushi.services.ca.model import CertificateRequest, DistinguishedName

        issued = other.domain.ca.issue(
            CertificateRequest(
                authority="issuing",
                profile="e-seal",
                subject=DistinguishedName.of(
                    countryName="JP",
                    organizationName="Elsewhere",
                    organizationIdentifier="NTRJP-7000012050002",
                    commonName="Elsewhere",
                ),
                public_key=other.domain.keys.reference("seal").spki,
            )
        )
        other.domain.signing.enrol("seal", CredentialKind.SEAL, "seal", (issued.certificate,))
        bare = from_file(sign(other.domain, shirushi.read(contract), "seal", Level.B_B))
        yield other, whole, bare


@pytest.fixture
def here(data, abroad):
    """Our domain, which trusts the other's root and may fetch from this machine."""
    other, _, _ = abroad
    other.asked.clear()
    other.instead.clear()

    def opened(*, trusting=True, allow_private=True):
        directory = DataDirectory(data)
        if trusting:
            root = other.domain.ca.authority("root").certificate.der
            (data / "trust" / "other.der").write_bytes(root)
        configuration = read_configuration(directory.configuration)
        trust = configuration.trust
        anchors = (*trust.anchors, Path("trust/other.der")) if trusting else trust.anchors
        return compose(
            directory,
            configuration.model_copy(
                update={
                    "trust": trust.model_copy(update={"anchors": anchors}),
                    "fetch": FetchSection(allow_private=allow_private, seconds=5.0),
                }
            ),
        )

    return opened


@pytest.mark.enable_socket
def test_others_signatures_with_material_from_where_it_is(here, abroad):
    other, whole, _ = abroad
    with here() as domain:
        extended = domain.signing.extend(whole, Level.B_LTA)
        asked = list(other.asked)
        verdict = domain.validation.validate(extended, offline=True)
    assert (verdict.indication, levels(verdict)) == (Indication.TOTAL_PASSED, [Level.B_LTA])
    assert asked.count("/ocsp") >= 1
    assert other.asked == asked


@pytest.mark.enable_socket
def test_a_missing_issuer_is_fetched(here, abroad):
    other, _, bare = abroad
    with here() as domain:
        extended = domain.signing.extend(bare, Level.B_LTA)
        verdict = domain.validation.validate(extended, offline=True)
    assert (verdict.indication, levels(verdict)) == (Indication.TOTAL_PASSED, [Level.B_LTA])
    assert "/certificates/issuing.cer" in other.asked


@pytest.mark.enable_socket
def test_an_intermediate_inside_the_old_signature_is_enough(here, abroad):
    other, whole, _ = abroad
    other.instead["certificates"] = lambda _: (404, b"")
    with here() as domain:
        extended = from_file(domain.signing.extend(whole, Level.B_LTA))
        renewed = domain.signing.extend(extended, Level.B_LTA)
        verdict = domain.validation.validate(renewed, offline=True)
    assert (verdict.indication, levels(verdict)) == (Indication.TOTAL_PASSED, [Level.B_LTA])
    assert not [path for path in other.asked if path.startswith("/certificates")]


@pytest.mark.enable_socket
def test_validation_fetches_what_is_missing_unless_offline(here, abroad):
    other, _, bare = abroad
    with here() as domain:
        offline = domain.validation.validate(bare, offline=True)
        assert offline.indication is Indication.INDETERMINATE
        assert other.asked == []
        online = domain.validation.validate(bare)
        assert online.indication is Indication.TOTAL_PASSED, (online.reasons, other.asked)
        assert other.asked


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    "answer",
    [
        (500, b""),
        (200, b"no answer at all"),
        (200, ocsp_failure(OcspResponseStatus.TRY_LATER)),
        (200, b""),
    ],
)
def test_lists_serve_where_ocsp_fails(here, abroad, answer):
    other, whole, _ = abroad
    other.instead["ocsp"] = lambda _: answer
    with here() as domain:
        extended = domain.signing.extend(whole, Level.B_LT)
        verdict = domain.validation.validate(extended, offline=True)
    assert (verdict.indication, levels(verdict)) == (Indication.TOTAL_PASSED, [Level.B_LT])
    assert "/crl/issuing.crl" in other.asked


@pytest.mark.enable_socket
def test_a_lying_responder_is_passed_over(here, abroad, data):
    """It answers about the right certificate, signed by somebody who was not asked."""
    other, whole, _ = abroad
    (found,) = Pades().parse(whole)
    with here() as domain:
        liar = next(
            iter(domain.ca.certificates(sought=Sought(profile="ocsp-responder")).certificates)
        ).certificate
        key = domain.keys.signer("ocsp")
        from datetime import UTC, datetime, timedelta

        from shirushi.codecs.asn1.issue import (
            basic_response,
            certificate_status,
            key_identifier,
            ocsp_response,
            parse_ocsp_request,
            response_data,
            response_head,
            single_response,
            status_times,
        )
        from shirushi.core.algorithms import signature_algorithm
        from shirushi.core.evidence import CertificateStatus

        def lie(body):
            now = datetime.now(UTC)
            algorithm = signature_algorithm(key.reference.key_type)
            good = certificate_status(CertificateStatus.GOOD)
            times = status_times(now, now + timedelta(days=1))
            singles = [single_response(each.der, good, times) for each in parse_ocsp_request(body).requests]
            data = response_data(response_head(key_identifier(liar.public_key.spki), now), singles)
            basic = basic_response(data, algorithm, key.sign(data, algorithm), [liar.der])
            return 200, ocsp_response(basic)

        other.instead["ocsp"] = lie
        extended = domain.signing.extend(whole, Level.B_LT)
        (held,) = Pades().parse(extended)
    assert found.signing_certificate == held.signing_certificate
    assert held.ocsp_responses == ()
    assert len(held.crls) >= 2


@pytest.mark.enable_socket
def test_each_failure_is_named_with_its_address_and_certificate(here, abroad):
    other, whole, bare = abroad
    for name in ("ocsp", "crl", "certificates"):
        other.instead[name] = lambda _: (503, b"")
    with here() as domain:
        with pytest.raises(RevocationDataUnavailable) as failure:
            domain.signing.extend(whole, Level.B_LT)
        for language in ("en", "ja"):
            told = failure.value.explain(language)
            assert f"URL {other.address}/ocsp: HTTP 503" in told
            assert f"URL {other.address}/crl/issuing.crl: HTTP 503" in told
            assert "有栖 花子" in told
        with pytest.raises(IssuerUnavailable) as failure:
            domain.signing.extend(bare, Level.B_LT)
        assert f"URL {other.address}/certificates/issuing.cer: HTTP 503" in failure.value.explain("en")
        assert "CN=Elsewhere" in failure.value.explain("en")


@pytest.mark.enable_socket
def test_no_private_address_unless_it_is_allowed(here, abroad):
    other, whole, _ = abroad
    with here(allow_private=False) as domain, pytest.raises(RevocationDataUnavailable) as failure:
        domain.signing.extend(whole, Level.B_LT)
    assert "which is no public address" in failure.value.explain("en")
    assert other.asked == []


@pytest.mark.enable_socket
def test_the_missing_anchor_is_named(here, abroad):
    _, whole, _ = abroad
    with here(trusting=False) as domain, pytest.raises(ChainNotTrusted) as failure:
        domain.signing.extend(whole, Level.B_LT)
    assert "Shirushi Demo Root CA" in failure.value.explain("en")


@pytest.mark.enable_socket
def test_a_revocation_is_put_in_too(tmp_path, contract):
    with elsewhere(tmp_path / "third") as third:
        signed = from_file(sign(third.domain, shirushi.read(contract), ALICE, Level.B_T))
        alice = third.domain.signing.credential(ALICE).chain[0]
        third.domain.ca.revoke(alice.serial_number, RevocationReason.KEY_COMPROMISE)
        extended = third.domain.signing.extend(signed, Level.B_LT)
    (found,) = Pades().parse(extended)
    told = {
        single.status
        for response in found.ocsp_responses
        for single in response.responses
        if single.certificate.serial_number == alice.serial_number
    }
    assert told == {CertificateStatus.REVOKED}
