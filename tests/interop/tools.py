"""Judges of other hands behind small typed functions: poppler, qpdf, OpenSSL, pyHanko.

Each takes bytes (a large PDF may be a path), works in a temporary directory of its own, touches no network, and skips
the running test when its program is absent. A judge that says "no" is a result; a judge that cannot be run raises.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.x509.ocsp import load_der_ocsp_response

from tests.conftest import require
from tests.interop.pdfsig_judge import PdfsigSignature, pdfsig
from tests.interop.programs import JudgeFailed, bundle, laid_out, pem, run
from tests.interop.pyhanko_judge import PyhankoSignature, pyhanko_validate

__all__ = [
    "JudgeFailed",
    "OpensslOcspVerdict",
    "OpensslVerdict",
    "PdfsigSignature",
    "PyhankoSignature",
    "QpdfFindings",
    "openssl_cms_verify",
    "openssl_ocsp",
    "openssl_ts_verify",
    "openssl_verify",
    "pdfsig",
    "pyhanko_validate",
    "qpdf_check",
]


@dataclass(frozen=True, slots=True)
class QpdfFindings:
    """What `qpdf --check` says, without file name and offsets, so that findings of two files compare."""

    warnings: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """True when qpdf found nothing to say."""
        return not self.warnings and not self.errors

    def new_since(self, earlier: "QpdfFindings") -> tuple[str, ...]:
        """The findings of a kind that the earlier file did not have; numbers in them do not count."""

        def kind(finding: str) -> str:
            return re.sub(r"\d+", "#", finding)

        known = {kind(finding) for finding in (*earlier.warnings, *earlier.errors)}
        return tuple(finding for finding in (*self.warnings, *self.errors) if kind(finding) not in known)


@dataclass(frozen=True, slots=True)
class OpensslVerdict:
    """Whether OpenSSL accepted, and everything that it printed."""

    ok: bool
    output: str

    def __bool__(self) -> bool:
        return self.ok


@dataclass(frozen=True, slots=True)
class OpensslOcspVerdict:
    """`ok`: the response is signed by an authorised responder under the roots; `status`: good, revoked, unknown or ""."""

    ok: bool
    status: str
    output: str


def qpdf_check(document: bytes | Path, password: str = "") -> QpdfFindings:
    """Ask `qpdf --check`, which reads every cross-reference, stream and page of the document."""
    require("qpdf", "qpdf")
    with laid_out(document=document) as paths:
        done = run("qpdf", f"--password={password}", "--check", str(paths["document"]))
        name = str(paths["document"])
    if done.returncode not in {0, 2, 3}:
        raise JudgeFailed(done)
    warnings, errors = [], []
    for line in (done.stdout + done.stderr).splitlines():
        text = re.sub(r"\s*\([^)]*offset \d+\)|, offset \d+| offset \d+", "", line.replace(name, "")).strip(
            " :,"
        )
        if line.startswith("WARNING:"):
            warnings.append(text.removeprefix("WARNING:").strip(" :,"))
        elif (
            line.startswith(("ERROR:", "qpdf:", f"{name}:"))
            and "operation succeeded with warnings" not in line
        ):
            errors.append(re.sub(r"^(ERROR|qpdf):", "", text).strip(" :,"))
    if done.returncode == 2 and not errors:
        errors.append("exit status 2")
    return QpdfFindings(tuple(warnings), tuple(errors))


def openssl_cms_verify(
    cms_der: bytes,
    content: bytes | Path,
    roots: Sequence[bytes],
    *,
    intermediates: Sequence[bytes] = (),
    crls: Sequence[bytes] = (),
    cades: bool = True,
    at: datetime | None = None,
) -> OpensslVerdict:
    """Ask `openssl cms -verify` for a detached CMS over `content`: signature, signed attributes, path to `roots`.

    `cades` also demands a signing-certificate attribute that names the signer (RFC 5035). `crls`, one of each
    issuer on the path, make it check the revocation of the signer. Certificates and CRLs are PEM or DER.
    """
    require("openssl", "openssl")
    with laid_out(
        cms=cms_der, content=content, roots=bundle((*roots, *crls)), more=bundle(intermediates)
    ) as paths:
        done = run(
            *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(paths["cms"])),
            *("-content", str(paths["content"]), "-out", os.devnull),
            *(("-cades",) if cades else ()),
            *_openssl_trust(paths["roots"], at),
            *(("-certfile", str(paths["more"])) if intermediates else ()),
            *(("-crl_check",) if crls else ()),
        )
    return _openssl_verdict(done)


def openssl_ts_verify(
    token: bytes,
    *,
    data: bytes | Path | None = None,
    digest: bytes | None = None,
    roots: Sequence[bytes],
    intermediates: Sequence[bytes] = (),
    at: datetime | None = None,
) -> OpensslVerdict:
    """Ask `openssl ts -verify` for a TimeStampResp or a bare TimeStampToken, over `data` or its `digest`."""
    require("openssl", "openssl")
    if (data is None) == (digest is None):
        raise ValueError("give the data or its digest")
    with laid_out(token=token, data=data or b"", roots=bundle(roots), more=bundle(intermediates)) as paths:
        done = run(
            *("openssl", "ts", "-verify", "-in", str(paths["token"])),
            *(("-token_in",) if _is_content_info(token) else ()),
            *(("-data", str(paths["data"])) if digest is None else ("-digest", digest.hex())),
            *("-CAfile", str(paths["roots"])),
            *(("-untrusted", str(paths["more"])) if intermediates else ()),
            *(("-attime", str(int(at.timestamp()))) if at else ()),
        )
    return _openssl_verdict(done)


def openssl_verify(
    certificate: bytes,
    roots: Sequence[bytes],
    *,
    intermediates: Sequence[bytes] = (),
    crls: Sequence[bytes] = (),
    at: datetime | None = None,
    purpose: str = "any",
    policy: str | None = None,
    strict: bool = True,
) -> OpensslVerdict:
    """Ask `openssl verify` for a path to `roots`; `crls` make it check the revocation of the whole path.

    `policy` must then hold for the path; `strict` adds -x509_strict, which holds the certificates to RFC 5280 without
    OpenSSL's old leniencies.
    """
    require("openssl", "openssl")
    files = {"certificate": pem(certificate), "roots": bundle(roots)}
    with laid_out(**files, more=bundle(intermediates), crls=bundle(crls)) as paths:
        done = run(
            *("openssl", "verify", *_openssl_trust(paths["roots"], at, purpose)),
            *(("-x509_strict",) if strict else ()),
            *(("-policy_check", "-explicit_policy", "-policy", policy) if policy else ()),
            *(("-untrusted", str(paths["more"])) if intermediates else ()),
            *(("-crl_check_all", "-CRLfile", str(paths["crls"])) if crls else ()),
            str(paths["certificate"]),
        )
    return _openssl_verdict(done)


def openssl_ocsp(
    response_der: bytes,
    certificate: bytes,
    issuer: bytes,
    roots: Sequence[bytes],
    *,
    at: datetime | None = None,
) -> OpensslOcspVerdict:
    """Ask `openssl ocsp` whether the response is authorised under `roots` and what it says of `certificate`."""
    require("openssl", "openssl")
    files = {"certificate": pem(certificate), "issuer": pem(issuer), "roots": bundle(roots)}
    with laid_out(response=response_der, **files) as paths:
        done = run(
            *("openssl", "ocsp", "-respin", str(paths["response"]), "-no_nonce"),
            *(
                f"-{_cert_id_digest(response_der)}",
                "-issuer",
                str(paths["issuer"]),
                "-cert",
                str(paths["certificate"]),
            ),
            *("-verify_other", str(paths["issuer"])),
            *("-CAfile", str(paths["roots"]), "-no-CApath", "-no-CAstore"),
            *(("-attime", str(int(at.timestamp()))) if at else ()),
        )
        name = str(paths["certificate"])
    output = done.stdout + done.stderr
    status = re.search(rf"^{re.escape(name)}: (\w+)$", output, flags=re.MULTILINE)
    return OpensslOcspVerdict(
        ok="Response verify OK" in output and done.returncode == 0,
        status=status[1] if status else "",
        output=output,
    )


def _openssl_trust(roots: Path, at: datetime | None, purpose: str = "any") -> tuple[str, ...]:
    time = ("-attime", str(int(at.timestamp()))) if at else ()
    return ("-CAfile", str(roots), "-no-CApath", "-no-CAstore", "-purpose", purpose, *time)


def _cert_id_digest(response_der: bytes) -> str:
    """The digest of the response's CertID, with which OpenSSL must name the certificate to find it there."""
    try:
        return next(iter(load_der_ocsp_response(response_der).responses)).hash_algorithm.name
    except (ValueError, StopIteration):
        return "sha1"


def _openssl_verdict(done: "subprocess.CompletedProcess[str]") -> OpensslVerdict:
    return OpensslVerdict(ok=done.returncode == 0, output=done.stdout + done.stderr)


def _is_content_info(der: bytes) -> bool:
    """A ContentInfo begins with an OBJECT IDENTIFIER, a TimeStampResp with a SEQUENCE (RFC 3161 §2.4.2)."""
    header = 2 if der[1] <= 0x80 else 2 + (der[1] & 0x7F)
    return der[header] == 0x06
