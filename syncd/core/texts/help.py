"""What --help says about each command in a line, about its options, exit codes and files."""

from __future__ import annotations

HELP: dict[str, tuple[str, str]] = {
    # --- what stands above each part of a page
    "man_usage": ("Usage: ", "Cách dùng: "),
    "man_options_metavar": ("[OPTIONS]", "[TUỲ CHỌN]"),
    "man_command_metavar": ("COMMAND [ARGS]...", "LỆNH [THAM SỐ]..."),
    "man_options": ("Options", "Tuỳ chọn"),
    "man_commands": ("Commands", "Các lệnh"),
    "man_touches": ("Reads and writes", "Đọc và ghi"),
    "man_examples": ("Examples", "Ví dụ"),
    "man_exit": ("Exit codes", "Mã thoát"),
    "man_files": ("Files", "Các file"),
    "man_environment": ("Environment", "Biến môi trường"),
    "man_see": ("See also", "Xem thêm"),
    # --- syncd itself
    "man_syncd": (
        "Mirror Haravan web COD orders into KiotViet, and KiotViet stock into Haravan.",
        "Đồng bộ đơn web COD từ Haravan sang KiotViet, và tồn kho từ KiotViet sang Haravan.",
    ),
    "man_syncd_start": (
        "Start with 'syncd demo', which needs no account. For your own shop: copy config.example.yaml, edit it, run "
        "'syncd check -c FILE' until it finds nothing, look at 'syncd plan -c FILE', then start 'syncd run -c FILE'. "
        "Results go to stdout, logs to stderr.",
        "Hãy bắt đầu với 'syncd demo', không cần tài khoản. Với cửa hàng của bạn: sao chép config.example.yaml và sửa, "
        "chạy 'syncd check -c FILE' đến khi không còn lỗi, xem 'syncd plan -c FILE', rồi chạy 'syncd run -c FILE'. Kết "
        "quả ra stdout, nhật ký ra stderr.",
    ),
    "env_config": (
        "the config file of commands that take -c",
        "file cấu hình của các lệnh có -c",
    ),
    "env_language": (
        "vi or en, for commands without a config file; where a file says 'language:', that counts",
        "vi hoặc en, cho các lệnh không có file cấu hình; nếu file có ghi 'language:' thì dùng theo file",
    ),
    "env_locale": (
        "the language where neither says one: Vietnamese if it begins with vi",
        "ngôn ngữ khi cả hai đều không ghi: tiếng Việt nếu bắt đầu bằng vi",
    ),
    "env_credentials": (
        "where systemd puts secrets; looked at before the config file's directory",
        "nơi systemd đặt mã bí mật; được xem trước thư mục của file cấu hình",
    ),
    # --- one line for each command
    "cmd_demo": (
        "Watch a shop's day on two simulated systems; needs no account.",
        "Xem một ngày của cửa hàng trên hai hệ thống mô phỏng; không cần tài khoản.",
    ),
    "cmd_sandbox": (
        "Serve both simulated systems on loopback until stopped.",
        "Chạy hai hệ thống mô phỏng trên máy này cho đến khi dừng.",
    ),
    "cmd_act": (
        "Place, ship, deliver or pay an order in a running sandbox.",
        "Đặt, gửi, giao hoặc trả tiền một đơn trong sandbox đang chạy.",
    ),
    "cmd_init": (
        "Ask for both accounts, try them, and write a first config.",
        "Hỏi hai tài khoản, thử đăng nhập, và ghi file cấu hình đầu tiên.",
    ),
    "cmd_check": (
        "Try the config, both accounts, branches, locations and product links.",
        "Thử cấu hình, hai tài khoản, chi nhánh, kho và liên kết hàng hoá.",
    ),
    "cmd_run": ("Run the daemon.", "Chạy dịch vụ đồng bộ."),
    "cmd_once": (
        "Run one complete cycle: orders, then stock.",
        "Chạy một chu kỳ trọn vẹn: đơn hàng, rồi tồn kho.",
    ),
    "cmd_plan": (
        "Show every write that 'once' would send; send none.",
        "Xem mọi lệnh ghi mà 'once' sẽ gửi; không gửi lệnh nào.",
    ),
    "cmd_status": (
        "Show orders per state, held orders, last good cycles and drift.",
        "Xem số đơn theo trạng thái, đơn đang tạm giữ, chu kỳ tốt gần nhất và độ lệch.",
    ),
    "cmd_explain": (
        "Tell the story of one order, or of a product's stock, and what comes next.",
        "Kể lại một đơn hàng, hoặc tồn kho của một mã hàng, và việc sẽ làm tiếp.",
    ),
    "cmd_retry": ("Let held orders be tried again.", "Cho thử lại các đơn đang tạm giữ."),
    "cmd_done": ("Close tasks that people have done.", "Đóng những việc nhân viên đã làm xong."),
    "cmd_ignore": ("Leave orders to people for good.", "Giao hẳn đơn hàng cho nhân viên xử lý."),
    "cmd_products": (
        "List product links, duplicates and orphans, and what to do.",
        "Liệt kê liên kết hàng hoá, mã trùng, mã chưa nối, và cách xử lý.",
    ),
    "cmd_reconcile": (
        "Compare both sides whole, documents and stock, and repair drift.",
        "So toàn bộ hai bên, chứng từ và tồn kho, và sửa độ lệch.",
    ),
    "cmd_backup": (
        "Write a consistent copy of the store, also while the daemon runs.",
        "Ghi bản sao nhất quán của cơ sở dữ liệu, kể cả khi dịch vụ đang chạy.",
    ),
    "cmd_alert_test": (
        "Send one test message by each way that the config names for alerts.",
        "Gửi một tin thử qua từng kênh cảnh báo ghi trong cấu hình.",
    ),
    "cmd_schema": (
        "Print the JSON Schema of the config file, for editors.",
        "In JSON Schema của file cấu hình, dùng cho trình soạn thảo.",
    ),
    "cmd_completion": (
        "Print what makes the shell complete commands, options and order numbers.",
        "In đoạn mã để shell tự gợi ý lệnh, tuỳ chọn và số đơn hàng.",
    ),
    # --- options and arguments
    "option_help": ("Show this page and stop.", "Hiện trang này rồi dừng."),
    "option_version": ("Show the version and stop.", "Hiện phiên bản rồi dừng."),
    "option_config": (
        "The shop's config file (or set SYNCD_CONFIG).",
        "File cấu hình của cửa hàng (hoặc đặt SYNCD_CONFIG).",
    ),
    "option_json": (
        "Print one JSON object instead of text.",
        "In một đối tượng JSON thay cho văn bản.",
    ),
    "option_force_stock": (
        "Let this run lower as many products as the plan says.",
        "Cho lần chạy này giảm tồn của bao nhiêu mã hàng tuỳ theo kế hoạch.",
    ),
    "option_keep": (
        "Delete this shop's older backups in the directory TO beyond N.",
        "Xoá các bản sao lưu cũ của cửa hàng này trong thư mục TO, chỉ giữ N bản.",
    ),
    "option_all": (
        "Print every problem, not only the first few of a kind.",
        "In mọi vấn đề, không chỉ vài mục đầu của mỗi loại.",
    ),
    "option_stock": (
        "A product's stock: SKU, barcode, variant id or KiotViet code.",
        "Tồn kho của một mã hàng: SKU, barcode, id sản phẩm hoặc mã hàng KiotViet.",
    ),
    "option_dir": (
        "Where the config, its secrets and the database go (default: syncd-sandbox).",
        "Nơi đặt cấu hình, mã bí mật và cơ sở dữ liệu (mặc định: syncd-sandbox).",
    ),
    "option_haravan_port": (
        "Loopback port of Haravan (0: any free one).",
        "Cổng của Haravan trên máy này (0: cổng trống bất kỳ).",
    ),
    "option_kiotviet_port": (
        "Loopback port of KiotViet (0: any free one).",
        "Cổng của KiotViet trên máy này (0: cổng trống bất kỳ).",
    ),
    "option_switch": (
        "Put a switch into a position; may be repeated.",
        "Đặt một công tắc vào vị trí; có thể lặp lại.",
    ),
    "option_list_switches": (
        "List every switch with its positions and stop.",
        "Liệt kê mọi công tắc và các vị trí rồi dừng.",
    ),
    "option_two_branches": (
        "Two locations and two branches instead of one.",
        "Hai kho và hai chi nhánh thay vì một.",
    ),
    "option_init_dir": (
        "Where the config goes (default: /etc/syncd).",
        "Nơi đặt file cấu hình (mặc định: /etc/syncd).",
    ),
    "option_force": (
        "Replace the config and the secrets that are there.",
        "Thay file cấu hình và các mã bí mật đang có.",
    ),
    "option_yes": (
        "Ask nothing: take the default where no option answers.",
        "Không hỏi gì: dùng mặc định ở chỗ không có tuỳ chọn trả lời.",
    ),
    "option_language": ("The language that people read.", "Ngôn ngữ để mọi người đọc."),
    "option_shop": (
        "The shop's name in logs (default: the retailer).",
        "Tên cửa hàng trong nhật ký (mặc định: tên cửa hàng trên KiotViet).",
    ),
    "option_database": (
        "Where syncd remembers (default: what fits --dir).",
        "Nơi syncd ghi nhớ (mặc định: theo --dir).",
    ),
    "option_token_from": ("File with Haravan's token.", "File chứa token của Haravan."),
    "option_retailer": ("The shop's name at KiotViet.", "Tên cửa hàng trên KiotViet."),
    "option_client_id": ("KiotViet's client id.", "Client ID của KiotViet."),
    "option_secret_from": ("File with KiotViet's client secret.", "File chứa Mã bảo mật của KiotViet."),
    "option_branch": ("The KiotViet branch that receives online orders.", "Chi nhánh KiotViet nhận đơn online."),
    "option_link": ("Whose stock a location shows.", "Kho hiển thị tồn của những chi nhánh nào."),
    "option_since": (
        "Mirror orders from this day on (default: today).",
        "Đồng bộ đơn từ ngày này (mặc định: hôm nay).",
    ),
    "option_cod_method": (
        "How collected money is booked (default: Cash).",
        "Cách ghi nhận tiền thu hộ (mặc định: Cash).",
    ),
    "option_cod_account": (
        "With Transfer: the KiotViet bank account.",
        "Với Transfer: tài khoản ngân hàng trong KiotViet.",
    ),
    "option_watch": (
        "Write nothing at first, or at once (default: watch).",
        "Lúc đầu không ghi gì, hoặc ghi ngay (mặc định: watch).",
    ),
    "option_haravan_url": (
        "Address of Haravan (default: https://apis.haravan.com).",
        "Địa chỉ Haravan (mặc định: https://apis.haravan.com).",
    ),
    "option_kiotviet_url": (
        "Address of KiotViet (default: https://public.kiotapi.com).",
        "Địa chỉ KiotViet (mặc định: https://public.kiotapi.com).",
    ),
    "option_token_url": (
        "Address of KiotViet's tokens (default: https://id.kiotviet.vn/connect/token).",
        "Địa chỉ nơi cấp token của KiotViet (mặc định: https://id.kiotviet.vn/connect/token).",
    ),
    "option_quiet": ("Print only what is not well.", "Chỉ in những gì chưa ổn."),
    "required": ("required", "bắt buộc"),
    # --- exit codes and files that several commands share
    "exit_fine": ("fine", "tốt"),
    "exit_edit": (
        "an admin must edit or do something first; stderr says what",
        "cần sửa cấu hình hoặc làm gì đó trước; stderr ghi rõ",
    ),
    "exit_bug": (
        "a bug in syncd; please report it with the lines on stderr",
        "lỗi của syncd; vui lòng báo lại kèm các dòng trên stderr",
    ),
    "exit_cycle": (
        "a side could not be read or written to the end, or a stock plan was refused; held orders do not count",
        "một bên không đọc hoặc ghi được trọn vẹn, hoặc kế hoạch tồn kho bị từ chối; đơn đang tạm giữ không tính",
    ),
    "exit_remote": (
        "a side could not be read; stderr says why",
        "một bên không đọc được; stderr ghi lý do",
    ),
    "exit_store": (
        "the database could not be written; stderr says why",
        "không ghi được cơ sở dữ liệu; stderr ghi lý do",
    ),
    "file_config": (
        "the config; config.example.yaml explains every key",
        "file cấu hình; config.example.yaml giải thích từng khoá",
    ),
    "file_secrets": (
        "the two secrets, named by haravan.token_file and kiotviet.client_secret_file",
        "hai mã bí mật, ghi ở haravan.token_file và kiotviet.client_secret_file",
    ),
    "file_database": (
        "what syncd remembers; named by the key database",
        "những gì syncd ghi nhớ; ghi ở khoá database",
    ),
    "exit_channel": (
        "a message could not be sent; stdout says which and why",
        "có tin không gửi được; stdout ghi kênh nào và lý do",
    ),
    "file_lock": (
        "beside the database: held by the one process that may write",
        "bên cạnh cơ sở dữ liệu: do tiến trình duy nhất được ghi giữ",
    ),
}
