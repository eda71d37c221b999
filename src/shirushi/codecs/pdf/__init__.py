"""PDF: a reader for regular files and a writer of incremental updates."""
