"""One XML signature as evidence: what it says, and whether references and value are right."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from itertools import islice

from shirushi.codecs.xml.algorithms import localname
from shirushi.codecs.xml.c14n import Canonicalization
from shirushi.codecs.xml.dsig import MANIFEST, OBJECT, DsSignature
from shirushi.codecs.xml.names import ds
from shirushi.codecs.xml.reader import Element
from shirushi.codecs.xml.text import bytes_of
from shirushi.core import primitives
from shirushi.core.algorithms import Digest, DigestAlgorithm, Scheme
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    Certificate,
    Crl,
    OcspResponse,
    Reference,
    ReferenceKind,
    SignatureEvidence,
    SignatureFormat,
    TimeStampEvidence,
    TimeStampKind,
)
from shirushi.core.reason import Reason, reason
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.formats.cms.structure import readable_certificates, readable_crls, readable_ocsp_responses
from shirushi.formats.long_term import ids_of, ids_of_stamps
from shirushi.formats.raw_ecdsa import to_der
from shirushi.formats.xades.bare_keys import bare_keys
from shirushi.formats.xades.properties import (
    NAMESPACES,
    CertReference,
    SignedSays,
    child,
    children,
    descendants,
    is_xades,
    signed_says,
)
from shirushi.formats.xades.records import read_records
from shirushi.formats.xades.references import Dereferencer, Resolved, Surroundings
from shirushi.formats.xades.stamps import (
    ARCHIVE_STAMPS,
    REFERENCE_STAMPS,
    SIGNATURE_STAMPS,
    UNSIGNED_STAMPS,
    Covered,
    Parts,
    tokens_of,
)

SIGNED_PROPERTIES_TYPES = frozenset(
    {f"{namespace}SignedProperties" for namespace in NAMESPACES}
    | {"http://uri.etsi.org/01903#SignedProperties"}
)
COUNTERSIGNED = "http://uri.etsi.org/01903#CountersignedSignature"
_MOST_STAMPS = 256
_MOST_CANDIDATES = 64


class Examination:
    """One signature, examined."""

    def __init__(self, signature: DsSignature, around: Surroundings) -> None:
        self.signature = signature
        self.around = around
        self.dereferencer = Dereferencer(signature, around)
        self.id = hashlib.sha256(signature.value).hexdigest()
        self.structure: list[Reason] = []
        self.warnings: list[Reason] = []
        self.qualifying = self._qualifying_properties()
        self.resolved = tuple(self._in_place(each) for each in self.dereferencer.all())
        self.signed_properties = self._signed_properties()
        self.says = SignedSays() if self.signed_properties is None else signed_says(self.signed_properties)
        self.covered = Covered(signature, self.resolved, self.signed_properties)
        self.certificate, self.value_intact = self._signing_certificate()

    @property
    def unsigned(self) -> list[Element]:
        """The unsigned properties of the signature, in their order."""
        properties = child(child(self.qualifying, "UnsignedProperties"), "UnsignedSignatureProperties")
        return [] if properties is None else [each for each in properties if isinstance(each.tag, str)]

    @cached_property
    def listed(self) -> tuple[Resolved, ...]:
        """The entries of every manifest that a reference covers."""
        found: list[Resolved] = []
        for each in self.resolved:
            try:
                found += self.dereferencer.manifest_entries(each)
            except MalformedInput as error:
                self.warnings.append(reason("XADES_PROPERTY_MALFORMED", property=f"Manifest ({error.code})"))
        return tuple(found)

    @cached_property
    def key_info_certificates(self) -> tuple[Certificate, ...]:
        """The certificates in `ds:KeyInfo`."""
        info = self.signature.key_info
        return (
            ()
            if info is None
            else self._certificates(info.findall(f"{ds('X509Data')}/{ds('X509Certificate')}"))
        )

    @cached_property
    def value_certificates(self) -> tuple[Certificate, ...]:
        """The certificates that unsigned properties carry."""
        found = (e for each in self._own_unsigned() for e in descendants(each, "EncapsulatedX509Certificate"))
        return self._certificates(found)

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """All of them, each once."""
        return tuple({c.id: c for c in (*self.key_info_certificates, *self.value_certificates)}.values())

    def evidence(self) -> SignatureEvidence:
        """All of it."""
        references = self._references()
        content = self._content_timestamps()
        stamps = self._unsigned_timestamps(content)
        cited = self._reference_to_certificate()
        crls, responses = self._revocation_data(self._own_unsigned())
        info = self.signature.signed_info
        evidence = SignatureEvidence(
            id=self.id,
            format=SignatureFormat.XMLDSIG if self.signed_properties is None else SignatureFormat.XADES,
            references=references,
            value_intact=self.value_intact,
            signature_oid=info.signature_uri,
            signature_algorithm=info.signature_algorithm,
            signing_certificate=self.certificate,
            certificate_reference=None
            if cited is None or self.certificate is None
            else cited.to(self.certificate),
            certificates=self.certificates,
            crls=crls,
            ocsp_responses=responses,
            claimed_signing_time=self.says.signing_time,
            policy=self.says.policy,
            content_timestamps=content,
            signature_timestamps=tuple(s for s in stamps if s.kind is TimeStampKind.SIGNATURE),
            archive_timestamps=tuple(s for s in stamps if s.kind is TimeStampKind.ARCHIVE),
            structure=(*self.structure, *self.says.failings),
            level_failings=tuple(dict.fromkeys(self.warnings)),
            covers_whole_document=self._covers_whole_document(),
            name=self.signature.id,
            signature_value=self.signature.value,
            attributes_digest_algorithms=() if cited is None else (cited.digest.algorithm,),
            claims=self.says.claims,
        )
        records, unread = read_records(
            self.covered, self.listed, self.unsigned, evidence.identifiers, self.signature.id
        )
        failings = (*evidence.level_failings, *unread)
        return dataclasses.replace(evidence, evidence_records=records, level_failings=failings)

    def _qualifying_properties(self) -> Element | None:
        """The one `QualifyingProperties` inside one of the signature's own objects (EN 319 132-1 §4.4.1)."""
        found = [each for o in self.signature.objects for each in children(o, "QualifyingProperties")]
        if len(found) > 1:
            self.structure.append(reason("XADES_PROPERTY_REPEATED", property="QualifyingProperties"))
        if not found:
            return None
        target = found[0].get("Target", "")
        if target.removeprefix("#") != self.signature.id:
            self.structure.append(reason("XADES_TARGET_FOREIGN", target=target or "-"))
        return found[0]

    def _in_place(self, resolved: Resolved) -> Resolved:
        """The reference, without what it selects where that is not of this signature as its type says.

        A part of the signature that was moved elsewhere still has its digest: it counts for nothing there.
        """
        kind, element = resolved.reference.type, resolved.element
        if resolved.source is None or kind not in {OBJECT, MANIFEST, *SIGNED_PROPERTIES_TYPES}:
            return resolved
        own = self._own_properties if kind in SIGNED_PROPERTIES_TYPES else self._objects
        if element is not None and (element.getparent() if kind == MANIFEST else element) in own:
            return resolved
        misplaced = reason("XADES_REFERENCE_MISPLACED", uri=resolved.reference.uri or "-")
        return dataclasses.replace(resolved, source=None, reasons=(misplaced,))

    @cached_property
    def _objects(self) -> frozenset[Element]:
        return frozenset(self.signature.objects)

    @cached_property
    def _own_properties(self) -> frozenset[Element]:
        return frozenset(children(self.qualifying, "SignedProperties"))

    def _signed_properties(self) -> Element | None:
        """The `SignedProperties` that a reference selects: read is the element that was dereferenced, and no other."""
        own = self._own_properties
        signed = [each for each in self.resolved if each.element is not None and each.element in own]
        if own and not signed:
            self.structure.append(reason("XADES_SIGNED_PROPERTIES_UNSIGNED"))
        if not signed:
            return None
        if len(own) > 1 or len(signed) > 1:
            self.structure.append(reason("XADES_PROPERTY_REPEATED", property="SignedProperties"))
        if not all(Canonicalization.of(t.algorithm) for t in signed[0].reference.transforms):
            self.structure.append(reason("XADES_SIGNED_PROPERTIES_TRANSFORMED"))
            return None
        return signed[0].element

    def _certificates(self, elements: Iterable[Element]) -> tuple[Certificate, ...]:
        """Each element is read once for all signatures of the document: they may stand inside each other."""
        known = self.around.certificates
        found: dict[str, Certificate] = {}
        for each in elements:
            if each not in known:
                known[each] = readable_certificates(_readable([each]))
            found.update((c.id, c) for c in known[each])
        return tuple(found.values())

    def _own_unsigned(self) -> list[Element]:
        """The unsigned properties without those of counter-signatures inside them."""
        return [each for each in self.unsigned if not is_xades(each, "CounterSignature")]

    def _signing_certificate(self) -> tuple[Certificate | None, bool | None]:
        """The certificate that the signed properties name, else the one whose key verifies; and whether it does.

        Without any, whether a key that stands there by itself verifies.
        """
        known = self.certificates
        named = [c for c in known if any(r.digest_matches(c) for r in self.says.references)]
        fallback: tuple[Certificate | None, bool | None] = (None, None)
        candidates = {c.id: c for c in (*named, *self.key_info_certificates)}
        if not candidates:
            told = [self._verified(each) for each in bare_keys(self.signature.key_info)[:_MOST_CANDIDATES]]
            return None, True if True in told else False if False in told else None
        for each in islice(candidates.values(), _MOST_CANDIDATES):
            verified = self._verified(each.public_key.spki)
            if verified:
                return each, True
            if fallback[0] is None:
                fallback = each, verified
        return fallback

    def _verified(self, spki: bytes) -> bool | None:
        algorithm = self.signature.signed_info.signature_algorithm
        if algorithm is None or not primitives.supports(spki, algorithm):
            return None
        value = self.signature.value
        if algorithm.scheme in {Scheme.ECDSA, Scheme.DSA}:
            value = to_der(value)
        return primitives.verify(spki, algorithm, value, self.signature.signed_info.octets)

    def _reference_to_certificate(self) -> CertReference | None:
        """The reference that names the signing certificate, else the first."""
        references, certificate = self.says.references, self.certificate
        named = (r for r in references if certificate is not None and r.digest_matches(certificate))
        return next(named, next(iter(references), None))

    def _references(self) -> tuple[Reference, ...]:
        """Every reference, and every entry of a manifest that one covers."""
        kinds = ReferenceKind
        own = [(each, kinds.MANIFEST if each.is_manifest else kinds.DATA) for each in self.resolved]
        found: list[Reference] = []
        for each, kind in (*own, *((entry, kinds.MANIFEST_ENTRY) for entry in self.listed)):
            checked, reasons = each.checked()
            found.append(dataclasses.replace(checked, kind=kind))
            (self.structure if checked.found is False else self.warnings).extend(reasons)
        return tuple(found)

    def _covers_whole_document(self) -> bool:
        """Whether nothing stands in the document beside what is signed and the signatures."""
        root = self.signature.document.root
        if root is self.signature.element:
            return True
        return (
            any(each.reference.uri in {"", "#xpointer(/)"} or each.element is root for each in self.resolved)
            or self.around.only_signatures
        )

    def _content_timestamps(self) -> tuple[TimeStampEvidence, ...]:
        stamps = self.says.content_timestamps[:_MOST_STAMPS]
        return tuple(
            token
            for each in stamps
            for token in self._tokens(
                each, TimeStampKind.CONTENT, partial(self.covered.content, each), frozenset()
            )
        )

    def _unsigned_timestamps(self, content: Sequence[TimeStampEvidence]) -> tuple[TimeStampEvidence, ...]:
        """Time-stamps among the unsigned properties, each with the ids of what stands in front of it."""
        found: list[TimeStampEvidence] = []
        gathered = {c.id for c in self.key_info_certificates} | ids_of_stamps(content)
        unsigned = self.unsigned
        for index, each in enumerate(unsigned):
            if is_xades(each, *UNSIGNED_STAMPS) and len(found) < _MOST_STAMPS:
                name, before = localname(each), unsigned[:index]
                covers = {self.id}
                if name in ARCHIVE_STAMPS:
                    covers |= gathered
                elif name in REFERENCE_STAMPS:
                    covers = set()
                kind = TimeStampKind.SIGNATURE if name in SIGNATURE_STAMPS else TimeStampKind.ARCHIVE
                tokens = self._tokens(
                    each, kind, partial(self.covered.unsigned, each, before), frozenset(covers)
                )
                found += tokens
                gathered |= ids_of_stamps(tokens)
            elif not is_xades(each, "CounterSignature"):
                crls, responses = self._revocation_data([each])
                certificates = self._certificates(descendants(each, "EncapsulatedX509Certificate"))
                gathered |= ids_of(certificates, crls, responses)
        return tuple(found)

    def _tokens(
        self, stamp: Element, kind: TimeStampKind, parts: Callable[[], Parts | None], covers: frozenset[str]
    ) -> tuple[TimeStampEvidence, ...]:
        """The tokens of one property that can be read; the rest is warned of."""

        def expected(algorithm: DigestAlgorithm) -> Digest | None:
            try:
                found = parts()
                return None if found is None else self.around.digest_of(found, algorithm)
            except MalformedInput as error:
                self.warnings.append(reason(error.code, **error.parameters))
                return None

        try:
            return tuple(
                parse_timestamp_token(token, kind, expected, covers=covers)
                for token in list(tokens_of(stamp))[:_MOST_STAMPS]
            )
        except MalformedInput as error:
            self.warnings.append(
                reason("CMS_TIMESTAMP_UNREADABLE", detail=error.parameters.get("detail", ""))
            )
            return ()

    def _revocation_data(
        self, properties: Iterable[Element]
    ) -> tuple[tuple[Crl, ...], tuple[OcspResponse, ...]]:
        properties = list(properties)
        crls = readable_crls(_readable(e for p in properties for e in descendants(p, "EncapsulatedCRLValue")))
        responses = readable_ocsp_responses(
            _readable(e for p in properties for e in descendants(p, "EncapsulatedOCSPValue"))
        )
        return tuple({c.id: c for c in crls}.values()), tuple({r.id: r for r in responses}.values())


def _readable(elements: Iterable[Element]) -> Iterable[bytes]:
    """What the elements hold in base64; what cannot be read is as good as absent."""
    for each in elements:
        try:
            yield bytes_of(each)
        except MalformedInput:
            continue


def unreadable(element: Element, error: MalformedInput) -> SignatureEvidence:
    """A `ds:Signature` that cannot be read is evidence too: of a broken structure."""
    value = element.find(ds("SignatureValue"))
    text = "" if value is None else "".join(value.itertext())
    return SignatureEvidence(
        id=hashlib.sha256(text.encode()).hexdigest(),
        format=SignatureFormat.XADES,
        references=(),
        value_intact=None,
        signature_oid="",
        signature_algorithm=None,
        signing_certificate=None,
        certificate_reference=None,
        structure=(reason(error.code, **error.parameters),),
        name=element.get("Id", ""),
    )


def counter_signed(examination: Examination, parent_value: Element | None) -> SignatureEvidence:
    """The evidence of a signature with the id of the one that it countersigns.

    One inside a `CounterSignature` must cover the value of the signature around it (EN 319 132-1 §5.2.7.2).
    """
    evidence = examination.evidence()
    values = [
        e
        for each in examination.resolved
        if (e := each.element) is not None and e.tag == ds("SignatureValue")
    ]
    if parent_value is not None and not any(each is parent_value for each in values):
        foreign = reason("XADES_COUNTER_SIGNATURE_FOREIGN")
        return dataclasses.replace(evidence, structure=(foreign, *evidence.structure))
    for each in _readable(values):
        return dataclasses.replace(evidence, countersigns=hashlib.sha256(each).hexdigest())
    return evidence
