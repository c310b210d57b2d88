"""Documents field by field, and totals to the dong before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.core import documents, shipping
from syncd.core.decisions import CreateOrder, Stop
from syncd.core.documents import Draft, Payment
from syncd.core.model import Address, Buyer, PosDelivery, PosSurcharge, Shipment, WebOrder
from syncd.core.orders import decide
from syncd.core.records import Billed
from tests.core.build import (
    POLICY,
    index,
    invoice,
    line,
    link,
    links,
    nothing_found,
    order,
    record,
    refund,
    shipment,
    vnd,
)

CASH = Payment("Cash", None)


def parts(*rows: tuple[int, int, int | str]) -> Any:
    return [(link(number), Decimal(quantity), Decimal(price)) for number, quantity, price in rows]


# --- lines and totals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "rows", "expected", "rounding"),
    [
        ("one line", [(1, 2, 50_000)], [(201, 2, 50_000)], 0),
        ("two products", [(1, 1, 5), (2, 1, 7)], [(201, 1, 5), (202, 1, 7)], 0),
        ("one product twice at one price", [(1, 1, 5), (1, 2, 5)], [(201, 3, 5)], 0),
        ("one product at two prices", [(1, 1, 100), (1, 1, 50)], [(201, 2, 75)], 0),
        ("no whole dong: rounded up", [(1, 1, 100), (1, 2, 50)], [(201, 3, 67)], 1),
        ("bought and given", [(1, 2, 100_000), (1, 1, 0)], [(201, 3, 66_667)], 1),
        ("a gift alone is a line too", [(1, 1, 0)], [(201, 1, 0)], 0),
        ("a part of a dong", [(1, 3, "33333.3333")], [(201, 3, 33_334)], "2.0001"),
        ("no lines", [], [], 0),
    ],
)
def test_lines_of_one_product_become_one_and_rounding_up_is_told(
    story: str, rows: Any, expected: Any, rounding: int | str
) -> None:
    lines, added = documents.merge(parts(*rows))
    assert [(one.product_id, one.quantity, one.price) for one in lines] == expected, story
    assert added == Decimal(rounding), story


@pytest.mark.parametrize(
    ("story", "of", "discount", "total"),
    [
        ("plain", order(), 0, 100_000),
        ("shipping is a surcharge", order(shipping=30_000), 0, 130_000),
        ("the residual is the discount", order(shipping=30_000, total_price=110_000), 20_000, 110_000),
        ("free shipping by coupon", order(shipping=30_000, total_price=100_000), 30_000, 100_000),
        ("rounding up goes into it", order(line(1, 1, 100), line(2, 2, 50, variant_id=11, sku="SP-1")), 1, 200),
        ("tax inside the prices", order(tax=Decimal(9_091), taxes_included=True), 0, 100_000),
        ("a line of nothing is no line", order(line(1), line(2, quantity=0)), 0, 100_000),
        ("everything is a gift", order(line(1, price=0), shipping=15_000), 0, 15_000),
    ],
)
def test_the_order_discount_is_what_makes_the_total_haravans(
    story: str, of: WebOrder, discount: int, total: int
) -> None:
    by_line = {1: link(1), 2: link(1) if of.lines[-1].sku == "SP-1" else link(2)}
    draft = documents.order_draft(of, by_line)
    assert (draft.discount, draft.expected_total, draft.shipping) == (discount, total, of.shipping), story


PRICES = st.one_of(
    st.integers(0, 2_000_000).map(Decimal), st.decimals(0, 900_000, places=4, allow_nan=False, allow_infinity=False)
)


@st.composite
def web_orders(draw: st.DrawFn, *, whole: bool = False) -> WebOrder:
    """An order of some products, some of them on several lines, with a discount, a shipping fee and maybe tax."""
    prices = st.integers(0, 2_000_000).map(Decimal) if whole else PRICES
    rows = draw(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 9), prices), min_size=1, max_size=6))
    lines = tuple(
        line(number, quantity, price=str(price), variant_id=10 + product, sku=f"SP-{product}")
        for number, (product, quantity, price) in enumerate(rows, 1)
    )
    fee = draw(st.integers(0, 50_000))
    goods = sum((one.price * one.quantity for one in lines), Decimal(0))
    change = draw(st.integers(0, int(goods)) if whole else st.integers(-5, int(goods)))
    total = (goods + fee - change).to_integral_value()
    return order(*lines, shipping=fee, total_price=total)


def links_for(of: WebOrder) -> dict[int, Any]:
    return {one.id: link(int(one.sku.removeprefix("SP-"))) for one in of.lines}


@given(web_orders())
def test_every_order_is_created_to_haravans_total_or_held(of: WebOrder) -> None:
    decision = decide(of, record(), nothing_found(), POLICY, index())
    if isinstance(decision, Stop):
        assert decision.code == "total_mismatch"
        return
    assert isinstance(decision, CreateOrder)
    draft = decision.draft
    assert draft.expected_total == of.total_price
    assert draft.discount >= 0
    assert len({one.product_id for one in draft.lines}) == len(draft.lines)
    assert all(one.price == one.price.to_integral_value() for one in draft.lines)
    assert sum(one.quantity for one in draft.lines) == sum(one.quantity for one in of.lines)


# --- several shipments -----------------------------------------------------------------------------------------------


def total(drafts: dict[int, Draft]) -> Decimal:
    return sum((draft.expected_total for draft in drafts.values()), Decimal(0))


def test_the_discount_is_split_in_proportion_and_the_last_takes_the_rest() -> None:
    first, second = shipment(1, "delivering", (1, 1)), shipment(2, "delivering", (2, 1))
    of = order(line(1, price=200_000), line(2, price=100_000), shipping=30_000, total_price=320_000)
    drafts = documents.shipment_drafts(of, (first, second), links())
    assert [(d.discount, d.shipping, d.expected_total) for d in drafts.values()] == [
        (6_667, 30_000, 223_333),
        (3_333, 0, 96_667),
    ]
    alone = documents.shipment_drafts(of, (first,), links())
    assert alone[first.id] == drafts[first.id], "its share does not wait for the second"


def test_a_small_discount_over_many_shipments_is_never_negative() -> None:
    of = order(line(1), line(2), line(3), total_price=299_999)
    ships = tuple(shipment(n, "delivering", (n, 1)) for n in (1, 2, 3))
    drafts = documents.shipment_drafts(of, ships, links())
    assert [draft.discount for draft in drafts.values()] == [1, 0, 0]


def test_gifts_alone_are_split_too() -> None:
    of = order(line(1, price=0), line(2, price=0), shipping=10_000)
    ships = (shipment(1, "delivering", (1, 1)), shipment(2, "delivering", (2, 1)))
    assert [d.expected_total for d in documents.shipment_drafts(of, ships, links()).values()] == [10_000, 0]


@st.composite
def split_orders(draw: st.DrawFn) -> tuple[WebOrder, tuple[Shipment, ...]]:
    """An order and shipments that carry every piece of it, in whatever portions."""
    of = draw(web_orders(whole=True))
    pieces = draw(st.permutations([one.id for one in of.lines for _ in range(one.quantity)]))
    cuts = sorted(draw(st.sets(st.integers(1, len(pieces)), max_size=4)) | {len(pieces)})
    ships, start = [], 0
    for number, cut in enumerate(cuts, 1):
        carried = [(line_id, pieces[start:cut].count(line_id)) for line_id in dict.fromkeys(pieces[start:cut])]
        ships.append(shipment(number, "delivering", *carried))
        start = cut
    return of, tuple(ships)


@given(split_orders())
def test_the_invoices_of_all_shipments_come_to_the_whole(case: tuple[WebOrder, tuple[Shipment, ...]]) -> None:
    of, ships = case
    by_line = links_for(of)
    drafts = documents.shipment_drafts(of, ships, by_line)
    whole = documents.order_draft(of, by_line)
    assert total(drafts) == of.total_price
    assert all(draft.discount >= 0 for draft in drafts.values())
    assert all(draft.expected_total == draft.expected_total.to_integral_value() for draft in drafts.values())
    assert [draft.shipping for draft in drafts.values()] == [of.shipping] + [0] * (len(ships) - 1)
    shipped = [one for draft in drafts.values() for one in draft.lines]
    assert documents.quantities(shipped) == documents.quantities(whole.lines)


@given(split_orders())
def test_a_shipment_that_comes_later_changes_no_invoice_that_was_made(
    case: tuple[WebOrder, tuple[Shipment, ...]],
) -> None:
    of, ships = case
    by_line = links_for(of)
    made: dict[int, Draft] = {}
    for count in range(1, len(ships) + 1):
        made |= {ships[count - 1].id: documents.shipment_drafts(of, ships[:count], by_line)[ships[count - 1].id]}
    assert made == documents.shipment_drafts(of, ships, by_line)
    assert total(made) == of.total_price


def test_what_the_first_invoice_was_found_right_at_stays_and_the_rest_takes_the_difference() -> None:
    of = order(line(1), line(2), shipping=30_000, total_price=180_000)
    ships = shipment(1, "delivering", (1, 1)), shipment(2, "delivering", (2, 1))
    without = {ships[0].id: Billed(vnd(60_000), vnd(0))}
    drafts = documents.shipment_drafts(of, ships, links(), without)
    assert (drafts[71].expected_total, drafts[72].expected_total) == (60_000, 120_000)
    assert drafts[72].shipping == 30_000, "no invoice carries it yet"
    with_it = {ships[0].id: Billed(vnd(60_000), vnd(30_000))}
    drafts = documents.shipment_drafts(of, ships, links(), with_it)
    assert (drafts[71].expected_total, drafts[72].expected_total) == (90_000, 90_000)
    assert drafts[72].shipping == 0


@pytest.mark.parametrize(
    ("story", "total", "surcharges", "expected"),
    [
        ("the total is without the surcharge", 100_000, [30_000], (100_000, 30_000)),
        ("the total is with the surcharge", 130_000, [30_000], (100_000, 30_000)),
        ("the surcharge is not listed", 130_000, [], (100_000, 30_000)),
        ("nothing was added", 100_000, [], (100_000, 0)),
        ("less than its lines", 90_000, [], None),
        ("neither reading fits", 140_000, [30_000], None),
    ],
)
def test_an_invoice_came_to_its_goods_and_its_shipping(
    story: str, total: int, surcharges: list[int], expected: tuple[int, int] | None
) -> None:
    of = order(shipments=(shipment(),))
    shown = tuple(PosSurcharge(4, vnd(amount)) for amount in surcharges)
    found = documents.billed(invoice(of, of.shipments[0], total=vnd(total), surcharges=shown))
    assert (found and (found.goods, found.shipping)) == expected, story
    assert found is None or found.total == 100_000 + (30_000 if expected != (100_000, 0) else 0)


@given(web_orders())
def test_fractional_prices_split_to_the_whole_too(of: WebOrder) -> None:
    ships = tuple(shipment(n, "delivering", (one.id, one.quantity)) for n, one in enumerate(of.lines, 1))
    assert total(documents.shipment_drafts(of, ships, links_for(of))) == of.total_price


def test_a_shipment_that_does_not_say_what_it_carries_has_no_draft_and_takes_no_rest() -> None:
    of = order(line(1), line(2), total_price=190_000)
    known = shipment(1, "delivering", (1, 1))
    for odd in (
        shipment(2, "delivering", (2, 1), (99, 1)),
        shipment(2, "delivering", (2, 0)),
        shipment(2, "delivering", lines=()),
    ):
        drafts = documents.shipment_drafts(of, (known, odd), links())
        assert list(drafts) == [known.id]
        assert drafts[known.id].discount == 5_000


@pytest.mark.parametrize(
    ("carried", "covered", "over"),
    [
        ([], False, False),
        ([(1, 2)], False, False),
        ([(1, 2), (2, 1)], True, False),
        ([(1, 3), (2, 1)], True, True),
        ([(1, 1), (2, 1)], False, False),
    ],
)
def test_an_order_is_covered_when_every_piece_is_in_a_shipment(
    carried: list[tuple[int, int]], covered: bool, over: bool
) -> None:
    of = order(line(1, 2), line(2, 1))
    ships = [shipment(n, "delivering", one) for n, one in enumerate(carried, 1)]
    assert (documents.is_covered(of, ships), documents.is_overshipped(of, ships)) == (covered, over)


@pytest.mark.parametrize(
    ("shipped", "refunded", "pieces"),
    [
        ([], [], 0),
        ([], [(1, 1)], 1),
        ([(1, 2)], [(1, 1)], 1),
        ([(1, 3)], [(1, 3)], 0),
        ([(1, 1)], [(1, 1), (1, 1)], 2),
        ([(1, 2)], [(1, 9)], 1),
        ([], [(99, 1)], 0),
    ],
)
def test_pieces_refunded_before_they_were_shipped_are_counted(
    shipped: list[tuple[int, int]], refunded: list[tuple[int, int]], pieces: int
) -> None:
    of = order(line(1, 3), refunds=tuple(refund(one) for one in refunded))
    assert documents.refunded_unshipped(of, [shipment(1, "delivering", one) for one in shipped]) == pieces


# --- markers and digests ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("HRV#5001", 5001),
        ("HRV#5001 | Đơn web #100020 | giao giờ hành chính", 5001),
        ("GẤP! HRV#5001, gọi trước", 5001),
        ("HRV#5001\nHRV#7", 5001),
        ("HRV# HRV#5001", 5001),
        ("HRV#", None),
        ("HRV#x5001", None),
        ("hrv#5001", None),
        ("HRV#٣٤", None),
        ("HRV#" + "9" * 19, int("9" * 19)),
        ("HRV#" + "9" * 20, None),
        ("", None),
    ],
)
def test_the_first_marker_in_a_description_names_the_order(description: str, found: int | None) -> None:
    assert documents.order_id_in(description) == found


@given(st.integers(1, 10**18), st.text(max_size=700))
def test_a_marker_is_found_whatever_the_buyer_wrote(order_id: int, note: str) -> None:
    of = order(id=order_id, note=note)
    description = str(body(of)["description"])
    assert description.startswith(documents.marker(order_id))
    assert documents.order_id_in(description) == order_id
    assert len(description) <= 500


def test_orders_that_people_merged_keep_each_marker() -> None:
    assert documents.order_ids_in("HRV#5001 | gộp với HRV#5002") == {5001, 5002}
    assert documents.order_ids_in("khách quen") == frozenset()


def test_a_long_note_is_cut_and_the_marker_stays() -> None:
    description = str(body(order(note="x" * 900))["description"])
    assert len(description) == 500
    assert description.startswith("HRV#5001 | Đơn web #100020 | xxx")


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"title": "tên mới", "sku": "X"}, True),
        ({"price": Decimal("100000.0000")}, True),
        ({"price": Decimal(99_999)}, False),
        ({"quantity": 2}, False),
        ({"id": 2}, False),
    ],
)
def test_the_lines_digest_moves_with_line_quantity_and_price_alone(change: dict[str, Any], same: bool) -> None:
    changed = order(replace(line(1), **change))
    assert (documents.lines_digest(changed) == documents.lines_digest(order())) is same


def test_the_lines_digest_does_not_depend_on_their_order() -> None:
    assert documents.lines_digest(order(line(1), line(2))) == documents.lines_digest(order(line(2), line(1)))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0 đ"),
        ("1438000", "1.438.000 đ"),
        ("1E+6", "1.000.000 đ"),
        ("-500", "-500 đ"),
        ("1234.5000", "1.234,5000 đ"),
    ],
)
def test_money_is_written_as_people_here_read_it(amount: str, text: str) -> None:
    assert documents.money(Decimal(amount)) == text


# --- what is sent ----------------------------------------------------------------------------------------------------


def body(of: WebOrder, **more: Any) -> dict[str, object]:
    chosen: dict[str, Any] = {"branch_id": 1001, "customer_id": 31, "surcharge": None, "payment": CASH} | more
    return documents.order_body(of, documents.order_draft(of, links()), **chosen)


def test_an_order_is_sent_field_by_field() -> None:
    of = order(line(1, 2, 50_000), shipping=30_000, total_price=120_000, note="  giao\n buổi tối ")
    sent = body(of, surcharge={"id": 4, "price": vnd(30_000)})
    assert sent == {
        "branchId": 1001,
        "description": "HRV#5001 | Đơn web #100020 | giao buổi tối",
        "discount": 10_000,
        "method": "Cash",
        "totalPayment": 0,
        "makeInvoice": False,
        "usingCod": True,
        "customer": {"id": 31},
        "customerId": 31,
        "orderDetails": [
            {
                "productId": 201,
                "productCode": "SP-1",
                "productName": "SP 1",
                "quantity": 2,
                "price": 50_000,
                "discount": 0,
                "discountRatio": 0,
                "note": "",
            }
        ],
        "orderDelivery": {
            "type": 0,
            "price": 0,
            "receiver": "Trần Thị Mẫu",
            "contactNumber": "0900000001",
            "address": "1 Đường Mẫu",
            "wardName": "Phường 1",
            "locationName": "Hồ Chí Minh - Quận 1",
            "weight": 500,
        },
        "surchages": [{"id": 4, "price": 30_000}],
    }


def test_no_document_ever_carries_what_must_not_be_sent() -> None:
    of = order(shipments=(shipment(),))
    for sent in (body(of), invoice_body(of)):
        assert {"code", "status", "purchaseDate", "Partner"} & set(sent) == set()


def test_a_bank_account_and_a_deposit_are_sent_where_there_are_some() -> None:
    sent = body(order(), payment=Payment("Transfer", 12, vnd(40_000)))
    assert (sent["method"], sent["accountId"], sent["totalPayment"]) == ("Transfer", 12, 40_000)
    assert invoice_body(order(shipments=(shipment(),)), payment=Payment("Transfer", 12))["accountId"] == 12
    assert "accountId" not in body(order())


def test_without_a_customer_and_an_address_only_what_is_known_is_sent() -> None:
    of = order(address=Address(phone="0900000002"), buyer=Buyer(None, name="Khách"), weight_grams=Decimal(0))
    sent = body(of, customer_id=None)
    assert not {"customer", "customerId"} & set(sent)
    assert sent["orderDelivery"] == {"type": 0, "price": 0, "receiver": "Khách", "contactNumber": "0900000002"}
    shipped = invoice_body(replace(of, shipments=(shipment(),)), customer_id=None)
    assert not {"customer", "customerId"} & set(shipped)


@pytest.mark.parametrize(
    ("province", "district", "place"),
    [("Hà Nội", "Ba Đình", "Hà Nội - Ba Đình"), ("Hà Nội", "", "Hà Nội"), ("", "Ba Đình", "Ba Đình")],
)
def test_the_place_is_province_and_district(province: str, district: str, place: str) -> None:
    sent = body(order(address=Address(province=province, district=district)))["orderDelivery"]
    assert isinstance(sent, dict)
    assert sent["locationName"] == place


def invoice_body(of: WebOrder, **more: Any) -> dict[str, object]:
    shipped = of.shipments[0]
    draft = documents.shipment_drafts(of, shipping.live(of), links())[shipped.id]
    chosen: dict[str, Any] = {
        "order_document_id": 8001,
        "branch_id": 1001,
        "customer_id": 31,
        "surcharge": None,
        "payment": CASH,
    }
    return documents.invoice_body(of, shipped, draft, **(chosen | more))


def test_an_invoice_is_not_yet_delivered_and_collects_the_shipments_money() -> None:
    of = order(shipments=(shipment(),), total_price=90_000)
    sent = invoice_body(of)
    assert (sent["orderId"], sent["branchId"], sent["usingCod"], sent["discount"]) == (8001, 1001, True, 10_000)
    assert str(sent["description"]).startswith("HRV#5001 | ")
    delivery = sent["deliveryDetail"]
    assert isinstance(delivery, dict)
    expected = {"deliveryCode": "GHN1", "status": 1, "usingPriceCod": True, "priceCodPayment": 100_000}
    assert expected.items() <= delivery.items()
    assert delivery["partnerDelivery"] == {"code": "ghn2018", "name": "Giao hàng nhanh"}
    assert delivery["receiver"] == "Trần Thị Mẫu"


def test_a_prepaid_shipment_collects_nothing() -> None:
    delivery = invoice_body(order(shipments=(shipment(cod_amount=Decimal(0)),)))["deliveryDetail"]
    assert isinstance(delivery, dict)
    assert (delivery["usingPriceCod"], delivery["priceCodPayment"]) == (False, 0)


@pytest.mark.parametrize(
    ("code", "name", "partner"),
    [
        ("ghn2018", "GHN", {"code": "ghn2018", "name": "GHN"}),
        ("", "GHN", {"code": "GHN", "name": "GHN"}),
        ("other", "", {"code": "other", "name": "other"}),
        ("", "", {"code": "HARAVAN", "name": "Haravan"}),
    ],
)
def test_a_stand_in_is_named_where_the_shipment_names_no_carrier(code: str, name: str, partner: dict[str, str]) -> None:
    assert documents.partner(shipment(carrier_code=code, carrier_name=name)) == partner


def test_a_shipment_without_a_tracking_number_has_our_own_delivery_code() -> None:
    assert documents.delivery_code(shipment(tracking_numbers=("A", "B"))) == "A"
    assert documents.delivery_code(shipment(tracking_numbers=())) == "HRV-F71"


def test_settling_sends_the_whole_invoice_back_with_its_delivery_done() -> None:
    shipped = shipment(1, "delivered", (1, 2))
    of = order(line(1, 2, 50_000), shipments=(shipped,), shipping=30_000)
    raw = {
        "deliveryCode": "GHN1",
        "Status": 1,
        "statusValue": "Chưa giao hàng",
        "receiver": "A",
        "usingPriceCod": False,
    }
    there = invoice(of, shipped, delivery=PosDelivery("GHN1", 1, "", vnd(5), raw))
    sent = documents.completion_body(order(), there, shipped, Payment("Transfer", 12), shipped.cod_amount)
    assert sent == {
        "branchId": 1001,
        "customerId": 31,
        "soldById": 2,
        "orderId": 8001,
        "description": "HRV#5001",
        "discount": 0,
        "usingCod": True,
        "status": 1,
        "codPaymentMethod": "Transfer",
        "codPaymentAccount": 12,
        "invoiceDetails": [
            {"productId": 201, "productCode": "SP-1", "quantity": 2, "price": 50_000, "discount": 0, "note": ""}
        ],
        "surchages": [{"id": 4, "price": 30_000}],
        "deliveryDetail": {
            "deliveryCode": "GHN1",
            "receiver": "A",
            "status": 3,
            "usingPriceCod": True,
            "priceCodPayment": 100_000,
            "partnerDelivery": {"code": "ghn2018", "name": "Giao hàng nhanh"},
        },
    }


def test_settling_keeps_the_partner_that_kiotviet_has_and_leaves_out_what_it_does_not_say() -> None:
    shipped = shipment(1, "delivered")
    there = invoice(order(shipments=(shipped,)), shipped, customer_id=None, sold_by_id=None, order_id=None)
    kept = replace(there, delivery=PosDelivery("GHN1", 1, "", vnd(5), {"PartnerDelivery": {"code": "tay"}}))
    sent = documents.completion_body(order(), kept, shipped, CASH, shipped.cod_amount)
    assert not {"customerId", "soldById", "orderId", "codPaymentAccount"} & set(sent)
    delivery = sent["deliveryDetail"]
    assert isinstance(delivery, dict)
    assert delivery["PartnerDelivery"] == {"code": "tay"}
    assert "partnerDelivery" not in delivery
    bare = documents.completion_body(order(), replace(there, delivery=None), shipped, CASH, shipped.cod_amount)[
        "deliveryDetail"
    ]
    assert isinstance(bare, dict)
    assert bare["status"] == 3


def test_a_customer_is_sent_under_our_own_code_with_what_is_known() -> None:
    sent = documents.customer_body("HRV700", "Trần Thị Mẫu", "0900000001", order(), 1001)
    assert sent == {
        "code": "HRV700",
        "name": "Trần Thị Mẫu",
        "contactNumber": "0900000001",
        "branchId": 1001,
        "address": "1 Đường Mẫu",
        "wardName": "Phường 1",
        "locationName": "Hồ Chí Minh - Quận 1",
        "comments": "Haravan",
    }
    assert "contactNumber" not in documents.customer_body("HRV700", "A", "", order(address=Address()), 1001)


@pytest.mark.parametrize(
    ("shown", "surcharges", "matches"),
    [(130_000, [30_000], True), (100_000, [30_000], True), (100_000, [], False), (130_001, [30_000], False)],
)
def test_a_total_matches_with_or_without_its_surcharges(shown: int, surcharges: list[int], matches: bool) -> None:
    there = [PosSurcharge(4, vnd(amount)) for amount in surcharges]
    assert documents.total_matches(vnd(shown), there, vnd(130_000)) is matches


def test_the_body_of_a_document_has_a_stable_digest() -> None:
    assert documents.digest(body(order())) == documents.digest(body(order()))
    assert documents.digest(body(order())) != documents.digest(body(order(line(1, 2))))
