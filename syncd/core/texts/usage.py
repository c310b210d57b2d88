"""What the command line says about a mistyped one, at its end, and in the sandbox."""

from __future__ import annotations

USAGE: dict[str, tuple[str, str]] = {
    # --- mistakes on the command line
    "usage_error": ("syncd: {what}", "syncd: {what}"),
    "usage_hint": ("Try '{command} --help'.", "Hãy xem '{command} --help'."),
    "usage_no_command": (
        "there is no command '{name}'; 'syncd --help' lists them",
        "không có lệnh '{name}'; 'syncd --help' liệt kê các lệnh",
    ),
    "usage_no_command_meant": (
        "there is no command '{name}': did you mean '{meant}'?",
        "không có lệnh '{name}': có phải ý bạn là '{meant}'?",
    ),
    "usage_no_option": ("there is no option {name}", "không có tuỳ chọn {name}"),
    "usage_no_option_meant": (
        "there is no option {name}: did you mean {meant}?",
        "không có tuỳ chọn {name}: có phải ý bạn là {meant}?",
    ),
    "usage_missing": ("{what} is missing", "thiếu {what}"),
    "usage_missing_config": (
        "which config file? Name it with -c FILE, or set SYNCD_CONFIG",
        "file cấu hình nào? Hãy ghi -c FILE, hoặc đặt SYNCD_CONFIG",
    ),
    "usage_option_lacks_value": ("option {name} needs a value", "tuỳ chọn {name} cần một giá trị"),
    "usage_option_takes_none": ("option {name} takes no value", "tuỳ chọn {name} không nhận giá trị"),
    "usage_too_much": ("too many arguments: {arguments}", "thừa tham số: {arguments}"),
    "usage_bad_value": ("{name}: expected {expected}", "{name}: cần {expected}"),
    "usage_one_of": ("one of {options}", "một trong {options}"),
    "usage_order_or_stock": (
        "name either an ORDER or a product with --stock SKU",
        "hãy ghi một ORDER, hoặc một mã hàng với --stock SKU",
    ),
    "usage_order_unknown": (
        "order '{order}' is not known here; 'syncd once' or the daemon takes in new orders first",
        "chưa biết đơn '{order}'; hãy chạy 'syncd once' hoặc để dịch vụ nhận đơn mới trước",
    ),
    "usage_task_unknown": (
        "there is no task {id}; 'syncd status' shows the numbers of open tasks",
        "không có việc số {id}; 'syncd status' hiển thị số của các việc đang mở",
    ),
    "usage_task_closed": (
        "task {id} ({order}) was closed already, at {at} (+07)",
        "việc số {id} ({order}) đã được đóng lúc {at} (+07)",
    ),
    "usage_stock_several": (
        "'{name}' stands for several variants: name one by its id: {ids}",
        "'{name}' ứng với nhiều sản phẩm: hãy ghi id của một sản phẩm: {ids}",
    ),
    "usage_stock_unknown": (
        "no product is called '{name}' in Haravan or KiotViet; {hint}",
        "không có hàng hoá nào tên '{name}' trên Haravan hoặc KiotViet; {hint}",
    ),
    "usage_stock_meant": ("did you mean {names}?", "có phải ý bạn là {names}?"),
    "usage_stock_listed": (
        "'syncd products' lists all that are linked",
        "'syncd products' liệt kê những mã đã nối",
    ),
    "usage_switch": (
        "{why}; 'syncd sandbox --list-switches' lists them",
        "{why}; 'syncd sandbox --list-switches' liệt kê các công tắc",
    ),
    "usage_port": (
        "the port cannot be used ({error}): choose another or 0",
        "không dùng được cổng này ({error}): hãy chọn cổng khác hoặc 0",
    ),
    "stopped": ("stopped", "đã dừng"),
    "bug": (
        "syncd: this is a bug in syncd; please report it with the lines above",
        "syncd: đây là lỗi của syncd; vui lòng báo lại kèm các dòng ở trên",
    ),
    "problem_line": ("syncd: {error}", "syncd: {error}"),
    "cycle_problem": ("{cycle}: {error}", "{cycle}: {error}"),
    # --- what the sandbox prints
    "sandbox_head": (
        "Written by 'syncd sandbox'; the two secrets beside it belong to the simulated systems.",
        "Do 'syncd sandbox' ghi; hai mã bí mật bên cạnh thuộc về các hệ thống mô phỏng.",
    ),
    "sandbox_config": ("config:   {path}", "cấu hình: {path}"),
    "sandbox_try": (
        "Try 'syncd check -c {config}', place an order, then 'syncd once -c {config}'. Ctrl-C stops.",
        "Hãy thử 'syncd check -c {config}', đặt một đơn hàng, rồi 'syncd once -c {config}'. Ctrl-C để dừng.",
    ),
    "sandbox_order": ("Place an order: {command}", "Đặt một đơn hàng: {command}"),
    "sandbox_switches": (
        "{count} switches, the first position is the default",
        "{count} công tắc, vị trí đầu là mặc định",
    ),
    "column_switch": ("switch", "công tắc"),
    "column_item": ("item", "mục"),
    "column_positions": ("positions", "vị trí"),
    "column_about": ("what it changes", "thay đổi điều gì"),
}
