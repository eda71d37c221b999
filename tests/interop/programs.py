"""Running a program of another hand: in a temporary directory, with a plain environment, to a verdict or an error."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

PATIENCE_SECONDS = 300


class JudgeFailed(RuntimeError):
    """A program could not be run to a verdict; the message carries its words."""

    def __init__(self, done: "subprocess.CompletedProcess[str]") -> None:
        super().__init__(f"{done.args[0]} exited {done.returncode}: {done.stdout}{done.stderr}")


def run(*command: str, folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run to the end with a plain environment, in `folder` if given; judge the outcome yourself."""
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": tempfile.gettempdir()}
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE_SECONDS,
    )


def run_python(module: str, *arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a module of ours as a program, in `folder`; judge the outcome yourself."""
    return run(sys.executable, "-m", module, *arguments, folder=folder)


@contextmanager
def laid_out(**contents: bytes | Path) -> Iterator[dict[str, Path]]:
    """Each content as a file in one temporary directory; what is a path already stays where it is."""
    with tempfile.TemporaryDirectory(prefix="shirushi-judge-") as folder:
        paths = {}
        for name, content in contents.items():
            if isinstance(content, Path):
                paths[name] = content
            else:
                paths[name] = Path(folder, name)
                paths[name].write_bytes(content)
        yield paths


def pem(item: bytes) -> bytes:
    """A certificate as PEM, from PEM or DER."""
    if item.lstrip().startswith(b"-----BEGIN"):
        return item
    return x509.load_der_x509_certificate(item).public_bytes(Encoding.PEM)


def bundle(items: Sequence[bytes]) -> bytes:
    """Certificates and CRLs, PEM or DER, as one PEM file."""

    def text(item: bytes) -> bytes:
        try:
            return pem(item)
        except ValueError:
            return x509.load_der_x509_crl(item).public_bytes(Encoding.PEM)

    return b"".join(text(item) for item in items)
