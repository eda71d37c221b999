"""Sign and validate a large PDF: how much memory the process needs at most, and how long it takes.

The file is a small PDF with one large stream object that no page refers to; it is sparse on the disk.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import peak_memory_mb, show
from shirushi.adapters.files import open_document, write_document
from shirushi.demo.establish import establish
from shirushi.demo.plan import load_plan
from shirushi.domain import open_domain

GOAL_MB = 200
COMPANY = "さくら商事株式会社"


def write_large(path: Path, size: int) -> None:
    """A regular PDF of about `size` bytes."""
    small = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>\nendobj\n"
    )
    stream = b"4 0 obj\n<</Length %d>>\nstream\n" % size
    with path.open("wb") as file:
        file.write(small + stream)
        file.seek(size, 1)
        file.write(b"\nendstream\nendobj\n")
        xref = file.tell()
        offsets = [small.index(b"%d 0 obj" % number) for number in (1, 2, 3)] + [len(small)]
        file.write(
            b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        )
        file.write(b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % xref)


def measure(size: int) -> dict[str, object]:
    """Sign at B-T and validate a PDF of `size` bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        establish(path / "domain", load_plan().reduced_to(COMPANY), lambda _: None)
        write_large(path / "large.pdf", size)
        with open_domain(path / "domain") as domain:
            before, begin = peak_memory_mb(), time.perf_counter()
            sealed = domain.signing.seal(open_document(path / "large.pdf"), by=COMPANY)
            write_document(sealed, path / "sealed.pdf")
            signed, middle = peak_memory_mb(), time.perf_counter()
            verdict = domain.validation.validate(open_document(path / "sealed.pdf"))
            end = time.perf_counter()
        return {
            "megabytes": size / 1e6,
            "indication": verdict.indication.value,
            "peak_mb_before": before,
            "peak_mb_after_signing": signed,
            "peak_mb_after_validation": peak_memory_mb(),
            "goal_mb": GOAL_MB,
            "sign_seconds": round(middle - begin, 2),
            "validate_seconds": round(end - middle, 2),
        }


def main() -> None:
    """Measure with 1 GB, or as many megabytes as the argument says."""
    arguments = [argument for argument in sys.argv[1:] if argument.isdigit()]
    show("large", measure(int(arguments[0]) * 1_000_000 if arguments else 1_000_000_000))


if __name__ == "__main__":
    main()
