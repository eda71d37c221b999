"""What is fuzzed: every codec and every parser of a format, each as a function of bytes that may only refuse."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.codecs.asn1.tsp import parse_timestamp_response
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.codecs.jose.jws import parse_jws
from shirushi.codecs.pdf.images import read_image
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.xml.reader import parse_xml
from shirushi.codecs.zip.reader import read_archive
from shirushi.core.document import document
from shirushi.core.errors import ShirushiError
from shirushi.formats.cms.structure import read_signed_data
from tests.mutations import Original, originals, world

PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
JWS = (
    b"eyJhbGciOiJFUzI1NiJ9.e30.AAAA",
    b'{"payload":"e30","signatures":[{"protected":"eyJhbGciOiJFUzI1NiJ9","header":{},"signature":"AAAA"}]}',
)
Run = Callable[[bytes], object]


@dataclass(frozen=True)
class Target:
    """A name, what is run, and good inputs to begin with."""

    name: str
    run: Run
    seeds: tuple[bytes, ...]

    def once(self, data: bytes) -> None:
        """Run it: a refusal is an answer, anything else that is raised is a finding."""
        try:
            self.run(data)
        except ShirushiError:
            return

    def lay_seeds(self, folder: Path) -> Path:
        """The seeds as files in a folder of the target's own."""
        place = folder / self.name
        place.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(self.seeds):
            (place / f"seed-{number}").write_bytes(seed)
        return place


def targets() -> tuple[Target, ...]:
    """All of them; the seeds are made here."""
    return (*_codecs(), *_formats())


def _codecs() -> Iterator[Target]:
    own = world()
    made = {each.name: each.made.read() for each in originals()}
    crl, ocsp = own.crl(own.root, own.start), own.ocsp(own.alice, own.start)
    yield Target("der", der.check_nested, (own.root.der, crl))
    yield Target("x509", parse_certificate, (own.root.der, own.alice.der, own.tsa.der))
    yield Target("crl", parse_crl, (crl,))
    yield Target("ocsp", parse_ocsp_response, (ocsp,))
    granted = der.sequence(der.sequence(der.integer(0)), made["token"])
    yield Target("tsp", parse_timestamp_response, (granted,))
    yield Target(
        "cms", read_signed_data, tuple(v for k, v in made.items() if k.startswith(("CAdES", "token")))
    )
    yield Target("pdf", lambda data: PdfReader(document(data)), _of("PAdES", made))
    yield Target("image", read_image, (PNG,))
    yield Target("jws", parse_jws, JWS)
    yield Target("xml", parse_xml, _of("XAdES", made))
    yield Target("zip", lambda data: read_archive(document(data)), _of("ASiC", made))


def _of(family: str, made: dict[str, bytes]) -> tuple[bytes, ...]:
    return tuple(data for name, data in made.items() if name.startswith(family))


def _formats() -> Iterator[Target]:
    families: dict[str, list[Original]] = {}
    for each in originals():
        words = each.name.lower().split()
        families.setdefault("-".join(words) if words[0] == "record" else words[0], []).append(each)
    for family, every in families.items():
        yield Target(f"format-{family}", _reader(every[0]), tuple(each.made.read() for each in every))


def _reader(first: Original) -> Run:
    def run(data: bytes) -> object:
        given = document(data, first.made.name, first.made.media_type)
        return first.parse(given, first.contents)

    return run
