"""PAdES (EN 319 142)."""
