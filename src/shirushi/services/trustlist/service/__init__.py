"""Trusted lists: the use cases."""

from shirushi.services.trustlist.service.publishing import ListPublishing
from shirushi.services.trustlist.service.recognising import Recognising
from shirushi.services.trustlist.service.trusted_lists import TrustedLists

__all__ = ["ListPublishing", "Recognising", "TrustedLists"]
