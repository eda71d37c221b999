"""Measurements. Each module prints JSON; ratios come from one interleaved run, for machines are shared and noisy."""
