"""Renewal: what was augmented here, when its newest time-stamp ceases to prove anything, and the next one over it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import FileUnreadable, NotPermitted, ShirushiError
from shirushi.core.evidence import Level, SignatureEvidence, TimeStampEvidence
from shirushi.core.instant import Instant
from shirushi.formats.uris import unescaped
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.ports.files import Files
from shirushi.rules.suites import AlgorithmCatalogue, reliable_until
from shirushi.services.signing import store
from shirushi.services.signing.model import Augmented, Renewal, RenewalPolicy

_AT_ONCE = 1_000
NOT_FOUND = "DOCUMENT_NOT_IN_FOLDERS"


class Renewing:
    """Keeps the list, and works it off where documents lie in the folders that the operator names."""

    def __init__(
        self,
        *,
        policy: RenewalPolicy,
        files: Files,
        algorithms: AlgorithmCatalogue,
        database: Database,
        clock: Clock,
    ) -> None:
        self._policy = policy
        self._files = files
        self._algorithms = algorithms
        self._database = database
        self._clock = clock

    def remember(self, document: Document, level: Level, signatures: Iterable[SignatureEvidence]) -> None:
        """Keep when the document falls due: a document whose signatures have no time-stamp never does."""
        ends = [self._end(newest) for each in signatures if (newest := _newest(each))]
        if not ends:
            return
        due_at, cause = min(ends)
        digest = document.digest(DigestAlgorithm.SHA256).value.hex()
        made = Augmented(digest, document.name, level, self._clock.now(), due_at, cause)
        with self._database.unit() as connection:
            store.keep_augmented(connection, made)

    def due(self, actor: Actor, within: timedelta | None) -> tuple[Augmented, ...]:
        """What falls due within that time, by default that of the policy; the most urgent first."""
        if not actor.has(Role.OPERATOR, Role.AUDITOR, Role.SERVICE):
            raise NotPermitted(actor=actor.id, action="signing.renewals")
        until = self._clock.now() + (self._policy.before if within is None else within)
        with self._database.reading() as connection:
            return store.falling_due(connection, until, _AT_ONCE)

    def renew(
        self, actor: Actor, extend: Callable[[Document, Path], Document], folders: Sequence[Path] | None
    ) -> tuple[Renewal, ...]:
        """Renew what falls due; each result stands in the place of its original, whole, or the original still does."""
        if not actor.has(Role.OPERATOR, Role.SERVICE):
            raise NotPermitted(actor=actor.id, action="signing.renew")
        waiting = {each.digest: each for each in self.due(actor, None)}
        done: list[Renewal] = []
        for path in self._found(folders) if waiting else ():
            try:
                document = self._files.read(path)
                each = waiting.get(document.digest(DigestAlgorithm.SHA256).value.hex())
            except ShirushiError:
                continue  # a file that cannot be read is told below, as one that was not found
            if each is not None:
                done.append(self._renew_one(each, document, path, extend))
        found = {renewal.digest for renewal in done}
        done.extend(
            self._failed(each, NOT_FOUND, "") for digest, each in waiting.items() if digest not in found
        )
        return tuple(done)

    def beside(self, path: Path, signatures: Iterable[SignatureEvidence]) -> tuple[Document, ...]:
        """What detached signatures in the file cover, as far as it lies in the same folder.

        It is looked for under the names in their references, else under the file's own without its last endings:
        `order.xml` for `order.xml.p7s`. Whether it is what was signed, the references say.
        """
        lacking = {each.name for found in signatures for each in found.references if not each.found}
        names = {unescaped(each).replace("\\", "/").rpartition("/")[2] for each in lacking}
        found = self._read(path.with_name(name) for name in sorted(names - {"", ".", "..", path.name}))
        if lacking and not found:
            endings = range(1, len(path.suffixes) + 1)
            stems = (path.with_name(path.name.rsplit(".", count)[0]) for count in endings)
            found = self._read(each for each in stems if each.name)[:1]
        return found

    def _read(self, paths: Iterable[Path]) -> tuple[Document, ...]:
        found: list[Document] = []
        for each in paths:
            with suppress(FileUnreadable):
                found.append(self._files.read(each))
        return tuple(found)

    def _renew_one(
        self, each: Augmented, document: Document, path: Path, extend: Callable[[Document, Path], Document]
    ) -> Renewal:
        try:
            renewed = extend(document, path)
            self._files.replace(renewed, path)
        except ShirushiError as error:
            return self._failed(each, f"{error.code}: {error.explain('en')}", str(path))
        digest = renewed.digest(DigestAlgorithm.SHA256).value.hex()
        with self._database.unit() as connection:
            store.tell_renewed(connection, each.digest, digest)
        return Renewal(each.digest, each.name, str(path), digest)

    def _failed(self, each: Augmented, failure: str, path: str) -> Renewal:
        with self._database.unit() as connection:
            store.tell_not_renewed(connection, each.digest, failure, self._clock.now())
        return Renewal(each.digest, each.name, path, "", failure)

    def _found(self, folders: Sequence[Path] | None) -> Iterable[Path]:
        for folder in self._policy.folders if folders is None else folders:
            yield from self._files.within(folder)

    def _end(self, stamp: TimeStampEvidence) -> tuple[Instant, str]:
        """When a time-stamp ceases to prove anything, and what ends then."""
        signature = stamp.signature
        certificate = signature.signing_certificate
        if certificate is None:
            return stamp.info.gen_time, "certificate"
        ends = [(certificate.not_after, f"certificate {certificate.subject.text}")]
        signed = reliable_until(signature.signature_algorithm, certificate.public_key, self._algorithms)
        if signed is not None:
            ends.append((signed, f"algorithm {signature.signature_algorithm}"))
        imprinted = reliable_until(stamp.info.imprint.algorithm, None, self._algorithms)
        if imprinted is not None:
            ends.append((imprinted, f"algorithm {stamp.info.imprint.algorithm.label}"))
        return min(ends)


def _newest(signature: SignatureEvidence) -> TimeStampEvidence | None:
    stamps = signature.archive_timestamps or signature.signature_timestamps
    return max(stamps, key=lambda stamp: stamp.info.gen_time, default=None)
