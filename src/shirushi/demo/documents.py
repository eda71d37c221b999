"""The main job on the demo documents: sign, let happen what happens, validate, compare with what was declared."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from shirushi.adapters.files import open_document, write_document
from shirushi.core.document import Document, document
from shirushi.core.evidence import RevocationReason
from shirushi.core.recognition import Equivalence
from shirushi.core.representation import representation_of
from shirushi.core.verdict import Verdict
from shirushi.demo.establish import Tell, establish
from shirushi.demo.plan import DocumentPlan, Plan
from shirushi.domain import PDF, Domain, open_domain
from shirushi.formats.protocol import SignatureParameters, VisibleMark


@dataclass(frozen=True, slots=True)
class Outcome:
    """A document, its verdict, and whether that is the declared one."""

    plan: DocumentPlan
    path: Path
    verdict: Verdict
    equivalences: tuple[Equivalence, ...] = ()
    """What the plan asks of mutual recognition, in its order."""

    @property
    def as_declared(self) -> bool:
        """Whether indication, sub-indication, equivalents and whom seals stand for are those that the plan declares."""
        expected = self.plan.expect
        told = [representation_of(each.signature) for each in self.verdict.signatures]
        return (
            all((each.user if each else "") == self.plan.on_behalf_of for each in told)
            and self.verdict.indication is expected.indication
            and (not expected.sub_indications or self.verdict.sub_indication in expected.sub_indications)
            and [(each.verdict, str(each.grade or "")) for each in self.equivalences]
            == [(each.verdict, each.grade) for each in self.plan.equivalents]
        )


def make_documents(domain: Domain, plan: Plan, folder: Path, tell: Tell) -> None:
    """Sign every document of the plan into `folder`, let happen what the plan says, and bind the log of it all."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for planned in sorted(plan.documents, key=lambda each: not each.pressing):
        tell(f"{planned.file}: {', '.join(planned.signers)}")
        signed = _signed_elsewhere(plan, planned) if planned.elsewhere else _signed(domain, plan, planned)
        write_document(_changed(signed) if planned.then == "change a byte" else signed, folder / planned.file)
    for planned in plan.documents:
        _then(domain, planned, tell)
    domain.audit.checkpoint()


def judge_documents(domain: Domain, plan: Plan, folder: Path) -> Iterator[Outcome]:
    """Validate every document of the plan as anyone would."""
    for planned in plan.documents:
        path = folder / planned.file
        verdict = domain.validation.validate(open_document(path))
        yield Outcome(planned, path, verdict, tuple(_equivalences(domain, planned, verdict)))


def _equivalences(domain: Domain, planned: DocumentPlan, verdict: Verdict) -> Iterator[Equivalence]:
    """The answers to what the plan asks; what gets no answer is missing among them."""
    for asked in planned.equivalents:
        for signature in verdict.signatures:
            explained = domain.trusted_lists.explain(signature, verdict.validation_time, party=asked.party)
            for each in explained.equivalences if explained else ():
                if (each.native.party, each.native.kind) == (asked.origin, asked.kind):
                    yield each


def _signed(domain: Domain, plan: Plan, planned: DocumentPlan) -> Document:
    source = files("shirushi.demo") / "documents" / planned.source
    signed = document(source.read_bytes(), planned.source, PDF)
    for account in planned.signers:
        credential = domain.signing.credential(account)
        request = domain.signing.prepare(
            signed,
            credential,
            level=planned.level,
            parameters=SignatureParameters(
                mark=VisibleMark(planned.mark, box=(300, 90, 220, 70)) if planned.mark else None
            ),
            content_timestamp=planned.content_timestamp,
            on_behalf_of=planned.on_behalf_of,
        )
        signed = domain.signing.sign(request, credential.activate(request, plan.pin(account)))
    return signed


def _signed_elsewhere(plan: Plan, planned: DocumentPlan) -> Document:
    """The document as another trust domain, made and forgotten here, signs it."""
    (account,) = planned.signers
    with TemporaryDirectory() as folder:
        path = Path(folder) / "elsewhere"
        establish(path, plan.reduced_to(account), lambda _: None)
        with open_domain(path) as foreign:
            return _signed(foreign, plan, planned)


def _changed(signed: Document) -> Document:
    """The document with one byte changed in what was signed first: a digit of its first object's text."""
    data = bytearray(signed.read())
    data[len(data) // 8] ^= 0x01
    return document(bytes(data), signed.name, signed.media_type)


def _then(domain: Domain, planned: DocumentPlan, tell: Tell) -> None:
    if planned.then in {"", "change a byte"}:
        return
    certificate = domain.signing.credential(planned.signers[0]).chain[0]
    tell(f"{planned.file}: {planned.then}")
    match planned.then:
        case "wait until the certificate has expired":
            time.sleep(max(0.0, (certificate.not_after - datetime.now(UTC)).total_seconds() + 1))
        case "revoke the certificate":
            domain.ca.revoke(certificate.serial_number, RevocationReason.KEY_COMPROMISE)
        case "revoke the certificate as of an hour ago":
            hour_ago = datetime.now(UTC) - timedelta(hours=1)
            domain.ca.revoke(certificate.serial_number, RevocationReason.KEY_COMPROMISE, hour_ago)
