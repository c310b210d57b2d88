"""What an examination finds in the two shops, in their products, and of other programs there."""

from __future__ import annotations

_OF_EACH = {
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
        "{count} Haravan variants share a code with others and are not linked: {names}",
        "{count} sản phẩm Haravan trùng mã với sản phẩm khác nên không được nối: {names}",
    ),
    "check_shared_remedy": (
        "Haravan: give each of them a barcode and SKU of its own; 'syncd products --all' lists every one with what to "
        "do",
        "Haravan: đặt mã vạch và SKU riêng cho từng sản phẩm; 'syncd products --all' liệt kê đầy đủ kèm cách xử lý",
    ),
    "check_products_remedy": (
        "'syncd products --all' lists every one with what to do",
        "'syncd products --all' liệt kê đầy đủ kèm cách xử lý",
    ),
    "check_more_problems": ("and {count} more", "và còn {count} trường hợp nữa"),
}

SHOPS: dict[str, tuple[str, str]] = _OF_EACH | _OTHERS
