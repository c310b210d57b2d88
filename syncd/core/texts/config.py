"""What is wrong in the config file: what was expected and what was found."""

from __future__ import annotations

CONFIG: dict[str, tuple[str, str]] = {}
