"""The audit log: what every service writes beside its state, chained so that no record can change unseen."""
