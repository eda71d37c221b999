"""Kits for the command line, and later for HTTP and the portal."""
