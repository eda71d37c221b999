"""Lint before issue: what the standards object to is not signed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from shirushi.codecs.asn1.issue import signed
from shirushi.ports.lint import Finding, Linter
from shirushi.services.ca.model.errors import LintRefused
from shirushi.services.ca.model.linting import waiver

if TYPE_CHECKING:
    from shirushi.services.ca.service.issuing import Draft

_log = logging.getLogger(__name__)
_NO_VALUE = bytes(64)
"""In the place of a signature: linters read what is signed, not the value."""


class Linting:
    """Holds drafts against the standards, before a key signs them."""

    def __init__(self, linter: Linter | None) -> None:
        self._linter = linter
        self._warned: set[str] = set()

    def check(self, draft: Draft, serial_number: int) -> None:
        """Raise `LintRefused` for a finding that no waiver lets pass.

        An authority may have been defined without linting: the log says so once a process, the audit log each time.
        """
        found = self.findings(draft, serial_number)
        if found is None:
            issuer = draft.issuer.definition
            if issuer.name not in self._warned:
                self._warned.add(issuer.name)
                _log.warning("ca.lint-off", extra={"service": issuer.name})
            return
        standing = unwaived(found, draft.profile.name)
        if standing:
            said = "; ".join(f"{each.code} ({each.place})" for each in standing)
            raise LintRefused(profile=draft.profile.name, findings=said)

    def findings(self, draft: Draft, serial_number: int) -> tuple[Finding, ...] | None:
        """What the linter objects to, waived or not; None where nothing is linted."""
        if self._linter is None or not draft.issuer.definition.lint:
            return None
        certificate = signed(draft.to_be_signed(serial_number), draft.issuer.algorithm, _NO_VALUE)
        return self._linter.findings(certificate, draft.profile.lint)


def unwaived(found: tuple[Finding, ...], profile: str) -> tuple[Finding, ...]:
    """The findings that stand in a certificate of that profile."""
    return tuple(each for each in found if waiver(each.code, each.place, profile) is None)
