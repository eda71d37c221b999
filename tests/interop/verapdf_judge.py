"""veraPDF as a judge of PDF/A; it is built as `tests.interop.maven` says."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.interop.maven import built
from tests.interop.programs import JudgeFailed, run


@dataclass(frozen=True, slots=True)
class PdfaVerdict:
    """The flavour that a document claims, as "2b", empty where it claims none; `unmet` are the rules that it breaks."""

    flavour: str
    compliant: bool
    unmet: str


def verapdf(*documents: bytes) -> tuple[PdfaVerdict, ...]:
    """Judge PDFs by the flavours of PDF/A that they claim."""
    target = built("verapdf", "veraPDF")
    with tempfile.TemporaryDirectory(prefix="shirushi-verapdf-") as folder:
        paths = [Path(folder, f"{number}.pdf") for number in range(len(documents))]
        for path, data in zip(paths, documents, strict=True):
            path.write_bytes(data)
        done = run(
            *("java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            *("-cp", f"{target}/pdfa-judge.jar:{target}/lib/*", "jp.shirushi.interop.PdfaJudge"),
            *map(str, paths),
        )
    answers = [line.split("\t") for line in done.stdout.splitlines()]
    if done.returncode or len(answers) != len(documents):
        raise JudgeFailed(done)
    return tuple(
        PdfaVerdict("" if flavour == "error" else flavour, compliant == "true", unmet)
        for flavour, compliant, unmet in answers
    )
