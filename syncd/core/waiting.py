"""Why pieces of a web order still count as pending, and what ends that."""

from __future__ import annotations

from syncd.core.pending import Claim, StockLink
from syncd.core.texts import Text, text


def why_pending(claim: Claim, link: StockLink, *, reserves: bool) -> Text:
    """Why KiotViet's figures of a location's branches do not show an order yet.

    Args:
        claim: An order some pieces of which are pending at the location.
        link: The location and its branches.
        reserves: Whether KiotViet counts *Phiếu tạm* in `reserved`.
    """
    if not claim.ours:
        return text("pending_outside")
    if claim.branch_id not in link.branch_ids:
        return text("pending_other_branch", branch=str(claim.branch_id))
    if claim.ordered_seq is None:
        return text("pending_not_ordered")
    if reserves and claim.doubted:
        return text("pending_doubted")
    return text("pending_just_ordered") if reserves else text("pending_not_reserved")
