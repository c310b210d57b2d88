"""What a completed order needs of a person: one row per event, the right invoice, each piece and each amount once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from syncd.core.lifecycle import State
from syncd.core.model import Refund, RefundLine, WebOrder
from syncd.core.records import Record
from syncd.core.tasks import Claim, Goods, ReturnOf, Standing, Wanted, after_completion, done_in_kiotviet
from tests.core.build import LOCATION, NOW, line, link, links, order, ordered, ref, shipment

ONE = Decimal(1)
TWO_LINES = (line(1, 2), line(2, 1))
WHOLE = shipment(1, "delivered", (1, 2), (2, 1), cod="codreceipt")
FIRST = shipment(1, "delivered", (1, 1), cod="codreceipt")
SECOND = shipment(2, "delivered", (1, 1), (2, 1), cod="codreceipt")


def given_back(number: int, *lines: tuple[int, int], amount: int = 0, restocked: bool = True) -> Refund:
    return Refund(number, tuple(RefundLine(*one) for one in lines), restocked, LOCATION, Decimal(amount))


def completed(of: WebOrder, **more: object) -> Record:
    refs = tuple(ref(one, "1") for one in of.shipments)
    return replace(ordered(of, State.COMPLETED, *refs), **more)


def asked(of: WebOrder, replaced_by: str = "", **more: object) -> list[tuple[str, str, str]]:
    """Key, code, and `invoice: pieces` of each task."""
    found = after_completion(of, completed(of, **more), links(), replaced_by)
    return [(wanted.key, wanted.code, goods_of(wanted)) for wanted in found]


def goods_of(wanted: Wanted) -> str:
    slips = [
        f"{one.code}: {', '.join(f'{goods.quantity} {goods.code}' for goods in one.goods)}"
        for one in wanted.about.returns
    ]
    return "; ".join(slips) or f"pay {wanted.about.amount}"


CANCELLED = {"cancelled_at": NOW}
CASES = [
    ("nothing happened", {}, "", []),
    ("a plain cancellation's empty refund asks for nothing by itself", {"refunds": (given_back(1),)}, "", []),
    (
        "goods came back",
        {"refunds": (given_back(1, (1, 1)),)},
        "",
        [("refund:5001:1", "refunded", "HD71: 1 SP-1")],
    ),
    (
        "goods came back with money",
        {"refunds": (given_back(1, (1, 2), (2, 1), amount=300_000),)},
        "",
        [("refund:5001:1", "refunded", "HD71: 2 SP-1, 1 SP-2")],
    ),
    (
        "goods that were not put back on the shelf",
        {"refunds": (given_back(1, (2, 1), restocked=False),)},
        "",
        [("refund:5001:1", "refunded", "HD71: 1 SP-2")],
    ),
    (
        "money alone",
        {"refunds": (given_back(1, amount=50_000),)},
        "",
        [("refund:5001:1", "refunded", "pay 50000")],
    ),
    (
        "goods and money booked apart",
        {"refunds": (given_back(1, (1, 1)), given_back(2, (2, 1)), given_back(3, amount=200_000))},
        "",
        [
            ("refund:5001:1", "refunded", "HD71: 1 SP-1"),
            ("refund:5001:2", "refunded", "HD71: 1 SP-2"),
            ("refund:5001:3", "refunded", "pay 200000"),
        ],
    ),
    (
        "cancelled without a word about goods",
        CANCELLED | {"refunds": (given_back(1),)},
        "",
        [("cancelled:5001", "cancelled_after_completion", "HD71: 2 SP-1, 1 SP-2")],
    ),
    (
        "cancelled with all goods refunded",
        CANCELLED | {"refunds": (given_back(1, (1, 2), (2, 1), amount=300_000),)},
        "",
        [("refund:5001:1", "refunded", "HD71: 2 SP-1, 1 SP-2")],
    ),
    (
        "cancelled after a part had come back",
        CANCELLED | {"refunds": (given_back(1, (1, 1)),)},
        "",
        [
            ("refund:5001:1", "refunded", "HD71: 1 SP-1"),
            ("cancelled:5001", "cancelled_after_completion", "HD71: 1 SP-1, 1 SP-2"),
        ],
    ),
    (
        "cancelled with money given back",
        CANCELLED | {"refunds": (given_back(1, amount=300_000),)},
        "",
        [
            ("refund:5001:1", "refunded", "pay 300000"),
            ("cancelled:5001", "cancelled_after_completion", "HD71: 2 SP-1, 1 SP-2"),
        ],
    ),
    (
        "the carrier brings it back after all",
        {"shipments": (replace(WHOLE, carrier_status=shipment(1, "waitingforreturn").carrier_status),)},
        "",
        [("returned:5001:71", "returned_after_completion", "HD71: 2 SP-1, 1 SP-2")],
    ),
    (
        "brought back, and a part of it refunded",
        {
            "shipments": (shipment(1, "return", (1, 2), (2, 1), cod="codreceipt"),),
            "refunds": (given_back(1, (1, 2)),),
        },
        "",
        [
            ("refund:5001:1", "refunded", "HD71: 2 SP-1"),
            ("returned:5001:71", "returned_after_completion", "HD71: 1 SP-2"),
        ],
    ),
    (
        "brought back and cancelled",
        CANCELLED | {"shipments": (shipment(1, "return", (1, 2), (2, 1), cod="codreceipt"),)},
        "",
        [("cancelled:5001", "cancelled_after_completion", "HD71: 2 SP-1, 1 SP-2")],
    ),
    (
        "replaced, so cancelled",
        CANCELLED | {"refunds": (given_back(1),)},
        "#100021",
        [("cancelled:5001", "exchanged", "HD71: 2 SP-1, 1 SP-2")],
    ),
    (
        "replaced, all goods booked by the cancellation",
        CANCELLED | {"refunds": (given_back(1, (1, 2), (2, 1)),)},
        "#100021",
        [("refund:5001:1", "exchanged", "HD71: 2 SP-1, 1 SP-2")],
    ),
    (
        "replaced without being cancelled",
        {},
        "#100021",
        [("cancelled:5001", "exchanged", "HD71: 2 SP-1, 1 SP-2")],
    ),
    (
        "a part exchanged without a cancellation",
        {"refunds": (given_back(1, (2, 1)),)},
        "#100021",
        [("refund:5001:1", "exchanged", "HD71: 1 SP-2")],
    ),
    (
        "the invoice of the shipment that carried the line",
        {"shipments": (FIRST, SECOND), "refunds": (given_back(1, (2, 1)),)},
        "",
        [("refund:5001:1", "refunded", "HD72: 1 SP-2")],
    ),
    (
        "a line in two shipments, taken back piece by piece",
        {"shipments": (FIRST, SECOND), "refunds": (given_back(1, (1, 1)), given_back(2, (1, 1)))},
        "",
        [("refund:5001:1", "refunded", "HD71: 1 SP-1"), ("refund:5001:2", "refunded", "HD72: 1 SP-1")],
    ),
    (
        "a line in two shipments of which one comes back",
        {
            "shipments": (FIRST, shipment(2, "return", (1, 1), (2, 1), cod="codreceipt")),
            "refunds": (given_back(1, (1, 1)),),
        },
        "",
        [
            ("refund:5001:1", "refunded", "HD72: 1 SP-1"),
            ("returned:5001:72", "returned_after_completion", "HD72: 1 SP-2"),
        ],
    ),
    (
        "one refund over two invoices",
        {"shipments": (FIRST, SECOND), "refunds": (given_back(1, (1, 2)),)},
        "",
        [("refund:5001:1", "refunded", "HD71: 1 SP-1; HD72: 1 SP-1")],
    ),
]


@pytest.mark.parametrize(("story", "change", "replaced_by", "tasks"), CASES, ids=[case[0] for case in CASES])
def test_each_event_asks_for_its_own_document(
    story: str, change: dict[str, object], replaced_by: str, tasks: list[tuple[str, str, str]]
) -> None:
    of = order(*TWO_LINES, **({"shipments": (WHOLE,)} | change))
    assert asked(of, replaced_by) == tasks


def said(of: WebOrder, language: str = "en", replaced_by: str = "") -> str:
    (wanted,) = after_completion(of, completed(of), links(), replaced_by)
    return wanted.text.said(language)


def test_a_sentence_names_document_invoice_pieces_and_money_in_both_languages() -> None:
    of = order(*TWO_LINES, shipments=(WHOLE,), refunds=(given_back(1, (1, 2), amount=1_200_000),))
    assert said(of) == (
        "#100020 was refunded or returned in Haravan: enter a return (Trả hàng) in KiotViet for invoice HD71 with "
        "2 × SP-1; pay back 1.200.000 đ"
    )
    assert said(of, "vi") == (
        "Đơn #100020 đã hoàn tiền hoặc trả hàng trên Haravan: vui lòng lập phiếu Trả hàng trong KiotViet cho hoá đơn "
        "HD71 gồm 2 × SP-1; trả lại khách 1.200.000 đ"
    )


@pytest.mark.parametrize(
    ("change", "replaced_by", "words"),
    [
        ({"refunds": (given_back(1, amount=50_000),)}, "", ["Phiếu chi", "50.000 đ", "syncd done"]),
        ({"refunds": (given_back(1, (1, 1), restocked=False),)}, "", ["Trả hàng", "Xuất huỷ", "1 × SP-1"]),
        (CANCELLED, "", ["huỷ trên Haravan", "khi đã nhận lại hàng", "HD71", "2 × SP-1, 1 × SP-2"]),
        (CANCELLED, "#100021", ["#100021", "Đặt lại", "HD71"]),
        ({"shipments": (shipment(1, "return", (1, 2), (2, 1)),)}, "", ["Chuyển hoàn", "HD71"]),
    ],
)
def test_a_shop_reads_what_to_enter_in_its_own_words(
    change: dict[str, object], replaced_by: str, words: list[str]
) -> None:
    of = order(*TWO_LINES, **({"shipments": (WHOLE,)} | change))
    sentence = said(of, "vi", replaced_by)
    assert [word for word in words if word not in sentence] == []


def test_what_was_entered_on_an_invoice_stays_there_when_another_parcel_comes_back() -> None:
    refunds = (given_back(1, (1, 1)),)
    before = order(*TWO_LINES, shipments=(FIRST, SECOND), refunds=refunds)
    (entered,) = after_completion(before, completed(before), links())
    after = replace(before, shipments=(FIRST, shipment(2, "return", (1, 1), (2, 1))))
    told = after_completion(after, completed(after), links(), done={entered.key: entered.about})
    assert [goods_of(wanted) for wanted in told] == ["HD71: 1 SP-1", "HD72: 1 SP-1, 1 SP-2"]


def test_a_refund_that_lists_a_line_twice_takes_each_piece_once() -> None:
    of = order(*TWO_LINES, shipments=(FIRST, SECOND), refunds=(given_back(1, (1, 1), (1, 1)),))
    assert asked(of) == [("refund:5001:1", "refunded", "HD71: 1 SP-1; HD72: 1 SP-1")]


def test_lines_of_one_product_are_one_as_on_the_invoice() -> None:
    of = order(*TWO_LINES, shipments=(WHOLE,), refunds=(given_back(1, (1, 1), (2, 1)),))
    same = {1: link(1), 2: link(1)}
    (wanted,) = after_completion(of, completed(of), same)
    assert wanted.about.returns[0].goods == (Goods(201, "SP-1", Decimal(2), Decimal(3)),)


def test_a_line_whose_product_is_gone_is_named_by_its_sku() -> None:
    of = order(*TWO_LINES, shipments=(WHOLE,), refunds=(given_back(1, (1, 1)),))
    (wanted,) = after_completion(of, completed(of), {})
    assert wanted.about.returns[0].goods == (Goods(None, "SP-1", ONE, None),)


def test_pieces_of_a_shipment_that_haravan_shows_no_more_belong_to_its_invoice() -> None:
    of = order(*TWO_LINES, shipments=(FIRST,), refunds=(given_back(1, (2, 1)),))
    (wanted,) = after_completion(of, completed(order(shipments=(FIRST, SECOND))), links())
    assert goods_of(wanted) == "HD72: 1 SP-2"


def test_a_cancelled_order_whose_shipments_are_gone_asks_for_its_whole_invoices() -> None:
    of = order(*TWO_LINES, cancelled_at=NOW)
    (wanted,) = after_completion(of, completed(order(shipments=(WHOLE,))), links())
    assert "all of invoice HD71" in str(wanted.text)


def test_an_order_without_an_invoice_asks_for_nothing() -> None:
    of = order(*TWO_LINES, cancelled_at=NOW, shipments=(WHOLE,))
    assert asked(of, invoices=()) == []


# --- when KiotViet shows that it was done ----------------------------------------------------------------------------


def claim(number: int, pieces: int = 1, *, is_open: bool = True, sold: int = 3, product: int | None = 201) -> Claim:
    goods = Goods(product, "SP-1", Decimal(pieces), Decimal(sold))
    return Claim(number, is_open, (ReturnOf(71, 6071, "HD71", (goods,)),))


def standing(pieces: int = 3, returned: int = 0, *, voided: bool = False) -> dict[int, Standing]:
    shown = Standing(frozenset({6071}), voided, {201: Decimal(pieces)}, {201: Decimal(returned)})
    return {71: shown}


def slips(pieces: int) -> dict[tuple[int, int], Decimal]:
    return {(71, 201): Decimal(pieces)}


DONE = [
    ("nothing is known", [claim(1)], {}, {}, ()),
    ("a slip covers it", [claim(1)], {}, slips(1), (1,)),
    ("a slip of a part does not", [claim(1, 2)], standing(), slips(1), ()),
    ("the invoice says so, no slip is seen", [claim(1)], standing(returned=1), {}, (1,)),
    ("slip and invoice say the same, once", [claim(1), claim(2)], standing(returned=1), slips(1), (1,)),
    ("one slip of two closes two tasks", [claim(1), claim(2)], {}, slips(2), (1, 2)),
    ("what an older closed task got is spent", [claim(1, is_open=False), claim(2)], {}, slips(1), ()),
    ("a newer closed task keeps its own, too", [claim(1), claim(2, is_open=False)], {}, slips(1), ()),
    ("an older task that is not covered lets the next one", [claim(1, 2), claim(2)], {}, slips(1), (2,)),
    ("the invoice was voided", [claim(1), claim(2, 3)], standing(0, voided=True), {}, (1, 2)),
    ("the invoice was edited to fewer pieces", [claim(1)], standing(2), {}, (1,)),
    ("an edit that takes too little away", [claim(1, 2)], standing(2), {}, ()),
    ("edited and returned add up", [claim(1, 2)], standing(2, returned=1), {}, (1,)),
    (
        "a closed task about a product that is not known spends nothing",
        [claim(1, product=None, is_open=False), claim(2)],
        {},
        slips(1),
        (2,),
    ),
    ("a product that is not known", [claim(1, product=None)], standing(), slips(9), ()),
]


@pytest.mark.parametrize(("story", "claims", "standings", "shown", "done"), DONE, ids=[case[0] for case in DONE])
def test_a_task_is_done_once_kiotviet_shows_its_pieces(
    story: str,
    claims: list[Claim],
    standings: dict[int, Standing],
    shown: dict[tuple[int, int], Decimal],
    done: tuple[int, ...],
) -> None:
    assert done_in_kiotviet(claims, standings, shown) == done


def test_a_task_over_two_invoices_needs_both() -> None:
    goods = (Goods(201, "SP-1", ONE, ONE),)
    both = Claim(1, True, (ReturnOf(71, 6071, "HD71", goods), ReturnOf(72, 6072, "HD72", goods)))
    assert done_in_kiotviet([both], {}, {(71, 201): ONE}) == ()
    assert done_in_kiotviet([both], {}, {(71, 201): ONE, (72, 201): ONE}) == (1,)


def test_a_whole_invoice_is_done_only_when_it_was_voided() -> None:
    whole = Claim(1, True, (ReturnOf(71, 6071, "HD71"),))
    assert done_in_kiotviet([whole], standing(returned=3), slips(3)) == ()
    assert done_in_kiotviet([whole], standing(0, voided=True), {}) == (1,)
