"""What accepted lists say together: services by certificate, and trust anchors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

from shirushi.core.evidence import TrustAnchor
from shirushi.core.instant import Instant
from shirushi.core.trusted_list import TrustedList
from shirushi.rules.lists import pointers_to
from shirushi.rules.qualification import ServiceIndex, SourceList, listed_anchors
from shirushi.services.trustlist.model import Snapshot
from shirushi.services.trustlist.service.reading import read_content


class ListedTrust:
    """A set of editions, by digest. Built lazily, and never changed."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.digests = tuple(contents)
        self._lists = {digest: parsed(digest, content) for digest, content in contents.items()}

    @cached_property
    def index(self) -> ServiceIndex:
        """All services. A list that an agreement leads to counts through it alone."""
        return ServiceIndex(
            self._source(digest, each) for digest, each in self._lists.items() if not each.is_list_of_lists
        )

    @cached_property
    def anchors(self) -> tuple[TrustAnchor, ...]:
        """The anchors of all services, each certificate once for each service."""
        return tuple(anchor for entry in self.index.entries for anchor in listed_anchors(entry))

    def _source(self, digest: str, trusted_list: TrustedList) -> SourceList:
        """The list with the agreement that leads to it; lists of lists that hold different ones are rivals."""
        found = {
            carrier: pointer.agreement
            for carrier, source in self._lists.items()
            if source.is_list_of_lists
            for pointer in pointers_to(source, trusted_list)
            if pointer.agreement
        }
        if len(set(found.values())) > 1:
            return SourceList(trusted_list, digest, rivals=tuple(sorted(found)))
        carrier, agreement = next(iter(found.items()), ("", None))
        return SourceList(trusted_list, digest, agreement, carrier)


def newest(heads: Iterable[Snapshot], at: Instant) -> tuple[Snapshot, ...]:
    """Of snapshots ordered by territory and issue, the newest first, each list's newest edition issued by `at`."""
    found: dict[tuple[str, str], Snapshot] = {}
    for each in heads:
        if each.issued <= at:
            found.setdefault((each.territory, each.list_type), each)
    return tuple(found.values())


@lru_cache(maxsize=128)
def parsed(digest: str, content: bytes) -> TrustedList:  # noqa: ARG001  names the content
    """What a snapshot says."""
    return read_content(content)
