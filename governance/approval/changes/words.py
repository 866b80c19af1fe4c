"""A change in a few words, for titles, subject lines and lists. Pure."""

from __future__ import annotations

NAMES = {
    "version": "New version",
    "use": "Another use",
    "population": "Other people",
    "hosting": "Other hosting",
    "certificate": "Evidence ended",
}


def name_of(kind: str, version: str = "") -> str:
    """`Version 2.4`, `Another use`, `Evidence ended`."""
    return f"Version {version}" if version else NAMES[kind]
