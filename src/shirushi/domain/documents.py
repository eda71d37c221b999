"""The formats that are signed and read, by media type, and the forms that signers choose by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files

from shirushi.codecs.jose.jws import Serialization
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.core.evidence import SignatureFormat
from shirushi.formats.asic.container import AsicKind, new_container
from shirushi.formats.asic.either import Asic
from shirushi.formats.cades.format import DETACHED_TYPE, ENVELOPING_TYPE, Cades
from shirushi.formats.jades.format import COMPACT_TYPE, JSON_TYPE, Jades
from shirushi.formats.pades.format import Pades
from shirushi.formats.plain.files import parse_cms_file, parse_xml_file
from shirushi.formats.plain.records import ERS_TYPE, parse_record
from shirushi.formats.plain.tokens import RESPONSE_TYPE, TOKEN_TYPE, parse_token
from shirushi.formats.protocol import Format, Packaging
from shirushi.formats.xades.format import Xades
from shirushi.services.signing.model import Form
from shirushi.services.validation.service import Parser

PDF = "application/pdf"


def formats_of(token_space: Callable[[], int]) -> dict[str, Format]:
    """What signs, by media type; `token_space` is an upper bound of the length of time-stamp tokens in bytes."""
    xades = Xades()
    return {
        PDF: Pades(font=_font, irregular=RebuiltPdf, token_space=token_space),
        "application/xml": xades,
        "text/xml": xades,
        "application/json": Jades(),
        JSON_TYPE: Jades(),
        COMPACT_TYPE: Jades(Serialization.COMPACT),
        "application/jwt": Jades(Serialization.COMPACT),
        ENVELOPING_TYPE: Cades(Packaging.ENVELOPING),
        DETACHED_TYPE: Cades(Packaging.DETACHED),
        AsicKind.S.value: Asic(AsicKind.S),
        AsicKind.E.value: Asic(AsicKind.E),
        AsicKind.S.with_xades: Asic(AsicKind.S, SignatureFormat.XADES),
        AsicKind.E.with_xades: Asic(AsicKind.E, SignatureFormat.XADES),
    }


def parsers_of(formats: Mapping[str, Format]) -> Mapping[str, Parser]:
    """What reads, by media type: the formats, and what is only ever validated or must first be looked into."""
    return {media_type: each.parse for media_type, each in formats.items()} | {
        "application/xml": parse_xml_file,
        "text/xml": parse_xml_file,
        ENVELOPING_TYPE: parse_cms_file,
        DETACHED_TYPE: parse_cms_file,
        TOKEN_TYPE: parse_token,
        RESPONSE_TYPE: parse_token,
        ERS_TYPE: parse_record,
    }


def forms_of(formats: Mapping[str, Format]) -> tuple[Form, ...]:
    """What signers may choose by name, each with the ways in which it places signatures."""
    enveloped, enveloping, detached = Packaging.ENVELOPED, Packaging.ENVELOPING, Packaging.DETACHED
    return (
        Form("pades", formats[PDF]),
        Form("xades", formats["application/xml"], (enveloped, enveloping, detached), otherwise=detached),
        Form("cades", formats[ENVELOPING_TYPE], (enveloping, detached)),
        Form("jades", formats[JSON_TYPE], (enveloping, detached)),
        Form("jades-compact", formats[COMPACT_TYPE], (enveloping, detached)),
        Form("asic-s", formats[AsicKind.S.value]),
        Form("asic-e", formats[AsicKind.E.value], container=partial(new_container, kind=AsicKind.E)),
        Form("asic-s-xades", formats[AsicKind.S.with_xades]),
        Form(
            "asic-e-xades",
            formats[AsicKind.E.with_xades],
            container=partial(new_container, kind=AsicKind.E),
        ),
    )


def _font() -> bytes:
    """The font of visible marks: read when one is drawn, for it is large."""
    return (files("shirushi") / "vendor" / "noto-sans-jp" / "NotoSansJP-Regular.ttf").read_bytes()
