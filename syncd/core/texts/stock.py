"""Sentences about figures that differ: why, who else changes them, and what happens next."""

from __future__ import annotations

STOCK: dict[str, tuple[str, str]] = {
    "drift_first": (
        "it was never compared before",
        "lần đầu tiên so sánh",
    ),
    "drift_kiotviet_moved": (
        "what KiotViet can sell went from {before} to {now}",
        "số có thể bán trong KiotViet đổi từ {before} thành {now}",
    ),
    "drift_pending_changed": (
        "the pieces of web orders that KiotViet does not show yet went from {before} to {now}",
        "số lượng của đơn web mà KiotViet chưa ghi nhận đổi từ {before} thành {now}",
    ),
    "drift_settings_changed": (
        "the safety stock went from {before} to {now}",
        "tồn kho an toàn đổi từ {before} thành {now}",
    ),
    "drift_changed_in_haravan": (
        "staff or another program changed it in Haravan from {before} to {now}",
        "nhân viên hoặc phần mềm khác đã sửa trên Haravan từ {before} thành {now}",
    ),
    "drift_orders_moved": (
        "web orders moved it in Haravan from {before} to {now}",
        "đơn hàng web làm thay đổi trên Haravan từ {before} thành {now}",
    ),
    "drift_in_doubt": (
        "the answer to our last write was lost; Haravan went from {before} to {now}",
        "phản hồi của lần ghi trước đã bị mất; Haravan đổi từ {before} thành {now}",
    ),
    "drift_still_differs": (
        "Haravan still shows {now}: what was written before does not show",
        "Haravan vẫn hiển thị {now}: lần ghi trước chưa thấy có hiệu lực",
    ),
    "stock_rewritten": (
        "location {location}: another program keeps changing stock that syncd wrote: {figures}; {slips}; switch off "
        "Haravan's own KiotViet app or the other connector, then say 'syncd done' with the number of this task",
        "kho {location}: có phần mềm khác liên tục sửa tồn kho mà syncd đã ghi: {figures}; {slips}; vui lòng tắt ứng "
        "dụng KiotViet của Haravan hoặc phần mềm kết nối khác, rồi chạy 'syncd done' kèm số của việc này",
    ),
    "stock_rewritten_figure": (
        "{sku} was written as {written} and found as {found}",
        "{sku} đã ghi {written}, sau đó thấy {found}",
    ),
    "slips_of_others": (
        "stock slips in Haravan that are not syncd's: {slips}",
        "phiếu điều chỉnh tồn kho trên Haravan không phải của syncd: {slips}",
    ),
    "slips_none": (
        "Haravan shows no stock slip of it but syncd's own",
        "Haravan chỉ có phiếu điều chỉnh của syncd, không có phiếu nào khác",
    ),
    "slips_not_readable": (
        "Haravan's stock slips could not be read: {why}",
        "không đọc được phiếu điều chỉnh tồn kho trên Haravan: {why}",
    ),
    "slip_named": ("{number} ({note})", "{number} ({note})"),
    "slip_without_note": ("{number} (no note)", "{number} (không có ghi chú)"),
    "pending_outside": (
        "not mirrored (another channel or payment): it counts until it is shipped",
        "không đồng bộ (kênh hoặc hình thức thanh toán khác): tính đến khi giao cho đơn vị vận chuyển",
    ),
    "pending_other_branch": (
        "received at KiotViet branch {branch}, which does not feed this location: it counts until it is shipped",
        "chi nhánh KiotViet {branch} nhận đơn, không thuộc kho này: tính đến khi giao cho đơn vị vận chuyển",
    ),
    "pending_not_ordered": (
        "KiotViet does not show its order yet",
        "KiotViet chưa có phiếu đặt hàng của đơn này",
    ),
    "pending_not_reserved": (
        "this shop's KiotViet does not count Phiếu tạm as reserved: it counts until its invoice exists",
        "KiotViet của cửa hàng không tính Phiếu tạm vào số đang đặt: tính đến khi có hoá đơn",
    ),
    "pending_doubted": (
        "KiotViet reserves less than its open orders need: somebody may have ended or changed one of them there",
        "số đang đặt trong KiotViet ít hơn các phiếu đang mở cần: có thể có người vừa kết thúc hoặc sửa phiếu",
    ),
    "pending_just_ordered": (
        "KiotViet's figures are from before its order was seen",
        "số liệu KiotViet được đọc trước khi thấy phiếu đặt hàng",
    ),
    "story_nothing": ("nothing: both sides agree", "không còn gì: hai bên khớp nhau"),
    "story_written_next": (
        "{wanted} is written in the next stock cycle",
        "chu kỳ tồn kho tiếp theo sẽ ghi {wanted}",
    ),
    "story_not_published": ("nothing is published: {why}", "không cập nhật: {why}"),
    "story_not_applied": (
        "nothing is written while stock.apply is off; it would be {wanted}",
        "chưa ghi gì vì stock.apply đang tắt; nếu bật sẽ ghi {wanted}",
    ),
    "story_refused": (
        "nothing is written while the stock plan is refused: {why}",
        "chưa ghi gì vì kế hoạch tồn kho đang bị từ chối: {why}",
    ),
    "story_stuck": (
        "{wanted} was sent and does not show in Haravan; it is sent again an hour later, or when either side changes",
        "đã gửi {wanted} nhưng Haravan chưa hiển thị; sẽ gửi lại sau một giờ, hoặc khi một trong hai bên thay đổi",
    ),
    "story_unknown": (
        "nothing is written: KiotViet does not say how much there is of {code}, and unknown is not zero",
        "chưa ghi gì: KiotViet không cho biết tồn kho của {code}, mà không biết thì không phải là 0",
    ),
    "story_haravan_unread": (
        "nothing is written until Haravan's figure can be read",
        "chưa ghi gì cho đến khi đọc được tồn kho trên Haravan",
    ),
    "story_no_location": (
        "no location is linked: add it under stock.links in the config file",
        "chưa nối kho nào: vui lòng thêm vào stock.links trong tệp cấu hình",
    ),
    "story_title": (
        "Haravan {sku} (variant {variant}) is KiotViet {code} (product {product}), linked by {rule}",
        "Haravan {sku} (sản phẩm {variant}) là mã hàng KiotViet {code} (id {product}), nối theo {rule}",
    ),
    "story_unit": (
        "{code} is a unit: {pieces} pieces of product {base}, whose stock counts",
        "{code} là đơn vị tính: bằng {pieces} đơn vị cơ bản của mã hàng id {base}, tồn kho tính theo hàng cơ bản",
    ),
    "story_location": (
        "location {location} (branches {branches})",
        "kho {location} (chi nhánh {branches})",
    ),
    "story_kiotviet": ("KiotViet: {shown}", "KiotViet: {shown}"),
    "story_haravan": ("Haravan:  {shown}", "Haravan:  {shown}"),
    "story_branch": (
        "branch {branch}: on hand {on_hand}, reserved {reserved}",
        "chi nhánh {branch}: tồn kho {on_hand}, khách đặt {reserved}",
    ),
    "story_branch_off": (
        "branch {branch}: not sold there, counts 0",
        "chi nhánh {branch}: không kinh doanh ở đây, tính 0",
    ),
    "story_level": (
        "available {available} (on hand {on_hand}, committed {committed})",
        "có thể bán {available} (tồn kho {on_hand}, đang giao dịch {committed})",
    ),
    "story_unreadable": ("could not be read: {why}", "không đọc được: {why}"),
    "story_formula": (
        "formula:  {sellable} sellable in KiotViet - {pending} pending - {safety} safety stock = {wanted} wanted",
        "công thức: {sellable} có thể bán trong KiotViet - {pending} đơn chờ - {safety} tồn an toàn = {wanted} cần có",
    ),
    "story_pending": (
        "pending:  {order} ({state}): {pieces} of {sku}, {why}",
        "đơn chờ:  {order} ({state}): {pieces} {sku}, {why}",
    ),
    "story_difference": ("difference: {difference}", "chênh lệch: {difference}"),
    "story_next": ("next: {what}", "tiếp theo: {what}"),
    "story_none_published": ("nothing was published yet", "chưa cập nhật lần nào"),
    "column_old_new": ("from → to", "từ → thành"),
    "column_shown": ("then showed", "sau đó thấy"),
    "column_terms": ("sellable - pending - safety", "có thể bán - đơn chờ - tồn an toàn"),
    "column_source": ("read because of", "đọc do"),
    "column_why": ("why", "lý do"),
    "column_slip": ("slip note", "ghi chú phiếu"),
    "ending_written": ("", ""),
    "ending_not_shown": ("not shown", "chưa hiển thị"),
    "ending_refused": ("refused", "bị từ chối"),
    "ending_unknown": ("answer lost", "mất phản hồi"),
    "why_first": ("first comparison", "lần đầu so sánh"),
    "why_kiotviet_moved": ("KiotViet moved", "KiotViet thay đổi"),
    "why_pending_changed": ("web orders wait or were entered", "đơn web đang chờ hoặc đã ghi nhận"),
    "why_settings_changed": ("safety stock changed", "đổi tồn kho an toàn"),
    "why_changed_in_haravan": ("changed in Haravan", "bị sửa trên Haravan"),
    "why_orders_moved": ("web orders moved it", "đơn web làm thay đổi"),
    "why_still_differs": ("still differed", "vẫn còn lệch"),
    "why_in_doubt": ("lost answer before", "trước đó mất phản hồi"),
}
