"""The validation policies of the EU's DSS library (its policy schema, XML) as ours, as far as both know a check.

A check that a DSS policy leaves out is ignored, as there. What it demands and nothing here checks, and what always fails
here whatever it says, is named in `ValidationPolicy.unmapped`: constraint by constraint for signatures and time-stamps,
whole parts of the file (counter-signatures, revocation data, containers) by the part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shirushi.codecs.xml.reader import Element, parse_xml
from shirushi.core.algorithms import DigestAlgorithm, Scheme
from shirushi.core.evidence import KeyUsage
from shirushi.core.instant import Instant, instant
from shirushi.rules.ades.policy import EU, ValidationPolicy
from shirushi.rules.ades.requirements import ANYTHING, Aspect, Requirement
from shirushi.rules.ades.severity import Severity
from shirushi.rules.suites import AlgorithmCatalogue, DigestEntry, SchemeEntry

NAMESPACE = "http://dss.esig.europa.eu/validation/policy"
_Q = f"{{{NAMESPACE}}}"
_SIGNATURE, _STAMP = "SignatureConstraints", "Timestamp"
_BASIC = "BasicSignatureConstraints"
_SIGNER, _CA = f"{_BASIC}/SigningCertificate", f"{_BASIC}/CACertificate"

_SEVERITIES = {
    "structure": f"{_SIGNATURE}/StructuralValidation",
    "whole_document": f"{_SIGNATURE}/FullScope",
    "signature_policy": f"{_SIGNATURE}/AcceptablePolicies",
    "signature_policy_document": f"{_SIGNATURE}/PolicyAvailable",
    "signature_policy_digest": f"{_SIGNATURE}/PolicyHashMatch",
    "reference_names": f"{_SIGNATURE}/{_BASIC}/ReferenceDataNameMatch",
    "manifest_present": f"{_SIGNATURE}/{_BASIC}/ManifestEntryObjectExistence",
    "manifest_complete": f"{_SIGNATURE}/{_BASIC}/ManifestEntryObjectGroup",
    "manifest_intact": f"{_SIGNATURE}/{_BASIC}/ManifestEntryObjectIntact",
    "manifest_names": f"{_SIGNATURE}/{_BASIC}/ManifestEntryNameMatch",
    "signer_revocation": f"{_SIGNATURE}/{_SIGNER}/RevocationDataAvailable",
    "freshness": f"{_SIGNATURE}/{_SIGNER}/RevocationFreshness",
    "key_usage": f"{_SIGNATURE}/{_SIGNER}/KeyUsage",
    "revocation_issuer_validity": f"{_SIGNATURE}/{_SIGNER}/RevocationIssuerNotExpired",
    "ca_revocation": f"{_SIGNATURE}/{_CA}/RevocationDataAvailable",
    "ca_freshness": f"{_SIGNATURE}/{_CA}/RevocationFreshness",
    "certificate_reference": f"{_SIGNATURE}/SignedAttributes/SigningCertificatePresent",
    "certificate_reference_digest": f"{_SIGNATURE}/SignedAttributes/SigningCertificateDigestAlgorithm",
    "issuer_serial": f"{_SIGNATURE}/SignedAttributes/IssuerSerialMatch",
    "claimed_signing_time": f"{_SIGNATURE}/SignedAttributes/SigningTime",
    "claimed_signing_time_in_validity": f"{_SIGNATURE}/SignedAttributes/SigningTimeInCertRange",
    "time_stamp_order": f"{_STAMP}/Coherence",
    "time_stamp_revocation": f"{_STAMP}/{_SIGNER}/RevocationDataAvailable",
    "time_stamp_freshness": f"{_STAMP}/{_SIGNER}/RevocationFreshness",
    "time_stamp_key_usage": f"{_STAMP}/{_SIGNER}/ExtendedKeyUsage",
    "time_stamp_ca_revocation": f"{_STAMP}/{_CA}/RevocationDataAvailable",
    "time_stamp_certificate_reference": f"{_STAMP}/SignedAttributes/SigningCertificatePresent",
    "cryptography": "Cryptographic",
}
"""Our constraints and where a DSS policy has them."""

_ALWAYS = frozenset(
    f"{part}/{place}"
    for part in (_SIGNATURE, _STAMP)
    for place in (
        *(
            f"{_BASIC}/{each}"
            for each in ("ReferenceDataExistence", "ReferenceDataIntact", "SignatureIntact")
        ),
        *(
            f"{_BASIC}/{each}"
            for each in ("ProspectiveCertificateChain", "ByteRange", "PdfSignatureDictionary")
        ),
        *(f"{_SIGNER}/{each}" for each in ("Recognition", "Signature", "NotExpired", "IssuerName")),
        *(f"{_SIGNER}/{each}" for each in ("NotRevoked", "NotOnHold", "AcceptableRevocationDataFound")),
        *(f"{_CA}/{each}" for each in ("Signature", "NotExpired", "NotRevoked", "NotOnHold", "IssuerName")),
        *(f"{_CA}/{each}" for each in ("CA", "MaxPathLength", "AcceptableRevocationDataFound")),
        *(
            f"SignedAttributes/{each}"
            for each in ("CertDigestMatch", "MessageDigestOrSignedPropertiesPresent")
        ),
    )
) | {
    f"{_STAMP}/RevocationTimeAgainstBestSignatureTime",
    f"{_STAMP}/BestSignatureTimeBeforeExpirationDateOfSigningCertificate",
}
"""What fails in every policy of ours."""

_REQUIREMENTS = {
    "KeyUsage": Aspect.KEY_USAGE,
    "ExtendedKeyUsage": Aspect.EXTENDED_KEY_USAGE,
    "CommonName": Aspect.COMMON_NAME,
    "Surname": Aspect.SURNAME,
    "GivenName": Aspect.GIVEN_NAME,
    "Title": Aspect.TITLE,
    "Country": Aspect.COUNTRY_NAME,
    "Locality": Aspect.LOCALITY_NAME,
    "State": Aspect.STATE_OR_PROVINCE_NAME,
    "OrganizationName": Aspect.ORGANIZATION_NAME,
    "OrganizationUnit": Aspect.ORGANIZATIONAL_UNIT_NAME,
    "OrganizationIdentifier": Aspect.ORGANIZATION_IDENTIFIER,
    "Email": Aspect.EMAIL_ADDRESS,
    "Pseudonym": Aspect.PSEUDONYM,
    "CertificatePolicyIds": Aspect.CERTIFICATE_POLICY,
    "AuthorityInfoAccessPresent": Aspect.ISSUER_ACCESS,
    "RevocationInfoAccessPresent": Aspect.REVOCATION_ACCESS,
    "UsePseudonym": Aspect.PSEUDONYM,
    "SupportedCriticalExtensions": Aspect.CRITICAL_EXTENSION,
    "ForbiddenExtensions": Aspect.EXTENSION,
}
_EXTENDED = {"timeStamping": "1.3.6.1.5.5.7.3.8", "emailProtection": "1.3.6.1.5.5.7.3.4"}
_DIGESTS = {each.label.replace("-", ""): each for each in DigestAlgorithm} | {
    "SHA3224": DigestAlgorithm.SHA3_224
}
_SCHEMES = {
    "RSA": Scheme.RSA_PKCS1,
    "RSASSA-PSS": Scheme.RSA_PSS,
    "DSA": Scheme.DSA,
    "ECDSA": Scheme.ECDSA,
    "PLAIN-ECDSA": Scheme.ECDSA,
    "Ed25519": Scheme.ED25519,
    "Ed448": Scheme.ED448,
}
_UNITS = {"DAYS": "days", "HOURS": "hours", "MINUTES": "minutes", "SECONDS": "seconds"}


def read_dss_policy(data: bytes) -> ValidationPolicy:
    """The policy; raises ValueError, KeyError or what `parse_xml` raises for what is no DSS policy."""
    root = parse_xml(data).root
    if root.tag != f"{_Q}ConstraintsParameters":
        raise ValueError("the root is no ConstraintsParameters")
    found = dict(_leaves(root, ""))
    severities: dict[str, Any] = {
        name: _severity(found.pop(place, None)) for name, place in _SEVERITIES.items()
    }
    severities["cryptography"] = _severity(root.find(f"{_Q}Cryptographic"))
    catalogue, notes = _catalogue(root)
    places = (f"{_SIGNATURE}/{_SIGNER}", f"{_SIGNATURE}/{_CA}", f"{_STAMP}/{_SIGNER}")
    signer, ca, stamp = (tuple(_requirements(place, found)) for place in places)
    accepted = _accepted(root, notes)
    freshness = root.find(_path(_SEVERITIES["freshness"]))
    delay = found.pop(f"{_STAMP}/TimestampDelay", None)
    usages = _ids(root.find(_path(_SEVERITIES["key_usage"])))
    for place, element in found.items():
        level, part = _severity(element), place.partition("/")[0]
        if part not in (_SIGNATURE, _STAMP):
            notes.append(part)
            continue
        if level is Severity.FAIL and place in _ALWAYS:
            continue
        if level is not Severity.IGNORE or place in _ALWAYS:
            fails = " (always fails here)" if place in _ALWAYS else ""
            notes.append(f"{place}: {level.value}{fails}")
    model = root.find(f"{_Q}Model")
    if model is not None and model.get("Value") != "SHELL":
        notes.append(f"Model: {model.get('Value')}")
    return replace(
        EU,
        name=root.get("Name") or "DSS",
        catalogue=catalogue,
        max_freshness=_duration(freshness),
        signer_key_usage=frozenset(_usage(each) for each in usages),
        acceptable_signature_policies=accepted,
        time_stamp_delay=_duration(delay),
        signer_requirements=signer,
        ca_requirements=ca,
        time_stamp_requirements=stamp,
        unmapped=tuple(dict.fromkeys(notes)),
        **severities,
    )


def _leaves(parent: Element, above: str) -> Iterator[tuple[str, Element]]:
    """Every constraint by its place: the elements that have a level. Those of cryptography are a matter of their own."""
    for child in parent:
        if not isinstance(child.tag, str):
            continue
        place = f"{above}{child.tag.removeprefix(_Q)}"
        if place.endswith("Cryptographic"):
            continue
        if child.get("Level") is not None:
            yield place, child
        else:
            yield from _leaves(child, f"{place}/")


def _path(place: str) -> str:
    return "/".join(f"{_Q}{each}" for each in place.split("/"))


def _severity(element: Element | None) -> Severity:
    return Severity.IGNORE if element is None else Severity((element.get("Level") or "FAIL").lower())


def _ids(element: Element | None) -> list[str]:
    return [] if element is None else [(each.text or "").strip() for each in element.iter(f"{_Q}Id")]


def _usage(name: str) -> KeyUsage:
    return KeyUsage[
        "".join(f"_{each}" if each.isupper() else each.upper() for each in name).replace("C_R_L", "CRL")
    ]


def _duration(element: Element | None) -> timedelta | None:
    """A `Value` of a `Unit`; None where it is not asked for."""
    if element is None or _severity(element) is Severity.IGNORE:
        return None
    return timedelta(**{_UNITS[element.get("Unit") or "DAYS"]: int(element.get("Value") or "0")})


def _accepted(root: Element, notes: list[str]) -> frozenset[str] | None:
    """The signature policies that a signer may name, None for any; that one must be named is not checked here."""
    element = root.find(_path(_SEVERITIES["signature_policy"]))
    named = _ids(element)
    if element is None or "ANY_POLICY" in named or "*" in named:
        return None
    if "NO_POLICY" not in named:
        notes.append("SignatureConstraints/AcceptablePolicies: that a policy is named")
    return frozenset(named) - {"NO_POLICY", "IMPLICIT_POLICY"}


def _requirements(place: str, found: dict[str, Element]) -> Iterator[Requirement]:
    """The demands on a certificate that ours can say, taken out of what was found."""
    for name, aspect in _REQUIREMENTS.items():
        element = found.pop(f"{place}/{name}", None)
        if element is None or (severity := _severity(element)) is Severity.IGNORE:
            continue
        ids = frozenset(_ids(element))
        if name == "SupportedCriticalExtensions":
            yield Requirement(aspect, only=ids, severity=severity)
        elif name == "ForbiddenExtensions":
            yield Requirement(aspect, none_of=ids, severity=severity)
        elif name == "UsePseudonym":
            yield Requirement(aspect, none_of=frozenset({ANYTHING}), severity=severity)
        elif name == "KeyUsage":
            yield Requirement(aspect, frozenset(_usage(each).name for each in ids), severity=severity)
        elif name == "ExtendedKeyUsage":
            yield Requirement(aspect, frozenset(_EXTENDED.get(each, each) for each in ids), severity=severity)
        else:
            yield Requirement(aspect, ids or frozenset({ANYTHING}), severity=severity)


def _catalogue(root: Element) -> tuple[AlgorithmCatalogue, list[str]]:
    """The algorithms that are acceptable, each until the date that it has; and what of it is not followed."""
    said = root.find(f"{_Q}Cryptographic")
    name = f"{root.get('Name') or 'DSS'}: Cryptographic"
    if said is None:
        return EU.catalogue, ["Cryptographic: left out"]
    lists = {
        each.tag.removeprefix(_Q): [e for e in each if isinstance(e.tag, str)]
        for each in said
        if isinstance(each.tag, str)
    }
    minimum = {_text(each): int(each.get("Size") or "0") for each in lists.get("MiniPublicKeySize", [])}
    dated = lists.get("AlgoExpirationDate", [])
    notes = [f"{_text(e)}: not known here" for e in dated if _text(e) not in _SCHEMES and _digest(e) is None]
    expiry = said.find(f"{_Q}AlgoExpirationDate")
    if expiry is not None and expiry.get("LevelAfterUpdate"):
        notes.append("Cryptographic/AlgoExpirationDate: LevelAfterUpdate")
    until = {each: _date(e) for e in dated if (each := _digest(e)) is not None}
    digests = tuple(
        DigestEntry(each, until.get(each), name)
        for e in lists.get("AcceptableDigestAlgo", [])
        if (each := _digest(e)) is not None
    )
    schemes: dict[tuple[Scheme, int], SchemeEntry] = {}
    for called in map(_text, lists.get("AcceptableEncryptionAlgo", [])):
        scheme = _SCHEMES.get(called)
        sizes = [(int(e.get("Size") or "0"), _date(e)) for e in dated if _text(e) == called]
        for bits, end in sizes or [(minimum.get(called, 0), None)]:
            if scheme is None:
                notes.append(f"{called}: not known here")
            elif bits >= minimum.get(called, 0):
                schemes[scheme, bits] = SchemeEntry(scheme, bits, end, name)
    return AlgorithmCatalogue(name, digests, tuple(schemes.values())), list(dict.fromkeys(notes))


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _digest(element: Element) -> DigestAlgorithm | None:
    return _DIGESTS.get(_text(element).replace("-", ""))


def _date(element: Element) -> Instant | None:
    said = element.get("Date")
    return None if said is None else instant(f"{said}T00:00:00Z")
