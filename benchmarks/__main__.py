"""`make bench`: every benchmark, or those named in ARGS."""

import sys
from importlib import import_module

ALL = ("pades", "signatures", "large", "http", "lists", "bulk", "tsa", "ca", "validation")

for name in sys.argv[1:] or ALL:
    import_module(f"benchmarks.{name}").main()
