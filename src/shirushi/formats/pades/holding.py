"""What the signatures of a PDF hold for the years to come: where each stands, its time-stamps, and the stores they cover."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from shirushi.codecs.asn1.material import build_material
from shirushi.codecs.pdf.form import SignatureDictionary, signature_fields
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.view import PdfView
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Certificate, SignatureEvidence, TimeStampKind
from shirushi.formats.cms.evidence import cms_evidence, parse_timestamp_token
from shirushi.formats.cms.structure import read_signed_data
from shirushi.formats.long_term import held_path, lacking_chains
from shirushi.formats.pades.declined import NothingToExtend
from shirushi.formats.pades.parse.coverage import closed_revision
from shirushi.formats.pades.parse.material import Store, StoreReader
from shirushi.formats.pades.parse.values import TIMESTAMP


@dataclass(frozen=True, slots=True)
class Standing:
    """A signature where it stands in the file, and the document time-stamps behind it, in their order.

    `last` is whether nothing that is signed follows it.
    """

    signature: SignatureDictionary
    stamps: tuple[SignatureDictionary, ...]
    others: tuple[SignatureDictionary, ...]
    last: bool


def standing(view: PdfView, signature: str = "") -> Standing:
    """The signature of that id, by default the one that stands last in the file; raises `NothingToExtend`.

    A value that names another place than its own counts for nothing.
    """
    placed = sorted(_placed(view), key=lambda each: each.byte_range[2])
    signed = [each for each in placed if each.sub_filter != TIMESTAMP]
    chosen = next((each for each in reversed(signed) if signature in {"", _id(each)}), None)
    if chosen is None:
        raise NothingToExtend(signature=signature)
    behind = [each for each in placed if each.byte_range[2] > chosen.byte_range[2]]
    stamps = tuple(each for each in behind if each.sub_filter == TIMESTAMP)
    others = tuple(each for each in placed if each is not chosen)
    return Standing(chosen, stamps, others, not behind)


def _placed(view: PdfView) -> Iterator[SignatureDictionary]:
    for field in signature_fields(view):
        found = field.signature
        if found and len(found.byte_range) == 4 and found.contents_span == found.byte_range[1:3]:
            yield found


def _id(signature: SignatureDictionary) -> str:
    """The id that evidence has of it; empty where its value cannot be read."""
    try:
        signers = read_signed_data(signature.contents).signers
    except MalformedInput:
        return ""
    return hashlib.sha256(signers[0].value).hexdigest() if signers else ""


def _unasked(_: DigestAlgorithm) -> Digest | None:
    """Nothing is digested here: what a signature holds is asked, not whether it is intact."""
    return None


class Holding:
    """A signature with all that stands around it, read without a look at what it covers.

    `material` are, as evidence, all signatures and tokens of the file with the store's certificates and revocation data.
    `anchor_keys` are as in `Format.next_need`.
    """

    def __init__(self, view: PdfView, where: Standing, anchor_keys: Collection[bytes] = ()) -> None:
        self._anchor_keys = anchor_keys
        self._view = view
        self._stores = StoreReader(view.document.size)
        self.where = where
        self.store = self._stores.read(view)
        self.evidence = cms_evidence(where.signature.contents, _unasked, certificates=self.store.certificates)
        self.stamps = tuple((stamp, _token(stamp)) for stamp in where.stamps)
        whole = dataclasses.replace(
            self.evidence,
            certificates=(*self.evidence.certificates, *self.store.certificates),
            crls=(*self.evidence.crls, *self.store.crls),
            ocsp_responses=(*self.evidence.ocsp_responses, *self.store.ocsp_responses),
        )
        self.material = (whole, *self._inside(whole), *self._tokens(), *self._neighbours())

    def archiving(self) -> tuple[SignatureDictionary, ...]:
        """The document time-stamps that cover a store with the signer's status: those that make it B-LTA."""
        signer = self.evidence.signing_certificate
        if signer is None:
            return ()
        return tuple(stamp for stamp in self.where.stamps if self._covered(stamp).tells_status(signer))

    def lacking(self) -> tuple[tuple[Certificate, ...], ...]:
        """The chains whose material is missing: the signer's, and those of the tokens that prove its time."""
        archiving = self.archiving()
        proving = [token for stamp, token in self.stamps if token and stamp not in archiving]
        return lacking_chains(
            (self.evidence, *self._inside(self.evidence), *proving), self.material, self._anchor_keys
        )

    def chain_of_last_stamp(self) -> tuple[tuple[Certificate, ...], ...]:
        """The chain of the latest document time-stamp whose material nothing in the file tells."""
        return lacking_chains(self._last_tokens(), self.material, self._anchor_keys)

    def renewing(self) -> tuple[tuple[Certificate, ...], ...]:
        """The chain of the latest document time-stamp, unless `/VRI` names material about it.

        What stands in the store otherwise is from before the time-stamp, or from soon after it, and says nothing about
        the time of a renewal.
        """
        around = build_material(certificate for each in self.material for certificate in each.certificates)
        return tuple(
            held_path(token.signing_certificate, around)
            for token in self._last_tokens()
            if token.signing_certificate is not None
            and not self._stores.related(self._view, vri_key(self.stamps[-1][0])).tells_status(
                token.signing_certificate
            )
        )

    def concerned(
        self, chains: tuple[tuple[Certificate, ...], ...], *, renewal: bool
    ) -> tuple[SignatureDictionary, ...]:
        """The signatures and document time-stamps in whose `/VRI` the material for `chains` is named.

        Those that make it B-LTA are named when they are renewed, and not before: see `renewing`.
        """
        targets = {chain[0].id for chain in chains}
        archiving = self.archiving()
        own = (self.evidence, *self._inside(self.evidence))
        found = [self.where.signature] if any(_signer_id(each) in targets for each in own) else []
        found += [
            stamp
            for stamp, token in self.stamps
            if token and _signer_id(token) in targets and (renewal or stamp not in archiving)
        ]
        return tuple(found)

    def _last_tokens(self) -> tuple[SignatureEvidence, ...]:
        return tuple(token for _, token in self.stamps[-1:] if token)

    def _covered(self, stamp: SignatureDictionary) -> Store:
        """The store as it was when the time-stamp was made."""
        reader = self._view
        revision = closed_revision(reader, sum(stamp.byte_range[2:]))
        if revision is None or not isinstance(reader, PdfReader):
            return Store()
        return self._stores.read(reader.at(revision))

    @staticmethod
    def _inside(evidence: SignatureEvidence) -> tuple[SignatureEvidence, ...]:
        return tuple(
            stamp.signature for stamp in (*evidence.content_timestamps, *evidence.signature_timestamps)
        )

    def _tokens(self) -> tuple[SignatureEvidence, ...]:
        return tuple(token for _, token in self.stamps if token)

    def _neighbours(self) -> Iterator[SignatureEvidence]:
        """The other signatures of the file, which may hold certificates that this one's chains need."""
        for each in self.where.others:
            if each.sub_filter == TIMESTAMP:
                continue
            try:
                evidence = cms_evidence(each.contents, _unasked)
            except MalformedInput:
                continue
            yield evidence
            yield from self._inside(evidence)


def _token(stamp: SignatureDictionary) -> SignatureEvidence | None:
    try:
        return parse_timestamp_token(stamp.contents, TimeStampKind.DOCUMENT, _unasked).signature
    except MalformedInput:
        return None


def _signer_id(evidence: SignatureEvidence) -> str:
    return evidence.signing_certificate.id if evidence.signing_certificate else ""


def vri_key(signature: SignatureDictionary) -> str:
    """The key of a signature in `/VRI`: SHA-1 over its `/Contents`, padding included, in upper-case hexadecimal.

    ISO 32000-2 table 261; it names the signature and proves nothing.
    """
    return hashlib.sha1(signature.contents, usedforsecurity=False).hexdigest().upper()
