"""The page of the clock guard."""

from shirushi.services.clock.portal.pages import pages

__all__ = ["pages"]
