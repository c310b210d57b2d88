"""What the journal says of each event."""

from __future__ import annotations

EVENTS: dict[str, tuple[str, str]] = {}
