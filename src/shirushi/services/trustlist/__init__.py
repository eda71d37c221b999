"""Trusted lists: whom other territories supervise, since when, and what follows from it here."""
