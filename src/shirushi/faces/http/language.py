"""The language that a client asks for."""

from __future__ import annotations

from shirushi.core.catalogue import Language


def preferred(header: str) -> Language:
    """Japanese or English, by the weights of an Accept-Language field (RFC 9110 §12.5.4); English where neither is named."""
    weights: dict[str, float] = {}
    for part in header.split(",")[:50]:
        tag, _, parameters = part.strip().partition(";")
        name, _, value = parameters.strip().partition("=")
        try:
            weight = float(value) if name.strip().lower() == "q" else 1.0
        except ValueError:
            weight = 0.0
        primary = tag.strip().lower().split("-")[0]
        weights[primary] = max(weight, weights.get(primary, 0.0))
    english = weights.get("en", weights.get("*", 0.0))
    return "ja" if weights.get("ja", 0.0) > english else "en"
