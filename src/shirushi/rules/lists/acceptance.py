"""Whether one trusted list holds together: its single signature, version, structure, freshness and sequence.

ETSI TS 119 615 §4.1 and §4.2 (processing of the list of lists and of the national lists), ETSI TS 119 612 §5 and annex B.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from shirushi.core.evidence import PublicKey, SignatureEvidence
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.reason import Reason, reason
from shirushi.core.trusted_list import TrustedList
from shirushi.rules.lists.model import Candidate, Known
from shirushi.rules.suites import AlgorithmCatalogue, acceptable, acceptable_digest

ALGORITHMS_SINCE = datetime(2016, 7, 1, tzinfo=UTC)
"""Lists issued under Decision 2015/1505 name their algorithms' rules; before, national lists were signed with SHA-1 too."""


def faults(candidate: Candidate, catalogue: AlgorithmCatalogue) -> tuple[Reason, ...]:
    """Why the list is to be rejected, whoever signed it and whenever it is asked about; empty where it is not."""
    if candidate.trusted_list is None:
        return (candidate.fault or reason("LIST_UNREADABLE"),)
    if candidate.trusted_list.version not in candidate.versions:
        return (reason("LIST_VERSION_UNKNOWN", version=candidate.trusted_list.version),)
    return (
        *_signature_faults(candidate.trusted_list, candidate.signatures, catalogue),
        *candidate.structure,
        *(
            reason("LIST_EXTENSION_UNKNOWN", extension=each)
            for each in candidate.trusted_list.unknown_critical
        ),
    )


def _signature_faults(
    trusted_list: TrustedList, signatures: Sequence[SignatureEvidence], catalogue: AlgorithmCatalogue
) -> Iterator[Reason]:
    """Annex B: one enveloped XAdES signature over the whole list, with a signed reference to its certificate."""
    if not signatures:
        yield reason("LIST_UNSIGNED")
        return
    if len(signatures) > 1:
        yield reason("LIST_SIGNED_TWICE", count=len(signatures))
        return
    signature = signatures[0]
    if signature.integrity is False:
        yield reason("LIST_SIGNATURE_BROKEN")
    elif signature.integrity is None or signature.structure:
        details = ", ".join(each.code for each in (*signature.structure, *signature.level_failings))
        yield reason("LIST_SIGNATURE_UNREADABLE", detail=details or "?")
    elif not signature.covers_whole_document:
        yield reason("LIST_SIGNATURE_PARTIAL")
    elif signature.certificate_reference is None or not signature.certificate_reference.matches:
        yield reason("LIST_SIGNER_UNNAMED")
    elif signature.signing_certificate is not None:
        if trusted_list.version >= 6 and any(
            each.code == "XADES_SIGNING_CERTIFICATE_V1" for each in signature.level_failings
        ):
            yield reason("LIST_SIGNER_REFERENCE_OLD")
        if trusted_list.issued >= ALGORITHMS_SINCE:
            yield from _weak(
                signature, signature.signing_certificate.public_key, trusted_list.issued, catalogue
            )


def _weak(
    signature: SignatureEvidence, key: PublicKey, at: Instant, catalogue: AlgorithmCatalogue
) -> Iterator[Reason]:
    digests = {each.digest_algorithm for each in signature.references} - {None}
    found = [acceptable(signature.signature_algorithm, key, at, catalogue)]
    found += [acceptable_digest(each, at, catalogue) for each in digests if each]
    yield from filter(None, found)


def staleness(trusted_list: TrustedList, at: Instant) -> Iterator[Reason]:
    """Why decisions at `at` may not rest on this edition: not issued yet, or due to be replaced (§5.3.14, §5.3.15)."""
    if at < trusted_list.issued:
        yield reason("LIST_NOT_YET_ISSUED", issued=rfc3339(trusted_list.issued))
    if trusted_list.next_update is not None and at > trusted_list.next_update:
        yield reason("LIST_EXPIRED", next_update=rfc3339(trusted_list.next_update))


def sequence_faults(candidate: Candidate, known: Iterable[Known]) -> Iterator[Reason]:
    """Whether the editions of one list, ordered by their issue, go on in their numbers (§5.3.2).

    Another edition under a number that was accepted before, a lower number that was issued later, and a higher one
    that was issued earlier are named; the same bytes again are not.
    """
    trusted_list = candidate.trusted_list
    assert trusted_list is not None
    for each in known:
        if (each.territory, each.list_type) != (trusted_list.territory, trusted_list.list_type):
            continue
        if each.digest == candidate.digest:
            continue
        if each.sequence == trusted_list.sequence:
            yield reason("LIST_SEQUENCE_REUSED", sequence=each.sequence)
            return
        if (trusted_list.issued >= each.issued) != (trusted_list.sequence > each.sequence):
            yield reason("LIST_SEQUENCE_WENT_BACK", sequence=trusted_list.sequence, known=each.sequence)
            return


def replayed(candidate: Candidate, known: Iterable[Known]) -> Iterator[Reason]:
    """Whether a list that is said to be the newest is older than an edition that was accepted (§5.3.2)."""
    trusted_list = candidate.trusted_list
    assert trusted_list is not None
    for each in known:
        same = (each.territory, each.list_type) == (trusted_list.territory, trusted_list.list_type)
        if same and each.sequence > trusted_list.sequence:
            yield reason("LIST_SEQUENCE_WENT_BACK", sequence=trusted_list.sequence, known=each.sequence)
            return
