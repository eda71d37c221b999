"""Who vouches for whom in a set of lists: anchors, pivots, lists of lists, national lists (ETSI TS 119 615 §4.1, §4.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason
from shirushi.core.trusted_list import ListPointer, TrustedList
from shirushi.rules.lists.acceptance import faults, sequence_faults, staleness
from shirushi.rules.lists.model import Candidate, Known, ListJudgement, ListSignature
from shirushi.rules.suites import AlgorithmCatalogue

_NAME = re.compile(r"[^/\\]*$")


@dataclass(frozen=True, slots=True)
class Question:
    """What to judge by: `anchors` are signers' certificates in DER; `at` None judges each list at its own issue."""

    anchors: frozenset[bytes]
    at: Instant | None
    catalogue: AlgorithmCatalogue
    known: tuple[Known, ...] = ()


def judge(candidates: Sequence[Candidate], question: Question) -> tuple[ListJudgement, ...]:
    """One judgement for each candidate, in their order.

    Lists of lists come first: what they point to is pinned by them once they are verified themselves. One list that is
    rejected touches no other, but those that only it vouches for.
    """
    rejected = {each.digest: faults(each, question.catalogue) for each in candidates}
    sound = [each for each in candidates if not rejected[each.digest]]
    sources = _Sources(sound, question.anchors)
    return tuple(_judgement(each, rejected[each.digest], sources, question) for each in candidates)


def _judgement(
    candidate: Candidate, rejected: tuple[Reason, ...], sources: _Sources, question: Question
) -> ListJudgement:
    if rejected:
        return ListJudgement(candidate, ListSignature.REJECTED, rejected)
    trusted_list = candidate.trusted_list
    assert trusted_list is not None
    late = (
        *staleness(trusted_list, trusted_list.issued if question.at is None else question.at),
        *sequence_faults(candidate, question.known),
    )
    if late:
        return ListJudgement(candidate, ListSignature.REJECTED, late)
    if trusted_list.is_list_of_lists:
        return sources.list_of_lists(candidate)
    return sources.national(candidate)


class _Sources:
    """The sound candidates of a set, as those who may vouch for others."""

    def __init__(self, sound: Sequence[Candidate], anchors: frozenset[bytes]) -> None:
        self._anchors = anchors
        self._by_name = {_file_name(each.name): each for each in sound}
        self._lists_of_lists = [
            each for each in sound if each.trusted_list and each.trusted_list.is_list_of_lists
        ]
        self._judged = {id(each): self._of_list_of_lists(each) for each in self._lists_of_lists}

    def list_of_lists(self, candidate: Candidate) -> ListJudgement:
        return self._judged[id(candidate)]

    def national(self, candidate: Candidate) -> ListJudgement:
        """A list is pinned by an anchor or by a verified list of lists; one that names other signers rejects it."""
        if _signed_by(candidate, self._anchors):
            return ListJudgement(candidate, ListSignature.VERIFIED)
        named: list[Candidate] = []
        for each in self._lists_of_lists:
            if self._judged[id(each)].signature is not ListSignature.VERIFIED:
                continue
            assert each.trusted_list is not None
            assert candidate.trusted_list is not None
            for pointer in pointers_to(each.trusted_list, candidate.trusted_list):
                if _signed_by(candidate, pointer.signers.certificates):
                    return ListJudgement(candidate, ListSignature.VERIFIED, vouched_by=each.digest)
                named.append(each)
        if named:
            return ListJudgement(
                candidate, ListSignature.REJECTED, (reason("LIST_SIGNER_WRONG", pointing=named[0].name),)
            )
        return ListJudgement(candidate, ListSignature.UNANCHORED, (reason("LIST_UNANCHORED"),))

    def _of_list_of_lists(self, candidate: Candidate) -> ListJudgement:
        """The signers of an edition are reached from an anchor, over every pivot since the notice that names the anchor.

        Which notice that is, the list does not say: the nearest is tried first.
        """
        found = [self._over(candidate, chain) for chain in _chains(candidate)]
        missing = (each for each in found if any(said.code == "LIST_PIVOT_MISSING" for said in each.reasons))
        verified = (each for each in found if each.signature is ListSignature.VERIFIED)
        return next(verified, None) or next(missing, found[0])

    def _over(self, candidate: Candidate, chain: Sequence[str]) -> ListJudgement:
        """The judgement over the pivots in `chain`, the newest first."""
        if not self._anchors:
            return ListJudgement(candidate, ListSignature.UNANCHORED, (reason("LIST_UNANCHORED"),))
        signers: Iterable[bytes] = self._anchors
        for url in reversed(chain):
            pivot = self._by_name.get(_file_name(url))
            if pivot is None or not _signed_by(pivot, signers):
                code = "LIST_PIVOT_MISSING" if pivot is None else "LIST_PIVOT_REJECTED"
                return ListJudgement(candidate, ListSignature.REJECTED, (reason(code, pivot=url),))
            signers = _own_signers(pivot)
        if _signed_by(candidate, signers):
            return ListJudgement(candidate, ListSignature.VERIFIED)
        if chain:
            return ListJudgement(
                candidate, ListSignature.REJECTED, (reason("LIST_SIGNER_WRONG", pointing=chain[0]),)
            )
        return ListJudgement(candidate, ListSignature.UNANCHORED, (reason("LIST_UNANCHORED"),))


def _signed_by(candidate: Candidate, certificates: Iterable[bytes]) -> bool:
    return candidate.signer is not None and candidate.signer.der in certificates


def pivots_of(candidate: Candidate) -> tuple[str, ...]:
    """Where the pivots are that a list of lists names, each once, back to every notice; raises nothing."""
    return tuple(dict.fromkeys(url for chain in _chains(candidate) for url in chain))


def _chains(candidate: Candidate) -> list[tuple[str, ...]]:
    """The pivots that a list of lists names back to each notice in the official journal, the newest pivot first.

    What is the list itself, under its name as a pivot, is no link before it.
    """
    trusted_list = candidate.trusted_list
    assert trusted_list is not None
    chains: list[tuple[str, ...]] = []
    pivots: list[str] = []
    begun = False  # before the first pivot stand pages of explanation
    own = re.compile(rf"(?<!\d){trusted_list.sequence}(?!\d)")
    for _, uri in trusted_list.information:
        name = _file_name(uri)
        if "pivot" not in name:
            chains += [tuple(pivots)] if begun else []
        else:
            itself = name == _file_name(candidate.name) or (not begun and own.search(name))
            pivots += [] if itself else [uri]
            begun = True
    return [*dict.fromkeys((*chains, tuple(pivots)))]


def _own_signers(pivot: Candidate) -> tuple[bytes, ...]:
    """Who may sign the list of lists after this pivot: the signers in its pointer to itself."""
    assert pivot.trusted_list is not None
    return tuple(
        certificate
        for pointer in pivot.trusted_list.pointers
        if pointer.is_list_of_lists and pointer.territory == pivot.trusted_list.territory
        for certificate in pointer.signers.certificates
    )


def pointers_to(source: TrustedList, trusted_list: TrustedList) -> Iterator[ListPointer]:
    """The pointers of a list of lists to a list: by its territory, or by a type of list that only one pointer has."""
    readable = [each for each in source.pointers if not each.is_list_of_lists and "pdf" not in each.mime_type]
    kinds = [each.list_type for each in readable]
    for pointer in readable:
        alone = pointer.list_type == trusted_list.list_type and kinds.count(pointer.list_type) == 1
        if alone or pointer.territory == trusted_list.territory:
            yield pointer


def _file_name(name: str) -> str:
    """The last part of a location, as file names are written for it: tools turn hyphens into underscores."""
    found = _NAME.search(name)
    assert found is not None
    return found[0].lower().replace("-", "_")
