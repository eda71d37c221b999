"""Own lists: written, sealed, and loaded again as any relying party would, before they are handed out."""

from __future__ import annotations

from collections.abc import Callable

from shirushi.codecs.xml.trusted_list.writing import write_trusted_list
from shirushi.core.actor import Actor, Role
from shirushi.core.document import Document, document
from shirushi.core.errors import NotPermitted, ShirushiError
from shirushi.core.evidence import Level
from shirushi.core.trusted_list import TrustedList
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.ports.trust import Sealer
from shirushi.rules.lists import Question, judge
from shirushi.rules.suites import AlgorithmCatalogue
from shirushi.services.trustlist import store
from shirushi.services.trustlist.service.drafting import read_draft
from shirushi.services.trustlist.service.reading import candidate

XML = "application/xml"


class ListNotReleasable(ShirushiError):
    """A list that its own loader would not accept, or would read differently; `detail` says why."""

    code = "LIST_NOT_RELEASABLE"


class ListPublishing:
    """Seals trusted lists with a seal of the domain's (ETSI TS 119 612 annex B)."""

    def __init__(
        self,
        *,
        sealer: Sealer,
        catalogue: AlgorithmCatalogue,
        database: Database,
        clock: Clock,
        audit: AuditLog,
    ) -> None:
        self._sealer = sealer
        self._catalogue = catalogue
        self._database = database
        self._clock = clock
        self._audit = audit

    def publish_draft(
        self, actor: Actor, draft: Document, by: str, read: Callable[[str], bytes], name: str = "list.xml"
    ) -> Document:
        """Publish the list that a TOML file describes; `read` gives the certificate files that it names.

        Raises `ListDraftMalformed`, and as `publish`.
        """
        return self.publish(actor, read_draft(draft, read, self._clock.now()), by, name)

    def publish(self, actor: Actor, trusted_list: TrustedList, by: str, name: str = "list.xml") -> Document:
        """The list, sealed by `by` with one enveloped XAdES signature over all of it.

        It leaves only after it was read back: the same values, a signature that holds, fresh, complete for its version,
        and numbered after every edition that was accepted here. Raises `ListNotReleasable`, `NotPermitted`, or what
        sealing raises.
        """
        if not actor.has(Role.OPERATOR):
            raise NotPermitted(actor=actor.id, action="trustlist.publish")
        unsigned = document(write_trusted_list(trusted_list), name, XML)
        parameters = SignatureParameters(packaging=Packaging.ENVELOPED_ALONE)
        signed = self._sealer.seal(actor, unsigned, by, level=Level.B_B, parameters=parameters)
        self._accepted(signed, trusted_list)
        with self._database.unit() as connection:
            detail: dict[str, str | int] = {
                "territory": trusted_list.territory,
                "sequence": trusted_list.sequence,
                "by": by,
            }
            digest = candidate(signed).digest
            self._audit.record(connection, actor, AuditEvent("trustlist.publish", digest, detail=detail))
        return signed

    def _accepted(self, signed: Document, trusted_list: TrustedList) -> None:
        found = candidate(signed)
        signer = found.signer
        with self._database.unit() as connection:
            known = store.known(connection)
        anchors = frozenset({signer.der}) if signer else frozenset[bytes]()
        (judgement,) = judge([found], Question(anchors, self._clock.now(), self._catalogue, known))
        if not judgement.acceptable:
            detail = ", ".join(each.code for each in judgement.reasons)
            raise ListNotReleasable(detail=detail or judgement.signature.value)
        if found.trusted_list != trusted_list:
            raise ListNotReleasable(detail="it reads back differently")
