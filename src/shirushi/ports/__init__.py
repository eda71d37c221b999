"""Protocols: what the services ask of the outside world, and of one another.

A service names the ports it needs in its constructor; `domain/` chooses what serves each.
"""
