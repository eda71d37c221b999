"""The outside world, behind ports: files, databases, keys, clocks."""
