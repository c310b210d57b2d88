"""What syncd check and syncd init find, with what to do about it, and what init asks."""

from __future__ import annotations

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
        "set webhooks.listen to an address of this machine and a free port from 1024 on",
        "đặt webhooks.listen là một địa chỉ của máy này và một cổng trống từ 1024 trở lên",
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
        "this machine counts in {zone}; syncd counts days in Asia/Ho_Chi_Minh and shows instants in UTC",
        "máy này dùng múi giờ {zone}; syncd tính ngày theo Asia/Ho_Chi_Minh và hiển thị thời điểm theo UTC",
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
    "check_refused": ("{why}", "{why}"),
    "check_haravan_token_remedy": (
        "Haravan, Apps > private apps: copy the token of the app again (or make a new app) into the file that "
        "haravan.token_file names",
        "Haravan, Ứng dụng > Ứng dụng riêng: sao chép lại token của ứng dụng (hoặc tạo ứng dụng mới) vào tệp ghi ở "
        "haravan.token_file",
    ),
    "check_kiotviet_secret_remedy": (
        "KiotViet, Thiết lập cửa hàng > Thiết lập kết nối API: copy client id and secret again into kiotviet.client_id "
        "and the file that kiotviet.client_secret_file names; kiotviet.retailer is the <name> in <name>.kiotviet.vn",
        "KiotViet, Thiết lập cửa hàng > Thiết lập kết nối API: sao chép lại Client ID và Mã bảo mật vào "
        "kiotviet.client_id và tệp ghi ở kiotviet.client_secret_file; kiotviet.retailer là <tên> trong "
        "<tên>.kiotviet.vn",
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
        "Haravan, Apps > private apps, the app of this token: tick {scope} and save",
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

_SHOPS = {
    "check_named": ("{name} ({id})", "{name} ({id})"),
    "check_none": ("none", "không có"),
    "check_choose_one": (
        "set {setting} to one of Haravan's locations: {known}",
        "đặt {setting} là một trong các chi nhánh của Haravan: {known}",
    ),
    "check_haravan_shop": ("Haravan shop {name} ({id})", "cửa hàng Haravan {name} ({id})"),
    "check_currency": (
        "the shop's currency is {currency}: syncd mirrors VND only",
        "cửa hàng dùng tiền tệ {currency}: syncd chỉ đồng bộ VND",
    ),
    "check_currency_remedy": (
        "use the token of a Haravan shop that sells in VND",
        "dùng token của cửa hàng Haravan bán bằng VND",
    ),
    "check_shop_timezone": (
        "the shop's time zone is {zone}: its days are not those of Vietnam",
        "múi giờ của cửa hàng là {zone}: ngày không tính theo giờ Việt Nam",
    ),
    "check_shop_timezone_remedy": (
        "Haravan, settings, general: set the time zone to (GMT+07:00)",
        "Haravan, Cấu hình > Cấu hình chung: đặt múi giờ là (GMT+07:00)",
    ),
    "check_orders_readable": ("{count} orders can be read", "đọc được {count} đơn hàng"),
    "check_orders_since": (
        "{count} orders since {since} are looked at first",
        "{count} đơn hàng từ {since} sẽ được xét đầu tiên",
    ),
    "check_old_orders": (
        "{count} orders since {since} are taken in: an invoice takes goods off KiotViet's stock on the day it is made",
        "{count} đơn hàng từ {since} sẽ được nhận: hoá đơn trừ tồn kho KiotViet vào đúng ngày được lập",
    ),
    "check_old_orders_remedy": (
        "set orders.since to the day of your last stock count, unless these old orders are missing in KiotViet",
        "đặt orders.since là ngày kiểm kho gần nhất, trừ khi KiotViet đang thiếu những đơn cũ này",
    ),
    "check_products_readable": ("{count} products can be read", "đọc được {count} sản phẩm"),
    "check_location_missing": ("Haravan has no location {id}", "Haravan không có chi nhánh {id}"),
    "check_location_transit": (
        "{name} ({id}) is Haravan's transit location, where nothing is sold",
        "{name} ({id}) là kho trung chuyển của Haravan, không bán hàng ở đó",
    ),
    "check_location_unavailable": (
        "{name} ({id}) is marked as not for sale in Haravan",
        "{name} ({id}) đang được đánh dấu là không bán hàng trên Haravan",
    ),
    "check_location_unavailable_remedy": (
        "if it is the right one, let it sell in Haravan (settings, locations); else change {setting}",
        "nếu đúng chi nhánh, cho phép bán trong Haravan (Cấu hình > Địa điểm); nếu không, sửa {setting}",
    ),
    "check_branch_missing": (
        "these credentials may not use a KiotViet branch {id}: it is closed, or not permitted, or does not exist",
        "thông tin kết nối này không dùng được chi nhánh KiotViet {id}: đã ngừng hoạt động, không được phép, hoặc "
        "không tồn tại",
    ),
    "check_branch_missing_remedy": (
        "set {setting} to one that it may use ({known}), or give the KiotViet user of the API access to that branch",
        "đặt {setting} là chi nhánh được phép dùng ({known}), hoặc cấp quyền chi nhánh đó cho người dùng API KiotViet",
    ),
    "check_branch_renamed": (
        "KiotViet branch {id} was called {before} and is now called {name}",
        "chi nhánh KiotViet {id} trước đây tên là {before}, nay tên là {name}",
    ),
    "check_location_renamed": (
        "Haravan location {id} was called {before} and is now called {name}",
        "chi nhánh Haravan {id} trước đây tên là {before}, nay tên là {name}",
    ),
    "check_renamed_remedy": (
        "if it is still the right one, close its task with 'syncd done'; else change {setting}",
        "nếu vẫn đúng chi nhánh, đóng việc này bằng 'syncd done'; nếu không, sửa {setting}",
    ),
    "check_renamed_task": ("{cause}: {remedy}", "{cause}: {remedy}"),
    "check_stock_readable": ("stock can be read", "đọc được tồn kho"),
    "check_no_stock_rows": (
        "Haravan shows no stock row for any of {count} linked products: nothing can be published",
        "Haravan không hiển thị tồn kho của sản phẩm nào trong {count} sản phẩm đã nối: không cập nhật được gì",
    ),
    "check_no_stock_rows_remedy": (
        "Haravan: switch on stock tracking per location for these products, then enter a first figure",
        "Haravan: bật quản lý tồn kho theo chi nhánh cho các sản phẩm này, rồi nhập số tồn đầu tiên",
    ),
    "check_write_untried": (
        "{scope} cannot be tried without writing: see that it is ticked in Haravan; 'syncd status' says if it lacks",
        "không thể thử quyền {scope} nếu không ghi: hãy chắc chắn đã đánh dấu trong Haravan; 'syncd status' sẽ báo nếu "
        "thiếu",
    ),
    "check_tags_idle": (
        "is on but orders.apply is off: nothing is tagged",
        "đang bật nhưng orders.apply đang tắt: không gắn thẻ nào",
    ),
    "check_tags_idle_remedy": (
        "set orders.apply: true when orders are to be mirrored",
        "đặt orders.apply: true khi muốn đồng bộ đơn hàng",
    ),
    "check_kiotviet_shop": (
        "KiotViet retailer {retailer}, {count} branches",
        "gian hàng KiotViet {retailer}, {count} chi nhánh",
    ),
    "check_retailer_mismatch": (
        "the credentials belong to retailer {code}, not {retailer}",
        "thông tin kết nối thuộc gian hàng {code}, không phải {retailer}",
    ),
    "check_retailer_remedy": (
        "set kiotviet.retailer: {code}, or use the credentials of the other shop",
        "đặt kiotviet.retailer: {code}, hoặc dùng thông tin kết nối của gian hàng kia",
    ),
    "check_order_feature": (
        "'Cho phép đặt hàng' is off: no order can be made or read",
        "'Cho phép đặt hàng' đang tắt: không tạo và không đọc được đơn đặt hàng nào",
    ),
    "check_order_feature_remedy": (
        "KiotViet, Thiết lập cửa hàng > Giao dịch: switch 'Cho phép đặt hàng' on",
        "KiotViet, Thiết lập cửa hàng > Giao dịch: bật 'Cho phép đặt hàng'",
    ),
    "check_order_out_of_stock": (
        "orders for sold-out goods are refused: an order for the last piece may be held as rejected",
        "không cho đặt hàng khi hết tồn kho: đơn mua món cuối cùng có thể bị tạm giữ (rejected)",
    ),
    "check_order_out_of_stock_remedy": (
        "KiotViet, Thiết lập cửa hàng > Giao dịch: allow ordering when sold out (Cho phép đặt hàng khi hết tồn kho)",
        "KiotViet, Thiết lập cửa hàng > Giao dịch: bật Cho phép đặt hàng khi hết tồn kho",
    ),
    "check_sell_reserved": (
        "goods that other orders have reserved cannot be invoiced: a shipped order may be held as rejected",
        "không cho bán hàng đã được đơn khác đặt: đơn đã giao có thể bị tạm giữ (rejected) khi lập hoá đơn",
    ),
    "check_sell_reserved_remedy": (
        "KiotViet, Thiết lập cửa hàng > Giao dịch: allow selling goods that orders have reserved",
        "KiotViet, Thiết lập cửa hàng > Giao dịch: cho phép bán hàng đã được đặt trong đơn khác",
    ),
    "check_sell_out_of_stock": (
        "'Cho phép bán hàng khi hết tồn kho' is off: a parcel of goods that KiotViet shows as sold out waits for its "
        "invoice until the stock is entered",
        "'Cho phép bán hàng khi hết tồn kho' đang tắt: đơn giao hàng mà KiotViet báo hết tồn phải chờ nhập tồn mới lập "
        "được hoá đơn",
    ),
    "check_customers_by_branch": (
        "customers are managed per branch: syncd's customer codes end in the branch id",
        "khách hàng được quản lý theo chi nhánh: mã khách hàng của syncd kết thúc bằng id chi nhánh",
    ),
    "check_unseen_settings": (
        "two more settings must be on, which KiotViet does not show to programs: 'Sử dụng tính năng giao hàng' and "
        "'Quản lý thu hộ tiền'; please look yourself",
        "còn hai thiết lập phải bật mà KiotViet không cho chương trình xem: 'Sử dụng tính năng giao hàng' và "
        "'Quản lý thu hộ tiền'; vui lòng tự kiểm tra",
    ),
    "check_surcharge_there": ("{code} is there", "đã có {code}"),
    "check_surcharge_to_make": (
        "{code} is made in KiotViet with the first order that pays for shipping; if it exists there and is inactive, "
        "activate it (Thu khác)",
        "{code} sẽ được tạo trong KiotViet khi có đơn đầu tiên thu phí vận chuyển; nếu đã có nhưng đang ngừng, hãy "
        "kích hoạt lại (Thu khác)",
    ),
    "check_surcharge_value": (
        "the surcharge {code} adds an amount of its own, but each order brings its own shipping fee",
        "khoản thu khác {code} có sẵn giá trị, nhưng mỗi đơn hàng có phí vận chuyển riêng",
    ),
    "check_surcharge_value_remedy": (
        "KiotViet, Thu khác: set the value of {code} to 0, or name another code in orders.shipping_surcharge_code",
        "KiotViet, Thu khác: đặt giá trị của {code} là 0, hoặc ghi mã khác ở orders.shipping_surcharge_code",
    ),
    "check_surcharges_off": ("{why}", "{why}"),
    "check_surcharges_off_remedy": (
        "KiotViet, Thiết lập cửa hàng > Giao dịch: switch 'Hỗ trợ các khoản thu khác khi bán hàng' on",
        "KiotViet, Thiết lập cửa hàng > Giao dịch: bật 'Hỗ trợ các khoản thu khác khi bán hàng'",
    ),
    "check_account_missing": (
        "KiotViet shows no bank account {id}: it does not exist or is inactive",
        "KiotViet không hiển thị tài khoản ngân hàng {id}: không tồn tại hoặc đã ngừng",
    ),
    "check_account_missing_remedy": (
        "set orders.cod_account_id to one that it shows: {known}",
        "đặt orders.cod_account_id là một tài khoản có trong danh sách: {known}",
    ),
    "check_pos_orders_readable": ("{count} KiotViet orders can be read", "đọc được {count} phiếu đặt hàng KiotViet"),
    "check_budget": (
        "{used} of the {limit} reads that syncd may use in an hour are used",
        "đã dùng {used} trong {limit} lượt đọc mà syncd được dùng mỗi giờ",
    ),
}

_OTHERS = {
    "check_other_slips": (
        "{count} stock slips of the last 24 hours in Haravan are not syncd's ({slips}): somebody else writes the same "
        "stock",
        "{count} phiếu điều chỉnh tồn kho trong 24 giờ qua trên Haravan không phải của syncd ({slips}): có nơi khác "
        "cùng ghi tồn kho",
    ),
    "check_stock_rewritten": (
        "figures that syncd wrote are changed again in Haravan (task {task} in 'syncd status')",
        "số tồn do syncd ghi bị thay đổi lại trên Haravan (việc số {task} trong 'syncd status')",
    ),
    "check_other_slips_remedy": (
        "Haravan, Apps: switch off the KiotViet app and any other that writes stock; people count stock in KiotViet",
        "Haravan, Ứng dụng: tắt ứng dụng KiotViet và mọi ứng dụng khác ghi tồn kho; nhân viên kiểm kho trong KiotViet",
    ),
    "check_other_orders": (
        "{count} KiotViet orders of the last 7 days came from Haravan but not by syncd ({orders}): another app mirrors "
        "orders",
        "{count} phiếu đặt hàng KiotViet trong 7 ngày qua đến từ Haravan nhưng không do syncd ({orders}): có ứng dụng "
        "khác đang đồng bộ đơn",
    ),
    "check_other_app_remedy": (
        "Haravan, Apps: switch off the KiotViet app; KiotViet: end its connection to Haravan; else orders are doubled",
        "Haravan, Ứng dụng: tắt ứng dụng KiotViet; KiotViet: ngắt kết nối với Haravan; nếu không, đơn sẽ bị trùng",
    ),
    "check_no_other_slips": (
        "the newest {count} stock slips in Haravan show no other program; that Haravan's own KiotViet app is off can "
        "only be seen by hand (Apps)",
        "{count} phiếu điều chỉnh tồn kho mới nhất trên Haravan không cho thấy chương trình khác; ứng dụng KiotViet "
        "của Haravan đã tắt hay chưa chỉ xem được bằng tay (Ứng dụng)",
    ),
    "check_no_other_orders": (
        "the newest {count} orders in KiotViet show no other program that mirrors Haravan",
        "{count} phiếu đặt hàng mới nhất trong KiotViet không cho thấy chương trình khác đồng bộ với Haravan",
    ),
    "check_linked": (
        "{linked} of {known} Haravan variants are linked to KiotViet",
        "{linked} trong {known} sản phẩm Haravan đã nối với hàng hoá KiotViet",
    ),
    "check_nothing_linked": (
        "none of {known} Haravan variants is linked to KiotViet: every order would be held, no stock published",
        "không sản phẩm nào trong {known} sản phẩm Haravan nối được với KiotViet: mọi đơn sẽ bị tạm giữ, không tồn kho "
        "nào được cập nhật",
    ),
    "check_nothing_linked_remedy": (
        "give each variant the KiotViet product code as barcode or SKU; 'syncd products' shows near misses",
        "ghi mã hàng KiotViet vào mã vạch hoặc SKU của từng sản phẩm; 'syncd products' cho thấy các mã gần giống",
    ),
    "check_shared": (
        "{count} Haravan variants share a code with others and are not linked",
        "{count} sản phẩm Haravan trùng mã với sản phẩm khác nên không được nối",
    ),
    "check_products_remedy": (
        "'syncd products --all' lists every one with what to do",
        "'syncd products --all' liệt kê đầy đủ kèm cách xử lý",
    ),
    "check_more_problems": ("and {count} more", "và còn {count} trường hợp nữa"),
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

CHECK: dict[str, tuple[str, str]] = _SETTINGS | _MACHINE | _WAY | _SHOPS | _OTHERS | _PRINTED | FIRST_CONFIG
