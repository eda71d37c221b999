"""JAdES (TS 119 182-1): JSON Web Signatures with what makes them last."""
