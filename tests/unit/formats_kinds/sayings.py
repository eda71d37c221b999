"""All that a signer may say of a signature, in every format that has a place for it."""

from datetime import UTC, datetime

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.algorithms import encode_signature_algorithm
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document, document
from shirushi.core.evidence import SignaturePolicyIdentifier
from shirushi.formats.asic.container import AsicKind
from shirushi.formats.asic.format import AsicCades
from shirushi.formats.asic.xades_format import AsicXades
from shirushi.formats.cades.format import Cades
from shirushi.formats.jades.format import Jades
from shirushi.formats.protocol import Format, Packaging, ProductionPlace, SignatureParameters
from shirushi.formats.xades.format import Xades
from tests.unit.formats_cades.world import P_256, Entity

TEXT = document("契約書".encode() * 20, "contract.txt", "text/plain")
FORMS: dict[str, tuple[Format, Document, Packaging | None]] = {
    "CAdES enveloping": (Cades(), TEXT, Packaging.ENVELOPING),
    "CAdES detached": (Cades(), TEXT, Packaging.DETACHED),
    "XAdES enveloped": (Xades(), document(b"<a/>", "a.xml", "application/xml"), Packaging.ENVELOPED),
    "XAdES enveloping": (Xades(), TEXT, Packaging.ENVELOPING),
    "XAdES detached": (Xades(), TEXT, Packaging.DETACHED),
    "JAdES": (Jades(), TEXT, None),
    "JAdES detached": (Jades(), TEXT, Packaging.DETACHED),
    "ASiC-S CAdES": (AsicCades(AsicKind.S), TEXT, None),
    "ASiC-E CAdES": (AsicCades(AsicKind.E), TEXT, None),
    "ASiC-S XAdES": (AsicXades(AsicKind.S), TEXT, None),
    "ASiC-E XAdES": (AsicXades(AsicKind.E), TEXT, None),
}
APPROVAL = "1.2.840.113549.1.9.16.6.5"
PLACE = ProductionPlace(street="千代田1-1", postal_code="100-0001", region="関東", country="JP")
POLICY_DOCUMENT = b"We sign what we have read."
POLICY = SignaturePolicyIdentifier(
    "1.2.3.4.5",
    Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(POLICY_DOCUMENT)),
    "http://example.jp/policy.txt",
    "金額は税込みです <20 %>",
)


def attribute_certificate(holder: Entity, issuer: Entity, role: str) -> bytes:
    """An attribute certificate that gives `holder` a role (RFC 5755 §4.1, §4.4.5)."""
    name = issuer.issued.subject.public_bytes()
    serial = der.integer(holder.certificate.serial_number)
    syntax = der.sequence(der.tlv(0xA1, der.tlv(0x86, role.encode("ascii"))))
    start, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2027))
    info = der.sequence(
        der.integer(1),
        der.sequence(der.tlv(0xA0, der.sequence(der.tlv(0xA4, name)), serial)),
        der.tlv(0xA0, der.sequence(der.tlv(0xA4, name))),
        encode_signature_algorithm(P_256),
        der.integer(7),
        der.sequence(*(der.tlv(0x18, f"{each:%Y%m%d%H%M%SZ}".encode()) for each in (start, end))),
        der.sequence(der.sequence(der.oid("2.5.4.72"), der.tlv(der.SET, syntax))),
    )
    value = issuer.sign(info)
    return der.sequence(info, encode_signature_algorithm(P_256), der.tlv(0x03, b"\0" + value))


def everything(holder: Entity, issuer: Entity, packaging: Packaging | None) -> SignatureParameters:
    """All of it at once."""
    return SignatureParameters(
        packaging=packaging,
        location="東京都",
        place=PLACE,
        commitment=APPROVAL,
        claimed_roles=("代表取締役", "監査役"),
        certified_roles=(attribute_certificate(holder, issuer, "urn:example:director"),),
        policy=POLICY,
    )
