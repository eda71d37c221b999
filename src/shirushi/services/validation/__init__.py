"""Validation: whether a document can be relied upon (EN 319 102-1)."""
