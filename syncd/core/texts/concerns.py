"""What a person must know: each concern's cause and remedy, and the messages that carry them."""

from __future__ import annotations

CONCERNS: dict[str, tuple[str, str]] = {}
