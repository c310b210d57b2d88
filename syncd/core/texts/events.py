"""What the journal says of each event; an order's number or a product's code is put in front."""

from __future__ import annotations

EVENTS: dict[str, tuple[str, str]] = {
    "about_order": ("Order {order}: ", "Đơn {order}: "),
    "about_product": ("{sku}: ", "Hàng hoá {sku}: "),
    "said_again": (
        "{said} (the same {count} more times since it was last said)",
        "{said} (lặp lại thêm {count} lần kể từ lần ghi trước)",
    ),
    "events_dropped": (
        "older steps, up to {at}, were deleted (events_days)",
        "các bước cũ hơn, đến {at}, đã được xoá (events_days)",
    ),
    "remote_haravan": ("Haravan", "Haravan"),
    "remote_kiotviet": ("KiotViet", "KiotViet"),
    "operation_create_customer": ("create the customer in KiotViet", "tạo khách hàng trong KiotViet"),
    "operation_create_surcharge": ("create the surcharge in KiotViet", "tạo loại thu khác trong KiotViet"),
    "operation_create_order": ("create the KiotViet order", "tạo phiếu đặt hàng trong KiotViet"),
    "operation_cancel_order": ("cancel the KiotViet order", "huỷ phiếu đặt hàng trong KiotViet"),
    "operation_create_invoice": ("create the KiotViet invoice", "tạo hoá đơn trong KiotViet"),
    "operation_complete_invoice": ("complete the KiotViet invoice", "hoàn thành hoá đơn trong KiotViet"),
    "operation_void_invoice": ("void the KiotViet invoice", "huỷ hoá đơn trong KiotViet"),
    "operation_adjust_stock": ("adjust the stock in Haravan", "điều chỉnh tồn kho trong Haravan"),
    "how_command": ("'syncd done'", "'syncd done'"),
    "how_kiotviet": ("KiotViet shows it", "KiotViet đã có"),
    "how_superseded": ("Haravan asks for it no more", "Haravan không còn yêu cầu"),
    # an order's story
    "event_order_received": ("received from Haravan, channel {source}", "đã nhận từ Haravan, kênh bán hàng {source}"),
    "event_order_created": (
        "KiotViet order {kiotviet} ({status}) was created",
        "đã tạo phiếu đặt hàng {kiotviet} ({status}) trong KiotViet",
    ),
    "event_order_found": (
        "KiotViet has the order {kiotviet} ({status}) already; it is used",
        "KiotViet đã có phiếu đặt hàng {kiotviet} ({status}), dùng phiếu này",
    ),
    "event_order_seen_again": (
        "KiotViet counts the order {kiotviet} ({status}) again",
        "KiotViet lại tính phiếu đặt hàng {kiotviet} ({status})",
    ),
    "event_order_not_live_in_kiotviet": (
        "KiotViet counts the order {kiotviet} no more (cancelled, ended or deleted)",
        "KiotViet không còn tính phiếu đặt hàng {kiotviet} (đã huỷ, kết thúc hoặc xoá)",
    ),
    "event_order_cancelled": (
        "KiotViet order {kiotviet} was cancelled",
        "đã huỷ phiếu đặt hàng {kiotviet} trong KiotViet",
    ),
    "event_invoice_created": (
        "KiotViet invoice {invoice} ({status}) was created",
        "đã tạo hoá đơn {invoice} ({status}) trong KiotViet",
    ),
    "event_invoice_found": (
        "KiotViet has the invoice {invoice} ({status})",
        "KiotViet có hoá đơn {invoice} ({status})",
    ),
    "event_invoice_completed": (
        "KiotViet invoice {invoice} is completed ({status})",
        "hoá đơn {invoice} trong KiotViet đã hoàn thành ({status})",
    ),
    "event_invoice_not_live_in_kiotviet": (
        "KiotViet counts the invoice {invoice} no more (voided or deleted)",
        "KiotViet không còn tính hoá đơn {invoice} (đã huỷ, kết thúc hoặc xoá)",
    ),
    "event_invoice_voided": ("KiotViet invoice {invoice} is voided", "hoá đơn {invoice} trong KiotViet đã bị huỷ"),
    "event_state_received": ("received ({detail})", "đã nhận ({detail})"),
    "event_state_ordered": ("ordered in KiotViet ({detail})", "đã có phiếu đặt hàng trong KiotViet ({detail})"),
    "event_state_shipping": ("shipping ({detail})", "đang giao hàng ({detail})"),
    "event_state_completed": ("completed ({detail})", "đã hoàn thành ({detail})"),
    "event_state_cancelled": ("cancelled ({detail})", "đã huỷ ({detail})"),
    "event_state_returning": ("coming back ({detail})", "đang chuyển hoàn ({detail})"),
    "event_state_returned": ("came back ({detail})", "đã chuyển hoàn ({detail})"),
    "event_state_ignored": ("left out ({detail})", "bỏ qua ({detail})"),
    "event_order_held": ("held: {detail}", "tạm giữ: {detail}"),
    "event_hold_released": ("no longer held ({code})", "không còn bị giữ ({code})"),
    "event_retry_asked": ("somebody asked to try again ('syncd retry')", "có người yêu cầu thử lại ('syncd retry')"),
    "event_left_to_people": (
        "left to people from now on ('syncd ignore')",
        "từ nay để nhân viên tự xử lý ('syncd ignore')",
    ),
    "event_outside_order_shipped": ("was shipped: {detail}", "đã giao cho nhà vận chuyển: {detail}"),
    "event_intent_recorded": ("about to {operation} ({marker})", "sắp {operation} ({marker})"),
    "event_intent_withdrawn": ("done with the write: {detail}", "không còn chờ lệnh ghi: {detail}"),
    "event_task_added": ("a task for a person: {detail}", "việc cần nhân viên làm: {detail}"),
    "event_task_changed": ("a task changed: {detail}", "việc cần làm đã thay đổi: {detail}"),
    "event_task_closed": ("the task {code} is closed: {how}", "việc {code} đã xong: {how}"),
    "event_tags_added": ("tags were added in Haravan: {detail}", "đã thêm tag trong Haravan: {detail}"),
    "event_tags_removed": ("tags were removed in Haravan: {detail}", "đã bỏ tag trong Haravan: {detail}"),
    "event_tags_not_removed": (
        "Haravan left tags there that should go: {detail}",
        "Haravan không bỏ được tag: {detail}",
    ),
    "event_tags_refused": ("Haravan refused the tags: {detail}", "Haravan từ chối tag: {detail}"),
    # the shop's story
    "event_tags_not_written": ("tags: {detail}", "tag: {detail}"),
    "event_orders_reserve_found": (
        "whether KiotViet counts Phiếu tạm as reserved: {detail}",
        "KiotViet có tính Phiếu tạm vào hàng đặt (reserved) không: {detail}",
    ),
    "event_stock_written": ("stock was written: {detail}", "đã ghi tồn kho: {detail}"),
    "event_stock_plan_refused": ("stock was not written: {detail}", "không ghi tồn kho: {detail}"),
    "event_stock_rewritten": ("somebody else writes the stock: {detail}", "có nơi khác cũng ghi tồn kho: {detail}"),
    "event_credentials_refused": (
        "{remote} refuses the credentials: {detail}",
        "{remote} từ chối thông tin kết nối: {detail}",
    ),
    "event_credentials_accepted": (
        "{remote} accepts the credentials again",
        "{remote} đã chấp nhận lại thông tin kết nối",
    ),
    # orders, beside their story
    "event_order_not_done": ("not done in this cycle: {error}", "chưa xong trong chu kỳ này: {error}"),
    "event_write_in_doubt": ("an answer was lost: {error}", "mất phản hồi: {error}"),
    "event_write_shown": (
        "orders.apply is off, nothing was sent: {error}",
        "orders.apply đang tắt, chưa gửi gì: {error}",
    ),
    "event_document_differs": (
        "a document in KiotViet differed ({code}); put right: {repaired}",
        "chứng từ trong KiotViet bị lệch ({code}); đã sửa: {repaired}",
    ),
    "event_task_invoice_not_read": (
        "the invoice {invoice} of a task could not be read: {error}",
        "không đọc được hoá đơn {invoice} của việc cần làm: {error}",
    ),
    "event_documents_not_watched": (
        "changes of documents in KiotViet could not be read: {error}",
        "không đọc được thay đổi chứng từ trong KiotViet: {error}",
    ),
    "event_documents_not_compared": (
        "documents could not be compared: {error}",
        "không đối chiếu được chứng từ: {error}",
    ),
    "event_twins_not_looked_for": (
        "orders that KiotViet may have twice could not be looked for: {error}",
        "không tìm được đơn có thể bị trùng trong KiotViet: {error}",
    ),
    "event_returns_not_read": (
        "return slips in KiotViet could not be read: {error}",
        "không đọc được phiếu trả hàng trong KiotViet: {error}",
    ),
    "event_exchanges_not_told": (
        "orders that others replaced could not be read in Haravan: {error}",
        "không đọc được trong Haravan các đơn đã được thay thế: {error}",
    ),
    "event_orders_poll_incomplete": (
        "Haravan's orders were not read to the end, the next cycle reads them again: {error}",
        "chưa đọc hết đơn hàng của Haravan, chu kỳ sau đọc lại: {error}",
    ),
    "event_backfill_began": ("taking in {total} old orders", "bắt đầu nhận {total} đơn cũ"),
    "event_backfill_progress": ("{read} of {total} old orders were read", "đã đọc {read}/{total} đơn cũ"),
    "event_backfill_finished": ("all {read} old orders were read", "đã đọc xong {read} đơn cũ"),
    "event_backfill_waits": ("old orders wait: {error}", "các đơn cũ phải chờ: {error}"),
    "event_backfill_not_by_id": (
        "Haravan does not list orders by id: old orders are read by date, in one go",
        "Haravan không liệt kê đơn theo id: các đơn cũ được đọc theo ngày, một lượt",
    ),
    # products and stock
    "event_stock_published": (
        "{wanted} on sale at location {location} ({why})",
        "có thể bán {wanted} tại địa điểm {location} ({why})",
    ),
    "event_stock_not_shown": (
        "location {location} shows {available} after {wanted} was written ({why})",
        "địa điểm {location} vẫn hiện {available} sau khi ghi {wanted} ({why})",
    ),
    "event_stock_shown": (
        "stock.apply is off: {available} at location {location} would become {wanted}",
        "stock.apply đang tắt: {available} tại địa điểm {location} sẽ thành {wanted}",
    ),
    "event_stock_line_refused": (
        "Haravan refuses the figure of location {location}: {error}",
        "Haravan từ chối số tồn tại địa điểm {location}: {error}",
    ),
    "event_stock_part_doubted": (
        "a part of the list would lower {lowered} of {published} products: the whole list is read first",
        "một phần danh sách sẽ làm giảm {lowered} trong {published} mặt hàng: cần đọc toàn bộ danh sách trước",
    ),
    "event_stock_feed_refused": (
        "KiotViet refuses the list {feed}, it rests for a while: {error}",
        "KiotViet từ chối danh sách {feed}, tạm nghỉ một lúc: {error}",
    ),
    "event_stock_feed_not_read": (
        "KiotViet's list {feed} could not be read: {error}",
        "không đọc được danh sách {feed} của KiotViet: {error}",
    ),
    "event_sweep_pauses": ("reading stock pauses: {error}", "tạm ngừng đọc tồn kho: {error}"),
    "event_named_product_refused": (
        "KiotViet refuses the product (id {product_id}): {error}",
        "KiotViet từ chối hàng hoá (id {product_id}): {error}",
    ),
    "event_figure_unreadable": (
        "KiotViet's figure (product id {product_id}) cannot be understood: {error}",
        "không hiểu được số tồn của KiotViet (id hàng hoá {product_id}): {error}",
    ),
    "event_reserve_not_learned": (
        "what KiotViet counts as reserved could not be learned: {error}",
        "chưa biết được KiotViet tính hàng đặt (reserved) thế nào: {error}",
    ),
    "event_reserve_not_readable": (
        "KiotViet's reserved (product id {product_id}) could not be read: {error}",
        "không đọc được hàng đặt (reserved) của KiotViet (id hàng hoá {product_id}): {error}",
    ),
    "event_slips_not_readable": (
        "Haravan's stock slips of location {location} could not be read: {error}",
        "không đọc được phiếu kho của Haravan tại địa điểm {location}: {error}",
    ),
    "event_locations_not_readable": (
        "Haravan's locations could not be read: {error}",
        "không đọc được địa điểm của Haravan: {error}",
    ),
    "event_products_changed": (
        "products changed in {remote}; linked now: {linked}",
        "hàng hoá trong {remote} đã thay đổi; đang liên kết: {linked}",
    ),
    "event_products_not_read": ("products could not be read: {error}", "không đọc được hàng hoá: {error}"),
    "event_product_news_not_read": (
        "changes of products could not be read: {error}",
        "không đọc được thay đổi của hàng hoá: {error}",
    ),
    "event_product_unreadable": (
        "a product of {remote} (id {product_id}) cannot be understood: {error}",
        "không hiểu được một hàng hoá của {remote} (id {product_id}): {error}",
    ),
    # the daemon
    "event_daemon_started": ("syncd started with {config}", "syncd đã khởi động với {config}"),
    "event_daemon_stopping": ("syncd is stopping", "syncd đang dừng"),
    "event_daemon_stopped": ("syncd stopped", "syncd đã dừng"),
    "event_daemon_stop_overdue": (
        "a cycle did not end within {seconds} s; the process ends without it",
        "một chu kỳ không kết thúc trong {seconds} giây; tiến trình dừng mà không chờ nữa",
    ),
    "event_config_loaded": ("the config was read again", "đã đọc lại cấu hình"),
    "event_config_refused": ("the config was refused: {problem}", "cấu hình bị từ chối: {problem}"),
    "event_secrets_changed": ("there are new credentials; they are tried", "có thông tin kết nối mới, đang thử"),
    "event_cycle_finished": ("the cycle '{cycle}' ended after {seconds} s", "chu kỳ '{cycle}' xong sau {seconds} giây"),
    "event_cycle_failed": ("the cycle '{cycle}' failed: {error}", "chu kỳ '{cycle}' gặp lỗi: {error}"),
    "event_cycle_not_recorded": (
        "how the cycle '{cycle}' ended could not be recorded: {error}",
        "không lưu được kết quả của chu kỳ '{cycle}': {error}",
    ),
    "event_listener_opened": ("listening for webhooks at {listen}", "đang nhận webhook tại {listen}"),
    "event_listener_closed": ("no longer listening at {listen}", "đã ngừng nhận webhook tại {listen}"),
    "event_listener_failed": ("listening for webhooks failed: {error}", "lỗi khi nhận webhook: {error}"),
    "event_webhook_handshake_answered": (
        "{remote} asked whether we are who registered the webhook; yes was answered",
        "{remote} đã hỏi xác nhận webhook và được trả lời đúng",
    ),
    "event_webhook_arrived": (
        "the first genuine webhook of {remote} came",
        "đã nhận webhook hợp lệ đầu tiên từ {remote}",
    ),
    "event_webhook_refused": (
        "webhooks that said to be {remote}'s were refused ({reason}): {count}",
        "đã từ chối webhook tự nhận là của {remote} ({reason}): {count}",
    ),
    "event_daemon_ended_uncleanly": (
        "the syncd before this one (pid {pid}, since {since}) did not stop in order; nothing is lost",
        "lần chạy syncd trước (tiến trình {pid}, từ {since}) không dừng đúng cách; không mất dữ liệu nào",
    ),
    # what people are told
    "event_concern_raised": ("needs a person: {cause} → {remedy}", "cần người xử lý: {cause} → {remedy}"),
    "event_concern_resolved": ("over: {kind}", "đã hết: {kind}"),
    "event_alert_sent": (
        "people were told by {channel} ({event_kind})",
        "đã gửi cảnh báo qua {channel} ({event_kind})",
    ),
    "event_alert_not_sent": (
        "an alert could not be sent by {channel}, it is tried again: {error}",
        "không gửi được cảnh báo qua {channel}, sẽ thử lại: {error}",
    ),
    "event_alerts_not_remembered": (
        "what people were told could not be kept: {error}",
        "không lưu được những gì đã cảnh báo: {error}",
    ),
    "event_start_not_told": (
        "that the start failed could not be told: {error}",
        "không gửi được cảnh báo khởi động thất bại: {error}",
    ),
    "event_lookout_failed": (
        "the look-out for trouble failed: {error}",
        "bộ phận theo dõi sự cố gặp lỗi: {error}",
    ),
    "event_metrics_without_store": (
        "metrics were read while the database could not be: {error}",
        "số đo được đọc trong khi không đọc được cơ sở dữ liệu: {error}",
    ),
    "event_status_token_refused": (
        "somebody offered a wrong token to the status page",
        "có người nhập sai mã truy cập trang trạng thái",
    ),
    "event_button_pressed": (
        "pressed on the status page: {button} ({about})",
        "đã bấm trên trang trạng thái: {button} ({about})",
    ),
    "event_page_failed": (
        "the status page {path} could not be made: {error}",
        "không tạo được trang trạng thái {path}: {error}",
    ),
    "event_library_message_logged": ("{logger}: {message}", "{logger}: {message}"),
}
