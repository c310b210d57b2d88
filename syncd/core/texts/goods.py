"""Sentences about products and stock: what is not linked, not published, or refused."""

from __future__ import annotations

GOODS: dict[str, tuple[str, str]] = {
    "listed_as_ignored": (
        "{code} is listed under products.ignore",
        "Mã hàng {code} nằm trong products.ignore",
    ),
    "not_tracked": (
        "variant {variant} is not stock-tracked in Haravan: switch tracking on to publish its stock",
        "Sản phẩm {variant} chưa bật quản lý tồn kho trên Haravan: vui lòng bật để cập nhật tồn kho",
    ),
    "lot_tracked": (
        "variant {variant} is lot-tracked in Haravan: adjust its stock there by hand",
        "Sản phẩm {variant} được Haravan quản lý theo lô: vui lòng tự điều chỉnh tồn kho trên Haravan",
    ),
    "is_combo": (
        "{code} is a combo in KiotViet and has no stock of its own: publish its parts instead",
        "Mã hàng {code} là combo trong KiotViet nên không có tồn kho riêng: vui lòng đăng bán từng thành phần",
    ),
    "is_service": (
        "{code} is a service in KiotViet and has no stock: switch tracking off in Haravan",
        "Mã hàng {code} là dịch vụ trong KiotViet nên không có tồn kho: vui lòng tắt quản lý tồn kho trên Haravan",
    ),
    "no_base_unit": (
        "variant {variant} has packing units in Haravan but {code} is no base unit: link it to one",
        "Sản phẩm {variant} có nhiều đơn vị tính trên Haravan nhưng {code} không phải đơn vị cơ bản trong KiotViet: "
        "vui lòng nối với mã hàng của đơn vị cơ bản",
    ),
    "units_disagree": (
        "unit {unit} of variant {variant} holds {ratio} in Haravan, and KiotViet has no such unit of {code} with the "
        "code {unit_code}: make both the same",
        "Đơn vị {unit} của sản phẩm {variant} quy đổi bằng {ratio} trên Haravan, nhưng trong KiotViet mã hàng {code} "
        "không có đơn vị như vậy với mã {unit_code}: vui lòng khai báo hai bên giống nhau",
    ),
    "packing_unit": ("a packing unit", "đơn vị tính quy đổi"),
    "explicit_link_broken": (
        "products.links sends Haravan variant {variant} to {code}, which is not in KiotViet: correct the code there",
        "products.links nối sản phẩm Haravan {variant} với {code} nhưng KiotViet không có mã hàng này: vui lòng sửa "
        "lại mã trong products.links",
    ),
    "variant_orphan": (
        "Haravan variant {variant} has no KiotViet product: give it the KiotViet code as barcode or SKU, or add it to "
        "products.links",
        "Sản phẩm Haravan {variant} chưa có mã hàng tương ứng trong KiotViet: vui lòng điền mã hàng KiotViet vào "
        "barcode hoặc SKU trên Haravan, hoặc thêm vào products.links",
    ),
    "variant_near": (
        "Haravan variant {variant} has no KiotViet product, but it is nearly KiotViet code {candidate}. If it is that "
        "product, make both codes the same or add this line to products.links: {line}",
        "Sản phẩm Haravan {variant} chưa có mã hàng tương ứng trong KiotViet, nhưng gần giống mã hàng KiotViet "
        "{candidate}. Nếu đúng là hàng đó, vui lòng đặt hai mã giống nhau, hoặc thêm vào products.links dòng: {line}",
    ),
    "variant_near_unsure": (
        "Haravan variant {variant} has no KiotViet product, but it is nearly KiotViet code {candidate}, which is "
        "{obstacle}: find out which is right, then correct the code there or add the pair to products.links",
        "Sản phẩm Haravan {variant} chưa có mã hàng tương ứng trong KiotViet, nhưng gần giống mã hàng KiotViet "
        "{candidate}, là mã {obstacle}: vui lòng xem cặp nào đúng, rồi sửa mã hoặc thêm cặp đúng vào products.links",
    ),
    "variant_near_several": (
        "Haravan variant {variant} has no KiotViet product, but it is nearly {count} KiotViet codes, and none is sure: "
        "{candidates}. Find out which is right and add that pair to products.links",
        "Sản phẩm Haravan {variant} chưa có mã hàng tương ứng trong KiotViet, nhưng gần giống {count} mã hàng KiotViet "
        "và không mã nào chắc chắn: {candidates}. Vui lòng xem mã nào đúng rồi thêm cặp đó vào products.links",
    ),
    "near_code": ("{code} ({name}): {differs}", "{code} ({name}): {differs}"),
    "near_own_barcode": (
        "the barcode in KiotViet is the same, but links go by the product code",
        "mã vạch trong KiotViet giống nhau, nhưng nối theo mã hàng",
    ),
    "near_taken": ("linked to Haravan variant {variant} already", "đã nối với sản phẩm Haravan {variant}"),
    "near_shared": (
        "also nearly the code of {count} other Haravan variants",
        "cũng gần giống mã của {count} sản phẩm Haravan khác",
    ),
    "near_rule_off": (
        "it is the same, but products.match does not go by it",
        "giống hệt nhau, nhưng products.match không nối theo mã này",
    ),
    "near_is_barcode": ("it is the barcode of this variant", "là barcode của sản phẩm này"),
    "near_differences": ("{parts}", "{parts}"),
    "differs_unicode": (
        "looks the same, but its accents are stored differently (Unicode)",
        "nhìn giống nhau nhưng dấu được lưu khác kiểu (Unicode)",
    ),
    "differs_width": ("full-width characters", "ký tự toàn chiều rộng"),
    "differs_case": ("upper and lower case", "chữ hoa, chữ thường"),
    "differs_accents": ("accents", "dấu tiếng Việt"),
    "differs_separators": ("blanks, dashes, dots or underscores", "dấu cách, gạch, chấm hoặc gạch dưới"),
    "differs_zeros": ("zeros before a number", "số 0 đứng đầu"),
    "differs_spelling": ("spelling", "cách viết"),
    "explicit_link_near": (
        "products.links sends Haravan variant {variant} to {code}, which is not in KiotViet; nearly that are: "
        "{candidates}: correct the code there",
        "products.links nối sản phẩm Haravan {variant} với {code} nhưng KiotViet không có mã hàng này; gần giống có: "
        "{candidates}: vui lòng sửa lại mã trong products.links",
    ),
    "explicit_key_unknown": (
        "products.links names Haravan variant {written}, but Haravan shows no variant with that id or SKU: correct "
        "the key there, or remove the line",
        "products.links có sản phẩm Haravan {written}, nhưng trên Haravan không có sản phẩm nào với id hoặc SKU đó: "
        "vui lòng sửa lại trong products.links, hoặc xoá dòng đó",
    ),
    "explicit_key_near": (
        "products.links names Haravan variant {written}, but Haravan shows no variant with that id or SKU; nearly that "
        "are: {candidates}: correct the key there, or remove the line",
        "products.links có sản phẩm Haravan {written}, nhưng trên Haravan không có sản phẩm nào với id hoặc SKU đó; "
        "gần giống có: {candidates}: vui lòng sửa lại trong products.links, hoặc xoá dòng đó",
    ),
    "explicit_key_shared": (
        "products.links sends SKU {written} to KiotViet code {code}, but {count} Haravan variants have that SKU: "
        "{members}: name one by its variant id instead",
        "products.links nối SKU {written} với mã hàng KiotViet {code}, nhưng {count} sản phẩm Haravan cùng có SKU đó: "
        "{members}: vui lòng ghi id của một sản phẩm thay cho SKU",
    ),
    "ignore_unknown": (
        "products.ignore lists {code}, which is not in KiotViet: correct it there, or remove it",
        "products.ignore có mã {code} nhưng KiotViet không có mã hàng này: vui lòng sửa lại trong products.ignore, "
        "hoặc xoá đi",
    ),
    "ignore_near": (
        "products.ignore lists {code}, which is not in KiotViet; nearly that are: {candidates}: correct it there, or "
        "remove it",
        "products.ignore có mã {code} nhưng KiotViet không có mã hàng này; gần giống có: {candidates}: vui lòng sửa "
        "lại trong products.ignore, hoặc xoá đi",
    ),
    "variants_ambiguous": (
        "{count} Haravan variants all name the KiotViet code {code}: {members}: make their codes unique or add the "
        "right pair to products.links",
        "{count} sản phẩm Haravan cùng trỏ đến mã hàng KiotViet {code}: {members}: vui lòng đặt mã không trùng nhau, "
        "hoặc thêm cặp đúng vào products.links",
    ),
    "variant_outbid": (
        "Haravan variant {variant} names the KiotViet code {code}, which products.links gives to variant {winner}: "
        "give it a code of its own",
        "Sản phẩm Haravan {variant} trỏ đến mã hàng KiotViet {code}, nhưng products.links đã nối mã này với sản phẩm "
        "{winner}: vui lòng đặt cho nó mã khác",
    ),
    "variant_of_duplicate": (
        "Haravan variant {variant} names the code {code}, which {count} KiotViet products have, so that they cannot be "
        "told apart: change the code of all but one in KiotViet",
        "Sản phẩm Haravan {variant} trỏ đến mã {code}, nhưng {count} hàng hóa KiotViet cùng có mã này nên không phân "
        "biệt được: vui lòng đổi mã trong KiotViet, chỉ giữ lại một",
    ),
    "product_duplicate": (
        "{count} KiotViet products have the code {code} and cannot be told apart: {members}: change the code of all "
        "but one",
        "{count} hàng hóa KiotViet cùng có mã {code} nên không phân biệt được: {members}: vui lòng đổi mã, chỉ giữ lại "
        "một",
    ),
    "named": ("{name} (id {id})", "{name} (id {id})"),
    "members_more": ("and {count} more", "và {count} sản phẩm khác"),
    "product_orphan": (
        "KiotViet product {code} is not in Haravan: add its code as barcode or SKU there, or list it under "
        "products.ignore",
        "Mã hàng KiotViet {code} chưa có trên Haravan: vui lòng điền mã này vào barcode hoặc SKU trên Haravan, hoặc "
        "thêm vào products.ignore",
    ),
    "product_near": (
        "KiotViet product {code} is not in Haravan, where variant {variant} is nearly the same: see that one, or list "
        "{code} under products.ignore",
        "Mã hàng KiotViet {code} chưa có trên Haravan, nhưng sản phẩm {variant} gần giống: vui lòng xem mục của sản "
        "phẩm đó, hoặc thêm {code} vào products.ignore",
    ),
    "product_inactive": (
        "KiotViet product {code} is not sold at any branch, so variant {variant} shows 0 pieces in Haravan: sell it "
        "again in KiotViet, or hide it in Haravan",
        "Mã hàng KiotViet {code} đã ngừng kinh doanh ở mọi chi nhánh nên sản phẩm {variant} hiển thị tồn kho 0 trên "
        "Haravan: vui lòng cho phép kinh doanh lại trong KiotViet, hoặc ẩn sản phẩm trên Haravan",
    ),
    "senseless_conversion": (
        "{code} is a unit of another KiotViet product, but one of it holds {ratio} of that: correct its conversion in "
        "KiotViet",
        "Mã hàng {code} là đơn vị tính của một hàng hóa KiotViet khác nhưng giá trị quy đổi là {ratio}: vui lòng sửa "
        "giá trị quy đổi trong KiotViet",
    ),
    "base_not_shown": (
        "{code} is a unit of a KiotViet product that KiotViet does not show, so its stock is not known: look at its "
        "base unit in KiotViet",
        "Mã hàng {code} là đơn vị tính của một hàng hóa mà KiotViet không hiển thị nên không biết tồn kho: vui lòng "
        "kiểm tra đơn vị cơ bản của nó trong KiotViet",
    ),
    "kind_orphan_variant": ("Haravan variants without a KiotViet product", "Sản phẩm Haravan chưa có mã hàng KiotViet"),
    "kind_near_miss": ("Nearly the same code on both sides", "Mã hai bên gần giống nhau"),
    "kind_orphan_product": ("KiotViet products that are not in Haravan", "Hàng hóa KiotViet chưa có trên Haravan"),
    "kind_ambiguous": ("Haravan variants with the same code", "Sản phẩm Haravan trùng mã"),
    "kind_duplicate_product": ("KiotViet products with the same code", "Hàng hóa KiotViet trùng mã"),
    "kind_no_stock": ("Linked for orders, stock not published", "Đã nối cho đơn hàng, không cập nhật tồn kho"),
    "kind_inactive": ("No longer sold in KiotViet", "Ngừng kinh doanh trong KiotViet"),
    "kind_unknown_link": ("Lines of products.links that match nothing", "Dòng products.links không khớp sản phẩm nào"),
    "kind_unknown_ignore": ("Codes in products.ignore that do not exist", "Mã trong products.ignore không tồn tại"),
    "gift_card": (
        "line {title!r} is a gift card: enter this order in KiotViet by hand",
        "dòng {title!r} là thẻ quà tặng: vui lòng nhập tay đơn này vào KiotViet",
    ),
    "sku_ambiguous": (
        "SKU {sku!r} stands for several products: make it unique or add it to products.links",
        "mã SKU {sku!r} ứng với nhiều sản phẩm: vui lòng đặt mã không trùng nhau, hoặc thêm vào products.links",
    ),
    "not_a_product": (
        "line {title!r} is not a product of the shop: enter this order in KiotViet by hand",
        "dòng {title!r} không phải sản phẩm của cửa hàng: vui lòng nhập tay đơn này vào KiotViet",
    ),
    "sku_unknown": (
        "SKU {sku!r} is not in KiotViet: create it there or add it to products.links",
        "mã SKU {sku!r} không có trong KiotViet: vui lòng tạo mã hàng này trong KiotViet, hoặc thêm vào products.links",
    ),
    "variant_unknown": (
        "SKU of variant {variant} is not in KiotViet: create it there or add it to products.links",
        "sản phẩm Haravan {variant} (không có SKU) không có trong KiotViet: vui lòng tạo mã hàng trong KiotViet, hoặc "
        "thêm vào products.links",
    ),
    "unit_unknown": (
        "SKU {sku!r} is a packing unit that is not in KiotViet: create it there as a unit of {code}",
        "mã SKU {sku!r} là đơn vị tính chưa có trong KiotViet: vui lòng tạo trong KiotViet làm đơn vị tính của {code}",
    ),
    "unit_not_said": (
        "line {title!r} does not say in which unit it was sold: enter this order in KiotViet by hand",
        "dòng {title!r} không cho biết bán theo đơn vị tính nào: vui lòng nhập tay đơn này vào KiotViet",
    ),
    "plan_refused": (
        "the plan lowers {lowered} of {published} published products ({zeroed} to zero), more than the {percent} % "
        "that stock.max_change_percent allows: nothing was written; look at 'syncd plan', and if it is right run "
        "'syncd once --force-stock'",
        "kế hoạch cập nhật giảm tồn kho của {lowered} trên {published} sản phẩm đang bán ({zeroed} sản phẩm về 0), "
        "vượt mức {percent} % mà stock.max_change_percent cho phép: chưa ghi gì lên Haravan; vui lòng xem "
        "'syncd plan', nếu đúng thì chạy 'syncd once --force-stock'",
    ),
    "plan_refused_examples": ("{why}; for example {examples}", "{why}; ví dụ {examples}"),
    "figure_change": ("{sku} from {available} to {wanted}", "{sku} từ {available} còn {wanted}"),
    "stock_read_late": (
        "KiotViet's stock was last read whole {minutes} minutes ago: the hour's reads (kiotviet.gets_per_hour) do not "
        "suffice, or its stock list cannot be read",
        "lần cuối đọc hết tồn kho KiotViet là {minutes} phút trước: số lượt đọc mỗi giờ (kiotviet.gets_per_hour) "
        "không đủ, hoặc không đọc được danh sách tồn kho",
    ),
    "location_on_the_road": (
        "location {location} holds goods on the road and is never written: take it out of stock.links in the config "
        "file",
        "kho {location} là kho hàng đang đi đường nên không bao giờ được ghi: vui lòng bỏ khỏi stock.links trong tệp "
        "cấu hình",
    ),
    "location_deaf": (
        "location {location}: Haravan shows no stock rows there and took none: switch its advanced stock management on",
        "kho {location}: Haravan không hiển thị và không nhận số tồn kho nào: vui lòng bật quản lý tồn kho nâng cao",
    ),
    "stock_line_refused": (
        "{sku}: Haravan refuses its stock: {why}",
        "{sku}: Haravan từ chối cập nhật tồn kho: {why}",
    ),
    "figures_written": (
        "location {location}: {written} of {sent} figures now show",
        "kho {location}: {written} trên {sent} số tồn kho đã hiển thị đúng",
    ),
    "figures_read_again": (
        "the answer to {write} was lost; the figures were read again",
        "phản hồi của {write} đã bị mất; đã đọc lại số tồn kho",
    ),
    "level_unreadable": (
        "variant {variant}: its stock in Haravan cannot be read: {why}",
        "sản phẩm {variant}: không đọc được tồn kho trên Haravan: {why}",
    ),
    "levels_hidden": (
        "location {location}: Haravan shows no stock row of {count} variants, though it says that there is some; their "
        "stock is left alone: is its advanced stock management switched on?",
        "kho {location}: Haravan không hiển thị tồn kho của {count} sản phẩm dù báo là có hàng; syncd để nguyên các số "
        "này: vui lòng kiểm tra quản lý tồn kho nâng cao đã bật chưa",
    ),
    "level_not_shown": (
        "variant {variant}: Haravan does not show its stock at location {location}",
        "sản phẩm {variant}: Haravan không hiển thị tồn kho tại kho {location}",
    ),
}
