"""The start page, and the verdict on a document that somebody brought."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock

from starlette.responses import Response
from starlette.routing import Route

from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import beside, document
from shirushi.core.evidence import Certificate, TimeStampEvidence
from shirushi.core.verdict import Verdict
from shirushi.faces.portal.errors import PageUnknown
from shirushi.faces.portal.kit import Kit, Task
from shirushi.faces.portal.uploads import Kept
from shirushi.faces.portal.visit import Visit
from shirushi.rules.ades import PRESETS
from shirushi.rules.ades.policy_file import preset
from shirushi.services.validation.model import answer, report
from shirushi.services.validation.portal.answers import LIGHT_OF, questions, signatures
from shirushi.services.validation.service import Validation

REMEMBERED = 32
"""How many verdicts a process remembers, so that to look again is not to validate again."""


def pages(verdicts: Verdicts, kit: Kit) -> list[Route]:
    """The pages of validation. They are for everyone."""
    kit.task(Task("verify", "/", order=10))

    def start(visit: Visit) -> Response:
        return visit.page("validation/start.html", policies=tuple(PRESETS))

    def take_in(visit: Visit) -> Response:
        named = _named(visit)
        kept = visit.take_in("document", **({"policy": named} if named else {}))
        try:
            verdicts.of(visit, kept)
        except Exception:
            visit.drop(kept)
            raise
        return visit.go(f"/verdicts/{kept.id}")

    def choose_policy(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        visit.remember(kept, **{**kept.facts, "policy": _named(visit)})
        return visit.go(f"/verdicts/{kept.id}")

    def add_content(visit: Visit) -> Response:
        return add(visit, "content", "contents")

    def add_record(visit: Visit) -> Response:
        return add(visit, "record", "records")

    def add(visit: Visit, field: str, place: str) -> Response:
        kept = visit.kept(visit.argument("id"))
        given = visit.take_in(field)
        facts = {**kept.facts, place: [*kept.facts.get(place, ()), given.id]}
        try:
            verdicts.of(visit, replace(kept, facts=facts))
        except Exception:
            visit.drop(given)
            raise
        visit.remember(kept, **facts)
        return visit.go(f"/verdicts/{kept.id}")

    def show(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        verdict = verdicts.of(visit, kept)
        answered = signatures(verdict)
        return visit.page(
            "validation/verdict.html",
            kept=kept,
            verdict=verdict,
            light=LIGHT_OF[verdict.indication],
            answer=answer(verdict),
            questions=questions(answered) if answered else (),
            signatures=answered,
            lacking=any(not r.found for each in verdict.signatures for r in each.signature.references),
            digest=kept.document.digest(DigestAlgorithm.SHA256).value.hex(),
            policies=tuple(PRESETS),
            chosen=kept.facts.get("policy", ""),
            printable=visit.query.get("view") == "print",
        )

    def tell(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        text = json.dumps(report(verdicts.of(visit, kept), visit.language), ensure_ascii=False, indent=2)
        name = beside(kept.document.name, "report").rpartition(".")[0] + ".json"
        return visit.download(document(text.encode()), name, "application/json")

    def give_certificate(visit: Visit) -> Response:
        wanted = visit.argument("certificate")
        for certificate in _certificates(verdicts.of(visit, visit.kept(visit.argument("id")))):
            if certificate.id == wanted:
                return visit.download(
                    document(certificate.der), f"{wanted[:16]}.cer", "application/pkix-cert"
                )
        raise PageUnknown

    def give_token(visit: Visit) -> Response:
        wanted = visit.argument("token")
        for stamp in _time_stamps(verdicts.of(visit, visit.kept(visit.argument("id")))):
            if stamp.id == wanted:
                return visit.download(document(stamp.der), f"{wanted[:16]}.tst", "application/octet-stream")
        raise PageUnknown

    return [
        kit.get("/", start),
        kit.post("/verdicts", take_in, upload=True),
        kit.get("/verdicts/{id}", show),
        kit.post("/verdicts/{id}/policy", choose_policy),
        kit.post("/verdicts/{id}/contents", add_content, upload=True),
        kit.post("/verdicts/{id}/records", add_record, upload=True),
        kit.get("/verdicts/{id}/report", tell),
        kit.get("/verdicts/{id}/certificates/{certificate}", give_certificate),
        kit.get("/verdicts/{id}/tokens/{token}", give_token),
    ]


def _named(visit: Visit) -> str:
    """The policy that the form names, empty for the service's own; raises `PolicyUnknown`."""
    named = visit.form.get("policy")
    return preset(named).name if named else ""


class Verdicts:
    """Verdicts on kept documents: each is given once, and again only where this process has forgotten it."""

    def __init__(self, service: Validation) -> None:
        self._service = service
        self._lock = Lock()
        self._given: OrderedDict[tuple[str, ...], Verdict] = OrderedDict()

    def of(self, visit: Visit, kept: Kept) -> Verdict:
        """The verdict on the kept document, with the files beside it; raises what `Validation.validate` raises."""
        contents, records = (tuple(kept.facts.get(place, ())) for place in ("contents", "records"))
        named = kept.facts.get("policy", "")
        key = (kept.id, named, *contents, "", *records)
        with self._lock:
            if found := self._given.get(key):
                self._given.move_to_end(key)
                return found
        content, beside = ([visit.kept(each).document for each in given] for given in (contents, records))
        policy = preset(named) if named else None
        verdict = self._service.validate(
            visit.actor, kept.document, content=content, records=beside, policy=policy
        )
        with self._lock:
            self._given[key] = verdict
            while len(self._given) > REMEMBERED:
                self._given.popitem(last=False)
        return verdict


def _time_stamps(verdict: Verdict) -> Iterator[TimeStampEvidence]:
    for each in verdict.signatures:
        yield from each.signature.every_time_stamp


def _certificates(verdict: Verdict) -> Iterator[Certificate]:
    for each in verdict.signatures:
        yield from each.chain
        yield from each.signature.certificates
    for stamp in _time_stamps(verdict):
        yield from stamp.signature.certificates
