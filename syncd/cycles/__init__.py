"""The hands: poll, decide, act, record."""
