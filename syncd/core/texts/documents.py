"""Sentences about KiotViet's documents: what people did to them, what KiotViet refused or does not show."""

from __future__ import annotations

DOCUMENTS: dict[str, tuple[str, str]] = {
    "edited": (
        "{what}: put it right there, then say 'syncd retry', or 'syncd ignore' to keep this order to yourselves",
        "{what}: vui lòng sửa lại cho đúng trong KiotViet rồi chạy 'syncd retry', hoặc chạy 'syncd ignore' để cửa hàng "
        "tự xử lý đơn này",
    ),
    "correct_it": (
        "{what}: correct it in KiotViet, then say 'syncd retry'",
        "{what}: vui lòng sửa trong KiotViet rồi chạy 'syncd retry'",
    ),
    "order_gone": (
        "{code} of {order} is no longer in KiotViet",
        "Phiếu {code} của đơn {order} không còn trong KiotViet",
    ),
    "order_cancelled": (
        "{code} of {order} was cancelled in KiotViet while Haravan still has the order",
        "Phiếu {code} của đơn {order} đã bị huỷ trong KiotViet trong khi đơn trên Haravan vẫn còn",
    ),
    "order_status_unknown": (
        "{code} of {order} shows the status {status!r}, which is not known",
        "Phiếu {code} của đơn {order} đang ở trạng thái {status!r} mà syncd không biết",
    ),
    "order_changed": (
        "{code} of {order} was changed in KiotViet: {difference}",
        "Phiếu {code} của đơn {order} đã bị sửa trong KiotViet: {difference}",
    ),
    "order_differs": (
        "{code} of {order}: {difference}",
        "Phiếu {code} của đơn {order}: {difference}",
    ),
    "invoice_strange": (
        "invoice {code} of {order} was made or changed by hand and fits no shipment",
        "Hoá đơn {code} của đơn {order} được lập hoặc sửa bằng tay và không khớp với vận đơn nào",
    ),
    "invoice_status_odd": (
        "invoice {code} of {order} shows {status!r} in KiotViet",
        "Hoá đơn {code} của đơn {order} trong KiotViet đang ở trạng thái {status!r}",
    ),
    "invoice_cancelled": (
        "invoice {code} of {order} was cancelled in KiotViet",
        "Hoá đơn {code} của đơn {order} đã bị huỷ trong KiotViet",
    ),
    "invoice_differs": (
        "invoice {code} of {order}: {difference}",
        "Hoá đơn {code} của đơn {order}: {difference}",
    ),
    "order_merged": (
        "{code} of {order} was cancelled in KiotViet and {into} made instead, which says something else than Haravan",
        "Phiếu {code} của đơn {order} đã bị huỷ trong KiotViet và thay bằng {into}, nội dung không khớp với Haravan",
    ),
    "invoice_completed_early": (
        "invoice {code} of {order} was completed in KiotViet while Haravan does not show it delivered and paid (Đã "
        "giao hàng, Đã nhận tiền)",
        "Hoá đơn {code} của đơn {order} đã được chuyển sang Hoàn thành trong KiotViet trong khi Haravan chưa báo Đã "
        "giao hàng và Đã nhận tiền",
    ),
    "after_completion": (
        "{what}, after the order was completed: if that is right say 'syncd done', else put it right in KiotViet first",
        "{what}, sau khi đơn đã hoàn thành: nếu đúng vui lòng chạy 'syncd done', nếu không hãy sửa lại trong KiotViet "
        "trước",
    ),
    "piece_differs": ("{code}: {shown} instead of {wanted}", "{code}: {shown} thay vì {wanted}"),
    "voided_not_shown": (
        "{code} was voided but KiotViet still shows it",
        "đã huỷ hoá đơn {code} nhưng KiotViet vẫn hiển thị hoá đơn",
    ),
    "invoice_not_seen": (
        "{code} of {order} is completed in KiotViet but its invoice cannot be seen, and the answer to making it was "
        "lost: nothing is sent until KiotViet shows it; look there, then say 'syncd retry'",
        "Phiếu {code} của đơn {order} đã Hoàn thành trong KiotViet nhưng chưa thấy hoá đơn, và phản hồi khi lập hoá "
        "đơn đã bị mất: syncd chưa gửi gì cho đến khi thấy hoá đơn; vui lòng kiểm tra trong KiotViet rồi chạy "
        "'syncd retry'",
    ),
    "completed_without_invoice": (
        "{code} of {order} was completed in KiotViet without an invoice",
        "Phiếu {code} của đơn {order} đã được chuyển sang Hoàn thành trong KiotViet mà không có hoá đơn",
    ),
    "pieces_differ_from_shipment": (
        "its products or quantities differ from the shipment ({pieces})",
        "mã hàng hoặc số lượng khác với vận đơn ({pieces})",
    ),
    "pieces_differ_from_haravan": (
        "its products or quantities differ from Haravan ({pieces})",
        "mã hàng hoặc số lượng khác với Haravan ({pieces})",
    ),
    "invoice_total_differs": (
        "its total is {kiotviet} instead of {expected}",
        "tổng tiền là {kiotviet} trong khi đúng phải là {expected}",
    ),
    "order_total_differs": (
        "its total is {kiotviet} while Haravan's is {haravan}",
        "tổng tiền là {kiotviet} trong khi trên Haravan là {haravan}",
    ),
    "twin": (
        "{order} is in KiotViet more than once: keep {kept}, cancel {others} there",
        "Đơn {order} có nhiều phiếu đặt hàng trong KiotViet: vui lòng giữ {kept} và huỷ {others}",
    ),
    "twin_invoice": (
        "a shipment of {order} has several invoices: keep {kept}, cancel {others} in KiotViet",
        "Một vận đơn của đơn {order} có nhiều hoá đơn trong KiotViet: vui lòng giữ {kept} và huỷ {others}",
    ),
    "then_retry": ("{what}, then say 'syncd retry'", "{what}, rồi chạy 'syncd retry'"),
    "refused": ("{order}: KiotViet refused it: {why}", "Đơn {order}: KiotViet từ chối: {why}"),
    "document_unreadable": (
        "{order}: what KiotViet shows of it cannot be understood: {why}",
        "Đơn {order}: không đọc được dữ liệu KiotViet trả về: {why}",
    ),
    "outcome_unknown": (
        "{order}: it is not known whether an earlier write reached KiotViet, and {why}: nothing is sent until that "
        "list can be read",
        "Đơn {order}: chưa biết lần ghi trước đã vào KiotViet hay chưa vì danh sách chưa đọc được ({why}): syncd chưa "
        "gửi gì cho đến khi đọc được danh sách đó",
    ),
    "settled_not_shown": (
        "{code} was settled but KiotViet still shows {status}",
        "đã hoàn thành hoá đơn {code} nhưng KiotViet vẫn báo {status}",
    ),
    "cancelled_not_shown": (
        "{code} was cancelled but KiotViet still shows it open",
        "đã huỷ phiếu {code} nhưng KiotViet vẫn báo phiếu đang mở",
    ),
    "total_changed": ("the total changed from {before} to {after}", "tổng số dòng thay đổi từ {before} thành {after}"),
    "total_fell": ("the total fell from {before} to {after}", "tổng số dòng giảm từ {before} còn {after}"),
    "rows_twice": ("{rows} rows came twice", "{rows} dòng bị trả về hai lần"),
    "list_endless": ("the list does not end", "danh sách đọc mãi không hết"),
    "list_short": (
        "the list ended after {rows} of {total} rows",
        "danh sách chỉ trả về {rows} trên {total} dòng",
    ),
    "rows_missing": (
        "{rows} different rows where {total} were promised",
        "chỉ có {rows} dòng khác nhau trong khi báo có {total} dòng",
    ),
    "row_unreadable": ("a row could not be read", "có một dòng không đọc được"),
    "invoices_incomplete": ("the invoices of {code}: {why}", "hoá đơn của phiếu {code}: {why}"),
    "invoice_row_unreadable": (
        "an invoice of {code} could not be read: {why}",
        "không đọc được một hoá đơn của phiếu {code}: {why}",
    ),
    "order_not_shown_yet": (
        "KiotViet made order {id} but does not show it yet",
        "KiotViet đã tạo phiếu đặt hàng {id} nhưng chưa hiển thị",
    ),
    "invoice_not_shown_yet": (
        "KiotViet made invoice {id} but does not show it yet",
        "KiotViet đã tạo hoá đơn {id} nhưng chưa hiển thị",
    ),
    "still_not_settled": (
        "still not settled after {steps} steps; the next cycle goes on",
        "chưa xử lý xong sau {steps} bước; chu kỳ sau sẽ tiếp tục",
    ),
    "activate_customer": (
        "{why}; if customer {code} is there but inactive, activate it in KiotViet",
        "{why}; nếu khách hàng {code} đã có nhưng ngừng hoạt động, vui lòng cho hoạt động lại trong KiotViet",
    ),
    "activate_surcharge": (
        "{why}; if surcharge {code} is there but inactive, activate it in KiotViet",
        "{why}; nếu thu khác {code} đã có nhưng ngừng hoạt động, vui lòng cho hoạt động lại trong KiotViet",
    ),
    "surcharge_not_listed": (
        "surcharge {code} was made (id {id}) but KiotViet does not list it: activate it in KiotViet",
        "thu khác {code} đã được tạo (id {id}) nhưng KiotViet không liệt kê: vui lòng cho hoạt động trong KiotViet",
    ),
    "why_refunded": (
        "{order} was refunded or returned in Haravan",
        "Đơn {order} đã hoàn tiền hoặc trả hàng trên Haravan",
    ),
    "why_cancelled": (
        "{order} was cancelled in Haravan after it was completed",
        "Đơn {order} bị huỷ trên Haravan sau khi đã Hoàn thành",
    ),
    "why_exchanged": (
        "{order} was replaced in Haravan by {by} (Đặt lại), which is handled as an order of its own",
        "Đơn {order} đã được thay bằng đơn {by} trên Haravan (Đặt lại), đơn mới được xử lý riêng",
    ),
    "why_brought_back": (
        "{order} was completed, but its carrier status in Haravan is now {status}",
        "Đơn {order} đã Hoàn thành nhưng trạng thái giao hàng trên Haravan hiện là {status}",
    ),
    "task_return": (
        "{why}: enter a return (Trả hàng) in KiotViet for {goods}; {money}",
        "{why}: vui lòng lập phiếu Trả hàng trong KiotViet cho {goods}; {money}",
    ),
    "task_return_when_back": (
        "{why}: when the goods are back, enter a return (Trả hàng) in KiotViet for {goods}; {money}",
        "{why}: khi đã nhận lại hàng, vui lòng lập phiếu Trả hàng trong KiotViet cho {goods}; {money}",
    ),
    "task_return_unsellable": (
        "{why}: enter a return (Trả hàng) in KiotViet for {goods}; {money}; these pieces did not go back on the shelf "
        "in Haravan: if they are damaged or lost, take them out again in KiotViet at once with a write-off (Xuất huỷ)",
        "{why}: vui lòng lập phiếu Trả hàng trong KiotViet cho {goods}; {money}; số hàng này không được nhập kho lại "
        "trên Haravan: nếu hàng hỏng hoặc mất, vui lòng lập ngay phiếu Xuất huỷ trong KiotViet để trừ ra khỏi kho",
    ),
    "task_pay_out": (
        "{amount} of {order} was given back in Haravan without goods: enter a payment (Phiếu chi) of {amount} to the "
        "buyer in KiotViet's cash book, then say 'syncd done' with the number of this task",
        "Đơn {order} đã hoàn {amount} trên Haravan mà không trả hàng: vui lòng lập Phiếu chi {amount} cho khách trong "
        "Sổ quỹ KiotViet, rồi chạy 'syncd done' kèm số của việc này",
    ),
    "task_goods": ("invoice {code} with {pieces}", "hoá đơn {code} gồm {pieces}"),
    "task_whole_invoice": ("all of invoice {code}", "toàn bộ hoá đơn {code}"),
    "task_pay_back": ("pay back {amount}", "trả lại khách {amount}"),
    "task_pay_nothing": (
        "pay back nothing on it (Haravan shows no money given back with it)",
        "không trả tiền khách trên phiếu này (Haravan không ghi hoàn tiền kèm theo)",
    ),
    "enter_outside_sale": (
        "KiotViet does not know of it: enter the sale there",
        "KiotViet không biết đơn này: vui lòng nhập bán hàng vào KiotViet",
    ),
    "documents_not_compared": (
        "KiotViet's documents could not be compared: {why}",
        "chưa so sánh được chứng từ trong KiotViet: {why}",
    ),
    "document_changed": (
        "{document} has other lines, prices or total in KiotViet than when syncd last looked",
        "{document} trong KiotViet có dòng hàng, giá hoặc tổng tiền khác với lần xem trước",
    ),
    "document_status": (
        "{document} is now {status} in KiotViet",
        "{document} trong KiotViet hiện là {status}",
    ),
    "document_gone": (
        "KiotViet shows {document} no more, neither in its list nor by its id",
        "KiotViet không còn {document}, cả trong danh sách lẫn khi đọc theo id",
    ),
    "document_stranger": (
        "{document} in KiotViet carries the marker of this order as well",
        "{document} trong KiotViet cũng mang mã đánh dấu của đơn này",
    ),
    "document_strange_invoice": (
        "{document} is an invoice in KiotViet of this order that syncd did not make",
        "{document} là hoá đơn trong KiotViet của đơn này mà không phải do syncd lập",
    ),
    "document_differs": ("{what}; {outcome}", "{what}; {outcome}"),
    "document_held": ("held: {why}", "đang tạm giữ: {why}"),
    "document_taken_up": ("taken up, nothing is left to do", "đã ghi nhận, không còn gì phải làm"),
    "document_waits": ("still to be looked at", "sẽ được xem lại"),
}
