"""Names under which the store keeps what several rooms read."""

from __future__ import annotations

BACKFILL = "orders_backfill"
"""How far the walk through old orders went, or that ids tell nothing."""

PLAN_REFUSED = "stock_refused"
"""Why the last stock plan was refused: how many of how many changes, a sentence."""

SWEPT_SINCE = "last_full_sweep"
"""Since when every figure of KiotViet's was read at least once: ISO text."""

TAGS_ERROR = "tags_error"
"""The sentence about what keeps tags from being written."""
