"""XAdES (EN 319 132-1): XML signatures with what makes them last."""
