"""The certification authority (RFC 5280, RFC 6960, EN 319 411): certificates for identified subjects, and their status."""
