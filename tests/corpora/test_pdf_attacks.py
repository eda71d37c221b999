"""Shadow attacks (Mainka, Mladenov, Rohlmann, NDSS 2021): signed in good faith, manipulated afterwards."""

from pathlib import Path

import pytest

from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.core.document import document
from shirushi.core.evidence import SignatureEvidence
from shirushi.formats.pades.parse import parse

pytestmark = pytest.mark.corpora


def signatures(path: Path, irregular=None) -> tuple[SignatureEvidence, ...]:
    return parse(document(path.read_bytes(), path.name), irregular)


def is_clean(signature: SignatureEvidence) -> bool:
    return (
        signature.integrity is True
        and not signature.structure
        and all(change.allowed for change in signature.changes)
    )


def found(corpora: Path, beginning: str) -> list[Path]:
    paths = sorted((corpora / "pdf-attacks").rglob(f"{beginning}_*.pdf"))
    assert paths
    return paths


def test_what_was_signed_is_clean(corpora):
    for path in found(corpora, "3"):
        (signature,) = signatures(path)
        assert is_clean(signature), path
        assert signature.covers_whole_document, path


@pytest.mark.parametrize("irregular", [None, RebuiltPdf])
def test_what_was_manipulated_is_never_clean(corpora, irregular):
    for path in found(corpora, "4"):
        every = signatures(path, irregular)
        assert len(every) == 1, path
        assert not is_clean(every[0]), path
        assert not every[0].covers_whole_document, path


def test_what_was_not_signed_has_no_signature(corpora):
    for path in [*found(corpora, "1"), *found(corpora, "2")]:
        assert signatures(path) == (), path
