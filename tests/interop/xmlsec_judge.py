"""xmlsec1 as a judge: the C library behind most XML signatures that are verified in the field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.conftest import require
from tests.interop.programs import bundle, laid_out, run

_ID_ATTRIBUTES = (
    "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
    "http://www.w3.org/2000/09/xmldsig#:Object",
    "http://www.w3.org/2000/09/xmldsig#:SignatureValue",
)


@dataclass(frozen=True, slots=True)
class XmlsecVerdict:
    """Whether xmlsec1 accepted references, value and path, and everything that it printed."""

    ok: bool
    output: str

    def __bool__(self) -> bool:
        return self.ok


def xmlsec_verify(
    document: bytes,
    roots: Sequence[bytes],
    *,
    intermediates: Sequence[bytes] = (),
    contents: Mapping[str, bytes] | None = None,
    at: datetime | None = None,
) -> XmlsecVerdict:
    """Ask `xmlsec1 --verify` about the first signature of a document, with a path to `roots`.

    `contents` are detached files by the URI that names them. Certificates are PEM or DER.
    """
    require("xmlsec1", "xmlsec1")
    files = {f"content{number}": content for number, content in enumerate((contents or {}).values())}
    with laid_out(document=document, roots=bundle(roots), more=bundle(intermediates), **files) as paths:
        maps = [f"--url-map:{uri}" for uri in contents or {}]
        mapped = [
            each for pair in zip(maps, (str(paths[name]) for name in files), strict=True) for each in pair
        ]
        done = run(
            *("xmlsec1", "--verify"),
            *(each for name in _ID_ATTRIBUTES for each in ("--id-attr:Id", name)),
            *("--trusted-pem", str(paths["roots"])),
            *(("--untrusted-pem", str(paths["more"])) if intermediates else ()),
            *(("--verification-gmt-time", at.strftime("%Y-%m-%d %H:%M:%S")) if at else ()),
            *mapped,
            str(paths["document"]),
        )
    return XmlsecVerdict(done.returncode == 0, done.stdout + done.stderr)
