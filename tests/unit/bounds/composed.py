"""Documents under 1 MB that would cost far more than their size, by name: the modules beside this one compose them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from shirushi.core.document import document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Certificate, TrustAnchor
from shirushi.formats.asic.container import AsicKind
from shirushi.formats.asic.format import AsicCades
from shirushi.formats.cades.format import Cades
from shirushi.formats.pades.format import Pades
from shirushi.formats.protocol import Format
from shirushi.formats.xades.format import Xades
from shirushi.rules.ades import EU, validate_signatures
from shirushi.services.validation.service import embedded_material
from tests.unit.formats_cades.world import DAY, World

FORMATS: dict[str, Format] = {
    "application/pdf": Pades(),
    "application/xml": Xades(),
    "application/pkcs7-signature": Cades(),
    AsicKind.E.value: AsicCades(AsicKind.E),
}


@dataclass(frozen=True)
class Composed:
    """A document with its media type. `roots` are trusted beside the root of `World`."""

    media_type: str
    data: bytes = field(repr=False)
    roots: tuple[Certificate, ...] = ()


EVERY: dict[str, Callable[[], Composed]] = {}


def composed(make: Callable[[], Composed]) -> Callable[[], Composed]:
    """Enter it under its name."""
    EVERY[make.__name__] = make
    return make


def outcome(made: Composed) -> str:
    """The code and limit by which it is refused, or each different indication with its first reason."""
    world = World(curves=True)
    anchors = tuple(TrustAnchor(each, "root") for each in (world.root.certificate, *made.roots))
    try:
        found = FORMATS[made.media_type].parse(document(made.data, "composed", made.media_type), ())
        material = embedded_material(found, anchors)
        verdict = validate_signatures(found, material, anchors, EU, world.start + DAY / 8)
    except MalformedInput as error:
        return f"{error.code} {error.parameters.get('limit', '')}".strip()
    told = {
        " ".join((each.indication.name, *(why.code for why in each.reasons[:1])))
        for each in verdict.signatures
    }
    return "; ".join(sorted(told))
