"""poppler's pdfsig as a judge, with a trust store of our choice."""

import atexit
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from asn1crypto import cms

from tests.conftest import require
from tests.interop.programs import JudgeFailed, pem, run


@dataclass(frozen=True, slots=True)
class PdfsigSignature:
    """What pdfsig says of one signed field, in the order of the file."""

    field: str
    valid: bool
    status: str
    """Its words on the signature, "Signature is Valid." when `valid`."""
    trusted: bool
    """Its "Certificate is Trusted.", or NSS's own word where its "Unknown issue" is no finding: see `pdfsig`."""
    certificate_status: str
    """Its words on the certificate, as they are; empty when it did not come so far."""
    signer: str
    signer_dn: str
    digest: str
    type: str
    ranges: tuple[tuple[int, int], ...]
    """Signed ranges as (start, end), end exclusive."""
    whole_document: bool


def pdfsig(document: bytes | Path, trust_pems: Sequence[bytes] = ()) -> tuple[PdfsigSignature, ...]:
    """Ask poppler's pdfsig, with an NSS database that trusts exactly `trust_pems` (PEM or DER).

    Certificates are judged now, offline; revocation is not. No signature gives ().

    Before version 24 pdfsig reports an error that NSS met on its way to success as "Unknown issue with Certificate or
    corrupted data." In that case alone the same NSS call is made once more through vfychain, and its answer counts.
    """
    require("pdfsig", "poppler-utils")
    database = _nss_database(tuple(pem(item) for item in trust_pems))
    with tempfile.TemporaryDirectory(prefix="shirushi-judge-") as name:
        folder = Path(name)
        path = document if isinstance(document, Path) else folder / "document.pdf"
        if isinstance(document, bytes):
            path.write_bytes(document)
        done = run("pdfsig", "-nssdir", f"sql:{database}", "-no-ocsp", str(path))
        if "does not contain any signatures" in done.stdout + done.stderr:
            return ()
        if "Signature #" not in done.stdout:
            raise JudgeFailed(done)
        blocks = re.split(r"^Signature #\d+:\n", done.stdout, flags=re.MULTILINE)[1:]
        found = [_signature(block) for block in blocks]
        found = [_second_look(one, number, path, folder, database) for number, one in enumerate(found)]
        return tuple(one for one in found if one.status)


def _second_look(
    one: PdfsigSignature, number: int, path: Path, folder: Path, database: Path
) -> PdfsigSignature:
    if not (one.valid and one.certificate_status.startswith("Unknown issue")):
        return one
    with path.open("rb") as file:
        file.seek(one.ranges[0][1] + 1)
        digits = file.read(one.ranges[1][0] - 1 - file.tell())
    signed_data = cms.ContentInfo.load(bytes.fromhex(digits.decode("ascii")))["content"]  # type: ignore[no-untyped-call]  # no types
    certificates = [choice.chosen for choice in signed_data["certificates"]]
    signer = signed_data["signer_infos"][0]["sid"].chosen
    ordered = sorted(certificates, key=lambda item: item.serial_number != signer["serial_number"].native)
    files = []
    for place, certificate in enumerate(ordered):
        files.append(folder / f"{number}-{place}.der")
        files[-1].write_bytes(certificate.dump())
    done = run("vfychain", "-d", f"sql:{database}", "-pp", "-u", "4", *(str(file) for file in files))
    return replace(one, trusted="Chain is good!" in done.stdout + done.stderr)


def _signature(block: str) -> PdfsigSignature:
    def of(label: str) -> str:
        found = re.search(rf"^  - {re.escape(label)}: (.*)$", block, flags=re.MULTILINE)
        return found[1].strip() if found else ""

    status, certificate = of("Signature Validation"), of("Certificate Validation")
    return PdfsigSignature(
        field=of("Signature Field Name"),
        valid=status == "Signature is Valid.",
        status=status,
        trusted=certificate == "Certificate is Trusted.",
        certificate_status=certificate,
        signer=of("Signer Certificate Common Name"),
        signer_dn=of("Signer full Distinguished Name"),
        digest=of("Signing Hash Algorithm"),
        type=of("Signature Type"),
        ranges=tuple((int(a), int(b)) for a, b in re.findall(r"\[(\d+) - (\d+)\]", of("Signed Ranges"))),
        whole_document="- Total document signed" in block,
    )


@cache
def _nss_database(trust_pems: tuple[bytes, ...]) -> Path:
    require("certutil", "libnss3-tools")
    folder = tempfile.TemporaryDirectory(prefix="shirushi-nss-")
    atexit.register(folder.cleanup)
    for number, command in enumerate([("-N", "--empty-password"), *[None] * len(trust_pems)]):
        arguments = command or (
            "-A",
            "-n",
            f"anchor {number}",
            "-t",
            "CT,CT,CT",
            "-i",
            f"{folder.name}/anchor.pem",
        )
        if number:
            Path(folder.name, "anchor.pem").write_bytes(trust_pems[number - 1])
        done = run("certutil", "-d", f"sql:{folder.name}", *arguments)
        if done.returncode:
            raise JudgeFailed(done)
    return Path(folder.name)
