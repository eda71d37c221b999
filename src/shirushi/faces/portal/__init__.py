"""The portal's kit: pages in Japanese and English that need no JavaScript, behind sessions, CSRF tokens and a strict policy.

A service's `portal` module exports `pages(service, kit) -> list[Route]`; what mounts them is `kit.application(routes)`.
"""
