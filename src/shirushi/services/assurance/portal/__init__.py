"""The pages of assurance: two wizards with their statements, the comparison, and the portfolio."""

from shirushi.services.assurance.portal.pages import pages

__all__ = ["pages"]
