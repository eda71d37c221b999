"""Serves the port `Linter` by pkilint, which is imported when something is first linted: it takes a second to load."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import Any

from shirushi.core.errors import MalformedInput, ShirushiError
from shirushi.ports.lint import Finding


class LintFailed(ShirushiError):
    """The linter could not read what it was given, so nobody knows whether it follows the standards."""

    code = "LINT_FAILED"


class PkiLinter:
    """Lints certificates, CRLs and OCSP responses."""

    def findings(self, certificate: bytes, rules: str) -> tuple[Finding, ...]:
        """See `Linter`."""
        return _guarded(lambda: _certificate_findings(certificate, rules))

    def crl_findings(self, crl: bytes) -> tuple[Finding, ...]:
        """What RFC 5280 §5 objects to in a CRL, in DER."""
        return _guarded(lambda: _crl_findings(crl))

    def ocsp_findings(self, response: bytes) -> tuple[Finding, ...]:
        """What RFC 6960 objects to in an OCSPResponse, in DER."""
        return _guarded(lambda: _ocsp_findings(response))


def _guarded(lint: Callable[[], tuple[Finding, ...]]) -> tuple[Finding, ...]:
    try:
        return lint()
    except MalformedInput:
        raise
    except Exception as error:
        raise LintFailed(detail=type(error).__name__) from error


@cache
def _of(module: str) -> Any:
    """A module of pkilint, which has no types."""
    return import_module(f"pkilint.{module}")


def _certificate_findings(der: bytes, rules: str) -> tuple[Finding, ...]:
    root = _of("loader").RFC5280CertificateDocumentLoader().load_der_document(der).root
    if rules == "pkix":
        return _told(_pkix().validate(root))
    etsi = _of("etsi")
    kind = etsi.determine_certificate_type(root.document)
    results, _ = _of("finding_filter").filter_results(
        etsi.create_etsi_finding_filters(kind), _etsi(kind).validate(root)
    )
    return _told(results)


@cache
def _pkix() -> Any:
    certificate = _of("pkix.certificate")
    return certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(*_mappings()),
        [
            certificate.create_issuer_validator_container([]),
            certificate.create_validity_validator_container(),
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )


@cache
def _etsi(kind: Any) -> Any:
    etsi = _of("etsi")
    return _of("pkix.certificate").create_pkix_certificate_validator_container(
        etsi.create_decoding_validators(kind), etsi.create_validators(kind)
    )


def _crl_findings(der: bytes) -> tuple[Finding, ...]:
    root = _of("loader").RFC5280CertificateListDocumentLoader().load_der_document(der).root
    return _told(_crl().validate(root))


@cache
def _crl() -> Any:
    crl = _of("pkix.crl")
    return crl.create_pkix_crl_validator_container(
        _decoders(),
        [
            crl.create_issuer_validator_container([]),
            crl.create_validity_validator_container([]),
            crl.create_extensions_validator_container([]),
        ],
    )


def _ocsp_findings(der: bytes) -> tuple[Finding, ...]:
    root = _of("loader").RFC6960OCSPResponseDocumentLoader().load_der_document(der).root
    return _told(_ocsp().validate(root))


@cache
def _ocsp() -> Any:
    ocsp = _of("pkix.ocsp")
    decoders = [ocsp.create_response_decoder(), *_decoders()]
    return ocsp.create_pkix_ocsp_response_validator_container(decoders, [])


def _mappings() -> tuple[Any, Any]:
    return _of("pkix.name").ATTRIBUTE_TYPE_MAPPINGS, _of("pkix.extension").EXTENSION_MAPPINGS


def _decoders() -> list[Any]:
    names, extensions = _mappings()
    pkix = _of("pkix")
    return [pkix.create_attribute_decoder(names), pkix.create_extension_decoder(extensions)]


def _told(results: Iterable[Any]) -> tuple[Finding, ...]:
    """What breaks a rule or a recommendation; what is only to be noted is no finding. The gravest severity is the smallest."""
    warning = _of("validation").ValidationFindingSeverity.WARNING
    return tuple(
        Finding(found.finding.code, found.finding.severity.name, str(result.node.path))
        for result in results
        for found in result.finding_descriptions
        if found.finding.severity <= warning
    )
