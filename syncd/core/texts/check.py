"""What syncd check and syncd init find, with what to do about it, and what init asks."""

from __future__ import annotations

from syncd.core.texts.check_shops import SHOPS
from syncd.core.texts.first_config import FIRST_CONFIG

_SETTINGS = {
    "check_config_complete": ("{path} is complete", "{path} đầy đủ và hợp lệ"),
    "check_since_future": (
        "{since} is in the future: no order is taken in before that day",
        "{since} là ngày trong tương lai: trước ngày đó không có đơn hàng nào được nhận",
    ),
    "check_since_future_remedy": (
        "set orders.since to today if orders are to be mirrored now",
        "đặt orders.since là hôm nay nếu muốn đồng bộ đơn hàng ngay",
    ),
    "check_orders_watched": (
        "is off: orders are decided and shown, nothing is written to KiotViet",
        "đang tắt: đơn hàng chỉ được xét và hiển thị, không ghi gì vào KiotViet",
    ),
    "check_stock_watched": (
        "is off: stock is compared and shown, nothing is written to Haravan",
        "đang tắt: tồn kho chỉ được so sánh và hiển thị, không ghi gì vào Haravan",
    ),
    "check_apply_remedy": (
        "when 'syncd plan' shows what you expect, set {setting}: true and reload",
        "khi 'syncd plan' hiển thị đúng như mong đợi, đặt {setting}: true rồi nạp lại cấu hình",
    ),
    "check_no_links": ("is empty: no stock is published", "đang trống: không có tồn kho nào được cập nhật"),
    "check_no_links_remedy": (
        "name the Haravan location and the KiotViet branches that feed it, if stock is to be mirrored",
        "khai báo chi nhánh Haravan và các chi nhánh KiotViet cấp hàng cho nó, nếu muốn đồng bộ tồn kho",
    ),
    "check_fed_twice": (
        "branch {id} feeds several locations: the same pieces are offered at each",
        "chi nhánh {id} cấp hàng cho nhiều chi nhánh Haravan: cùng một món hàng được bán ở mỗi nơi",
    ),
    "check_fed_twice_remedy": (
        "let each branch feed one location, or keep pieces back with safety_stock",
        "chỉ để mỗi chi nhánh cấp cho một nơi, hoặc giữ lại hàng bằng safety_stock",
    ),
    "check_receiving": (
        "orders of location {location} are received by branch {branch}, which does not feed it: their pieces are "
        "counted as pending until shipped, and sold from another branch's stock",
        "đơn của chi nhánh Haravan {location} do chi nhánh {branch} nhận, nhưng chi nhánh này không cấp hàng cho nó: "
        "hàng bị tính là đang chờ cho tới khi giao, và bị trừ vào tồn của chi nhánh khác",
    ),
    "check_receiving_remedy": (
        "add branch {branch} to the branch_ids of location {location}, or name its branch in orders.branch_by_location",
        "thêm chi nhánh {branch} vào branch_ids của chi nhánh Haravan {location}, hoặc khai báo chi nhánh nhận đơn "
        "trong orders.branch_by_location",
    ),
    "check_port_open": (
        "other machines can reach {listen}, and there is no TLS",
        "máy khác có thể truy cập {listen}, và kết nối này không có TLS",
    ),
    "check_port_open_remedy": (
        "let a firewall admit the proxy alone",
        "dùng tường lửa chỉ cho phép máy chủ proxy truy cập",
    ),
    "check_port_taken": ("{listen} is in use", "{listen} đang được sử dụng"),
    "check_port_taken_remedy": (
        "nothing to do if this shop's daemon has it; else choose another port",
        "không cần làm gì nếu chính dịch vụ syncd của cửa hàng này đang dùng; nếu không, chọn cổng khác",
    ),
    "check_port_unusable": ("{why}", "{why}"),
    "check_port_unusable_remedy": (
        "set {key} to an address of this machine and a free port from 1024 on",
        "đặt {key} là một địa chỉ của máy này và một cổng trống từ 1024 trở lên",
    ),
    "check_port_free": ("{listen} is free", "{listen} còn trống"),
}

_MACHINE = {
    "check_clock_right": (
        "this machine's clock agrees with {remote}'s within {seconds} s",
        "đồng hồ máy này khớp với {remote}, lệch {seconds} giây",
    ),
    "check_clock_ahead": (
        "this machine's clock is {minutes} min ahead of {remote}'s",
        "đồng hồ máy này chạy nhanh hơn {remote} {minutes} phút",
    ),
    "check_clock_behind": (
        "this machine's clock is {minutes} min behind {remote}'s",
        "đồng hồ máy này chạy chậm hơn {remote} {minutes} phút",
    ),
    "check_clock_remedy": (
        "let the machine keep its time by itself: timedatectl set-ntp true, then look with timedatectl",
        "bật tự động chỉnh giờ: timedatectl set-ntp true, rồi xem lại bằng timedatectl",
    ),
    "check_disk_free": ("{megabytes} MB free in {folder}", "còn trống {megabytes} MB trong {folder}"),
    "check_disk_low": (
        "only {megabytes} MB free in {folder}: a full disk stops all work",
        "chỉ còn {megabytes} MB trống trong {folder}: đầy đĩa thì mọi việc dừng lại",
    ),
    "check_disk_remedy": (
        "free space on the disk of {folder}: old backups and logs first (journalctl --vacuum-size=200M)",
        "giải phóng ổ đĩa chứa {folder}: trước hết là bản sao lưu và nhật ký cũ (journalctl --vacuum-size=200M)",
    ),
    "check_daemon_runs": ("syncd runs on this database (pid {pid})", "syncd đang chạy trên dữ liệu này (pid {pid})"),
    "check_versions": ("Python {python}, SQLite {sqlite}", "Python {python}, SQLite {sqlite}"),
    "check_time_zone": (
        "this machine counts in {zone}; syncd counts days in Asia/Ho_Chi_Minh and shows instants as +07",
        "máy này dùng múi giờ {zone}; syncd tính ngày và hiển thị thời điểm theo giờ Việt Nam (Asia/Ho_Chi_Minh, +07)",
    ),
    "check_proxy_unused": (
        "the environment names a proxy, which syncd does not use: it connects directly",
        "môi trường có khai báo proxy nhưng syncd không dùng: syncd kết nối trực tiếp",
    ),
    "check_no_credentials": (
        "systemd started syncd without credentials: the secrets are read from files as the service's user",
        "systemd khởi động syncd mà không trao credential: mã bí mật được đọc từ tệp với quyền của dịch vụ",
    ),
    "check_no_credentials_remedy": (
        "put the LoadCredential= lines of systemd/syncd.service into the unit",
        "thêm các dòng LoadCredential= của systemd/syncd.service vào unit",
    ),
    "check_place_hidden": (
        "{path} cannot be looked at by this user",
        "người dùng này không xem được {path}",
    ),
    "check_place_hidden_remedy": (
        "run check again as root: a service with DynamicUser keeps its folder to itself",
        "chạy lại lệnh kiểm tra bằng root: dịch vụ dùng DynamicUser giữ thư mục cho riêng nó",
    ),
    "check_unwritable": (
        "{path} cannot be written by this user: nothing can be recorded, so nothing is sent",
        "người dùng này không ghi được {path}: không ghi lại được gì nên cũng không gửi gì",
    ),
    "check_unwritable_remedy": (
        "give {path} to the user that runs syncd (chown), and see that its disk is not mounted read-only",
        "chuyển quyền sở hữu {path} cho người dùng chạy syncd (chown), và kiểm tra ổ đĩa không bị gắn ở chế độ chỉ đọc",
    ),
    "check_writable": ("{folder} can be written", "ghi được vào {folder}"),
    "check_folder_by_systemd": (
        "{folder} is not there yet: systemd makes it at the first start",
        "chưa có {folder}: systemd sẽ tạo khi khởi động lần đầu",
    ),
    "check_folder_missing": ("the folder {folder} does not exist", "thư mục {folder} không tồn tại"),
    "check_folder_remedy": (
        "make it, owned by the user that runs syncd: install -d -m 700 {folder}",
        "tạo thư mục, thuộc quyền người dùng chạy syncd: install -d -m 700 {folder}",
    ),
    "check_database_unusable": (
        "{why}; the rest is examined without it",
        "{why}; phần còn lại được kiểm tra mà không cần tới nó",
    ),
    "check_database_remedy": (
        "do as it says before starting syncd; 'syncd backup' copies are put back by hand",
        "làm theo hướng dẫn trên trước khi chạy syncd; bản sao của 'syncd backup' được chép lại bằng tay",
    ),
    "check_config_open": (
        "{path} can be changed by others (mode {mode}): they could have the credentials sent elsewhere",
        "người khác có thể sửa {path} (mode {mode}): họ có thể khiến mã bí mật bị gửi đi nơi khác",
    ),
    "check_config_open_remedy": ("chmod go-w {path}", "chmod go-w {path}"),
}

_WAY = {
    "check_said": ("{why}", "{why}"),
    "check_refused": (
        "{name} does not accept our credentials: {why}",
        "{name} không chấp nhận thông tin kết nối của syncd: {why}",
    ),
    "check_haravan_token_remedy": (
        "Haravan, Apps > private apps: copy the token of the app again (or make a new app) into the file that "
        "haravan.token_file names, then systemctl restart syncd if it runs",
        "Haravan, Ứng dụng > Ứng dụng riêng: sao chép lại token của ứng dụng (hoặc tạo ứng dụng mới) vào tệp ghi ở "
        "haravan.token_file, rồi chạy systemctl restart syncd nếu dịch vụ đang chạy",
    ),
    "check_kiotviet_secret_remedy": (
        "KiotViet, Thiết lập cửa hàng > Thiết lập kết nối API: copy client id and secret (Mã bảo mật) again into "
        "kiotviet.client_id and the file that kiotviet.client_secret_file names (kiotviet.retailer is the <name> in "
        "<name>.kiotviet.vn), then systemctl restart syncd if it runs",
        "KiotViet, Thiết lập cửa hàng > Thiết lập kết nối API: sao chép lại Client ID và Mã bảo mật vào "
        "kiotviet.client_id và tệp ghi ở kiotviet.client_secret_file (kiotviet.retailer là <tên> trong "
        "<tên>.kiotviet.vn), rồi chạy systemctl restart syncd nếu dịch vụ đang chạy",
    ),
    "check_both_remedy": (
        "see what is said of the credentials of Haravan and KiotViet",
        "xem phần nói về thông tin kết nối của Haravan và KiotViet",
    ),
    "check_scope_missing": (
        "the token lacks the permission {scope}",
        "token thiếu quyền {scope}",
    ),
    "check_scope_missing_remedy": (
        "Haravan, Apps > private apps: tick {scope} in the app that the token is of, and save",
        "Haravan, Ứng dụng > Ứng dụng riêng, chọn ứng dụng của token này: đánh dấu quyền {scope} rồi lưu",
    ),
    "check_rate_limited": ("not examined: {why}", "chưa kiểm tra được: {why}"),
    "check_rate_limited_remedy": (
        "try again later; if it stays so, another program uses up what {name} allows the shop",
        "thử lại sau; nếu vẫn vậy thì có chương trình khác đang dùng hết số lượt gọi mà {name} cho phép",
    ),
    "check_not_read": ("{why}", "{why}"),
    "check_not_read_remedy": (
        "do as {name} says; try again",
        "làm theo thông báo của {name} rồi thử lại",
    ),
    "check_dns": (
        "the name of {name}'s server is not known here (DNS)",
        "máy này không phân giải được tên máy chủ của {name} (DNS)",
    ),
    "check_dns_remedy": (
        "check the machine's Internet and DNS (resolvectl status), and {setting} for a typing mistake",
        "kiểm tra Internet và DNS của máy (resolvectl status), và xem {setting} có gõ sai không",
    ),
    "check_tls": (
        "no trusted connection to {name} (TLS: {why})",
        "không tạo được kết nối tin cậy tới {name} (TLS: {why})",
    ),
    "check_tls_remedy": (
        "check this machine's clock first, then {setting}; a firewall that opens TLS must let this address through",
        "trước hết kiểm tra đồng hồ máy này, rồi {setting}; tường lửa có giải mã TLS phải cho địa chỉ này đi thẳng",
    ),
    "check_no_answer": ("{name} does not answer in time", "{name} không trả lời kịp"),
    "check_no_answer_remedy": (
        "check the line and the firewall (outgoing port 443); if other sites work, wait and try again",
        "kiểm tra đường truyền và tường lửa (cổng ra 443); nếu trang khác vẫn vào được thì chờ rồi thử lại",
    ),
    "check_unreachable": ("{name} cannot be reached ({why})", "không kết nối được tới {name} ({why})"),
    "check_unreachable_remedy": (
        "check {setting}, the line and the firewall (outgoing port 443)",
        "kiểm tra {setting}, đường truyền và tường lửa (cổng ra 443)",
    ),
    "check_odd_answer": (
        "something answers for {name}, but not as its API does: {why}",
        "có máy trả lời thay cho {name}, nhưng không giống API của họ: {why}",
    ),
    "check_odd_answer_remedy": (
        "either {name} is in trouble (wait), or a proxy is between (let this machine through), or {setting} is wrong",
        "hoặc {name} đang gặp sự cố (chờ), hoặc có proxy ở giữa (cho máy này đi thẳng), hoặc {setting} sai",
    ),
}

_PRINTED = {
    "check_ok": ("ok", "ổn"),
    "check_warning": ("WARNING", "CẢNH BÁO"),
    "check_error": ("ERROR", "LỖI"),
    "check_do": ("do this: {remedy}", "cách xử lý: {remedy}"),
    "check_summary": (
        "{errors} errors, {warnings} warnings",
        "{errors} lỗi, {warnings} cảnh báo",
    ),
}

CHECK: dict[str, tuple[str, str]] = _SETTINGS | _MACHINE | _WAY | SHOPS | _PRINTED | FIRST_CONFIG
