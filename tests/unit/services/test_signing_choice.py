"""What is signed with which form, by which algorithm, and in whose name; several files and several documents at once."""

from dataclasses import replace

import pytest

import shirushi
from shirushi import Level, SignatureParameters
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import Digest, DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.document import ContentUndisclosed, DigestedDocument, document
from shirushi.core.representation import Representation, representation_of
from shirushi.core.verdict import Indication
from shirushi.formats.protocol import Packaging
from shirushi.services.signing.model import (
    ActivationForeign,
    AlgorithmRetired,
    AlgorithmUnlisted,
    BatchForeign,
    ContainerRefused,
    CredentialUnknown,
    FormUnknown,
    PackagingRefused,
    SealNeeded,
    SigningBatch,
    WrongPin,
)

ALICE, PIN = "alice@example.jp", "2468"
COMPANY = "さくら商事株式会社"
XML = document(b"<order><item>1</item></order>", "order.xml", "application/xml")
TEXT = document("議事録".encode() * 50, "minutes.txt", "text/plain")


def sign(domain, given, **named):
    credential = domain.signing.credential(ALICE)
    request = domain.signing.prepare(given, credential, **named)
    return domain.signing.sign(request, credential.activate(request, PIN))


def test_every_form_that_is_offered_signs_and_passes(data, contract):
    with shirushi.open(data) as domain:
        forms = domain.signing.forms()
        assert {"pades", "xades", "cades", "asic-s", "asic-e"} <= {form.name for form in forms}
        for form in forms:
            given = shirushi.read(contract) if form.name == "pades" else TEXT
            for packaging in (None, *form.packagings):
                if packaging is Packaging.ENVELOPED:
                    given = XML
                signed = sign(
                    domain, given, form=form.name, parameters=SignatureParameters(packaging=packaging)
                )
                verdict = domain.validation.validate(signed, content=[given])
                assert verdict.indication is Indication.TOTAL_PASSED, (form.name, packaging)
                assert verdict.worst.level is Level.B_T
                given = TEXT


def test_what_is_not_offered_is_refused_by_name(data, contract):
    with shirushi.open(data) as domain:
        with pytest.raises(FormUnknown) as unknown:
            sign(domain, TEXT, form="pgp")
        assert "asic-e" in unknown.value.explain("en") + unknown.value.remedy("en")
        with pytest.raises(PackagingRefused):
            sign(domain, TEXT, form="cades", parameters=SignatureParameters(packaging=Packaging.ENVELOPED))
        with pytest.raises(ContainerRefused):
            domain.signing.together([TEXT, XML], "pades")


def test_one_signature_over_several_files(data, contract):
    with shirushi.open(data) as domain:
        container = domain.signing.together([TEXT, XML, shirushi.read(contract)])
        verdict = domain.validation.validate(sign(domain, container, level=Level.B_LTA))
        assert verdict.indication is Indication.TOTAL_PASSED
        names = {reference.name for reference in verdict.worst.signature.references}
        assert {"minutes.txt", "order.xml", "contract.pdf"} <= names


def test_a_batch_takes_one_pin_for_exactly_its_values(data, contract):
    with shirushi.open(data) as domain:
        credential = domain.signing.credential(ALICE)
        given = [shirushi.read(contract), TEXT, XML]
        requests = [domain.signing.prepare(each, credential) for each in given]
        batch = SigningBatch.of(credential, requests)
        with pytest.raises(WrongPin):
            domain.signing.sign_batch(batch, credential.activate(batch, "0000"))
        for other in (requests[:2], requests[::-1]):
            with pytest.raises(ActivationForeign):
                domain.signing.sign_batch(
                    replace(batch, requests=tuple(other)), credential.activate(batch, PIN)
                )
        with pytest.raises(ActivationForeign):
            domain.signing.sign_batch(batch, credential.activate(requests[0], PIN))
        signed = list(domain.signing.sign_batch(batch, credential.activate(batch, PIN)))
        verdicts = [domain.validation.validate(each) for each in signed]
        assert [verdict.indication for verdict in verdicts] == [Indication.TOTAL_PASSED] * 3
        empty = SigningBatch.of(credential, ())
        with pytest.raises(BatchForeign):
            domain.signing.sign_batch(empty, credential.activate(empty, PIN))


def test_a_batch_that_is_cancelled_signs_no_more(data):
    with shirushi.open(data) as domain:
        credential = domain.signing.credential(ALICE)
        requests = [domain.signing.prepare(TEXT, credential) for _ in range(3)]
        batch = SigningBatch.of(credential, requests)
        signing = domain.signing.sign_batch(batch, credential.activate(batch, PIN))
        next(signing)
        signing.close()
        assert len(domain.audit.search(action="signing.sign").records) == 1


@pytest.mark.parametrize("form", ["cades", "xades", "jades", "jades-compact"])
def test_a_digest_is_signed_without_its_document(data, form):
    digests = tuple(Digest(each, TEXT.digest(each).value) for each in (DigestAlgorithm.SHA256,))
    given = DigestedDocument(name=TEXT.name, media_type=TEXT.media_type, digests=digests)
    with shirushi.open(data) as domain:
        signed = sign(domain, given, form=form)
        assert domain.validation.validate(signed, content=[TEXT]).indication is Indication.TOTAL_PASSED
        other = document(b"another", TEXT.name, TEXT.media_type)
        assert domain.validation.validate(signed, content=[other]).indication is Indication.TOTAL_FAILED
        with pytest.raises(PackagingRefused):
            sign(domain, given, form="asic-e")
        with pytest.raises(ContentUndisclosed):
            sign(domain, replace(given, digests=()), form=form)


@pytest.mark.parametrize("form", [None, "cades", "xades", "asic-e"])
def test_a_platform_s_seal_for_a_user_is_told_apart_from_their_own_signature(data, contract, form):
    pdf = shirushi.read(contract)
    with shirushi.open(data) as domain:
        sealed = domain.signing.seal(pdf, COMPANY, on_behalf_of=ALICE, form=form)
        evidence = domain.validation.validate(sealed, content=[pdf]).worst.signature
        told = representation_of(evidence)
        assert (told.representation, told.user) == (Representation.ON_BEHALF, ALICE)
        own = domain.validation.validate(sign(domain, pdf, form=form), content=[pdf]).worst.signature
        assert representation_of(own).representation is Representation.OWN
        plain = domain.validation.validate(domain.signing.seal(pdf, COMPANY)).worst.signature
        assert representation_of(plain).representation is Representation.SEAL
        recorded = [
            each.detail.get("on_behalf_of") for each in domain.audit.search(action="signing.seal").records
        ]
        assert sorted(map(str, recorded)) == ["None", ALICE]
        with pytest.raises(SealNeeded):
            sign(domain, pdf, on_behalf_of="bob@example.jp")


def test_a_person_cannot_pose_as_a_platform(data, contract):
    with shirushi.open(data) as domain:
        words = "Sealed by the platform on behalf of bob@example.jp (立会人型)"
        signed = sign(domain, shirushi.read(contract), parameters=SignatureParameters(reason=words))
        evidence = domain.validation.validate(signed).worst.signature
        assert representation_of(evidence).representation is Representation.OWN


@pytest.mark.parametrize(
    ("digest", "refusal", "said"),
    [
        (DigestAlgorithm.SHA1, AlgorithmRetired, "2012-08-01"),
        (DigestAlgorithm.SHA3_224, AlgorithmUnlisted, "CRYPTREC"),
    ],
)
def test_a_retired_or_unlisted_algorithm_is_refused_with_its_date(data, contract, digest, refusal, said):
    with shirushi.open(data) as domain:
        credential = domain.signing.credential("Example Trading GmbH")
        with pytest.raises(refusal) as refused:
            domain.signing.prepare(
                shirushi.read(contract), credential, algorithm=SignatureAlgorithm(Scheme.RSA_PKCS1, digest)
            )
        assert all(said in refused.value.explain(tongue) for tongue in ("ja", "en"))


def test_credentials_are_not_listed_to_who_may_not_see_them(data):
    nobody = Actor("nobody@example.jp", frozenset({Role.SIGNER}))
    with shirushi.open(data) as domain:
        with pytest.raises(CredentialUnknown) as unknown:
            domain.services.signing.credential(nobody, nobody.id)
        told = [unknown.value.explain(tongue) + unknown.value.remedy(tongue) for tongue in ("ja", "en")]
        assert not any(ALICE in text or COMPANY in text for text in told)
