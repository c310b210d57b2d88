"""Sentences about an order: where it stands, why it is held, what a person should enter."""

from __future__ import annotations

ORDERS: dict[str, tuple[str, str]] = {
    "too_old": (
        "created before orders.since",
        "đơn được tạo trước ngày orders.since",
    ),
    "wrong_channel": (
        "channel {channel} is not in orders.channels",
        "kênh bán hàng {channel} không có trong orders.channels",
    ),
    "not_cod": (
        "payment {payment} is not COD",
        "hình thức thanh toán {payment} không phải COD (thu hộ)",
    ),
    "none_named": ("(none)", "(để trống)"),
    "left_to_people": ("left to people", "để nhân viên tự xử lý"),
    "all_settled": (
        "everything delivered, paid and settled",
        "đã giao hàng, đã nhận tiền và đã hoàn thành đủ",
    ),
    "cancelled_before_kiotviet": (
        "cancelled before KiotViet had it",
        "đã huỷ trước khi đơn được đưa vào KiotViet",
    ),
    "cancelled_both_sides": ("cancelled on both sides", "đã huỷ ở cả hai bên"),
    "cancelled_both_sides_codes": (
        "cancelled on both sides ({codes})",
        "đã huỷ ở cả hai bên ({codes})",
    ),
    "goods_back": (
        "the goods are back and KiotViet has nothing of it open",
        "hàng đã về và KiotViet không còn chứng từ nào của đơn đang mở",
    ),
    "being_brought_back": (
        "the carrier is bringing it back (Chờ chuyển hoàn)",
        "nhà vận chuyển đang chuyển hàng về (Chờ chuyển hoàn)",
    ),
    "waiting_for_carrier": ("waiting for the carrier", "đang chờ nhà vận chuyển lấy hàng"),
    "waiting_to_ship": ("waiting to be shipped", "đang chờ giao hàng (Chưa giao hàng)"),
    "partly_shipped": (
        "partly shipped: the rest follows with its own shipment",
        "đã giao một phần: phần còn lại sẽ có hoá đơn khi có vận đơn riêng",
    ),
    "on_the_road": ("on the road", "đang giao hàng"),
    "waiting_for_money": (
        "delivered, waiting for the money (Đã nhận tiền)",
        "đã giao hàng, đang chờ nhận tiền (Đã nhận tiền)",
    ),
    "carrier_status_unknown": (
        "carrier status {status!r} is not known: waiting for the next one",
        "không rõ trạng thái giao hàng {status!r}: đang chờ trạng thái tiếp theo",
    ),
    "delivered_without_date": (
        "its shipment was made as delivered without a single date, which proves nothing: waiting for the carrier",
        "vận đơn được tạo sẵn là Đã giao hàng mà không có mốc thời gian nào nên chưa thể tin: đang chờ nhà vận chuyển",
    ),
    "kiotviet_shows_order": ("KiotViet shows the order", "KiotViet đã có phiếu đặt hàng"),
    "order_from": ("{order} from {source}", "{order} từ kênh {source}"),
    "unknown_source": ("unknown", "không rõ"),
    "order_problems": ("{order}: {problems}", "Đơn {order}: {problems}"),
    "no_lines": (
        "{order} has no lines: enter it in KiotViet by hand",
        "Đơn {order} không có sản phẩm nào: vui lòng nhập tay vào KiotViet",
    ),
    "totals_differ": (
        "{order}: Haravan's total is {haravan} but its lines, discount and shipping come to {kiotviet} in KiotViet: "
        "enter it there by hand, then say 'syncd ignore'",
        "Đơn {order}: tổng tiền trên Haravan là {haravan} nhưng tiền hàng, giảm giá và phí vận chuyển cộng lại trong "
        "KiotViet là {kiotviet}: vui lòng nhập tay đơn này vào KiotViet rồi chạy 'syncd ignore'",
    ),
    "refunded_unshipped": (
        "{pieces} pieces of {order} were refunded in Haravan before they were shipped: {advice} by hand, then say "
        "'syncd ignore'",
        "{pieces} sản phẩm của đơn {order} đã được hoàn trả trên Haravan trước khi giao: vui lòng tự {advice}, rồi "
        "chạy 'syncd ignore'",
    ),
    "enter_the_rest": ("enter what is left in KiotViet", "nhập phần hàng còn lại vào KiotViet"),
    "correct_with_invoices": (
        "correct {code} and its invoices in KiotViet",
        "sửa {code} và các hoá đơn của phiếu này trong KiotViet",
    ),
    "not_searchable": (
        "KiotViet's orders could not be read to the end ({why}), so it is not known whether {order} is there: nothing "
        "is sent until they can",
        "Chưa đọc được hết danh sách đặt hàng của KiotViet ({why}) nên chưa biết đơn {order} đã có ở đó hay chưa: "
        "syncd chưa gửi gì cho đến khi đọc được",
    ),
    "lines_changed": (
        "the lines of {order} changed in Haravan after it was sent: correct {code} in KiotViet by hand, then say "
        "'syncd retry', or 'syncd ignore' to keep this order to yourselves",
        "Sản phẩm của đơn {order} đã bị sửa trên Haravan sau khi đưa sang KiotViet: vui lòng sửa phiếu {code} trong "
        "KiotViet cho khớp rồi chạy 'syncd retry', hoặc chạy 'syncd ignore' để cửa hàng tự xử lý đơn này",
    ),
    "cancelled_only_in_kiotviet": (
        "{codes} of {order} was cancelled in KiotViet while Haravan still has the order: cancel it in Haravan too, or "
        "enter it in KiotViet by hand and say 'syncd ignore'",
        "{codes} của đơn {order} đã bị huỷ trong KiotViet trong khi đơn trên Haravan vẫn còn: vui lòng huỷ đơn trên "
        "Haravan, hoặc nhập tay lại vào KiotViet rồi chạy 'syncd ignore'",
    ),
    "cancelled_but_processed": (
        "{order} was cancelled in Haravan, but {code} is already {status} in KiotViet: cancel {codes} there by hand, "
        "then say 'syncd retry'",
        "Đơn {order} đã huỷ trên Haravan nhưng phiếu {code} trong KiotViet đã ở trạng thái {status}: vui lòng huỷ "
        "{codes} trong KiotViet rồi chạy 'syncd retry'",
    ),
    "processed": ("processed", "đã xử lý"),
    "cancelled_after_hand_over": (
        "{order} was cancelled in Haravan after the carrier had it",
        "Đơn {order} đã huỷ trên Haravan sau khi nhà vận chuyển đã nhận hàng",
    ),
    "brought_back": (
        "the carrier brought {order} back (Chuyển hoàn)",
        "Nhà vận chuyển đã trả lại hàng của đơn {order} (Chuyển hoàn)",
    ),
    "cancel_when_back": (
        "{what}: when the goods are back, cancel {codes} in KiotViet; syncd sees it and goes on. Or say 'syncd ignore' "
        "to keep this order to yourselves",
        "{what}: khi đã nhận lại hàng, vui lòng huỷ {codes} trong KiotViet, syncd sẽ tự nhận biết và xử lý tiếp; hoặc "
        "chạy 'syncd ignore' để cửa hàng tự xử lý đơn này",
    ),
    "settled_before_return": (
        "{what}, but {codes} is settled in KiotViet already and syncd never undoes that: enter the return there (Trả "
        "hàng) or cancel {codes}, then say 'syncd ignore'",
        "{what}, nhưng {codes} đã Hoàn thành trong KiotViet nên syncd không tự huỷ: vui lòng lập phiếu Trả hàng hoặc "
        "huỷ {codes} trong KiotViet, rồi chạy 'syncd ignore'",
    ),
    "shipment_brought_back": (
        "the carrier brought a shipment of {order} back (Chuyển hoàn), invoiced as {codes}",
        "Nhà vận chuyển đã trả lại hàng của một vận đơn (Chuyển hoàn) thuộc đơn {order}, hoá đơn {codes}",
    ),
    "shipment_withdrawn": (
        "a shipment of {order} was cancelled in Haravan after {codes} was made",
        "Một vận đơn của đơn {order} đã bị huỷ trên Haravan sau khi đã có hoá đơn {codes}",
    ),
    "end_the_order": (
        "one shipment of {order} came back and the others are done, so {code} stays open in KiotViet for what came "
        "back: end it there (Kết thúc); syncd sees it and goes on",
        "Một vận đơn của đơn {order} đã chuyển hoàn còn các vận đơn khác đã xong, nên phiếu {code} trong KiotViet vẫn "
        "còn mở phần hàng đã về: vui lòng Kết thúc phiếu trong KiotViet, syncd sẽ tự nhận biết",
    ),
    "shipped_after_return": (
        "{code} of {order} was cancelled when the goods had come back, and now Haravan ships them again: enter the "
        "sale in KiotViet by hand, then say 'syncd ignore'",
        "Phiếu {code} của đơn {order} đã huỷ khi hàng chuyển hoàn về, nay Haravan lại giao hàng: vui lòng nhập tay đơn "
        "này vào KiotViet rồi chạy 'syncd ignore'",
    ),
    "came_back_before_kiotviet": (
        "the goods were back before KiotViet had the order: there is nothing to enter",
        "hàng đã chuyển hoàn về trước khi đơn được đưa vào KiotViet: không có gì phải nhập",
    ),
    "invoice_by_hand": (
        "{what}: make its invoice in KiotViet by hand, then say 'syncd ignore'",
        "{what}: vui lòng tự lập hoá đơn trong KiotViet rồi chạy 'syncd ignore'",
    ),
    "shipment_without_lines": (
        "a shipment of {order} does not say which lines it carries",
        "Một vận đơn của đơn {order} không cho biết gồm những sản phẩm nào",
    ),
    "overshipped": (
        "the shipments of {order} carry more than was ordered",
        "Các vận đơn của đơn {order} giao nhiều hơn số lượng đã đặt",
    ),
    "not_invoiceable": (
        "the shipments of {order} cannot be invoiced to the total of {total}",
        "Các vận đơn của đơn {order} không thể lập hoá đơn cho khớp tổng tiền {total}",
    ),
    "order_unreadable": (
        "Haravan's order {order} cannot be understood: {why}",
        "Không đọc được dữ liệu đơn {order} của Haravan: {why}",
    ),
    "order_without_id": (
        "an order from Haravan has no readable id: {why}",
        "Một đơn hàng của Haravan không có mã số đọc được: {why}",
    ),
    "deleted_in_haravan": (
        "{order} was deleted in Haravan: cancel it in KiotViet if it is there, then say 'syncd ignore {order}'",
        "Đơn {order} đã bị xoá trên Haravan: nếu trong KiotViet còn phiếu của đơn này thì vui lòng huỷ phiếu, rồi chạy "
        "'syncd ignore {order}'",
    ),
    "orders_deleted_meanwhile": (
        "orders were deleted in Haravan while its list was read",
        "Có đơn hàng bị xoá trên Haravan trong lúc đang đọc danh sách",
    ),
    "orders_list_endless": (
        "Haravan's order list does not end",
        "Danh sách đơn hàng của Haravan đọc mãi không hết",
    ),
    "orders_list_short": (
        "Haravan's order list ended after {rows} of {count} orders",
        "Danh sách đơn hàng của Haravan chỉ trả về {rows} trong {count} đơn",
    ),
    "orders_list_repeats": (
        "a page of Haravan's order list showed {rows} of its orders twice, so that as many others may be missing",
        "Một trang danh sách đơn hàng của Haravan lặp lại {rows} đơn, nên có thể thiếu bấy nhiêu đơn khác",
    ),
    "backfill_goes_on": (
        "not all old orders are taken in yet: the next run goes on from there",
        "Chưa đồng bộ hết đơn hàng cũ: lần chạy sau sẽ làm tiếp từ chỗ đang dừng",
    ),
    "one_order_failed": ("{order}: {why}", "Đơn {order}: {why}"),
    "tag_attention": ("needs attention", "cần xử lý"),
    "tags_not_allowed": (
        "Haravan does not let syncd tag orders: tick the permission com.write_orders for the token in "
        "haravan.token_file, or set orders.tags to false; orders are mirrored all the same",
        "Haravan không cho syncd gắn thẻ đơn hàng: vui lòng cấp quyền com.write_orders cho token trong "
        "haravan.token_file, hoặc đặt orders.tags là false; việc đồng bộ đơn hàng vẫn chạy bình thường",
    ),
    "tags_not_written": (
        "Haravan could not be told the tags of an order; it is tried again: {why}",
        "chưa gắn được thẻ cho đơn trên Haravan, syncd sẽ thử lại: {why}",
    ),
}
