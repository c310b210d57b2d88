"""What syncd check and syncd init find, with what to do about it, and what init asks."""

from __future__ import annotations

CHECK: dict[str, tuple[str, str]] = {}
