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
    "variant_ambiguous": (
        "Haravan variant {variant} and another one both name the KiotViet code {code}: make the codes unique or add "
        "the right pair to products.links",
        "Sản phẩm Haravan {variant} và một sản phẩm khác cùng trỏ đến mã hàng KiotViet {code}: vui lòng đặt mã không "
        "trùng nhau, hoặc thêm cặp đúng vào products.links",
    ),
    "product_orphan": (
        "KiotViet product {code} is not in Haravan: add its code as barcode or SKU there, or list it under "
        "products.ignore",
        "Mã hàng KiotViet {code} chưa có trên Haravan: vui lòng điền mã này vào barcode hoặc SKU trên Haravan, hoặc "
        "thêm vào products.ignore",
    ),
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
    "level_not_shown": (
        "variant {variant}: Haravan does not show its stock at location {location}",
        "sản phẩm {variant}: Haravan không hiển thị tồn kho tại kho {location}",
    ),
}
