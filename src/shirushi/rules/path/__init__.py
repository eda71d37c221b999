"""Certification paths (RFC 5280 §6), for signing certificates."""
