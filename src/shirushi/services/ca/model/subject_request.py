"""Certification requests of subjects: what they may say, and how they wait for an operator's approval."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import MalformedAsn1
from shirushi.codecs.asn1.pkcs10 import (
    EXTENSION_REQUEST,
    SUBJECT_ALTERNATIVE_NAME,
    CertificationRequest,
    parse_request,
    request_in,
)
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import GeneralName, GeneralNameKind
from shirushi.core.instant import Instant
from shirushi.core.primitives import verify
from shirushi.services.ca.model.certificate import IssuedCertificate
from shirushi.services.ca.model.compromised import CompromisedKeys
from shirushi.services.ca.model.errors import SubjectNameRefused
from shirushi.services.ca.model.homographs import check_host, check_text
from shirushi.services.ca.model.keys import check_subject_key
from shirushi.services.ca.model.name import DistinguishedName
from shirushi.services.ca.model.profiles import Profile
from shirushi.services.ca.model.refusals import (
    RenewalRefused,
    RequestAttributeRefused,
    RequestExtensionRefused,
    RequestMalformedPkcs10,
    RequestSignatureWrong,
)
from shirushi.services.ca.model.searching import Standing

_KEY_USAGE, _BASIC, _PURPOSES, _KEY_IDENTIFIER = "2.5.29.15", "2.5.29.19", "2.5.29.37", "2.5.29.14"
_EXPECTED = {SUBJECT_ALTERNATIVE_NAME, _KEY_USAGE, _BASIC, _PURPOSES, _KEY_IDENTIFIER}
_TEXT_TAGS = {der.UTF8_STRING, der.PRINTABLE_STRING, der.IA5_STRING}
MOST_NAMES = 100
_LONGEST_NAME = 255
_NAMES = {GeneralNameKind.DNS, GeneralNameKind.EMAIL, GeneralNameKind.IP}


class RequestState(Enum):
    """How far a request has come."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    ISSUED = "issued"


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request that was taken in.

    `serial_number` is that of its certificate once it is issued; `remark` is why whoever decided it did so; `renews` is
    the serial number of the certificate in whose place another is asked for.
    """

    id: str
    authority: str
    profile: str
    subject: str
    der: bytes = field(repr=False)
    state: RequestState
    submitted_by: str
    submitted_at: Instant
    decided_by: str | None = None
    serial_number: int | None = None
    decided_at: Instant | None = None
    remark: str = ""
    renews: int | None = None


@dataclass(frozen=True, slots=True)
class ProvenRequest:
    """A request that passed every check: its signature shows that the subject holds the key."""

    request: CertificationRequest
    subject: DistinguishedName
    alternative_names: tuple[GeneralName, ...]

    @property
    def spki(self) -> bytes:
        """The key in DER."""
        return self.request.public_key.spki

    @property
    def hosts(self) -> frozenset[str]:
        """Every DNS name that it asks for, the commonName where that looks like one."""
        named = {str(each.value) for each in self.alternative_names if each.kind is GeneralNameKind.DNS}
        common = (v for kind, v in self.subject.attributes if kind == "commonName")
        return frozenset(name.lower() for name in (*named, *common))


def prove(data: bytes, kind: Profile, compromised: CompromisedKeys) -> ProvenRequest:
    """Check a request, in PEM or DER, for a certificate of a profile.

    Raises `RequestMalformedPkcs10`, `RequestSignatureWrong`, `SubjectKeyWeak`, `SubjectKeyRefused`,
    `SubjectKeyCompromised`, `RequestAttributeRefused`, `RequestExtensionRefused`, `SubjectNameRefused`,
    `SubjectNameConfusable`.
    """
    try:
        request = parse_request(request_in(data))
        names = request.alternative_names
    except MalformedAsn1 as error:
        raise RequestMalformedPkcs10(detail=error.parameters.get("detail", "")) from error
    check_subject_key(request.public_key.spki)
    if request.algorithm is None or not verify(
        request.public_key.spki, request.algorithm, request.signature, request.tbs
    ):
        raise RequestSignatureWrong
    compromised.check(request.public_key.spki)
    for attribute in request.attributes:
        if attribute != EXTENSION_REQUEST:
            raise RequestAttributeRefused(attribute=attribute)
    for extension in request.extensions:
        _check_extension(extension.oid, extension.value, kind)
    return ProvenRequest(request, _subject(request.subject), _names(names))


def check_renewable(found: IssuedCertificate, now: Instant) -> None:
    """Raise `RenewalRefused` for a certificate that is not in force."""
    standing = found.standing(now)
    if standing is not Standing.VALID:
        raise RenewalRefused(certificate=f"{found.serial_number:x}", detail=standing.value)


def renewed(proven: ProvenRequest, found: IssuedCertificate, now: Instant) -> ProvenRequest:
    """The request with the names of the certificate that it renews, whose subject may leave names out, but add none.

    For its key it is a renewal, for another a rekey (RFC 3647 §4.4.6, §4.4.7). Raises `RenewalRefused` where the
    certificate is not in force, or the request names somebody else.
    """
    check_renewable(found, now)
    certificate = found.certificate
    subject, names = DistinguishedName.decode(certificate.subject.der), certificate.extensions
    if proven.subject.attributes and proven.subject != subject:
        raise RenewalRefused(certificate=f"{found.serial_number:x}", detail="subject")
    if not set(proven.alternative_names) <= set(names.subject_alternative_names):
        raise RenewalRefused(certificate=f"{found.serial_number:x}", detail="subjectAltName")
    return ProvenRequest(proven.request, subject, names.subject_alternative_names)


def _check_extension(oid: str, value: bytes, kind: Profile) -> None:
    """Only what the profile gives anyhow may be asked for: it is never copied."""
    if oid not in _EXPECTED:
        raise RequestExtensionRefused(extension=oid)
    try:
        found = der.single(value)
        match oid:
            case "2.5.29.15":
                asked = der.read_named_bits(found.expect(der.BIT_STRING).value)
                granted = asked <= {usage.value for usage in kind.key_usage} | _TLS_KEY_ENCIPHERMENT
            case "2.5.29.19":
                granted = not found.expect(der.SEQUENCE).children()
            case "2.5.29.37":
                purposes = {der.read_oid(each.value) for each in found.expect(der.SEQUENCE).children()}
                granted = purposes <= set(kind.extended_key_usage)
            case _:
                granted = True
    except MalformedInput as error:
        raise RequestMalformedPkcs10(detail=oid) from error
    if not granted:
        raise RequestExtensionRefused(extension=oid)


_TLS_KEY_ENCIPHERMENT = {2}
"""Clients ask for keyEncipherment out of habit (RFC 5246 §7.4.2): it is not given where the profile has none."""


def _subject(name: bytes) -> DistinguishedName:
    for relative in der.single(name, der.SEQUENCE).children():
        for attribute in relative.children():
            if attribute.children()[1].tag not in _TEXT_TAGS:
                raise SubjectNameRefused(attribute="subject", detail="UTF8String, PrintableString, IA5String")
    found = DistinguishedName.decode(name)
    if found.attributes:
        found.encode()  # bounds and characters
    for kind, value in found.attributes:
        check_text(kind, value)
    return found


def _names(names: tuple[GeneralName, ...]) -> tuple[GeneralName, ...]:
    if len(names) > MOST_NAMES:
        raise SubjectNameRefused(attribute="subjectAltName", detail=f"{len(names)} > {MOST_NAMES}")
    found = []
    for each in names:
        if each.kind not in _NAMES:
            raise SubjectNameRefused(attribute="subjectAltName", detail=each.kind.name)
        match each.value:
            case str(text) if each.kind is GeneralNameKind.DNS:
                found.append(GeneralName(each.kind, check_host(text, wildcard=True)))
            case str(text):
                if len(text) > _LONGEST_NAME or not text.isascii() or text.count("@") != 1:
                    raise SubjectNameRefused(attribute="rfc822Name", detail=text[:_LONGEST_NAME])
                found.append(each)
            case bytes(address) if len(address) in {4, 16}:
                found.append(each)
            case _:
                raise SubjectNameRefused(attribute="subjectAltName", detail=each.kind.name)
    return tuple(dict.fromkeys(found))
