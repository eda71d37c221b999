"""Hostile containers: small files that unpack to much, or that name each other over and over."""

import base64
import io
import zipfile

from shirushi.formats.asic.container import AsicKind
from tests.unit.bounds.composed import Composed, composed
from tests.unit.bounds.xmls import WRONG
from tests.unit.formats_xades.test_references import hand_made, reference

NAMESPACE = "http://uri.etsi.org/02918/v1.2.1#"


def _container(files: dict[str, bytes]) -> Composed:
    kind = AsicKind.E.value
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", kind)
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
    return Composed(kind, held.getvalue())


def _manifest(signature: str, listed: str) -> bytes:
    return (
        f'<asic:ASiCManifest xmlns:asic="{NAMESPACE}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
        f'<asic:SigReference URI="{signature}"/>{listed}</asic:ASiCManifest>'
    ).encode()


def _listed(name: str, algorithm: str = "http://www.w3.org/2001/04/xmlenc#sha256") -> str:
    value = base64.b64encode(bytes(32)).decode()
    return (
        f'<asic:DataObjectReference URI="{name}"><ds:DigestMethod Algorithm="{algorithm}"/>'
        f"<ds:DigestValue>{value}</ds:DigestValue></asic:DataObjectReference>"
    )


@composed
def a_bomb_under_every_digest() -> Composed:
    """A signature names one file under each algorithm."""
    more, later = "http://www.w3.org/2001/04/xmldsig-more#", "http://www.w3.org/2007/05/xmldsig-more#"
    names = [
        "http://www.w3.org/2000/09/xmldsig#sha1",
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2001/04/xmlenc#sha512",
        *(f"{more}{each}" for each in ("md5", "sha224", "sha384")),
        *(f"{later}sha3-{bits}" for bits in (224, 256, 384, 512)),
    ]
    references = "".join(reference("bomb", WRONG, algorithm=each) for each in names)
    signatures = hand_made(references).read()
    return _container({"bomb": bytes(60 << 20), "META-INF/signatures.xml": signatures})


@composed
def a_bomb_in_meta_inf() -> Composed:
    """All of it would be read to hold it against its checksums."""
    signatures = hand_made(reference("a", WRONG)).read()
    return _container(
        {"a": b"a", "META-INF/signatures.xml": signatures}
        | {f"META-INF/x{number}": bytes(6 << 20) for number in range(10)}
    )


@composed
def many_manifests_for_many_signatures() -> Composed:
    """Each signature file looks through every manifest."""
    files = {"a": b"a"}
    listed = "".join(_listed(f"f{number}") for number in range(20))
    for number in range(800):
        files[f"META-INF/signature{number}.p7s"] = b"0\x80"
        files[f"META-INF/ASiCManifest{number}.xml"] = _manifest(f"META-INF/signature{number}.p7s", listed)
    return _container(files)


@composed
def many_files_for_many_signatures() -> Composed:
    """Each XAdES file may refer to each of the others."""
    signatures = hand_made(reference("a", WRONG)).read()
    return _container(
        {"a": b"a"}
        | {f"f{number}": b"" for number in range(2_000)}
        | {f"META-INF/signatures{number}.xml": signatures for number in range(300)}
    )
