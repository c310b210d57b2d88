"""The open questions about KiotViet, U1 to U21, each as a switch that changes what a client sees."""

from __future__ import annotations

from dataclasses import dataclass

from syncd.sandbox.declare import Switchboard, switch

FRESH_LAG_SECONDS = 45.0
"""How long a new document stays out of the lists while `fresh_documents` is `late`."""


@dataclass(frozen=True)
class KiotVietSwitches(Switchboard):
    """All switches of the simulated KiotViet shop; the first position is the default."""

    fresh_documents: str = switch(
        "U1", ("at_once", "late"), "Whether a new order or invoice is in the lists at once, or only 45 s later."
    )
    client_code: str = switch(
        "U2", ("ignored", "honoured"), "Whether `code` sent with a new order is used, and refused when taken."
    )
    query_clock: str = switch(
        "U3",
        ("converted", "offset_dropped", "naive_is_utc"),
        "How an instant in a query is read: properly, without its offset, or as UTC where it has none.",
    )
    modified_bound: str = switch("U3", ("inclusive", "exclusive"), "Whether lastModifiedFrom includes its own instant.")
    never_modified: str = switch(
        "U3", ("by_creation", "left_out"), "Whether a row that never changed is matched by its creation or by nothing."
    )
    order_stamp: str = switch(
        "U4", ("moves", "stays"), "Whether an order's modifiedDate moves when only its invoice or delivery changes."
    )
    orders_reserve: str = switch("U5", ("yes", "no"), "Whether open orders count in `reserved`.")
    void_effect: str = switch(
        "U6",
        ("reopens", "reopens_unreserved", "stays_closed"),
        "What voiding an invoice does to its order: open and reserved again, open only, or nothing.",
    )
    delete_with_invoices: str = switch(
        "U6", ("refused", "order_only"), "Whether an order with live invoices can be deleted; the invoices stay."
    )
    put_order: str = switch("U7", ("full", "partial"), "Whether members missing from a PUT are cleared or kept.")
    put_status: str = switch("U7", ("ignored", "accepted"), "Whether PUT /orders takes a `status`.")
    total: str = switch("U8", ("with_surcharges", "without_surcharges"), "Whether `total` includes the surcharges.")
    customer_names: str = switch("U8", ("plain", "masked"), "Whether names and phones of customers come masked.")
    rate_limit_answer: str = switch(
        "U9", ("429", "420", "400", "200"), "The status of a RateLimited answer; only 429 comes with Retry-After."
    )
    array_parameters: str = switch(
        "U10", ("both", "comma", "repeated"), "Which spelling of several values in one filter is understood."
    )
    ignored_filter: str = switch(
        "U10", ("none", "branchIds", "orderId", "status"), "A documented filter that is silently ignored."
    )
    contact_filter: str = switch(
        "U10",
        ("part", "start", "exact", "digits"),
        "What a customer's phone must have of `contactNumber`: it anywhere, at its start, nothing else, or its digits.",
    )
    post_answers: str = switch(
        "U11", ("as_seen", "flat", "wrapped"), "Whether writes answer {message, data}: as seen, never or always."
    )
    on_hand_spelling: str = switch("U12", ("onhand", "onHand"), "The spelling in /productOnHands.")
    key_case: str = switch("U12", ("camel", "pascal"), "The casing of all keys in answers.")
    inactive_figures: str = switch(
        "U13", ("shown", "left_out"), "Whether a branch where the product is inactive is listed with its figures."
    )
    unit_figures: str = switch("U13", ("per_unit", "base"), "Whether a unit shows its own or its base's figures.")
    combo_figures: str = switch("U13", ("left_out", "zeros"), "Whether a combo has no inventories or zeros.")
    description_limit: str = switch("U14", ("none", "255", "40"), "After how many characters a description is cut.")
    token_life: str = switch("U15", ("86400", "3600"), "How many seconds a token lives.")
    status_texts: str = switch(
        "U16",
        ("observed", "processing", "swapped"),
        "The words for order status 2, or the numbers 4 and 5 the other way round.",
    )
    staff_completion: str = switch(
        "U17", ("ends_open", "makes_invoice"), "Whether staff ending an order leaves it without an invoice."
    )
    cancelled_orders: str = switch(
        "U18", ("listed", "by_id_only", "gone"), "Where a cancelled order can still be read."
    )
    closed_feature: str = switch(
        "U19", ("all_calls", "writes_only"), "Whether switching orders off at runtime refuses reads as well."
    )
    put_invoice: str = switch(
        "U20",
        ("on_line_change", "always_new", "in_place"),
        "When PUT /invoices voids the invoice and makes a new one with a `.01` code.",
    )
    shared_budget: str = switch(
        "U21", ("own", "shared"), "Whether another program of the shop uses 4000 of the 5000 GETs an hour."
    )
