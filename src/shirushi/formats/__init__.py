"""Signature formats, one Protocol: every step is a value that can be stored and sent."""
