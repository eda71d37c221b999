"""The words everyone shares: documents, digests, algorithms, actors, evidence, verdicts, errors.

Everything here is pure: no I/O, clock, randomness or keys.
"""
