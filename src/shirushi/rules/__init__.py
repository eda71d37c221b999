"""Decision procedures, one standard each. Pure: evidence, policy, trust and time in, a verdict out."""
