"""Proofs that stand in a file of their own, or in a place that their format does not know of: tokens, evidence records."""
