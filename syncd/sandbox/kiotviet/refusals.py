"""How KiotViet says no: the bodies and the sentences that were seen in the wild."""

from __future__ import annotations

from collections.abc import Mapping

from syncd.sandbox.http import Response

ORDER = "KvValidateOrderException"
INVOICE = "KvValidateInvoiceException"
CUSTOMER = "KvValidateCustomerException"
PRODUCT = "KvValidateProductException"
USER = "KvValidateUserException"
CHANNEL = "KvValidateSaleChannelException"
BRANCH = "KvValidateBranchException"
SURCHARGE = "KvValidateSurchargeException"
TIME = "KvValidatePurchaseOrderException"

GONE = "Dữ liệu này không còn tồn tại trên hệ thống. Vui lòng kiểm tra lại"
PRODUCT_GONE = "Hàng hóa được chọn không tồn tại hoặc đã bị xóa"
CATEGORY_GONE = "Nhóm hàng được chọn không tồn tại hoặc đã bị xóa khỏi hệ thống"
CUSTOMER_GONE = "Khách hàng không hoạt động hoặc đã bị xóa khỏi hệ thống."
CUSTOMER_ELSEWHERE = "Khách hàng không thuộc chi nhánh hiện tại."
CUSTOMER_IMPOSSIBLE = "Có lỗi trong quá trình ghi nhận thông tin khách hàng"
ORDER_STATUS = "Trạng thái đơn hàng không hợp lệ"
INVOICE_INVALID = "Thông tin hóa đơn không hợp lệ"
DUPLICATE_LINE = "Sản phẩm bị trùng"
BRANCH_GONE = "Chi nhánh không tồn tại"
CHANNEL_GONE = "Kênh bán không tồn tại"
USER_GONE = "Người bán không tồn tại hoặc đã bị xóa khỏi hệ thống"
IN_THE_FUTURE = "Vượt quá thời gian hiện tại"

ORDERS_OFF = "Thiết lập “Cho phép đặt hàng” đang không được bật."
DELIVERY_OFF = "Thiết lập “Sử dụng tính năng giao hàng” đang không được bật"
COD_OFF = "Thiết lập “Quản lý thu hộ tiền” đang không được bật"
SALE_TIME_OFF = "Thiết lập “Không cho phép thay đổi thời gian bán hàng” đang không được bật"
SELL_OUT_OFF = "Thiết lập “Cho phép bán hàng khi hết tồn kho” đang không được bật"
ORDER_OUT_OFF = "Thiết lập “Cho phép đặt hàng khi hết tồn kho” đang không được bật"
SURCHARGE_OFF = "Chưa bật thu khác trong thiết lập cửa hàng"


class Refused(Exception):
    """A request that the shop does not carry out: 420 unless said otherwise."""

    def __init__(
        self, message: str, code: str = "KvException", *, status: int = 420, headers: Mapping[str, str] | None = None
    ) -> None:
        self.message = message
        self.code = code
        self.status = status
        self.headers = dict(headers or {})
        super().__init__(message)

    def response(self) -> Response:
        """The answer as the client sees it."""
        body = {"responseStatus": {"errorCode": self.code, "message": self.message, "errors": []}}
        return Response.of_json(body, self.status, self.headers)


def unauthorized(message: str) -> Refused:
    """A 401 as given for a bad or expired token."""
    return Refused(message, "TokenException", status=401, headers={"www-authenticate": "jwt"})
