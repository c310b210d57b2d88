"""What went wrong between us and a remote, the store or a port, and what to do."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    # --- a request that did not get through
    "not_sent_dns": (
        "{call}: could not be sent: the name {host} could not be looked up: check this machine's internet connection "
        "and its DNS, and the address in the config file; syncd tries again by itself",
        "{call}: chưa gửi được: không tra được tên máy {host}: vui lòng kiểm tra kết nối internet và DNS của máy này, "
        "và địa chỉ trong file cấu hình; syncd sẽ tự thử lại",
    ),
    "not_sent_refused": (
        "{call}: could not be sent: {host} refuses the connection: check the address in the config file, and whether "
        "a firewall or proxy stands between; syncd tries again by itself",
        "{call}: chưa gửi được: {host} từ chối kết nối: vui lòng kiểm tra địa chỉ trong file cấu hình, và xem có tường "
        "lửa hoặc proxy chặn không; syncd sẽ tự thử lại",
    ),
    "not_sent_certificate": (
        "{call}: could not be sent: the certificate of {host} is not trusted: check this machine's clock, install the "
        "package ca-certificates, and see whether a proxy opens its TLS connections; syncd tries again by itself",
        "{call}: chưa gửi được: chứng chỉ của {host} không đáng tin cậy: vui lòng kiểm tra giờ của máy này, cài gói "
        "ca-certificates, và xem có proxy mở kết nối TLS không; syncd sẽ tự thử lại",
    ),
    "not_sent_silent": (
        "{call}: could not be sent: {host} does not answer: check this machine's internet connection, and that its "
        "firewall lets connections to {host} out; syncd tries again by itself",
        "{call}: chưa gửi được: {host} không trả lời: vui lòng kiểm tra kết nối internet của máy này, và xem tường lửa "
        "có cho kết nối ra {host} không; syncd sẽ tự thử lại",
    ),
    "not_sent": (
        "{call}: could not be sent ({error}): check this machine's internet connection, its firewall and the address "
        "{host} in the config file; syncd tries again by itself",
        "{call}: chưa gửi được ({error}): vui lòng kiểm tra kết nối internet, tường lửa của máy này và địa chỉ {host} "
        "trong file cấu hình; syncd sẽ tự thử lại",
    ),
    # --- an answer that did not come, or not whole
    "read_lost": (
        "{call}: {what}; nothing was changed, and it is read again by itself",
        "{call}: {what}; chưa có gì thay đổi, syncd sẽ tự đọc lại",
    ),
    "write_lost": (
        "{call}: {what}; it may have happened: syncd looks there before it sends anything again",
        "{call}: {what}; lệnh ghi có thể đã được thực hiện: syncd sẽ xem lại bên đó trước khi gửi lại",
    ),
    "no_answer_in_time": ("no answer in time", "không có phản hồi kịp thời"),
    "answer_broke_off": ("the answer was lost ({error})", "phản hồi bị mất giữa chừng ({error})"),
    "answer_too_slow": (
        "no complete answer within {seconds} s",
        "chưa nhận đủ phản hồi trong {seconds} giây",
    ),
    "answer_too_large": ("the answer is larger than any list can be", "phản hồi lớn bất thường"),
    "answered_status": ("answered {status}", "trả về lỗi {status}"),
    "answer_not_json": (
        "the answer is not JSON ({status})",
        "phản hồi không phải JSON ({status})",
    ),
    "answer_lacks_record": ("the answer holds no {key}", "phản hồi không có {key}"),
    "answer_lacks_list": ("the answer holds no list of {key}", "phản hồi không có danh sách {key}"),
    "answer_lacks_id": ("the answer holds no id", "phản hồi không có id"),
    "answer_lacks_slip": ("the answer holds no slip", "phản hồi không có phiếu điều chỉnh"),
    "answer_lacks_tags": ("the answer holds no tags", "phản hồi không có thẻ đơn hàng"),
    "answer_unreadable": ("the answer cannot be read: {why}", "không đọc được phản hồi: {why}"),
    # --- refusals
    "own_words": ("{what}. {said}", "{what}. {said}"),
    "refused_wordless": (
        "{call}: refused with status {status}, without a reason",
        "{call}: bị từ chối với mã {status}, không nêu lý do",
    ),
    "too_many_requests": (
        "{call}: too many requests: syncd waits as long as it was told and goes on by itself",
        "{call}: gọi quá nhiều lần: syncd sẽ chờ đúng thời gian được yêu cầu rồi tự chạy tiếp",
    ),
    "haravan_refuses_token": (
        "{call}: the credentials are refused; check the token in haravan.token_file: the shop's owner makes a new one "
        "in Haravan (Ứng dụng > Ứng dụng riêng), then put it into that file",
        "{call}: Haravan từ chối thông tin truy cập; vui lòng kiểm tra token trong haravan.token_file: chủ cửa hàng "
        "tạo token mới trên Haravan (Ứng dụng > Ứng dụng riêng), rồi ghi vào file đó",
    ),
    "kiotviet_refuses_token": (
        "{call}: the credentials are refused; check kiotviet.retailer, client_id and client_secret_file: KiotViet "
        "shows client id and secret (Mã bảo mật) under Thiết lập cửa hàng > Thiết lập kết nối API",
        "{call}: KiotViet từ chối thông tin truy cập; vui lòng kiểm tra kiotviet.retailer, client_id và "
        "client_secret_file: xem Client ID và Mã bảo mật trong KiotViet, Thiết lập cửa hàng > Thiết lập kết nối API",
    ),
    "kiotviet_refuses_client": (
        "KiotViet refuses the client id or secret ({code}); check kiotviet.client_id and client_secret_file against "
        "Thiết lập cửa hàng > Thiết lập kết nối API in KiotViet",
        "KiotViet từ chối Client ID hoặc Mã bảo mật ({code}); vui lòng so kiotviet.client_id và client_secret_file với "
        "Thiết lập cửa hàng > Thiết lập kết nối API trong KiotViet",
    ),
    "kiotviet_gives_no_token": (
        "{why}; check kiotviet.client_id, kiotviet.client_secret_file and kiotviet.token_url",
        "{why}; vui lòng kiểm tra kiotviet.client_id, kiotviet.client_secret_file và kiotviet.token_url của KiotViet",
    ),
    "token_answer_odd": (
        "KiotViet's token endpoint answered something else: {why}; check kiotviet.token_url if this stays",
        "Địa chỉ cấp token của KiotViet trả về nội dung khác: {why}; nếu lỗi còn lặp lại, vui lòng kiểm tra "
        "kiotviet.token_url",
    ),
    "haravan_permission_missing": (
        "{call}: permission missing: {permission}: tick it for the private app (Ứng dụng > Ứng dụng riêng) whose token "
        "is in haravan.token_file",
        "{call}: thiếu quyền {permission}: vui lòng đánh dấu quyền này trên Haravan cho ứng dụng riêng (Ứng dụng > Ứng "
        "dụng riêng) có token trong haravan.token_file",
    ),
    "kiotviet_permission_missing": (
        "{call}: permission missing: {permission}: give it in KiotViet to the user that the API connection belongs to "
        "(Thiết lập > Quản lý người dùng)",
        "{call}: thiếu quyền {permission}: vui lòng cấp quyền này trong KiotViet cho người dùng của kết nối API (Thiết "
        "lập > Quản lý người dùng)",
    ),
    # --- budgets of calls
    "haravan_budget_spent": (
        "Haravan: the call budget is spent for {seconds} s; syncd goes on by itself",
        "Haravan: đã dùng hết lượt gọi API, chờ {seconds} giây; syncd sẽ tự chạy tiếp",
    ),
    "kiotviet_told_to_wait": (
        "KiotViet said to wait; syncd goes on by itself",
        "KiotViet yêu cầu chờ; syncd sẽ tự chạy tiếp",
    ),
    "kiotviet_budget_spent": (
        "the {allowed} GETs of this hour at KiotViet are spent; syncd goes on by itself as they become free (see "
        "kiotviet.gets_per_hour)",
        "đã dùng hết {allowed} lượt đọc của giờ này ở KiotViet; syncd sẽ tự chạy tiếp khi có lượt trống (xem "
        "kiotviet.gets_per_hour)",
    ),
    # --- lists that do not prove anything
    "haravan_list_endless": ("{call}: the list does not end", "{call}: danh sách đọc mãi không hết"),
    "list_incomplete": ("{call}: {why}", "{call}: {why}"),
    "page_unreadable": (
        "the page at row {row} could not be read: {why}",
        "không đọc được trang từ dòng {row}: {why}",
    ),
    "kiotviet_documents_incomplete": (
        "KiotViet's documents could not be read to the end: {why}",
        "Không đọc được hết chứng từ của KiotViet: {why}",
    ),
    "stock_without_orders": (
        "no stock is published before Haravan's orders were read to the end once: {why}",
        "chưa đăng tồn kho khi chưa đọc được hết đơn hàng trên Haravan: {why}",
    ),
    "kiotviet_feed_incomplete": (
        "KiotViet's {feed} could not be read to the end: {why}",
        "Không đọc được hết {feed} của KiotViet: {why}",
    ),
    "feed_orders": ("orders", "phiếu đặt hàng"),
    "feed_invoices": ("invoices", "hoá đơn"),
    "feed_returns": ("returns", "phiếu trả hàng"),
    "haravan_products_endless": (
        "Haravan's product list does not end",
        "Danh sách sản phẩm của Haravan đọc mãi không hết",
    ),
    "haravan_products_missing": (
        "Haravan shows no products where it counts {count}",
        "Haravan không trả về sản phẩm nào dù đếm được {count}",
    ),
    "kiotviet_products_incomplete": (
        "KiotViet's product list: {why}",
        "Danh sách hàng hoá của KiotViet: {why}",
    ),
    "kiotviet_changes_incomplete": (
        "KiotViet's list of changed products: {why}",
        "Danh sách hàng hoá mới thay đổi của KiotViet: {why}",
    ),
    "kiotviet_stock_incomplete": ("KiotViet's stock list: {why}", "Danh sách tồn kho của KiotViet: {why}"),
    "kiotviet_stock_page_short": (
        "KiotViet's stock list: the page at row {row} lost rows",
        "Danh sách tồn kho của KiotViet: trang từ dòng {row} bị thiếu dòng",
    ),
    "invoice_without_lines": (
        "KiotViet's invoice {code} shows no lines",
        "Hoá đơn {code} của KiotViet không có dòng hàng nào",
    ),
    "voided_invoice_orderless": (
        "KiotViet's invoice {code} was voided and its order is not known",
        "Hoá đơn {code} của KiotViet đã bị huỷ và không rõ thuộc phiếu đặt hàng nào",
    ),
    "voided_invoice_unlisted": (
        "KiotViet's invoice {code} was voided, and the list of invoices does not show it",
        "Hoá đơn {code} của KiotViet đã bị huỷ, nhưng danh sách hoá đơn không có hoá đơn này",
    ),
    "too_much_changed": (
        "{remote} shows too many changed products at once; they are read with the next whole reading",
        "{remote} có quá nhiều hàng hoá thay đổi cùng lúc; syncd sẽ đọc chúng trong lần đọc toàn bộ kế tiếp",
    ),
    "write_shown_only": ("would {operation} {marker}", "sẽ ghi {operation} {marker}"),
    "waiting_for_outcome": (
        "{operation} {marker}: the answer was lost at {at}; looking whether it arrived",
        "{operation} {marker}: phản hồi bị mất lúc {at}; syncd đang xem lệnh đã đến nơi chưa",
    ),
    # --- the store
    "lock_not_made": (
        "{path}: cannot make the lock file ({error}): check the directory and its owner",
        "{path}: không tạo được file khoá ({error}): vui lòng kiểm tra thư mục và chủ sở hữu của nó",
    ),
    "store_in_use": (
        "{path}: another syncd is using this database (pid {pid}), and one is enough: let it go on, or stop it first "
        "(systemctl stop syncd)",
        "{path}: một syncd khác đang dùng cơ sở dữ liệu này (pid {pid}), một cái là đủ: cứ để nó chạy, hoặc dừng nó "
        "trước (systemctl stop syncd)",
    ),
    "pid_unknown": ("unknown", "không rõ"),
    "store_not_written": (
        "{path}: cannot be written ({error}): free space or rights, then it goes on by itself",
        "{path}: không ghi được ({error}): vui lòng giải phóng dung lượng đĩa hoặc cấp quyền ghi, rồi syncd sẽ tự chạy "
        "tiếp",
    ),
    "store_newer": (
        "{path}: was written by a newer syncd: install that version again, or restore an older backup",
        "{path}: do phiên bản syncd mới hơn ghi: vui lòng cài lại phiên bản đó, hoặc khôi phục bản sao lưu cũ hơn",
    ),
    "store_is_directory": (
        "{path}: is a directory: set 'database' to a file",
        "{path}: là một thư mục: vui lòng đặt 'database' là một file",
    ),
    "store_directory_missing": (
        "{path}: the directory {directory} does not exist: make it, owned by the user that runs syncd",
        "{path}: thư mục {directory} không tồn tại: vui lòng tạo thư mục này, chủ sở hữu là người dùng chạy syncd",
    ),
    "store_missing": (
        "{path}: there is no database yet: 'syncd run' or 'syncd once' makes it",
        "{path}: chưa có cơ sở dữ liệu: 'syncd run' hoặc 'syncd once' sẽ tạo ra nó",
    ),
    "store_locked": (
        "{path}: is locked by another program: close it, then start again",
        "{path}: đang bị chương trình khác khoá: vui lòng đóng chương trình đó rồi chạy lại",
    ),
    "store_disk_full": (
        "{path}: the disk is full: free space, then start again",
        "{path}: đĩa đã đầy: vui lòng giải phóng dung lượng rồi chạy lại",
    ),
    "store_not_opened": (
        "{path}: cannot be opened ({error}): check its owner and rights",
        "{path}: không mở được ({error}): vui lòng kiểm tra chủ sở hữu và quyền của file",
    ),
    "store_damaged": (
        "{path}: is damaged ({error}): keep it, restore a backup or move it away and start again; orders that KiotViet "
        "has are found by their marker, none is sent twice",
        "{path}: bị hỏng ({error}): vui lòng giữ lại file này, khôi phục bản sao lưu hoặc chuyển file đi chỗ khác rồi "
        "chạy lại; những đơn đã có trong KiotViet sẽ được tìm lại theo mã đánh dấu, không đơn nào bị gửi hai lần",
    ),
    "backup_not_written": (
        "{path}: the copy could not be written ({error}): check the directory, its owner and the free space",
        "{path}: không ghi được bản sao ({error}): vui lòng kiểm tra thư mục, chủ sở hữu và dung lượng trống",
    ),
    # --- a port
    "port_not_taken": (
        "{key}: cannot listen at {address}: {why}",
        "{key}: không nhận kết nối được tại {address}: {why}",
    ),
    "port_in_use": (
        "another program listens there: choose another port, or stop it",
        "chương trình khác đang dùng cổng này: vui lòng chọn cổng khác, hoặc dừng chương trình đó",
    ),
    "port_no_address": (
        "this machine has no such address",
        "máy này không có địa chỉ đó",
    ),
    "port_for_root": (
        "ports below 1024 are for root: choose a higher one",
        "cổng dưới 1024 chỉ dành cho root: vui lòng chọn cổng cao hơn",
    ),
    "port_cannot_be_had": ("it cannot be had", "không dùng được"),
    # --- the daemon
    "ended_without_answer": ("ended without an answer", "kết thúc mà không có kết quả"),
    "unexpected_error": (
        "an unexpected {kind}; the log has its traceback",
        "lỗi không mong đợi {kind}; nhật ký có ghi chi tiết",
    ),
    "vitals_not_tried": ("not tried yet", "chưa chạy lần nào"),
    "vitals_failed": ("FAILED {at}: {error}", "LỖI lúc {at}: {error}"),
    "vitals_ok": ("ok {at}", "tốt lúc {at}"),
    "vitals_ok_counts": ("ok {at} ({counts})", "tốt lúc {at} ({counts})"),
    "vitals_seen": ("{count} seen", "{count} đã xem"),
    "vitals_changed": ("{count} changed", "{count} thay đổi"),
    "vitals_held": ("{count} held", "{count} đang tạm giữ"),
    "vitals_checked": ("{count} checked", "{count} đã so"),
    "vitals_written": ("{count} written", "{count} đã ghi"),
    "vitals_refused": ("{count} refused", "{count} bị từ chối"),
    "vitals_reading_config": ("reading the config", "đang đọc lại cấu hình"),
    "vitals_config_stays": ("the old config stays: {why}", "giữ cấu hình cũ: {why}"),
    "vitals_stopping": (
        "stopping: the running cycles end between two steps",
        "đang dừng: các chu kỳ đang chạy sẽ kết thúc giữa hai bước",
    ),
}
