"""Alerts: their subjects and blocks, what channels answer, and what the commands say of them."""

from __future__ import annotations

ALERTS: dict[str, tuple[str, str]] = {
    # --- messages -----------------------------------------------------------------------------------------------------
    "alert_subject_one": ("[{shop}] {what}", "[{shop}] {what}"),
    "alert_subject_some": ("[{shop}] {count} things need a person", "[{shop}] {count} việc cần người xử lý"),
    "alert_subject_resolved": ("[{shop}] resolved: {count}", "[{shop}] đã xử lý xong: {count}"),
    "alert_subject_limit": ("[{shop}] more has happened", "[{shop}] còn việc khác cần xem"),
    "alert_subject_start": ("[{shop}] syncd could not start", "[{shop}] syncd không khởi động được"),
    "alert_subject_test": ("[{shop}] test of syncd's alerts", "[{shop}] thử cảnh báo của syncd"),
    "alert_kind_held": ("an order is held", "có đơn hàng bị tạm giữ"),
    "alert_kind_task": ("a task for a person", "có việc cần làm"),
    "alert_kind_credentials_refused": ("credentials refused", "thông tin kết nối bị từ chối"),
    "alert_kind_no_good_cycle": ("no successful cycle", "không có chu kỳ nào chạy tốt"),
    "alert_kind_cycle_stuck": ("a cycle does not end", "chu kỳ không kết thúc"),
    "alert_kind_plan_refused": ("stock plan refused", "kế hoạch tồn kho bị từ chối"),
    "alert_kind_budget_spent": ("KiotViet reads used up", "hết lượt đọc KiotViet"),
    "alert_kind_drift_returns": ("another program changes stock", "phần mềm khác sửa tồn kho"),
    "alert_kind_write_in_doubt": ("a write in doubt", "lệnh ghi chưa rõ kết quả"),
    "alert_kind_config_refused": ("config refused", "cấu hình bị từ chối"),
    "alert_kind_store_unwritable": ("database cannot be written", "không ghi được cơ sở dữ liệu"),
    "alert_kind_store_unreadable": ("database cannot be read", "không đọc được cơ sở dữ liệu"),
    "alert_kind_disk_low": ("disk nearly full", "ổ đĩa sắp đầy"),
    "alert_kind_second_daemon": ("a second syncd was started", "có syncd thứ hai khởi động"),
    "alert_kind_webhooks_silent": ("no webhooks arrive", "không có webhook gửi đến"),
    "alert_kind_tags_not_written": ("tags not written", "không gắn được thẻ"),
    "alert_kind_alerts_not_sent": ("alerts not delivered", "không gửi được cảnh báo"),
    "alert_kind_findings": ("something to look at", "có mục cần xem lại"),
    "alert_error": ("ERROR", "LỖI"),
    "alert_warning": ("WARNING", "CẢNH BÁO"),
    "alert_item": ("{level}: {what}\n→ {remedy}", "{level}: {what}\n→ {remedy}"),
    "alert_of_order": ("order {order}: {cause}", "đơn {order}: {cause}"),
    "alert_again": ("Still so:", "Vẫn còn:"),
    "alert_holds": (
        "{count} orders are held ({code}): {orders}. The first: {example}",
        "{count} đơn hàng bị giữ ({code}): {orders}. Đơn đầu tiên: {example}",
    ),
    "remedy_holds": (
        "Each order has its reason in 'syncd status'. Do what it says; syncd sees it and goes on by itself.",
        "Lý do của từng đơn xem bằng 'syncd status'. Làm theo lý do đó, syncd sẽ tự nhận biết và xử lý tiếp.",
    ),
    "alert_orders_more": ("{orders} and {count} more", "{orders} và {count} đơn nữa"),
    "alert_more": ("… and {count} more: 'syncd status' shows all.", "… và {count} mục nữa: xem bằng 'syncd status'."),
    "alert_page": ("Status page: {url}", "Trang trạng thái: {url}"),
    "alert_resolved_intro": ("No longer so:", "Không còn nữa:"),
    "alert_resolved_item": ("✓ {what} (since {since})", "✓ {what} (từ {since})"),
    "alert_limit": (
        "More has happened than {most} messages an hour may carry. 'syncd status' shows everything; the rest is told "
        "when there is room again.",
        "Có nhiều việc hơn số {most} tin mỗi giờ. 'syncd status' cho xem tất cả; phần còn lại sẽ được báo khi đến "
        "lượt.",
    ),
    "alert_start_failed": (
        "syncd could not start: {error}\n→ Do what it says, then run systemctl restart syncd. Orders and stock are not "
        "synchronised meanwhile, unless another syncd runs.",
        "syncd không khởi động được: {error}\n→ Làm theo thông báo, rồi chạy systemctl restart syncd. Trong lúc này "
        "đơn hàng và tồn kho không được đồng bộ, trừ khi có syncd khác đang chạy.",
    ),
    "alert_test": (
        "This is a test. Alerts of {shop} will arrive this way; nothing needs to be done.",
        "Đây là tin thử. Cảnh báo của {shop} sẽ đến bằng đường này; không cần làm gì.",
    ),
    # --- channels -----------------------------------------------------------------------------------------------------
    "channel_unreachable": (
        "{where} cannot be reached ({why}): check address, port and network",
        "không kết nối được {where} ({why}): kiểm tra địa chỉ, cổng và mạng",
    ),
    "channel_slow": (
        "{where} did not answer in time: syncd tries again later",
        "{where} không trả lời kịp: syncd sẽ thử lại sau",
    ),
    "channel_certificate": (
        "{where} shows a certificate that this machine does not trust ({why}): check the host name and the clock",
        "{where} dùng chứng chỉ mà máy này không tin cậy ({why}): kiểm tra tên máy chủ và đồng hồ",
    ),
    "channel_answered": (
        "{where} answered {status} {why}: syncd tries again later",
        "{where} trả lời {status} {why}: syncd sẽ thử lại sau",
    ),
    "channel_refused": (
        "{where} refused the message ({status} {why}): check the section alerts of the config",
        "{where} từ chối tin ({status} {why}): kiểm tra mục alerts trong cấu hình",
    ),
    "channel_limited": (
        "{where} says to wait {seconds} s",
        "{where} yêu cầu chờ {seconds} giây",
    ),
    "mail_no_starttls": (
        "{where} offers no STARTTLS: set alerts.email.tls to tls (port 465), or use another port",
        "{where} không hỗ trợ STARTTLS: đặt alerts.email.tls là tls (cổng 465), hoặc dùng cổng khác",
    ),
    "mail_login_refused": (
        "{where} refused the login ({status}): check alerts.email.user and the password in the file of password_file "
        "(Gmail needs an app password)",
        "{where} từ chối đăng nhập ({status}): kiểm tra alerts.email.user và mật khẩu trong tệp password_file (Gmail "
        "cần mật khẩu ứng dụng)",
    ),
    "mail_no_login": (
        "{where} takes no login: leave out alerts.email.user, or use the port for sending (587)",
        "{where} không nhận đăng nhập: bỏ alerts.email.user, hoặc dùng cổng gửi thư (587)",
    ),
    "mail_some_refused": (
        "{where} refused {count} of the recipients: check alerts.email.to",
        "{where} từ chối {count} người nhận: kiểm tra alerts.email.to",
    ),
    "telegram_token": (
        "Telegram does not know the bot: put the token of @BotFather into the file of alerts.telegram.token_file",
        "Telegram không nhận ra bot: ghi token do @BotFather cấp vào tệp alerts.telegram.token_file",
    ),
    "telegram_chat": (
        "Telegram cannot write to this chat ({why}): send the bot a message first, or add it to the group, and check "
        "alerts.telegram.chat_id",
        "Telegram không gửi được vào cuộc trò chuyện này ({why}): hãy nhắn cho bot trước hoặc thêm bot vào nhóm, và "
        "kiểm tra alerts.telegram.chat_id",
    ),
    "telegram_moved": (
        "the Telegram group has a new id: set alerts.telegram.chat_id to {chat}",
        "nhóm Telegram đã đổi id: đặt alerts.telegram.chat_id là {chat}",
    ),
    "hook_secret": (
        "{where} does not accept us ({status}): check alerts.webhook.secret_file and the receiver's own rules",
        "{where} không chấp nhận ({status}): kiểm tra alerts.webhook.secret_file và quy định của bên nhận",
    ),
    # --- what the commands print --------------------------------------------------------------------------------------
    "status_concerns": ("needs a person: {count}", "cần người xử lý: {count}"),
    "test_sent": ("{channel}: sent", "{channel}: đã gửi"),
    "test_sent_with_note": ("{channel}: sent, but {note}", "{channel}: đã gửi, nhưng {note}"),
    "test_failed": ("{channel}: NOT sent: {error}", "{channel}: KHÔNG gửi được: {error}"),
    "test_no_channels": (
        "The config has no section alerts: see config.example.yaml",
        "Tệp cấu hình không có mục alerts: xem config.example.yaml",
    ),
}
