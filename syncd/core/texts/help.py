"""What --help says."""

from __future__ import annotations

HELP: dict[str, tuple[str, str]] = {}
