"""The status page."""

from __future__ import annotations

PAGE: dict[str, tuple[str, str]] = {}
