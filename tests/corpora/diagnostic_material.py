"""Reads certificates, revocation data and trust in the DiagnosticData of the EU's validation library (DSS).

DSS leaves the bytes out, so keys and identifiers are synthetic; facts that its default policy only warns of (name
constraints, policy trees, PDF changes other than of pages) are left out as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Self
from xml.etree import ElementTree as ET

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.names import prepared
from shirushi.core.algorithms import DigestAlgorithm, KeyKind, Scheme, SignatureAlgorithm
from shirushi.core.evidence import (
    BasicConstraints,
    Certificate,
    CertificateIdentifier,
    CertificateStatus,
    Crl,
    DistributionPoint,
    Extensions,
    KeyUsage,
    Material,
    Name,
    OcspResponse,
    PolicyInformation,
    PublicKey,
    QcStatement,
    RevocationReason,
    RevokedEntry,
    SingleResponse,
    TrustAnchor,
)
from shirushi.core.instant import Instant, instant

NS = "{http://dss.esig.europa.eu/validation/diagnostic}"
Element = ET.Element

_USAGES = {
    "digitalSignature": KeyUsage.DIGITAL_SIGNATURE,
    "nonRepudiation": KeyUsage.NON_REPUDIATION,
    "keyEncipherment": KeyUsage.KEY_ENCIPHERMENT,
    "dataEncipherment": KeyUsage.DATA_ENCIPHERMENT,
    "keyAgreement": KeyUsage.KEY_AGREEMENT,
    "keyCertSign": KeyUsage.KEY_CERT_SIGN,
    "crlSign": KeyUsage.CRL_SIGN,
}
_SCHEMES = {
    "RSA": Scheme.RSA_PKCS1,
    "RSASSA-PSS": Scheme.RSA_PSS,
    "ECDSA": Scheme.ECDSA,
    "PLAIN-ECDSA": Scheme.ECDSA,
    "DSA": Scheme.DSA,
    "EdDSA": Scheme.ED25519,
}
_CURVES = {
    192: "1.2.840.10045.3.1.1",
    224: "1.3.132.0.33",
    256: "1.2.840.10045.3.1.7",
    384: "1.3.132.0.34",
    512: "1.3.36.3.3.2.8.1.1.13",
    521: "1.3.132.0.35",
}
_KINDS = {"RSA": KeyKind.RSA, "RSASSA-PSS": KeyKind.RSA, "DSA": KeyKind.DSA, "EdDSA": KeyKind.ED25519}
_REASONS = {
    "certificateHold": RevocationReason.CERTIFICATE_HOLD,
    "keyCompromise": RevocationReason.KEY_COMPROMISE,
    "cACompromise": RevocationReason.CA_COMPROMISE,
    "superseded": RevocationReason.SUPERSEDED,
    "cessationOfOperation": RevocationReason.CESSATION_OF_OPERATION,
    "affiliationChanged": RevocationReason.AFFILIATION_CHANGED,
    "privilegeWithdrawn": RevocationReason.PRIVILEGE_WITHDRAWN,
}
_RESPONDER = frozenset({"1.3.6.1.5.5.7.3.9"})
_CONTENT = {
    "CONTENT_TIMESTAMP",
    "ALL_DATA_OBJECTS_TIMESTAMP",
    "INDIVIDUAL_DATA_OBJECTS_TIMESTAMP",
}


def all_of(element: Element | None, path: str) -> list[Element]:
    if element is None:
        return []
    return element.findall("/".join(NS + step for step in path.split("/")))


def one_of(element: Element | None, path: str) -> Element | None:
    return next(iter(all_of(element, path)), None)


def text_of(element: Element | None, path: str) -> str | None:
    found = one_of(element, path)
    return found.text.strip() if found is not None and found.text and found.text.strip() else None


def time_of(element: Element | None, path: str) -> Instant | None:
    text = text_of(element, path)
    return instant(text) if text else None


def is_true(element: Element | None, path: str) -> bool:
    return text_of(element, path) == "true"


def digest_algorithm(text: str | None) -> DigestAlgorithm | None:
    return DigestAlgorithm.__members__.get((text or "").replace("-", "_"))


def _bits(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _name(element: Element, tag: str) -> Name:
    texts = {e.get("Format"): (e.text or "").strip() for e in all_of(element, tag)}
    canonical = texts.get("CANONICAL", "")
    return Name((frozenset({("dn", canonical)}),), canonical.encode(), texts.get("RFC2253") or canonical)


def _key(identity: str, algorithm: str | None, bits: int) -> PublicKey:
    value = der.tlv(der.BIT_STRING, b"\0" + identity.encode())
    spki = der.sequence(der.sequence(der.oid("1.2.3")), value)
    kind = _KINDS.get(algorithm or "", KeyKind.EC)
    return PublicKey(spki, kind, bits, _CURVES.get(bits) if kind is KeyKind.EC else None)


def algorithm_of(token: Element) -> SignatureAlgorithm | None:
    basic = one_of(token, "BasicSignature")
    scheme = _SCHEMES.get(text_of(basic, "EncryptionAlgoUsedToSignThisToken") or "")
    digest = digest_algorithm(text_of(basic, "DigestAlgoUsedToSignThisToken"))
    if scheme is None or (digest is None and scheme is not Scheme.ED25519):
        return None
    return SignatureAlgorithm(scheme, None if scheme is Scheme.ED25519 else digest)


@dataclass(frozen=True)
class DiagnosticMaterial:
    """One file. Keys are taken as the tokens that they signed say: DSS judges a signature by those, not by the key."""

    root: Element

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls(ET.parse(path).getroot())

    @property
    def time(self) -> Instant:
        found = time_of(self.root, "ValidationDate")
        assert found is not None
        return found

    @cached_property
    def _keys(self) -> dict[str, tuple[str | None, int]]:
        """Algorithm and size of the key of each certificate, as the signatures that it made say."""
        keys = {}
        tokens = all_of(self.root, "Signatures/Signature") + all_of(self.root, "UsedTimestamps/Timestamp")
        for token in tokens:
            bits = _bits(text_of(token, "BasicSignature/KeyLengthUsedToSignThisToken"))
            signer = one_of(token, "SigningCertificate")
            if bits and signer is not None:
                algorithm = text_of(token, "BasicSignature/EncryptionAlgoUsedToSignThisToken")
                keys[signer.get("Certificate", "")] = algorithm, bits
        return keys

    @cached_property
    def _responders(self) -> frozenset[str]:
        signers = (
            one_of(element, "SigningCertificate")
            for element in all_of(self.root, "UsedRevocations/Revocation")
            if text_of(element, "Type") == "OCSP"
        )
        return frozenset(s.get("Certificate", "") for s in signers if s is not None)

    @cached_property
    def certificates(self) -> dict[str, Certificate]:
        return {
            element.get("Id", ""): self._certificate(element)
            for element in all_of(self.root, "UsedCertificates/Certificate")
        }

    def _certificate(self, element: Element) -> Certificate:
        identifier = element.get("Id", "")
        not_before, not_after = time_of(element, "NotBefore"), time_of(element, "NotAfter")
        assert not_before is not None
        assert not_after is not None
        own = text_of(element, "PublicKeyEncryptionAlgo"), _bits(text_of(element, "PublicKeySize"))
        algorithm, bits = self._keys.get(identifier, own)
        extensions = _extensions(one_of(element, "CertificateExtensions"))
        if identifier in self._responders and extensions.extended_key_usage is None:
            extensions = replace(extensions, extended_key_usage=_RESPONDER)  # older files do not tell
        return Certificate(
            id=identifier,
            der=identifier.encode(),
            version=3,
            serial_number=int(text_of(element, "SerialNumber") or 0),
            issuer=_name(element, "IssuerDistinguishedName"),
            subject=self._subject(element),
            not_before=not_before,
            not_after=not_after,
            public_key=_key(text_of(element, "EntityKey") or identifier, algorithm, bits),
            signature_oid="",
            signature_algorithm=algorithm_of(element),
            extensions=extensions,
        )

    def _subject(self, element: Element) -> Name:
        name = _name(element, "SubjectDistinguishedName")
        return name if element.get("Id") in self._issuers else _with_attributes(name, element)

    @cached_property
    def _issuers(self) -> frozenset[str]:
        every = all_of(self.root, "UsedCertificates/Certificate") + all_of(
            self.root, "UsedRevocations/Revocation"
        )
        signers = (one_of(element, "SigningCertificate") for element in every)
        own = (e.get("Id", "") for e in every if is_true(e, "SelfSigned"))
        return frozenset((*(s.get("Certificate", "") for s in signers if s is not None), *own))

    @cached_property
    def _signers(self) -> dict[str, str]:
        """The id of the certificate that signed each certificate and each piece of revocation data, where it verifies."""
        signers = {}
        for element in (
            *all_of(self.root, "UsedCertificates/Certificate"),
            *all_of(self.root, "UsedRevocations/Revocation"),
        ):
            identifier = element.get("Id", "")
            signer = one_of(element, "SigningCertificate")
            if is_true(element, "SelfSigned"):
                signers[identifier] = identifier
            elif signer is not None and is_true(element, "BasicSignature/SignatureIntact"):
                signers[identifier] = signer.get("Certificate", "")
        return signers

    @property
    def anchors(self) -> tuple[TrustAnchor, ...]:
        """The trusted certificates, each for signatures and time-stamps, and as OCSP responder."""
        found = []
        for element in all_of(self.root, "UsedCertificates/Certificate"):
            trusted = one_of(element, "Trusted")
            if trusted is None or (trusted.text or "").strip() != "true":
                continue
            certificate = self.certificates[element.get("Id", "")]
            sunset = trusted.get("sunsetDate")
            until = instant(sunset) if sunset else None
            found.append(TrustAnchor(certificate, certificate.subject.text, valid_until=until))
            found.append(TrustAnchor(certificate, purposes=_RESPONDER))
        found += [TrustAnchor(c, purposes=_RESPONDER) for c in self._foreign_responders()]
        return tuple(found)

    def _foreign_responders(self) -> list[Certificate]:
        """Responders that another than the certificate's issuer authorised.

        DSS takes every responder whose chain is trusted, as if by local configuration (RFC 6960 §4.2.2.2, first case).
        """
        found = []
        for element in all_of(self.root, "UsedRevocations/Revocation"):
            signer = one_of(element, "SigningCertificate")
            responder = signer.get("Certificate", "") if signer is not None else ""
            trusted = {
                a.get("Id")
                for a in all_of(self.root, "UsedCertificates/Certificate")
                if is_true(a, "Trusted")
            }
            chain = {c.get("Certificate") for c in all_of(element, "CertificateChain/ChainItem")} | {
                responder
            }
            if text_of(element, "Type") != "OCSP" or not trusted & chain:
                continue
            for certificate, _ in self._statuses(element.get("Id", "")):
                authority = self._signers.get(certificate.id)
                if authority not in (responder, self._signers.get(responder)):
                    found.append(self.certificates[responder])
        return found

    @cached_property
    def material(self) -> Material:
        crls, responses = [], []
        for element in all_of(self.root, "UsedRevocations/Revocation"):
            signer = one_of(element, "SigningCertificate")
            certificate = self.certificates.get(signer.get("Certificate", "")) if signer is not None else None
            if certificate is None or time_of(element, "ThisUpdate") is None:
                continue
            if text_of(element, "Type") == "CRL":
                crls.append(self._crl(element, certificate))
            else:
                responses.append(self._response(element, certificate))
        return Material(
            tuple(self.certificates.values()), tuple(crls), tuple(responses), frozenset(self._signers.items())
        )

    def _statuses(self, revocation: str) -> list[tuple[Certificate, Element]]:
        """The certificates that a piece of revocation data speaks of, with what it says."""
        return [
            (self.certificates[element.get("Id", "")], status)
            for element in all_of(self.root, "UsedCertificates/Certificate")
            for status in all_of(element, "Revocations/CertificateRevocation")
            if status.get("Revocation") == revocation
        ]

    def _crl(self, element: Element, signer: Certificate) -> Crl:
        this_update = time_of(element, "ThisUpdate")
        assert this_update is not None
        entries = {}
        for certificate, status in self._statuses(element.get("Id", "")):
            if text_of(status, "Status") == "REVOKED":
                when = time_of(status, "RevocationDate")
                assert when is not None
                entries[signer.subject, certificate.serial_number] = RevokedEntry(
                    certificate.serial_number, when, _REASONS.get(text_of(status, "Reason") or "")
                )
        return Crl(
            id=element.get("Id", ""),
            der=b"",
            issuer=signer.subject,
            this_update=this_update,
            next_update=time_of(element, "NextUpdate"),
            signature_oid="",
            signature_algorithm=algorithm_of(element),
            entries=entries,
            expired_certs_on_crl=time_of(element, "ExpiredCertsOnCRL"),
        )

    def _response(self, element: Element, responder: Certificate) -> OcspResponse:
        produced, this_update = time_of(element, "ProductionDate"), time_of(element, "ThisUpdate")
        assert produced is not None
        assert this_update is not None
        singles = []
        for certificate, status in self._statuses(element.get("Id", "")):
            issuer = self.certificates.get(self._signers.get(certificate.id, ""))
            if issuer is None:
                continue
            sha1 = DigestAlgorithm.SHA1
            bits = der.single(issuer.public_key.spki).children()[1].value[1:]
            hashed = None
            if is_true(element, "CertHashExtensionPresent"):
                matches = is_true(element, "CertHashExtensionMatch")
                hashed = sha256(certificate.der).digest() if matches else bytes(32)
            singles.append(
                SingleResponse(
                    CertificateIdentifier(
                        sha1,
                        sha1.digest(certificate.issuer.der),
                        sha1.digest(bits),
                        certificate.serial_number,
                    ),
                    CertificateStatus[text_of(status, "Status") or "UNKNOWN"],
                    this_update,
                    time_of(element, "NextUpdate"),
                    time_of(status, "RevocationDate"),
                    _REASONS.get(text_of(status, "Reason") or ""),
                    time_of(element, "ArchiveCutOff"),
                    hashed,
                )
            )
        return OcspResponse(
            id=element.get("Id", ""),
            der=b"",
            responder=responder.subject,
            produced_at=produced,
            responses=tuple(singles),
            signature_oid="",
            signature_algorithm=algorithm_of(element),
            certificates=(responder,),
        )


UNDERSTOOD = {"2.5.29.15", "2.5.29.37"}
"""The critical extensions that are told: DSS only warns of others that it does not process."""


def _qc_statements(element: Element | None) -> tuple[QcStatement, ...]:
    """The statements of EN 319 412-5 with their information, encoded anew."""
    found = []
    if text_of(element, "QcCompliance") or _present(element, "QcCompliance"):
        found.append(QcStatement("0.4.0.1862.1.1"))
    if _present(element, "QcSSCD"):
        found.append(QcStatement("0.4.0.1862.1.4"))
    types = [der.oid(e.text or "") for e in all_of(element, "QcTypes/QcType") if e.text]
    if types:
        found.append(QcStatement("0.4.0.1862.1.6", der.sequence(*types)))
    countries = [
        der.tlv(der.PRINTABLE_STRING, (e.text or "").encode())
        for e in all_of(element, "QcCClegislation/CountryName")
    ]
    if countries:
        found.append(QcStatement("0.4.0.1862.1.7", der.sequence(*countries)))
    places = [
        der.sequence(der.tlv(der.IA5_STRING, (e.text or "").encode()), der.tlv(der.PRINTABLE_STRING, b"en"))
        for e in all_of(element, "QcEuPDS")
    ]
    if places:
        found.append(QcStatement("0.4.0.1862.1.5", der.sequence(*places)))
    currency = text_of(element, "QcEuLimitValue/currency")
    if currency:
        found.append(
            QcStatement("0.4.0.1862.1.2", der.sequence(der.tlv(der.PRINTABLE_STRING, currency.encode())))
        )
    semantics = text_of(element, "SemanticsIdentifier")
    if semantics:
        found.append(QcStatement("1.3.6.1.5.5.7.11.2", der.sequence(der.oid(semantics))))
    return tuple(found)


def _present(element: Element | None, tag: str) -> bool:
    found = one_of(element, tag)
    return found is not None and found.get("present") == "true"


_SUBJECT = {
    "CommonName": "2.5.4.3",
    "Surname": "2.5.4.4",
    "CountryName": "2.5.4.6",
    "Locality": "2.5.4.7",
    "State": "2.5.4.8",
    "OrganizationName": "2.5.4.10",
    "OrganizationalUnit": "2.5.4.11",
    "Title": "2.5.4.12",
    "GivenName": "2.5.4.42",
    "Pseudonym": "2.5.4.65",
    "OrganizationIdentifier": "2.5.4.97",
    "Email": "1.2.840.113549.1.9.1",
}


def _with_attributes(name: Name, element: Element) -> Name:
    """The subject of who issues nothing, with the attributes that the file tells apart."""
    told = [(oid, text_of(element, tag)) for tag, oid in _SUBJECT.items()]
    return replace(name, normal=(*name.normal, *(frozenset({(oid, prepared(t))}) for oid, t in told if t)))


def _extensions(element: Element | None) -> Extensions:
    basic, usages = one_of(element, "BasicConstraints"), one_of(element, "KeyUsages")
    extended = one_of(element, "ExtendedKeyUsages")
    path_length = basic.get("pathLenConstraint") if basic is not None else None
    no_check = one_of(element, "IdPkixOcspNoCheck")
    every = list(element) if element is not None else []
    policies = one_of(element, "CertificatePolicies")
    return Extensions(
        present=frozenset(e.get("OID", "") for e in every),
        critical=frozenset(
            e.get("OID", "") for e in every if e.get("critical") == "true" and e.get("OID") in UNDERSTOOD
        ),
        certificate_policies=tuple(
            PolicyInformation(e.text or "") for e in all_of(policies, "certificatePolicy")
        )
        if policies is not None
        else None,
        qc_statements=_qc_statements(one_of(element, "QcStatements")),
        ca_issuers_urls=tuple(
            e.text or "" for e in all_of(element, "AuthorityInformationAccess/caIssuersUrl")
        ),
        ocsp_urls=tuple(e.text or "" for e in all_of(element, "AuthorityInformationAccess/ocspUrl")),
        crl_distribution_points=tuple(
            DistributionPoint() for _ in all_of(element, "CRLDistributionPoints/crlUrl")
        ),
        basic_constraints=BasicConstraints(
            basic.get("CA") == "true", int(path_length) if path_length else None
        )
        if basic is not None
        else None,
        key_usage=frozenset(
            _USAGES[bit.text] for bit in all_of(usages, "keyUsageBit") if bit.text and bit.text in _USAGES
        )
        if usages is not None
        else None,
        extended_key_usage=frozenset(e.text or "" for e in all_of(extended, "extendedKeyUsageOid"))
        if extended is not None
        else None,
        ocsp_no_check=no_check is not None and no_check.get("present") == "true",
        short_term=one_of(element, "ValAssuredShortTermCertificate") is not None,
    )
