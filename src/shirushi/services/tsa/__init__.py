"""The time-stamping authority (RFC 3161, EN 319 421, EN 319 422): proof that data existed at an instant."""
