"""What the commands print: labels, state words, summaries and what comes next."""

from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
    # --- states ------------------------------------------------------------------------------------------------------
    "state_received": ("received", "mới nhận"),
    "state_ordered": ("ordered", "đã đặt hàng"),
    "state_shipping": ("shipping", "đang giao hàng"),
    "state_completed": ("completed", "hoàn thành"),
    "state_cancelled": ("cancelled", "đã huỷ"),
    "state_returning": ("returning", "chờ chuyển hoàn"),
    "state_returned": ("returned", "đã chuyển hoàn"),
    "state_ignored": ("ignored", "bỏ qua"),
    # --- what comes next ---------------------------------------------------------------------------------------------
    "next_received": (
        "next: it is created in KiotViet as Phiếu tạm",
        "tiếp theo: đơn được tạo trong KiotViet thành phiếu đặt hàng (Phiếu tạm)",
    ),
    "next_ordered": (
        "next: when the carrier has it (Đang giao hàng), its invoice is made",
        "tiếp theo: khi Đang giao hàng, hoá đơn được lập trong KiotViet",
    ),
    "next_shipping": (
        "next: when it is delivered and paid (Đã giao hàng, Đã nhận tiền), its invoice is completed",
        "tiếp theo: khi Đã giao hàng và Đã nhận tiền, hoá đơn được chuyển sang Hoàn thành",
    ),
    "next_returning": (
        "next: when it is back (Chuyển hoàn), a person is asked what to do",
        "tiếp theo: khi hàng về (Chuyển hoàn), nhân viên sẽ được hỏi cách xử lý",
    ),
    "next_returned": ("next: a person decides", "tiếp theo: chờ nhân viên quyết định"),
    "next_completed": (
        "next: nothing; a later return becomes a task for a person",
        "tiếp theo: không còn gì; nếu sau này trả hàng thì thành việc cần làm cho nhân viên",
    ),
    "next_cancelled": ("next: nothing", "tiếp theo: không còn gì"),
    "next_ignored": (
        "next: nothing, unless the order or the settings change",
        "tiếp theo: không còn gì, trừ khi đơn hàng hoặc cấu hình thay đổi",
    ),
    "next_held": ("next: held ({code}): {reason}", "tiếp theo: đang tạm giữ ({code}): {reason}"),
    "next_in_doubt": (
        "next: the answer to {operation} was lost: KiotViet is searched before anything is sent again",
        "tiếp theo: phản hồi của {operation} đã bị mất: syncd sẽ tìm trong KiotViet trước khi gửi lại",
    ),
    # --- status ------------------------------------------------------------------------------------------------------
    "status_orders": ("orders: {counts}", "đơn hàng: {counts}"),
    "status_no_orders": ("none yet", "chưa có"),
    "status_stock": (
        "stock:  {linked} linked, {unlinked} unlinked, {drift} differ, last full sweep {swept}",
        "tồn kho: {linked} đã nối, {unlinked} chưa nối, {drift} lệch, lần quét đủ gần nhất {swept}",
    ),
    "never": ("never", "chưa lần nào"),
    "status_plan_refused": ("stock plan refused:", "kế hoạch tồn kho bị từ chối:"),
    "status_cycle": ("{cycle} cycle: last good {last}", "chu kỳ {cycle}: lần tốt gần nhất {last}"),
    "status_stale": ("STALE", "QUÁ CŨ"),
    "status_last_error": (", last error: {error}", ", lỗi gần nhất: {error}"),
    "cycle_orders": ("orders", "đơn hàng"),
    "cycle_stock": ("stock", "tồn kho"),
    "status_held": ("held: {count}", "đang tạm giữ: {count}"),
    "status_tasks": ("tasks: {count}", "việc cần làm: {count}"),
    "column_order": ("order", "đơn hàng"),
    "column_code": ("code", "mã"),
    "column_reason": ("reason", "lý do"),
    "column_text": ("text", "nội dung"),
    "column_since": ("since", "từ lúc"),
    # --- explain -----------------------------------------------------------------------------------------------------
    "explain_haravan": ("Haravan shows:  {shown}", "Trên Haravan:  {shown}"),
    "explain_kiotviet": ("KiotViet shows: {shown}", "Trong KiotViet: {shown}"),
    "nothing_of_ours": ("nothing of ours", "chưa có chứng từ nào"),
    "column_at": ("at (UTC)", "lúc (UTC)"),
    "column_event": ("event", "sự kiện"),
    "column_detail": ("detail", "chi tiết"),
    "label_total": ("total", "tổng tiền"),
    "label_financial_status": ("financial_status", "thanh toán"),
    "label_cancelled_at": ("cancelled_at", "huỷ lúc"),
    "label_shipments": ("shipments", "vận đơn"),
    "label_id": ("id", "id"),
    "label_carrier": ("carrier", "giao hàng"),
    "label_cod": ("cod", "thu hộ"),
    "label_cod_amount": ("cod_amount", "tiền thu hộ"),
    "label_order": ("order", "phiếu đặt hàng"),
    "label_invoices": ("invoices", "hoá đơn"),
    "label_code": ("code", "mã"),
    "label_status": ("status", "trạng thái"),
    "label_error": ("error", "lỗi"),
    # --- once, plan, reconcile ---------------------------------------------------------------------------------------
    "once_orders": (
        "orders: {seen} seen, {changed} changed, {held} held",
        "đơn hàng: {seen} đã xem, {changed} thay đổi, {held} đang tạm giữ",
    ),
    "once_stock": (
        "stock:  {checked} checked, {written} written",
        "tồn kho: {checked} đã so, {written} đã ghi",
    ),
    "once_refused": (", {refused} refused", ", {refused} bị từ chối"),
    "once_calls": (
        "calls:  {haravan} to Haravan, {kiotviet} to KiotViet",
        "lượt gọi API: {haravan} đến Haravan, {kiotviet} đến KiotViet",
    ),
    "plan_summary": (
        "{writes} writes would be sent, none was; {held} orders are held",
        "{writes} lệnh ghi sẽ được gửi, chưa gửi lệnh nào; {held} đơn đang tạm giữ",
    ),
    "column_where": ("where", "nơi ghi"),
    "column_what": ("what", "thao tác"),
    "reconcile_documents": (
        "documents: {seen} compared, {changed} changed, {held} held",
        "chứng từ: {seen} đã so, {changed} thay đổi, {held} đang tạm giữ",
    ),
    "reconcile_stock": (
        "stock: {checked} compared, {written} repaired",
        "tồn kho: {checked} đã so, {written} đã sửa",
    ),
    # --- products, retry, ignore -------------------------------------------------------------------------------------
    "products_linked": (
        "{linked} products are linked, {stocked} of them with stock",
        "{linked} sản phẩm đã nối, trong đó {stocked} có cập nhật tồn kho",
    ),
    "products_problems": ("{count} to look at", "{count} mục cần xem lại"),
    "column_kind": ("kind", "loại"),
    "column_what_to_do": ("what to do", "cần làm gì"),
    "retry_released": ("{order}: will be tried again", "{order}: sẽ được thử lại"),
    "retry_not_held": (
        "{order}: was not held; it is looked at again anyway",
        "{order}: không bị tạm giữ; vẫn sẽ được xem lại",
    ),
    "ignore_done": ("{order}: left to people", "{order}: để nhân viên tự xử lý"),
}
