"""Shirushi: a trust-services platform. Sign, seal, time-stamp, validate."""
