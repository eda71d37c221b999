"""The time-stamping authority: requests read and checked, units, serial numbers, tokens."""

from shirushi.services.tsa.service.authority import TimeStampingAuthority

__all__ = ["TimeStampingAuthority"]
