"""Documents that others made, signed by us and by pyHanko; and documents made to do harm."""

from io import BytesIO

import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from shirushi.codecs.pdf.errors import MalformedPdf
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.core.document import document
from shirushi.core.evidence import ChangeKind
from shirushi.formats.pades.layout import SignatureKind
from shirushi.formats.pades.parse import parse
from tests.interop.throwaway import Entity, pki
from tests.unit.pades_parse.making import after, next_reference, sign, update


def test_documents_of_every_producer_go_through_all_levels_clean(fixtures):
    paths = sorted((fixtures / "producers").glob("*.pdf"))
    assert len(paths) > 20
    for path in paths:
        given = sign(sign(document(path.read_bytes())), kind=SignatureKind.DOCUMENT_TIMESTAMP)
        reader, store = PdfReader(given), next_reference(given)
        given = update(given, {reader.root_reference: {**reader.root, "DSS": store}, store: {"Certs": []}})
        found = list(after(sign(given, kind=SignatureKind.DOCUMENT_TIMESTAMP)).values())[-4:]
        assert all(change.allowed for changes in found for change in changes), path.name
        assert [change.kind for change in found[0]] == [
            ChangeKind.TIMESTAMP_ADDED,
            ChangeKind.VALIDATION_DATA_ADDED,
            ChangeKind.TIMESTAMP_ADDED,
        ], path.name


@pytest.mark.parametrize("irregular", [None, RebuiltPdf])
def test_harmful_documents_are_read_or_declined(fixtures, irregular):
    paths = sorted((fixtures / "hostile").glob("*.pdf"))
    assert len(paths) > 20
    for path in paths:
        try:
            found = parse(document(path.read_bytes()), irregular)
        except MalformedPdf:
            continue
        assert found == (), path.name


def _signer(entity: Entity) -> signers.SimpleSigner:
    der = entity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificate = asn1_x509.Certificate.load(entity.certificate.public_bytes(Encoding.DER))
    return signers.SimpleSigner(certificate, keys.PrivateKeyInfo.load(der), SimpleCertificateStore())


@pytest.mark.parametrize(
    "name", ["pdftex-contract.pdf", "chromium-contract.pdf", "libreoffice-writer-form.pdf", "qpdf-linearized-streams.pdf"]
)  # fmt: skip
def test_signatures_of_pyhanko(fixtures, name):
    data = (fixtures / "producers" / name).read_bytes()
    signer = _signer(pki().signer)
    certify = {"certify": True, "docmdp_permissions": fields.MDPPerm.FILL_FORMS}
    visible = fields.SigFieldSpec("B", box=(20, 20, 120, 80), on_page=0)
    for field, said, place in (("A", certify, None), ("B", {}, visible), ("C", {}, None)):
        metadata = signers.PdfSignatureMetadata(
            field_name=field, subfilter=fields.SigSeedSubFilter.PADES, **said
        )
        writer = IncrementalPdfFileWriter(BytesIO(data))
        data = signers.sign_pdf(writer, metadata, signer, new_field_spec=place).getvalue()
    found = parse(document(data))
    assert [s.name for s in found] == ["A", "B", "C"]
    assert [s.integrity for s in found] == [True, True, True]
    added = [[c.where for c in s.changes if c.kind is ChangeKind.SIGNATURE_ADDED] for s in found]
    assert added == [['field "B"', 'field "C"'], ['field "C"'], []]
    assert all(change.allowed for s in found for change in s.changes)
    assert not any(s.structure for s in found)
