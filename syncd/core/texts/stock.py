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
}
