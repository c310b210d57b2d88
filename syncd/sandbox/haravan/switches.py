"""The open questions about Haravan, one switch each (two where a question has two halves).

The first position is what was measured on a real shop, else what the documentation's samples show, else the likely one.
"""

from __future__ import annotations

from dataclasses import dataclass

from syncd.sandbox.declare import Switchboard, switch


@dataclass(frozen=True)
class HaravanSwitches(Switchboard):
    """How this simulated Haravan answers what nobody is sure about."""

    filter_clock: str = switch(
        "1", ("local", "utc"), "Digits of created/updated/processed_at filters are the shop's wall clock, or UTC."
    )
    default_status: str = switch("2", ("open", "any"), "Orders that a list without `status` shows.")
    progress_moves_order: str = switch(
        "3", ("moves", "stays"), "Whether a carrier, COD or payment change moves the order's `updated_at`."
    )
    cod_receipt: str = switch(
        "4",
        ("both", "cod_only", "paid_only"),
        "What 'Xác nhận nhận tiền' changes: `codreceipt` and a capture, just the one, or just the other.",
    )
    stock_moves_product: str = switch(
        "5", ("stays", "moves"), "Whether a stock movement moves `updated_at` of the variant and its product."
    )
    stock_mode: str = switch(
        "6",
        ("advanced", "basic"),
        "In basic mode there are no stock rows per location and `inventory_advance` is null.",
    )
    set_means: str = switch("7", ("on_hand", "available"), "Which quantity an adjustment of type `set` overwrites.")
    commits_at: str = switch("8", ("placed", "confirmed"), "When an order's goods count as committed.")
    leaves_at: str = switch(
        "8", ("shipment", "pickup"), "When on-hand falls: shipment created, or carrier picks it up."
    )
    bad_line: str = switch(
        "9",
        ("refuses_all", "skips_line", "stops_midway"),
        "An adjustment with one invalid line: nothing done, the others done, or those before it done and 422.",
    )
    close_answer: str = switch("10", ("stale", "fresh"), "Whether `close` answers the order as it was before.")
    note_attributes: str = switch("11", ("replace", "merge"), "Whether a PUT of `note_attributes` keeps unnamed ones.")
    put_missing_keys: str = switch("11", ("kept", "cleared"), "What a PUT does to note and attributes it leaves out.")
    tag_cleanup: str = switch(
        "12",
        ("as_sent", "lowered", "cut"),
        "Tags are kept as sent, lower-cased, or the whole text cut at 100 characters.",
    )
    unit_lines: str = switch(
        "13", ("unit", "base"), "A line sold by the pack carries the pack's SKU and count, or the base unit's."
    )
    shipping_coupon: str = switch(
        "14",
        ("in_discounts", "in_shipping_line", "beside"),
        "A shipping coupon lowers `total_discounts`' side, the shipping line's price, or only `total_price`.",
    )
    tax_total: str = switch(
        "14",
        ("on_top", "in_prices"),
        "Whether the total has the tax on top of the prices where `taxes_included` is false, as it always is.",
    )
    subtotal: str = switch(
        "14", ("before_discount", "after_discount"), "Whether `subtotal_price` has the order discount taken off."
    )
    foreign_slips: str = switch(
        "15", ("off", "slips", "sets_back"), "Another stock integration answers each of our adjustments with its own."
    )
    line_sku: str = switch("16", ("carried", "null"), "Whether order lines carry the SKU and barcode of their variant.")
    duplicate_skus: str = switch("16", ("accepted", "refused"), "Whether a second variant may take the same SKU.")
    page_cap: str = switch("17", ("50", "250"), "The largest page of orders, products, slips and events.")
    sort_honoured: str = switch(
        "17", ("yes", "no"), "Whether `order=` sorts orders; if not they come by id, newest first."
    )
    invisible_order: str = switch(
        "18", ("never", "when_new", "when_changed"), "Whether an order answers 404 by id for a minute after that."
    )
    status_spelling: str = switch(
        "19",
        ("samples", "underscored", "joined"),
        "Mixed as in the samples (`partiallypaid`, `notfulfilled`, `COD`), with `_` and null, or without any `_`.",
    )
    deposit_cod: str = switch(
        "20", ("rest", "full"), "COD amount of a shipment after a deposit: the rest, or all of it."
    )
    hiccups: str = switch(
        "21", ("none", "error_422", "empty_page"), "Every seventh list request fails for once, or shows no rows."
    )
    shared_bucket: str = switch("22", ("own", "shared"), "Another app of the shop draws on the same call limit.")
    fulfillment_order: str = switch(
        "23", ("newest_first", "oldest_first", "without_cancelled"), "How an order lists its shipments."
    )
