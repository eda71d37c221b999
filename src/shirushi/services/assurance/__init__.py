"""Assurance: which level is needed, is it there, and which trust service shows what must be shown."""
