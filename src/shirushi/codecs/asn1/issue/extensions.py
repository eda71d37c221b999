"""Extensions, each as the DER of an Extension (RFC 5280 §4.2, §5.2; RFC 6960 §4.4; EN 319 412-5 §4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shirushi.codecs.asn1 import der, times
from shirushi.core.evidence import GeneralName, GeneralNameKind, KeyUsage, Name
from shirushi.core.instant import Instant

_AD_OCSP = der.oid("1.3.6.1.5.5.7.48.1")
_AD_CA_ISSUERS = der.oid("1.3.6.1.5.5.7.48.2")
_CONSTRUCTED_NAMES = {GeneralNameKind.OTHER, GeneralNameKind.X400, GeneralNameKind.EDI}

QC_COMPLIANCE = "0.4.0.1862.1.1"
QC_RETENTION = "0.4.0.1862.1.3"
QC_SSCD = "0.4.0.1862.1.4"
QC_PDS = "0.4.0.1862.1.5"
QC_TYPE = "0.4.0.1862.1.6"
QC_LEGISLATION = "0.4.0.1862.1.7"
QC_TYPES = {"esign": "0.4.0.1862.1.6.1", "eseal": "0.4.0.1862.1.6.2", "web": "0.4.0.1862.1.6.3"}
"""id-etsi-qct-esign, -eseal, -web (EN 319 412-5 §4.2.3)."""
SEMANTICS = {"natural": "0.4.0.194121.1.1", "legal": "0.4.0.194121.1.2"}
"""id-etsi-qcs-SemanticsId-Natural, -Legal (EN 319 412-1 §5.1)."""
_SYNTAX_V2 = "1.3.6.1.5.5.7.11.2"
_CPS_URI = der.oid("1.3.6.1.5.5.7.2.1")


def extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    """The DER of an Extension whose extnValue holds `value`."""
    return der.sequence(der.oid(oid), der.TRUE_DER if critical else b"", der.octets(value))


def general_name(name: GeneralName) -> bytes:
    """The DER of a GeneralName (RFC 5280 §4.2.1.6). Text that is not ASCII raises `UnicodeEncodeError`."""
    tag = der.CONTEXT | name.kind.value
    match name.value:
        case Name():
            return der.tlv(tag | der.CONSTRUCTED, name.value.der)
        case bytes():
            return der.tlv(tag | (der.CONSTRUCTED if name.kind in _CONSTRUCTED_NAMES else 0), name.value)
        case _ if name.kind is GeneralNameKind.REGISTERED_ID:
            return der.tlv(tag, der.single(der.oid(name.value)).value)
        case _:
            return der.tlv(tag, name.value.encode("ascii"))


def _uri(url: str) -> bytes:
    return general_name(GeneralName(GeneralNameKind.URI, url))


def basic_constraints(*, ca: bool, path_length: int | None = None) -> bytes:
    """RFC 5280 §4.2.1.9; critical."""
    length = b"" if path_length is None else der.integer(path_length)
    return extension("2.5.29.19", der.sequence(der.TRUE_DER if ca else b"", length), critical=True)


def key_usage(usages: Iterable[KeyUsage]) -> bytes:
    """RFC 5280 §4.2.1.3; critical."""
    return extension("2.5.29.15", der.named_bits(frozenset(usage.value for usage in usages)), critical=True)


def private_key_usage_period(first: Instant, last: Instant) -> bytes:
    """RFC 3280 §4.2.1.4: from when to when the key itself may be used. Whole seconds."""
    parts = (times.generalized_time(each.replace(microsecond=0)) for each in (first, last))
    values = (der.single(part).value for part in parts)
    content = (der.tlv(der.CONTEXT | number, value) for number, value in enumerate(values))
    return extension("2.5.29.16", der.sequence(*content))


def extended_key_usage(purposes: Iterable[str], *, critical: bool = False) -> bytes:
    """RFC 5280 §4.2.1.12, by the purposes' object identifiers."""
    return extension("2.5.29.37", der.sequence(*map(der.oid, purposes)), critical=critical)


def subject_key_identifier(identifier: bytes) -> bytes:
    """RFC 5280 §4.2.1.2."""
    return extension("2.5.29.14", der.octets(identifier))


def authority_key_identifier(identifier: bytes) -> bytes:
    """RFC 5280 §4.2.1.1, by key identifier alone."""
    return extension("2.5.29.35", der.sequence(der.tlv(0x80, identifier)))


def subject_alternative_names(names: Iterable[GeneralName]) -> bytes:
    """RFC 5280 §4.2.1.6."""
    return extension("2.5.29.17", der.sequence(*map(general_name, names)))


def certificate_policies(oids: Iterable[str], cps: str | None = None) -> bytes:
    """RFC 5280 §4.2.1.4; `cps` is the URL of the practice statement, said with the first policy."""
    qualifier = b""
    if cps is not None:
        uri = der.tlv(der.IA5_STRING, cps.encode("ascii"))
        qualifier = der.sequence(der.sequence(_CPS_URI, uri))
    first, *others = (der.oid(oid) for oid in oids)
    return extension("2.5.29.32", der.sequence(der.sequence(first, qualifier), *map(der.sequence, others)))


def policy_mappings(pairs: Iterable[tuple[str, str]]) -> bytes:
    """RFC 5280 §4.2.1.5; critical. Each pair: the issuer's policy, and the subject's that is as good."""
    mapped = (der.sequence(der.oid(ours), der.oid(theirs)) for ours, theirs in pairs)
    return extension("2.5.29.33", der.sequence(*mapped), critical=True)


def name_constraints(permitted: Iterable[GeneralName], excluded: Iterable[GeneralName] = ()) -> bytes:
    """RFC 5280 §4.2.1.10; critical."""
    trees = (
        (tag, b"".join(der.sequence(general_name(name)) for name in names))
        for tag, names in ((0xA0, permitted), (0xA1, excluded))
    )
    return extension(
        "2.5.29.30", der.sequence(*(der.tlv(tag, tree) for tag, tree in trees if tree)), critical=True
    )


def _distribution_points(urls: Iterable[str]) -> bytes:
    return der.sequence(*(der.sequence(der.tlv(0xA0, der.tlv(0xA0, _uri(url)))) for url in urls))


def crl_distribution_points(urls: Iterable[str]) -> bytes:
    """RFC 5280 §4.2.1.13: one point a URL, each with the complete list of its scope."""
    return extension("2.5.29.31", _distribution_points(urls))


def freshest_crl(urls: Iterable[str]) -> bytes:
    """RFC 5280 §4.2.1.15, §5.2.6: where the delta CRL lies."""
    return extension("2.5.29.46", _distribution_points(urls))


def issuing_distribution_point(urls: Iterable[str]) -> bytes:
    """RFC 5280 §5.2.5; critical: the list covers the certificates that name one of `urls`."""
    names = b"".join(map(_uri, urls))
    return extension("2.5.29.28", der.sequence(der.tlv(0xA0, der.tlv(0xA0, names))), critical=True)


def delta_crl_indicator(base: int) -> bytes:
    """RFC 5280 §5.2.4; critical: the number of the complete CRL that the delta builds on."""
    return extension("2.5.29.27", der.integer(base), critical=True)


def authority_information_access(ocsp: Iterable[str], ca_issuers: Iterable[str]) -> bytes:
    """RFC 5280 §4.2.2.1: where OCSP answers and where the issuer's certificate lies."""
    descriptions = [der.sequence(_AD_OCSP, _uri(url)) for url in ocsp]
    descriptions += [der.sequence(_AD_CA_ISSUERS, _uri(url)) for url in ca_issuers]
    return extension("1.3.6.1.5.5.7.1.1", der.sequence(*descriptions))


def ocsp_no_check() -> bytes:
    """id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1)."""
    return extension("1.3.6.1.5.5.7.48.1.5", der.NULL_DER)


def qc_statements(
    *,
    compliance: bool = False,
    sscd: bool = False,
    types: Sequence[str] = (),
    legislation: Sequence[str] = (),
    pds: Sequence[tuple[str, str]] = (),
    retention_years: int | None = None,
    semantics: str | None = None,
) -> bytes:
    """EN 319 412-5 §4.2, §4.3; EN 319 412-1 §5.1.

    `types` are keys of `QC_TYPES`; `legislation` countries under whose law the certificate is qualified, where that is
    not the European Union's; `pds` pairs of a disclosure statement's URL and its language (ISO 639-1);
    `retention_years` how long records are kept after the certificate's end; `semantics` a key of `SEMANTICS`, which says
    how the subject's identifier is to be read.
    """
    statements = []
    if semantics is not None:
        statements.append(der.sequence(der.oid(_SYNTAX_V2), der.sequence(der.oid(SEMANTICS[semantics]))))
    if compliance:
        statements.append(der.sequence(der.oid(QC_COMPLIANCE)))
    if legislation:
        countries = (der.tlv(der.PRINTABLE_STRING, country.encode("ascii")) for country in legislation)
        statements.append(der.sequence(der.oid(QC_LEGISLATION), der.sequence(*countries)))
    if retention_years is not None:
        statements.append(der.sequence(der.oid(QC_RETENTION), der.integer(retention_years)))
    if sscd:
        statements.append(der.sequence(der.oid(QC_SSCD)))
    if types:
        kinds = der.sequence(*(der.oid(QC_TYPES[name]) for name in types))
        statements.append(der.sequence(der.oid(QC_TYPE), kinds))
    if pds:
        locations = (
            der.sequence(
                der.tlv(der.IA5_STRING, url.encode("ascii")),
                der.tlv(der.PRINTABLE_STRING, language.encode("ascii")),
            )
            for url, language in pds
        )
        statements.append(der.sequence(der.oid(QC_PDS), der.sequence(*locations)))
    return extension("1.3.6.1.5.5.7.1.3", der.sequence(*statements))


def crl_number(number: int) -> bytes:
    """RFC 5280 §5.2.3."""
    return extension("2.5.29.20", der.integer(number))


def expired_certs_on_crl(since: Instant) -> bytes:
    """ITU-T X.509, expiredCertsOnCRL: certificates that expire after `since` stay on the list once revoked."""
    return extension("2.5.29.60", times.generalized_time(since.replace(microsecond=0)))


def archive_cutoff(since: Instant) -> bytes:
    """RFC 6960 §4.4.4: statuses are kept for certificates that expired after `since`."""
    return extension("1.3.6.1.5.5.7.48.1.6", times.generalized_time(since.replace(microsecond=0)))
