"""The demo trust domain: made from `demo.toml`, and judged against the verdicts declared there."""
