"""Validation: can this document be relied upon? (EN 319 102-1)"""
