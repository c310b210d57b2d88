"""What the demo tells: a made-up shop's day."""

from __future__ import annotations

DEMO: dict[str, tuple[str, str]] = {
    "demo_introduction": (
        "One day of a made-up shop that sells on the web (Haravan) and at a counter (KiotViet). Both are simulated on "
        "this machine; syncd itself is the real one. Its clock runs fast: a day takes seconds.",
        "Một ngày của cửa hàng giả định, bán trên web (Haravan) và bán tại quầy (KiotViet). Cả hai được mô phỏng trên "
        "máy này; syncd là thật. Đồng hồ chạy nhanh: một ngày chỉ mất vài giây.",
    ),
    "demo_next": (
        "Next: 'syncd sandbox' opens both simulated shops for you to play with and writes a config for them; 'syncd "
        "check -c FILE' looks at your own shop without changing anything.",
        "Tiếp theo: 'syncd sandbox' mở hai cửa hàng mô phỏng cho bạn thử và ghi sẵn file cấu hình; 'syncd check -c "
        "FILE' xem cửa hàng của bạn mà không thay đổi gì.",
    ),
    "demo_stopped": ("Stopped. Nothing is left behind.", "Đã dừng. Không để lại gì."),
    "demo_log": ("What syncd did, line by line: {path}", "syncd đã làm gì, từng dòng một: {path}"),
    "demo_buyer": ("buyer", "khách"),
    "demo_shop": ("shop", "shop"),
    "demo_carrier": ("carrier", "shipper"),
    "demo_trouble": ("trouble", "sự cố"),
    "demo_stock": ("stock", "tồn kho"),
    # --- the morning
    "demo_scene_opening": (
        "The shop opens: is the stock of both sides the same?",
        "Cửa hàng mở cửa: tồn kho hai bên có khớp không?",
    ),
    "demo_counted": (
        "counted last night (kiểm kho): 17 × {goods}, Haravan still offers 20",
        "tối qua kiểm kho: 17 × {goods}, Haravan vẫn đang bán 20",
    ),
    "demo_links": (
        "At its first start syncd links the products of both sides and compares every figure.",
        "Lần chạy đầu, syncd nối hàng hoá hai bên và so từng số liệu.",
    ),
    "demo_scene_first": ("A web order, paid on delivery (COD)", "Một đơn web, thu hộ (COD)"),
    "demo_totals": (
        "Discount and shipping fee are in KiotViet's total. The goods are reserved there, so stock stays equal.",
        "Giảm giá và phí giao hàng có trong tổng tiền của KiotViet. Hàng đã được giữ ở đó nên tồn kho vẫn khớp.",
    ),
    "demo_scene_transfer": (
        "A web order by bank transfer is left alone",
        "Một đơn web chuyển khoản được để yên",
    ),
    "demo_promised": (
        "Only COD orders go to KiotViet. These pieces are promised all the same: they stay off the web shop.",
        "Chỉ đơn COD được chuyển sang KiotViet. Số hàng này vẫn đã hứa với khách nên không bán thêm trên web.",
    ),
    "demo_scene_counter": (
        "A sale at the counter shows on the web at once",
        "Bán tại quầy thì web thấy ngay",
    ),
    "demo_counter_sale": (
        "sells 3 × {goods} over the counter in KiotViet",
        "bán 3 × {goods} tại quầy trong KiotViet",
    ),
    "demo_scene_goods_in": ("Goods come in", "Nhập hàng"),
    "demo_goods_in": (
        "takes in 10 × {one} and 25 × {two} in KiotViet (nhập hàng)",
        "nhập hàng 10 × {one} và 25 × {two} trong KiotViet",
    ),
    "demo_scene_pick_up": ("The carrier picks up the parcel", "Shipper lấy hàng"),
    "demo_books_carrier": (
        "books a carrier for {order} (Chờ lấy hàng)",
        "gọi đơn vị vận chuyển cho đơn {order} (Chờ lấy hàng)",
    ),
    "demo_picked_up": (
        "has picked up the parcel (Đang giao hàng)",
        "đã lấy hàng (Đang giao hàng)",
    ),
    "demo_scene_cancelled": ("A buyer cancels before pickup", "Khách huỷ trước khi lấy hàng"),
    "demo_cancels": (
        "thinks better of it; the shop cancels {order} in Haravan (Hủy đơn)",
        "đổi ý; shop huỷ đơn {order} trên Haravan (Hủy đơn)",
    ),
    # --- the afternoon
    "demo_scene_unknown": (
        "A product that KiotViet does not have",
        "Một sản phẩm KiotViet chưa có",
    ),
    "demo_offers": (
        "offers {goods} on the web, 8 pieces, and forgets KiotViet",
        "đăng bán {goods} trên web, 8 cái, mà quên tạo trong KiotViet",
    ),
    "demo_creates": (
        "reads that and creates {sku} in KiotViet, 8 pieces",
        "đọc thấy và tạo mã hàng {sku} trong KiotViet, 8 cái",
    ),
    "demo_scene_lost": ("An answer is lost on the way", "Phản hồi bị mất giữa đường"),
    "demo_breaks_down": (
        "the internet breaks down just while KiotViet answers",
        "mất mạng đúng lúc KiotViet trả lời",
    ),
    "demo_waits": (
        "Did KiotViet get it or not? syncd does not send again: it waits a minute, then looks for the order.",
        "KiotViet đã nhận hay chưa? syncd không gửi lại: chờ một phút, rồi tìm đơn.",
    ),
    "demo_keeps_piece": (
        "Until then it keeps the piece off the web, rather once too often than sold twice.",
        "Trong lúc đó syncd không bán món này trên web: thà giữ thừa một lần còn hơn bán hai lần.",
    ),
    "demo_one_copy": (
        "Orders in KiotViet for {order}: {count}. Found by its number, not entered twice.",
        "Số phiếu trong KiotViet cho đơn {order}: {count}. Tìm lại theo số đơn, không nhập hai lần.",
    ),
    "demo_scene_weather": ("Both sides fail for a moment", "Hai bên cùng lỗi một lúc"),
    "demo_sells_too": (
        "sells 2 × {goods} over the counter at the same time",
        "cùng lúc bán 2 × {goods} tại quầy",
    ),
    "demo_haravan_busy": (
        "Haravan is busy and answers 429 Too Many Requests",
        "Haravan quá tải và trả về 429 Too Many Requests",
    ),
    "demo_kiotviet_fails": (
        "Haravan is back, but now KiotViet answers 500 Internal Server Error",
        "Haravan đã ổn, nhưng giờ KiotViet trả về 500 Internal Server Error",
    ),
    "demo_nothing_lost": (
        "Nothing was lost: as soon as both answer again, the next round does what was left.",
        "Không mất gì: khi hai bên trả lời lại, vòng sau làm nốt phần còn lại.",
    ),
    "demo_scene_delivered": (
        "Delivered, but the carrier has the money",
        "Đã giao, nhưng shipper còn giữ tiền",
    ),
    "demo_delivered": (
        "has delivered {order} (Đã giao hàng) and keeps the money for now (Đã thu hộ)",
        "đã giao đơn {order} (Đã giao hàng) và còn giữ tiền (Đã thu hộ)",
    ),
    "demo_not_paid": (
        "Delivered is not paid: the invoice stays open until the money has reached the shop.",
        "Giao rồi chưa phải là trả tiền rồi: hoá đơn còn mở đến khi tiền về shop.",
    ),
    "demo_scene_money": ("The money arrives", "Tiền về"),
    "demo_gets_money": (
        "gets the money of {order} from the carrier (Đã nhận tiền)",
        "nhận tiền của đơn {order} từ đơn vị vận chuyển (Đã nhận tiền)",
    ),
    "demo_scene_count": ("A count lowers the stock", "Kiểm kho làm giảm tồn"),
    "demo_counts": (
        "counts {goods} (kiểm kho): 41 and not 45",
        "kiểm kho {goods}: còn 41 chứ không phải 45",
    ),
    "demo_scene_memory": ("The server loses its memory", "Máy chủ mất hết dữ liệu"),
    "demo_disk_breaks": (
        "the disk of the server breaks: everything that syncd remembered is gone",
        "hỏng đĩa máy chủ: mọi thứ syncd ghi nhớ đều mất",
    ),
    "demo_meanwhile": (
        "meanwhile picks up {order} (Đang giao hàng)",
        "trong lúc đó lấy đơn {order} (Đang giao hàng)",
    ),
    "demo_starts_again": (
        "starts syncd again with an empty store",
        "chạy lại syncd với cơ sở dữ liệu trống",
    ),
    "demo_found_again": (
        "KiotViet's documents carry the numbers of their web orders: they are found again, none is made twice.",
        "Chứng từ trong KiotViet có ghi số đơn web: chúng được tìm lại, không chứng từ nào bị tạo hai lần.",
    ),
    # --- what people and syncd do
    "demo_orders": (
        "{person} orders {goods}: {order}, {how}, {total} đ",
        "{person} đặt {goods}: {order}, {how}, {total} đ",
    ),
    "demo_by_transfer": ("bank transfer (chuyển khoản)", "chuyển khoản"),
    "demo_tries_again": (
        "will try again in the next round: {why}",
        "sẽ thử lại ở vòng sau: {why}",
    ),
    "demo_holds": (
        "holds the order and says why: {why}",
        "tạm giữ đơn và nói rõ lý do: {why}",
    ),
    "demo_nothing_to_write": (
        "looks at both sides ({reads} reads) and has nothing to write",
        "xem hai bên ({reads} lượt đọc) và không có gì để ghi",
    ),
    "demo_no_order": ("no order", "không có phiếu đặt hàng"),
    "demo_shelf": (
        "{sku}: KiotViet {on_hand} on hand − {reserved} reserved = {left} · Haravan {available} {mark}",
        "{sku}: KiotViet tồn {on_hand} − đặt {reserved} = {left} · Haravan {available} {mark}",
    ),
    "demo_shelf_pending": (
        "{sku}: KiotViet {on_hand} on hand − {reserved} reserved − {pending} pending = {left} · Haravan {available} "
        "{mark}",
        "{sku}: KiotViet tồn {on_hand} − đặt {reserved} − chờ {pending} = {left} · Haravan {available} {mark}",
    ),
    "demo_call": ("{remote}: {deed}", "{remote}: {deed}"),
    "demo_call_lost": (
        "{remote}: {deed} … and the answer never comes",
        "{remote}: {deed} … nhưng không thấy trả lời",
    ),
    "demo_call_refused": (
        "{remote}: {deed} … answered with error {status}",
        "{remote}: {deed} … bị trả về lỗi {status}",
    ),
    "demo_adjusts": ("changes the stock of {rows}", "đổi tồn kho của {rows}"),
    "demo_enters_order": (
        "enters the order (Phiếu tạm): {lines}",
        "tạo phiếu đặt hàng (Phiếu tạm): {lines}",
    ),
    "demo_makes_invoice": (
        "makes the invoice (Chưa giao hàng), to collect {cod}; the order is done (Hoàn thành)",
        "lập hoá đơn (Chưa giao hàng), cần thu {cod}; phiếu đặt hàng chuyển Hoàn thành",
    ),
    "demo_enters_customer": (
        "enters the customer {name}, code {code}",
        "thêm khách hàng {name}, mã {code}",
    ),
    "demo_sets_surcharge": (
        "sets up the surcharge {code} for shipping fees",
        "tạo loại thu khác {code} cho phí giao hàng",
    ),
    "demo_cancels_order": ("cancels the order (Đã hủy)", "huỷ phiếu đặt hàng (Đã hủy)"),
    "demo_settles_invoice": (
        "books the money and settles the invoice (Hoàn thành)",
        "ghi nhận tiền và hoàn tất hoá đơn (Hoàn thành)",
    ),
    # --- the end of the day
    "demo_legend": (
        "Haravan should offer what is sellable less what is pending: promised on the web and not reserved in KiotViet.",
        "Haravan nên bán đúng số có thể bán trừ số chờ: đã hứa trên web mà KiotViet chưa giữ.",
    ),
    "demo_orders_title": ("Orders at the end of the day", "Đơn hàng cuối ngày"),
    "demo_stock_title": ("Stock at the end of the day", "Tồn kho cuối ngày"),
    "demo_column_carrier": ("carrier\nmoney", "giao hàng\ntiền"),
    "demo_column_order": ("KiotViet\norder", "KiotViet\nđặt hàng"),
    "demo_column_invoice": ("invoice", "hoá đơn"),
    "demo_column_totals": ("totals\nof both", "tổng tiền\nhai bên"),
    "demo_column_agree": ("agree", "khớp"),
    "demo_column_product": ("\nproduct", "\nhàng hoá"),
    "demo_column_on_hand": ("KiotViet\non hand", "KiotViet\ntồn"),
    "demo_column_reserved": ("\nreserved", "\nđặt"),
    "demo_column_sellable": ("\nsellable", "\nbán được"),
    "demo_column_pending": ("\npending", "\nchờ"),
    "demo_column_available": ("Haravan\navailable", "Haravan\ncó thể bán"),
    "demo_none": ("none", "không có"),
    "demo_left_alone": ("left alone\nchuyển khoản", "để yên\nchuyển khoản"),
    "demo_quiet_wrote": (
        "a last quiet round still wrote: {path}",
        "vòng cuối lẽ ra yên lặng vẫn ghi: {path}",
    ),
    "demo_quiet_failed": (
        "a last quiet round failed: {why}",
        "vòng cuối lẽ ra yên lặng bị lỗi: {why}",
    ),
    "demo_counts_of_calls": (
        "{orders} orders, {products} products. Haravan: {haravan} calls, {haravan_writes} of them writes; KiotViet: "
        "{kiotviet} calls, {kiotviet_writes} of them writes.",
        "{orders} đơn hàng, {products} mã hàng. Haravan: {haravan} lượt gọi, {haravan_writes} lượt ghi; KiotViet: "
        "{kiotviet} lượt gọi, {kiotviet_writes} lượt ghi.",
    ),
    "demo_agree": (
        "Both sides agree, and one more round wrote nothing.",
        "Hai bên khớp nhau, và chạy thêm một vòng không ghi gì.",
    ),
    "demo_disagree": ("The two sides do NOT agree.", "Hai bên KHÔNG khớp nhau."),
    "demo_fault": ("✗ {what}", "✗ {what}"),
    "demo_order_fault": ("{order}: {what}", "{order}: {what}"),
    "demo_stock_differs": (
        "{sku}: Haravan offers {available} pieces, KiotViet can sell {wanted}",
        "{sku}: Haravan bán {available} cái, KiotViet bán được {wanted}",
    ),
    "demo_stray": ("{code}: belongs to no web order", "{code}: không thuộc đơn web nào"),
    "demo_live_orders": (
        "{found} live KiotViet orders instead of {wanted}",
        "KiotViet có {found} phiếu đặt hàng còn hiệu lực thay vì {wanted}",
    ),
    "demo_live_invoices": (
        "{found} live KiotViet invoices instead of {wanted}",
        "KiotViet có {found} hoá đơn còn hiệu lực thay vì {wanted}",
    ),
    "demo_order_noun": ("order", "phiếu đặt hàng"),
    "demo_invoice_noun": ("invoice", "hoá đơn"),
    "demo_wrong_status": (
        "{noun} {code} is {status}, not {wanted}",
        "{noun} {code} đang là {status}, không phải {wanted}",
    ),
    "demo_wrong_total": (
        "{noun} {code} is about {total}, the web order about {wanted}",
        "{noun} {code} có tổng tiền {total}, đơn web {wanted}",
    ),
    "demo_wrong_goods": (
        "{noun} {code} has other goods than the web order",
        "{noun} {code} có hàng khác với đơn web",
    ),
    "demo_wrong_collect": (
        "invoice {code} collects {collects}, the buyer owes {owed}",
        "hoá đơn {code} thu {collects}, khách còn nợ {owed}",
    ),
    "demo_wrong_paid": (
        "invoice {code} has {paid} booked, the buyer paid {owed}",
        "hoá đơn {code} đã ghi nhận {paid}, khách trả {owed}",
    ),
}
