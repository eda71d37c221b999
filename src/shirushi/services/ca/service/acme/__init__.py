"""The ACME server (RFC 8555): accounts, orders, challenges, certificates, renewal information (RFC 9773)."""

from shirushi.services.ca.service.acme.server import AcmeServer

__all__ = ["AcmeServer"]
