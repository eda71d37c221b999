"""ASiC containers (EN 319 162-1)."""
