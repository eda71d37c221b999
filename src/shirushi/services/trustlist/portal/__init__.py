"""The portal's pages on trusted lists."""

from shirushi.services.trustlist.portal.pages import pages

__all__ = ["pages"]
