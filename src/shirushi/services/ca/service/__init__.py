"""The use cases of the certification authority."""

from shirushi.services.ca.service.authority import CertificateAuthority

__all__ = ["CertificateAuthority"]
