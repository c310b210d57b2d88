"""The pages of --help."""

from __future__ import annotations

MANUAL: dict[str, tuple[str, str]] = {
    # --- the pages
    "man_demo": (
        "The real syncd works on a simulated Haravan and a simulated KiotViet: orders, carriers, counter sales, lost "
        "answers, a lost database. The day takes seconds. It ends with both sides next to each other.",
        "syncd thật chạy trên Haravan mô phỏng và KiotViet mô phỏng: đơn hàng, đơn vị vận chuyển, bán tại quầy, mất "
        "phản hồi, mất cơ sở dữ liệu. Cả ngày chỉ mất vài giây. Cuối ngày hai bên được đặt cạnh nhau để so.",
    ),
    "man_demo_touches": (
        "Nothing of yours: it listens on loopback, keeps its files in a temporary directory and removes it.",
        "Không đụng gì của bạn: chỉ nghe trên máy này, giữ file trong thư mục tạm rồi xoá đi.",
    ),
    "man_demo_exit": ("both sides agree at the end", "cuối ngày hai bên khớp nhau"),
    "man_demo_differs": (
        "they do not; the last line names the log",
        "hai bên không khớp; dòng cuối ghi tên file nhật ký",
    ),
    "man_sandbox": (
        "Serves a simulated Haravan and a simulated KiotViet, and writes a config file that points at them. The pages "
        "under /_sandbox/ on both ports (journal, faults, switches, act, state) show and change what the simulated "
        "shops do.",
        "Chạy Haravan mô phỏng và KiotViet mô phỏng, và ghi file cấu hình trỏ vào hai hệ thống đó. Các trang dưới "
        "/_sandbox/ trên hai cổng (journal, faults, switches, act, state) cho xem và thay đổi hoạt động của hai cửa "
        "hàng mô phỏng.",
    ),
    "man_sandbox_touches": (
        "Writes config.yaml and two made-up secrets into --dir, replacing those of an earlier run. Until Ctrl-C.",
        "Ghi config.yaml và hai mã bí mật giả vào --dir, thay cho lần chạy trước. Dừng bằng Ctrl-C.",
    ),
    "ex_sandbox": ("in one terminal", "ở một cửa sổ lệnh"),
    "ex_sandbox_once": ("in another", "ở cửa sổ lệnh khác"),
    "ex_sandbox_switches": ("what can be switched", "những gì có thể chuyển"),
    "file_sandbox": (
        "what to give to -c; its secrets and database are beside it",
        "file để đưa cho -c; mã bí mật và cơ sở dữ liệu nằm bên cạnh",
    ),
    "man_act": (
        "Lets something happen in the simulated Haravan shop: 'order AO-01 NON-01' places a COD order of one piece "
        "each; 'ship', 'deliver' and 'pay' take order numbers: handed to the carrier (Đang giao hàng), delivered "
        "(Đã giao hàng), money received (Đã nhận tiền).",
        "Làm cho có việc xảy ra trên cửa hàng Haravan mô phỏng: 'order AO-01 NON-01' đặt một đơn COD, mỗi mã một cái; "
        "'ship', 'deliver' và 'pay' nhận số đơn: giao cho đơn vị vận chuyển (Đang giao hàng), đã giao (Đã giao hàng), "
        "tiền đã về (Đã nhận tiền).",
    ),
    "man_act_touches": (
        "Writes into a sandbox on this machine alone; a real shop is never touched.",
        "Chỉ ghi vào sandbox trên máy này; không bao giờ đụng đến cửa hàng thật.",
    ),
    "ex_act_order": ("a buyer orders", "khách đặt hàng"),
    "ex_act_ship": ("the carrier picks it up", "đơn vị vận chuyển lấy hàng"),
    "man_init": (
        "Asks for both accounts and tries each as soon as it is given, shows branches, locations and product matches, "
        "and writes a commented config with its two secrets beside it. With --yes it asks nothing.",
        "Hỏi hai tài khoản và thử ngay từng tài khoản, cho xem chi nhánh, kho và hàng hoá khớp nhau, rồi ghi file cấu "
        "hình có chú thích và hai mã bí mật bên cạnh. Với --yes thì không hỏi gì.",
    ),
    "man_init_touches": (
        "Reads both sides; writes files into --dir, and replaces none without --force.",
        "Đọc hai bên; ghi file vào --dir, không thay file nào nếu không có --force.",
    ),
    "ex_init": ("asks, in a directory of yours", "hỏi từng bước, trong thư mục của bạn"),
    "man_check": (
        "Reads the config, signs in on both sides, and looks for everything that would make syncd fail later: missing "
        "permissions, unknown branches and locations, KiotViet settings that refuse orders, products without a link.",
        "Đọc cấu hình, đăng nhập hai bên, và tìm mọi thứ có thể khiến syncd lỗi về sau: thiếu quyền, sai chi nhánh "
        "hoặc kho, thiết lập KiotViet không cho tạo đơn, hàng hoá chưa nối.",
    ),
    "man_check_touches": (
        "Reads both sides; writes nothing there.",
        "Chỉ đọc hai bên; không ghi gì.",
    ),
    "man_check_exit": ("nothing that must be edited", "không có gì phải sửa"),
    "ex_check": ("before the first start, and after every edit", "trước lần chạy đầu, và sau mỗi lần sửa"),
    "man_run": (
        "Polls orders every poll.orders_seconds and stock every poll.stock_seconds, and compares both sides whole "
        "every poll.reconcile_seconds. SIGTERM or Ctrl-C stops it between two steps; killing it at any instant is "
        "safe. SIGHUP reads the config again; a bad one is refused and the old one kept.",
        "Xem đơn hàng mỗi poll.orders_seconds và tồn kho mỗi poll.stock_seconds, và so toàn bộ hai bên mỗi "
        "poll.reconcile_seconds. SIGTERM hoặc Ctrl-C dừng giữa hai bước; tắt đột ngột lúc nào cũng an toàn. SIGHUP đọc "
        "lại cấu hình; cấu hình sai bị từ chối và giữ cấu hình cũ.",
    ),
    "man_run_touches": (
        "Writes orders, customers, invoices and surcharges into KiotViet where orders.apply is true, and stock into "
        "Haravan where stock.apply is true. Creates the database at the first start.",
        "Ghi phiếu đặt hàng, khách hàng, hoá đơn và thu khác vào KiotViet nếu orders.apply là true, và ghi tồn kho vào "
        "Haravan nếu stock.apply là true. Tạo cơ sở dữ liệu ở lần chạy đầu.",
    ),
    "man_run_exit": ("stopped by a signal", "dừng theo tín hiệu"),
    "ex_run": (
        "in a terminal; as a service, use the shipped unit",
        "trong cửa sổ lệnh; khi làm dịch vụ, dùng unit kèm theo",
    ),
    "ex_run_reload": ("read the config again", "đọc lại cấu hình"),
    "man_once": (
        "Reads new and open orders, does what is due in KiotViet, then reads all stock and brings Haravan up to date. "
        "Not while the daemon runs: only one process may write.",
        "Đọc đơn mới và đơn đang mở, làm những việc đến lượt trong KiotViet, rồi đọc toàn bộ tồn kho và cập nhật "
        "Haravan. Không dùng khi dịch vụ đang chạy: chỉ một tiến trình được ghi.",
    ),
    "man_once_touches": (
        "The same as 'syncd run' in one cycle.",
        "Giống 'syncd run' trong một chu kỳ.",
    ),
    "ex_once": ("one cycle", "một chu kỳ"),
    "ex_once_force": (
        "after looking at a refused stock plan with 'syncd plan'",
        "sau khi đã xem kế hoạch tồn kho bị từ chối bằng 'syncd plan'",
    ),
    "man_plan": (
        "The same code decides as in 'syncd once', on a copy of the database; every write is shown and none is sent. "
        "A stock plan that was refused is shown with its figures, the largest drop first.",
        "Cùng phần mềm như 'syncd once' quyết định, trên bản sao của cơ sở dữ liệu; mọi lệnh ghi được hiện ra và không "
        "lệnh nào được gửi. Kế hoạch tồn kho bị từ chối được hiện kèm số liệu, mã giảm nhiều nhất trước.",
    ),
    "man_plan_touches": (
        "Reads both sides; writes nothing, neither there nor in the database. Works while the daemon runs.",
        "Đọc hai bên; không ghi gì ở đó cũng như trong cơ sở dữ liệu. Dùng được khi dịch vụ đang chạy.",
    ),
    "ex_plan": ("what would be written now", "những gì sẽ được ghi bây giờ"),
    "man_status": (
        "Orders per state, held orders with their reasons, tasks for people, writes whose answer was lost, the last "
        "good cycle of each kind, drift per day. From the database alone, so it answers at once.",
        "Số đơn theo trạng thái, đơn đang tạm giữ kèm lý do, việc cần làm, lệnh ghi bị mất phản hồi, chu kỳ tốt gần "
        "nhất của mỗi loại, độ lệch mỗi ngày. Chỉ đọc cơ sở dữ liệu nên trả lời ngay.",
    ),
    "man_status_touches": (
        "Reads the database; asks neither side. Works while the daemon runs.",
        "Đọc cơ sở dữ liệu; không hỏi bên nào. Dùng được khi dịch vụ đang chạy.",
    ),
    "exit_stale": (
        "stale: a last good cycle is too old",
        "quá cũ: chu kỳ tốt gần nhất đã quá lâu",
    ),
    "ex_status": ("how things stand", "tình hình hiện tại"),
    "ex_status_json": ("for a monitor", "cho phần mềm giám sát"),
    "man_explain": (
        "What Haravan shows, what KiotViet shows, each step with its time and reason, and what comes next. ORDER is a "
        "Haravan order number (#100020 or 100020) or id; with --stock it is about a product instead.",
        "Haravan hiển thị gì, KiotViet hiển thị gì, từng bước kèm thời gian và lý do, và việc sẽ làm tiếp. ORDER là số "
        "đơn Haravan (#100020 hoặc 100020) hoặc id; với --stock thì nói về một mã hàng.",
    ),
    "man_explain_touches": (
        "Reads both sides and the database; writes nothing. Works while the daemon runs.",
        "Đọc hai bên và cơ sở dữ liệu; không ghi gì. Dùng được khi dịch vụ đang chạy.",
    ),
    "ex_explain": ("an order", "một đơn hàng"),
    "ex_explain_stock": ("why Haravan offers so many of it", "vì sao Haravan bán số lượng đó"),
    "man_retry": (
        "The next cycle tries these orders again, also orders that were left to people with 'syncd ignore'. ORDER is a "
        "number (#100020 or 100020) or id.",
        "Chu kỳ tới sẽ thử lại các đơn này, kể cả đơn đã giao cho nhân viên bằng 'syncd ignore'. ORDER là số đơn "
        "(#100020 hoặc 100020) hoặc id.",
    ),
    "man_store_touches": (
        "Writes into the database alone. Works while the daemon runs.",
        "Chỉ ghi vào cơ sở dữ liệu. Dùng được khi dịch vụ đang chạy.",
    ),
    "ex_retry": ("after its cause is gone", "sau khi đã xử lý nguyên nhân"),
    "man_done": (
        "Closes tasks by their numbers, as 'syncd status' shows them. A number that is not open closes none of them.",
        "Đóng các việc theo số, như 'syncd status' hiển thị. Nếu có một số không mở thì không đóng việc nào.",
    ),
    "ex_done": ("two tasks", "hai việc"),
    "man_ignore": (
        "syncd never writes for these orders again; their stock counts until they are shipped or cancelled in Haravan. "
        "'syncd retry' takes them back.",
        "syncd không ghi gì cho các đơn này nữa; số hàng của đơn vẫn được tính đến khi giao hoặc huỷ trên Haravan. "
        "'syncd retry' nhận lại các đơn này.",
    ),
    "ex_ignore": ("an order that was entered by hand", "đơn đã nhập tay"),
    "man_products": (
        "Reads both catalogues and lists what is linked, duplicates, orphans and near misses, each with what to do "
        "about it. It ends with the lines to paste into products.links.",
        "Đọc danh mục hai bên và liệt kê mã đã nối, mã trùng, mã chưa nối và mã gần giống, kèm cách xử lý. Cuối cùng "
        "là các dòng để dán vào products.links.",
    ),
    "ex_products": ("all of them, in pages", "tất cả, xem từng trang"),
    "man_reconcile": (
        "Compares the documents of open orders with KiotViet's whole lists, and all stock; reports the drift that was "
        "found and repaired. Not while the daemon runs: it does the same every poll.reconcile_seconds.",
        "So chứng từ của các đơn đang mở với toàn bộ danh sách của KiotViet, và toàn bộ tồn kho; báo độ lệch đã thấy "
        "và đã sửa. Không dùng khi dịch vụ đang chạy: dịch vụ tự làm việc này mỗi poll.reconcile_seconds.",
    ),
    "man_reconcile_touches": (
        "The same as 'syncd once', with more reading.",
        "Giống 'syncd once', nhưng đọc nhiều hơn.",
    ),
    "ex_reconcile": ("compare and repair", "so và sửa"),
    "man_backup": (
        "Writes the new file TO, or syncd-SHOP-YYYYMMDD-HHMMSS.db (UTC) into the directory TO. A restored copy may be "
        "old: orders that KiotViet has are found again by their marker, none is sent twice.",
        "Ghi ra file mới TO, hoặc syncd-SHOP-YYYYMMDD-HHMMSS.db (UTC) vào thư mục TO. Bản khôi phục có thể cũ: những "
        "đơn đã có trong KiotViet được tìm lại theo mã đánh dấu, không đơn nào bị gửi hai lần.",
    ),
    "man_backup_touches": (
        "Reads the database and writes a new file; with --keep it deletes older ones. Works while the daemon runs.",
        "Đọc cơ sở dữ liệu và ghi file mới; với --keep thì xoá các bản cũ hơn. Dùng được khi dịch vụ đang chạy.",
    ),
    "ex_backup": ("a copy with the day in its name", "bản sao có ngày trong tên"),
    "man_alert_test": (
        "Sends one test message by e-mail, Telegram and webhook, whichever the section alerts of the config names, so "
        "that you know before the night that somebody will be woken.",
        "Gửi một tin thử qua e-mail, Telegram và webhook, tuỳ theo mục alerts của file cấu hình, để biết trước là khi "
        "có sự cố sẽ có người nhận được.",
    ),
    "man_alert_test_touches": (
        "Sends messages; asks neither side and writes nothing. Works while the daemon runs.",
        "Gửi tin; không hỏi bên nào và không ghi gì. Dùng được khi dịch vụ đang chạy.",
    ),
    "ex_alert_test": (
        "after writing the section alerts",
        "sau khi ghi mục alerts",
    ),
    "man_schema": (
        "Editors with a YAML language server complete and check the config by it. Put it beside the config, whose "
        "first line then says '# yaml-language-server: $schema=syncd.schema.json'.",
        "Trình soạn thảo có YAML language server dùng nó để gợi ý và kiểm tra cấu hình. Đặt nó cạnh file cấu hình, "
        "dòng đầu của file ghi '# yaml-language-server: $schema=syncd.schema.json'.",
    ),
    "man_schema_touches": ("Nothing; it prints.", "Không đụng gì; chỉ in ra."),
    "ex_schema": ("once, and after each upgrade", "một lần, và sau mỗi lần nâng cấp"),
    "ex_backup_keep": (
        "into a directory, keeping the newest 14 of this shop",
        "vào một thư mục, giữ 14 bản mới nhất của cửa hàng này",
    ),
    "man_completion": (
        "Prints a script for SHELL, which is bash, zsh or fish. With it, the Tab key completes commands, options and "
        "files; held orders for retry and ignore, open tasks for done, known orders for explain.",
        "In đoạn mã cho SHELL, là bash, zsh hoặc fish. Nhờ đó phím Tab gợi ý lệnh, tuỳ chọn và file; đơn đang tạm giữ "
        "cho retry và ignore, việc đang mở cho done, các đơn đã biết cho explain.",
    ),
    "man_completion_touches": (
        "Prints the script; installs nothing. Completing reads the database of -c or SYNCD_CONFIG.",
        "In đoạn mã; không cài gì. Khi gợi ý, cơ sở dữ liệu của -c hoặc SYNCD_CONFIG được đọc.",
    ),
    "ex_completion_bash": ("add this line to ~/.bashrc", "thêm dòng này vào ~/.bashrc"),
    "ex_completion_zsh": ("add this line to ~/.zshrc, after compinit", "thêm dòng này vào ~/.zshrc, sau compinit"),
    "ex_completion_fish": ("once", "một lần"),
    "completion_install": ("To install it: {how}", "Để cài đặt: {how}"),
}
