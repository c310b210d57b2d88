"""What syncd init asks, shows and ends with; and what syncd act lets happen in a sandbox."""

from __future__ import annotations

FIRST_CONFIG: dict[str, tuple[str, str]] = {
    "init_language": ("Language / Ngôn ngữ (vi, en)", "Language / Ngôn ngữ (vi, en)"),
    "init_welcome": (
        "Nothing is written to either shop. Ctrl-C leaves everything as it was.",
        "Không ghi gì vào hai bên. Nhấn Ctrl-C để dừng, mọi thứ giữ nguyên.",
    ),
    "init_where_token": (
        "Haravan, Apps > private apps: make an app that may read orders, products and the shop, and read and write "
        "inventories (com.read_orders, com.read_products, com.read_shop, com.write_inventories); copy its token.",
        "Haravan, Ứng dụng > Ứng dụng riêng: tạo ứng dụng được đọc đơn hàng, sản phẩm, cửa hàng, và được đọc, ghi tồn "
        "kho (com.read_orders, com.read_products, com.read_shop, com.write_inventories); sao chép token.",
    ),
    "init_token": ("Haravan token (not shown)", "Token Haravan (không hiển thị)"),
    "init_where_secret": (
        "KiotViet, Thiết lập cửa hàng > Thiết lập kết nối API shows client id and secret.",
        "KiotViet, Thiết lập cửa hàng > Thiết lập kết nối API hiển thị Client ID và Mã bảo mật.",
    ),
    "init_retailer": (
        "KiotViet retailer (the <name> in <name>.kiotviet.vn)",
        "Tên gian hàng KiotViet (<tên> trong <tên>.kiotviet.vn)",
    ),
    "init_client_id": ("KiotViet client id", "Client ID của KiotViet"),
    "init_secret": ("KiotViet client secret (not shown)", "Mã bảo mật của KiotViet (không hiển thị)"),
    "init_again": ("Please try again.", "Vui lòng nhập lại."),
    "init_shop": (
        "Name of the shop in logs and on the status page",
        "Tên cửa hàng trong nhật ký và trang trạng thái",
    ),
    "init_branches": ("KiotViet branches:", "Các chi nhánh KiotViet:"),
    "init_locations": ("Haravan locations:", "Các chi nhánh Haravan:"),
    "init_accounts": ("KiotViet bank accounts:", "Các tài khoản ngân hàng KiotViet:"),
    "init_row": ("  {number}) {name} ({id})", "  {number}) {name} ({id})"),
    "init_branch": ("Which branch receives online orders?", "Chi nhánh nào nhận đơn online?"),
    "init_feeds": (
        "Whose stock does {name} show? (numbers with commas, 0 for none)",
        "{name} hiển thị tồn kho của chi nhánh nào? (các số, cách nhau bằng dấu phẩy, 0 nếu không có)",
    ),
    "init_since": (
        "From which day on are orders mirrored? (YYYY-MM-DD)",
        "Đồng bộ đơn hàng từ ngày nào? (YYYY-MM-DD)",
    ),
    "init_method": (
        "How is collected money booked in KiotViet? (Cash, Transfer)",
        "Tiền thu hộ ghi vào KiotViet theo cách nào? (Cash: tiền mặt, Transfer: chuyển khoản)",
    ),
    "init_account": ("To which bank account?", "Vào tài khoản ngân hàng nào?"),
    "init_watch": (
        "Watch first: decide and show, write nothing to either side (recommended for the first days)?",
        "Chỉ theo dõi trước: xét và hiển thị, không ghi gì vào hai bên (nên làm trong những ngày đầu)?",
    ),
    "init_choice_wrong": ("{answer}: please choose from the list", "{answer}: vui lòng chọn trong danh sách"),
    "init_date_wrong": (
        "{answer}: a date like 2026-11-01 is needed",
        "{answer}: cần một ngày như 2026-11-01",
    ),
    "init_linked": (
        "products: {linked} of {known} Haravan variants are linked to KiotViet, {stocked} with stock",
        "sản phẩm: {linked} trong {known} sản phẩm Haravan đã nối với KiotViet, {stocked} có tồn kho",
    ),
    "init_group": ("  {title}: {count}", "  {title}: {count}"),
    "init_example": ("    {example}", "    {example}"),
    "init_products": (
        "  'syncd products' lists them all; nothing is guessed, and none stops the others.",
        "  'syncd products' liệt kê đầy đủ; không đoán mò, và không trường hợp nào cản trở các sản phẩm khác.",
    ),
    "init_exists": (
        "{path} exists already: --force replaces it, another --dir leaves it alone",
        "{path} đã có: dùng --force để thay, hoặc --dir khác để giữ nguyên",
    ),
    "init_missing": (
        "{option} is needed when nobody can be asked",
        "cần {option} khi không có ai để hỏi",
    ),
    "init_unwritten": (
        "{path} could not be written ({why}): run init as a user that may, or choose another --dir",
        "không ghi được {path} ({why}): chạy init bằng người dùng có quyền, hoặc chọn --dir khác",
    ),
    "init_unreadable": ("{option}: {path} cannot be read ({why})", "{option}: không đọc được {path} ({why})"),
    "init_written": ("written: {files}", "đã ghi: {files}"),
    "init_next": ("Next:", "Tiếp theo:"),
    "init_next_check": (
        "  'syncd check -c {path}'   everything that would fail later",
        "  'syncd check -c {path}'   mọi thứ sẽ lỗi về sau",
    ),
    "init_next_plan": (
        "  'syncd plan -c {path}'    what would be written; nothing is",
        "  'syncd plan -c {path}'    những gì sẽ được ghi; chưa ghi gì",
    ),
    "init_next_service": (
        "  systemctl enable --now {unit}   the daemon",
        "  systemctl enable --now {unit}   chạy dịch vụ",
    ),
    "init_next_run": ("  'syncd run -c {path}'     the daemon", "  'syncd run -c {path}'     chạy dịch vụ"),
    "init_next_apply": (
        "  When what it shows is right, set orders.apply and stock.apply to true in {path}.",
        "  Khi những gì hiển thị đã đúng, đặt orders.apply và stock.apply là true trong {path}.",
    ),
    "act_ordered": ("{order}: ordered, {skus}", "{order}: đã đặt, {skus}"),
    "act_shipped": (
        "{order}: handed to the carrier (Đang giao hàng)",
        "{order}: đã giao cho vận chuyển (Đang giao hàng)",
    ),
    "act_delivered": ("{order}: delivered (Đã giao hàng)", "{order}: Đã giao hàng"),
    "act_paid": ("{order}: money received (Đã nhận tiền)", "{order}: Đã nhận tiền"),
    "act_no_sandbox": (
        "there is no 'syncd sandbox' at {url}: start it first, and use a config that points at it",
        "không có 'syncd sandbox' tại {url}: hãy chạy nó trước, và dùng cấu hình trỏ tới nó",
    ),
    "act_refused": ("the sandbox refuses: {why}", "sandbox từ chối: {why}"),
}
