"""Raising signatures to a level: what the format says it needs is stamped or gathered, and put in, until nothing lacks."""

from __future__ import annotations

from collections.abc import Sequence

from shirushi.core.actor import service_actor
from shirushi.core.document import Document
from shirushi.core.evidence import Level, SignatureEvidence
from shirushi.formats.protocol import Format, StampNeeded, ValidationMaterial
from shirushi.ports.trust import TimeStamper
from shirushi.services.signing.model import LevelNotReached, NothingSigned, SignatureBroken
from shirushi.services.signing.service.gathering import Gathering

SELF = service_actor("signing")
"""What this service is towards others."""

_STEPS = (Level.B_T, Level.B_LT, Level.B_LTA)


class Augmenting:
    """Raises what was just signed, and whole documents that anybody signed."""

    def __init__(self, time_stamper: TimeStamper, gathering: Gathering) -> None:
        self._time_stamper = time_stamper
        self._gathering = gathering

    def raise_to(
        self,
        format_: Format,
        document: Document,
        level: Level,
        *,
        contents: Sequence[Document] = (),
        signature: str = "",
        archive_timestamps: int = 1,
        lasting: bool | None = None,
    ) -> Document:
        """One signature, by default the latest, at `level`; `lasting` is as in `Gathering`, by default where B-LT is all.

        Raises what the time-stamper and the sources raise, and `LevelNotReached` where what they gave did not suffice.
        """
        told = None
        anchor_keys = frozenset() if level in {Level.B_B, Level.B_T} else self._gathering.anchor_keys()
        while True:
            need = format_.next_need(
                document,
                level,
                contents=contents,
                signature=signature,
                archive_timestamps=archive_timestamps,
                anchor_keys=anchor_keys,
            )
            if need is None:
                return document
            if need == told:
                raise LevelNotReached(level=level.value)
            told = need
            material: bytes | ValidationMaterial
            if isinstance(need, StampNeeded):
                material = self._time_stamper.stamp(SELF, need.imprint)
            else:
                material = self._gathering.gather(
                    need, lasting=level is Level.B_LT if lasting is None else lasting
                )
            document = format_.attach(document, need, material)

    def extend(
        self, format_: Format, document: Document, level: Level, contents: Sequence[Document] = ()
    ) -> tuple[Document, tuple[SignatureEvidence, ...]]:
        """Every signature of the document at `level`, and the signatures as they were found.

        They rise step by step together, so that one document time-stamp serves all. Where all are at B-LTA already and
        B-LTA is asked for, they are renewed. Raises `NothingSigned`, `SignatureBroken`, and as `raise_to`.
        """
        signatures = format_.parse(document, contents)
        if not signatures:
            raise NothingSigned(name=document.name)
        for each in signatures:
            if each.integrity is False:
                raise SignatureBroken(signature=each.name or each.id)
        # what is inside another signature first: an archive time-stamp around it covers it as it then is
        ordered = [each for each in reversed(signatures) if each.countersigns]
        ordered += [each for each in signatures if not each.countersigns]
        wanted = {each.id: 1 for each in ordered}
        outer = [each for each in signatures if not each.countersigns]
        if level is Level.B_LTA and all(each.level is Level.B_LTA for each in outer or signatures):
            wanted = {each.id: len(each.archive_timestamps) + 1 for each in ordered}
        for step in _STEPS:
            for signature, count in wanted.items():
                if level is not Level.B_B:
                    document = self.raise_to(
                        format_,
                        document,
                        step,
                        contents=contents,
                        signature=signature,
                        archive_timestamps=count,
                        lasting=level is Level.B_LT,
                    )
            if step is level:
                break
        return document, signatures
