"""The pages of time-stamping: bring a file, take its time-stamp home."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from shirushi.codecs.asn1.tsp import PkiStatus, encode_timestamp_response
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import document
from shirushi.core.evidence import TimeStampKind
from shirushi.core.instant import instant, rfc3339
from shirushi.faces.portal.kit import Kit, Task
from shirushi.faces.portal.visit import Visit
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.services.tsa.service import TimeStampingAuthority

TSR = "application/timestamp-reply"


def pages(service: TimeStampingAuthority, kit: Kit) -> list[Route]:
    """The pages of time-stamping, for whoever has signed in."""
    kit.task(Task("stamp", "/stamp", frozenset(), order=30))

    def choose(visit: Visit) -> Response:
        return visit.page("tsa/choose.html")

    def stamp(visit: Visit) -> Response:
        kept = visit.take_in("document")
        try:
            imprint = kept.document.digest(DigestAlgorithm.SHA256)
            token = service.stamp(visit.actor, imprint)
        finally:
            visit.drop(kept)
        info = parse_timestamp_token(token, TimeStampKind.CONTENT, lambda _: imprint).info
        made = visit.put(
            document(encode_timestamp_response(PkiStatus.GRANTED, token)),
            f"{kept.document.name}.tsr",
            file=kept.document.name,
            size=kept.document.size,
            time=rfc3339(info.gen_time),
            serial=str(info.serial_number),
            policy=info.policy_oid,
            accuracy=f"{info.accuracy.total_seconds():g}",
            digest=imprint.value.hex(),
        )
        return visit.go(f"/stamp/{made.id}")

    def done(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        return visit.page("tsa/done.html", kept=kept, time=instant(kept.facts["time"]))

    def hand_out(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        return visit.download(kept.document, kept.document.name, TSR)

    return [
        kit.get("/stamp", choose, roles=()),
        kit.post("/stamp", stamp, roles=(), upload=True),
        kit.get("/stamp/{id}", done, roles=()),
        kit.get("/stamp/{id}/download", hand_out, roles=()),
    ]
