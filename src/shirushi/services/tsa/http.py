"""Time-stamps over HTTP: the protocol of RFC 3161 §3.4, and files stamped by upload."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shirushi.codecs.zip.writer import NewEntry, write_archive
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import document
from shirushi.faces.http import (
    Answer,
    Call,
    Form,
    Json,
    Operation,
    Outcome,
    Part,
    Raw,
    Router,
    Words,
    attachment,
)
from shirushi.ports.clock import TimeNotAvailable
from shirushi.services.tsa.model import ACCEPTED_IMPRINTS, StampRefused
from shirushi.services.tsa.service import TimeStampingAuthority

QUERY = "application/timestamp-query"
REPLY = "application/timestamp-reply"
ZIP = "application/zip"
MOST_IN_BATCH = 10_000
"""Digests in one request over HTTP: their records are some 40 MB."""


_ACCEPTED = tuple(algorithm.name for algorithm in DigestAlgorithm if algorithm in ACCEPTED_IMPRINTS)
HexDigest = Annotated[str, StringConstraints(pattern=r"^([0-9a-fA-F]{2}){32,64}$")]


class BatchOrder(Words):
    """Many digests of one algorithm; equal ones get one record."""

    algorithm: Literal[_ACCEPTED] = "SHA256"  # type: ignore[valid-type]  # the names of the enumeration, said once
    digests: tuple[HexDigest, ...] = Field(
        min_length=1, max_length=MOST_IN_BATCH, description="in hexadecimal"
    )


class StampForm(Words):
    """A file to be stamped needs no further words."""


def router(service: TimeStampingAuthority) -> Router:
    """The operations of the time-stamping authority."""

    def answer(call: Call) -> Answer:
        return Answer(service.answer(call.actor, call.body), media_type=REPLY)

    def stamp(call: Call) -> Answer:
        given = call.document()
        response = service.stamp_document(call.actor, given)
        return Answer(response, media_type=REPLY, headers=attachment(f"{given.name}.tsr"))

    def stamp_batch(call: Call) -> Answer:
        asked: BatchOrder = call.body
        algorithm = DigestAlgorithm[asked.algorithm]
        digests = [
            Digest(algorithm, bytes.fromhex(each)) for each in dict.fromkeys(map(str.lower, asked.digests))
        ]
        records = service.stamp_batch(call.actor, digests).records()
        archive = write_archive(
            NewEntry(f"{digest.value.hex()}.ers", document(record))
            for digest, record in zip(digests, records, strict=True)
        )
        return Answer(archive, media_type=ZIP, headers=attachment("records.zip"))

    return (
        Operation(
            id="stamps.batch",
            method="POST",
            path="/api/v1/stamps/batches",
            summary="Time-stamp many digests under one token, each with an evidence record of its own (RFC 4998)",
            run=stamp_batch,
            outcomes=(
                Outcome("a ZIP archive of EvidenceRecords in DER, each named by its digest", media_type=ZIP),
            ),
            body=Json(BatchOrder, most=MOST_IN_BATCH * 140),
            errors=(StampRefused, TimeNotAvailable),
            replayable=True,
            tag="tsa",
        ),
        Operation(
            id="tsa.answer",
            method="POST",
            path="/tsa",
            summary="Answer a TimeStampReq (RFC 3161 §3.4); a refusal is an answer too",
            run=answer,
            outcomes=(Outcome("a TimeStampResp in DER", media_type=REPLY),),
            body=Raw(QUERY, "a TimeStampReq in DER"),
            public=True,
            tag="tsa",
        ),
        Operation(
            id="stamps.create",
            method="POST",
            path="/api/v1/stamps",
            summary="Time-stamp a file: proof that it exists now",
            run=stamp,
            outcomes=(Outcome("a TimeStampResp in DER over the SHA-256 of the file", media_type=REPLY),),
            body=Form(StampForm, (Part("document", "the file"),)),
            errors=(StampRefused, TimeNotAvailable),
            replayable=True,
            tag="tsa",
        ),
    )
