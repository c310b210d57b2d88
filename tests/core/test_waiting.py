"""Why pieces are still pending, in the words of each reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syncd.core.pending import Claim, StockLink
from syncd.core.waiting import why_pending
from tests.core.build import BRANCH, LOCATION, order
from tests.core.test_pending import claim

HERE = StockLink(LOCATION, (BRANCH,))
OURS = claim(order())


@pytest.mark.parametrize(
    ("of", "reserves", "key"),
    [
        (replace(OURS, ours=False), True, "pending_outside"),
        (replace(OURS, branch_id=7), True, "pending_other_branch"),
        (replace(OURS, ordered_seq=None), True, "pending_not_ordered"),
        (replace(OURS, ordered_seq=3), True, "pending_just_ordered"),
        (replace(OURS, ordered_seq=3, doubted=True), True, "pending_doubted"),
        (replace(OURS, ordered_seq=3), False, "pending_not_reserved"),
    ],
)
def test_pieces_are_pending_for_one_reason(of: Claim, reserves: bool, key: str) -> None:
    assert why_pending(of, HERE, reserves=reserves).key == key
