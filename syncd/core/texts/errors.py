"""What went wrong between us and a remote, the store or a port, and what to do."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}
