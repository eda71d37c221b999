"""The only composition root: a configuration becomes a `Domain`, a trust domain with its services."""

from shirushi.adapters.local_files import LocalFiles
from shirushi.domain.composing import compose, database_url
from shirushi.domain.documents import PDF
from shirushi.domain.model import LOCAL_OPERATOR, Domain, Ports, Services
from shirushi.domain.opening import migrate_domain, open_domain, passing_trusted_lists

__all__ = [
    "LOCAL_OPERATOR",
    "PDF",
    "Domain",
    "LocalFiles",
    "Ports",
    "Services",
    "compose",
    "database_url",
    "migrate_domain",
    "open_domain",
    "passing_trusted_lists",
]
