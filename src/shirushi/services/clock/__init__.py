"""The clock guard (EN 319 421 §7.7.2): no time outside the declared accuracy, and records that show where it comes from."""
