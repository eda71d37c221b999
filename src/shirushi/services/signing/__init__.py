"""Signing and sealing: a person's signature under a PIN, a company's seal under its operator's authority."""
