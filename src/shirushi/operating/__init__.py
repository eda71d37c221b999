"""What an operator does to a whole trust domain: its keys, its backup, its restoration."""
