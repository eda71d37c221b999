"""Good evidence records and a good trusted list, to be damaged, and what of them counts."""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from lxml import etree

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.evidence_record import encode_archive_time_stamp, encode_evidence_record
from shirushi.codecs.xml.trusted_list import MalformedTrustedList
from shirushi.codecs.xml.trusted_list.writing import write_trusted_list
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Bytes, Document, document
from shirushi.core.evidence import Level, SignatureEvidence
from shirushi.core.trusted_list import (
    Address,
    DigitalIdentity,
    ListedService,
    PostalAddress,
    Provider,
    ServicePeriod,
    ServiceType,
    TrustedList,
)
from shirushi.formats.cades import oids
from shirushi.formats.cades.format import Cades
from shirushi.formats.cades.signed_data import SignedDataParts
from shirushi.formats.cms.attributes import attribute
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.formats.xades.format import Xades
from shirushi.rules.evidence_record import build
from shirushi.rules.lists.acceptance import faults
from shirushi.rules.suites import MODERN
from shirushi.services.trustlist.service.reading import candidate
from tests.unit.formats_cades.world import DAY, World

SHA256, SHA512 = DigestAlgorithm.SHA256, DigestAlgorithm.SHA512
ARCHIVED = document("記録する文書".encode() * 20, "archived.txt", "text/plain")
ERS = "{urn:ietf:params:xml:ns:ers}"
Pieces = Callable[[bytes], list[bytes]]
"""What a token is over and signed with, as encodings, from the token."""


def list_signatures(given: Document, _: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
    """The signature of a list that may be believed, as the trust list service reads it; raises `MalformedTrustedList`."""
    found = candidate(given)
    if wrong := faults(found, MODERN):
        raise MalformedTrustedList(detail=wrong[0].code)
    return tuple(found.signatures)


def trusted_list(own: World) -> Document:
    """A list of two services, signed."""
    said = (("en", "Test"), ("ja", "試験"))
    uris = (("en", "https://list.example.jp/"),)
    address = Address((PostalAddress("en", "1-1", "Chiyoda", "JP"),), uris)
    services = tuple(
        ListedService(
            (
                ServicePeriod(
                    kind.value,
                    said,
                    "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted",
                    own.start - DAY,
                    DigitalIdentity((entity.der,)),
                ),
            )
        )
        for kind, entity in ((ServiceType.CA_QC, own.issuing), (ServiceType.TSA_QTST, own.tsa))
    )
    values = TrustedList(
        version=6,
        sequence=1,
        list_type="http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric",
        territory="JP",
        operators=said,
        scheme_names=said,
        issued=own.start - DAY,
        next_update=own.start + 100 * DAY,
        providers=(Provider(said, (("en", "VATJP-1"),), services, uris, address),),
        information=uris,
        address=address,
        legal_notices=said,
    )
    given = document(write_trusted_list(values), "list.xml", "application/xml")
    return own.sign(Xades(), given, parameters=SignatureParameters(packaging=Packaging.ENVELOPED))


def record(own: World) -> tuple[bytes, list[bytes], list[bytes]]:
    """A record of `ARCHIVED`, renewed under a longer algorithm; its tokens, and the hashes of its trees."""
    first_tree = build([ARCHIVED.digest(SHA256), Digest(SHA256, SHA256.digest(b"another"))])
    first = own.stamp(first_tree.root, own.start)
    chain = encode_archive_time_stamp(SHA256, first_tree.proofs[0], first)
    over = SHA512.digest(ARCHIVED.read()) + SHA512.digest(der.sequence(der.sequence(chain)))
    leaf = Digest(SHA512, SHA512.digest(over))
    second_tree = build([leaf, Digest(SHA512, SHA512.digest(b"another leaf"))])
    second = own.stamp(second_tree.root, own.start + timedelta(hours=1), own.archive_tsa)
    again = encode_archive_time_stamp(SHA512, second_tree.proofs[0], second)
    hashes = [each for tree in (first_tree, second_tree) for group in tree.proofs[0] for each in group]
    return encode_evidence_record([[chain], [again]], [SHA256, SHA512]), [first, second], hashes


def record_in_cades(own: World) -> Document:
    """A signature with a record that covers it."""
    signed = own.raise_to(Cades(), own.sign(Cades(), ARCHIVED), Level.B_LT)
    tree = build([signed.digest(SHA256), Digest(SHA256, SHA256.digest(b"another"))])
    token = own.stamp(tree.root, own.start + timedelta(hours=3), own.archive_tsa)
    made = encode_evidence_record([[encode_archive_time_stamp(SHA256, tree.proofs[0], token)]], [SHA256])
    parts = SignedDataParts.read(signed.read())
    holder = parts.signers[0].with_unsigned(attribute(oids.EVIDENCE_RECORD_INTERNAL, made))
    return replace(signed, source=Bytes(parts.with_signer(0, holder).encode()), appended=b"")


def record_in_xml(own: World) -> bytes:
    """A record of `ARCHIVED` by RFC 6283."""
    tree = build([ARCHIVED.digest(SHA256), Digest(SHA256, SHA256.digest(b"another"))])
    token = b64encode(own.stamp(tree.root, own.start)).decode()
    values = "".join(
        f'<Sequence Order="{order}">'
        + "".join(f"<DigestValue>{b64encode(each).decode()}</DigestValue>" for each in group)
        + "</Sequence>"
        for order, group in enumerate(tree.proofs[0], 1)
    )
    return (
        '<EvidenceRecord xmlns="urn:ietf:params:xml:ns:ers" Version="1.0"><ArchiveTimeStampSequence>'
        '<ArchiveTimeStampChain Order="1">'
        '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        '<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
        f'<ArchiveTimeStamp Order="1"><HashTree>{values}</HashTree><TimeStamp>'
        f'<TimeStampToken Type="RFC3161">{token}</TimeStampToken></TimeStamp></ArchiveTimeStamp>'
        "</ArchiveTimeStampChain></ArchiveTimeStampSequence></EvidenceRecord>"
    ).encode()


def in_xml_record(pieces: Pieces) -> Callable[[bytes], object]:
    """The reader of a record in XML: its hashes, and what of each token is signed."""

    def read(data: bytes) -> object:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
        hashes = sorted(map(_decoded, root.iter(f"{ERS}DigestValue")))
        return hashes, [pieces(_decoded(each)) for each in root.iter(f"{ERS}TimeStampToken")]

    return read


def _decoded(element: etree._Element) -> bytes:
    return b64decode(re.sub(r"\s", "", "".join(element.itertext())))


def with_hashes(pieces: Callable[[bytes], object], hashes: Sequence[bytes]) -> Callable[[bytes], object]:
    """The reader of the pieces, and of whether each hash of the trees still stands somewhere."""
    return lambda data: (pieces(data), [each in data for each in hashes])


def several(readers: Iterator[Callable[[bytes], object]]) -> Callable[[bytes], object]:
    """Every reader's answer."""
    every = tuple(readers)
    return lambda data: [read(data) for read in every]
