"""What a person must know: each concern's cause and remedy."""

from __future__ import annotations

CONCERNS: dict[str, tuple[str, str]] = {
    # --- orders and tasks ---------------------------------------------------------------------------------------------
    "concern_held": ("held ({code}): {reason}", "bị tạm giữ ({code}): {reason}"),
    "remedy_held": (
        "Do what the reason says; syncd sees it and goes on by itself. 'syncd explain {order}' tells the whole story.",
        "Làm theo lý do đã nêu, syncd sẽ tự nhận biết và xử lý tiếp. Xem toàn bộ diễn biến bằng 'syncd explain "
        "{order}'.",
    ),
    "remedy_held_rejected": (
        "Do what KiotViet says; if it names a setting, see KiotViet, Thiết lập cửa hàng > Giao dịch ('syncd check' "
        "says which to switch on). syncd tries again each hour, at once with 'syncd retry {order}'.",
        "Làm theo thông báo của KiotViet; nếu thông báo nhắc đến một thiết lập, mở KiotViet, Thiết lập cửa hàng > Giao "
        "dịch ('syncd check' cho biết cần bật mục nào). syncd tự thử lại mỗi giờ, muốn thử ngay thì chạy 'syncd retry "
        "{order}'.",
    ),
    "concern_task": ("task {id}: {what}", "việc số {id}: {what}"),
    "remedy_task": (
        "Do it, then say 'syncd done {id}'. A return that KiotViet shows (Trả hàng) closes its task by itself.",
        "Làm xong thì chạy 'syncd done {id}'. Việc về trả hàng tự đóng khi KiotViet đã có phiếu Trả hàng.",
    ),
    "remedy_drift_returns": (
        "Switch off the other program (Haravan's own KiotViet app, or another connector), then say 'syncd done {id}'.",
        "Tắt phần mềm kia (ứng dụng KiotViet của Haravan hoặc phần mềm kết nối khác), rồi chạy 'syncd done {id}'.",
    ),
    # --- cycles -------------------------------------------------------------------------------------------------------
    "concern_credentials": (
        "{remote} does not accept our credentials: {error}",
        "{remote} không chấp nhận thông tin kết nối của syncd: {error}",
    ),
    "concern_permission": (
        "Haravan: the token lacks the permission {permission}: {error}",
        "Haravan: token thiếu quyền {permission}: {error}",
    ),
    "remedy_permission": (
        "Haravan, Apps > private apps: tick {permission} in the app that the token is of, and save. syncd sees it "
        "within some minutes and goes on by itself. If the app's token changes with it, put the new one alone into the "
        "file of haravan.token_file and run systemctl restart syncd.",
        "Haravan, Ứng dụng > Ứng dụng riêng, chọn ứng dụng của token này: đánh dấu quyền {permission} rồi lưu. Sau vài "
        "phút syncd tự nhận biết và chạy tiếp. Nếu token cũng đổi theo, ghi riêng token mới vào tệp haravan.token_file "
        "rồi chạy systemctl restart syncd.",
    ),
    "new_token_haravan": (
        "Make a new access token in Haravan (Apps > private apps), put it alone into the file of haravan.token_file, "
        "then run systemctl restart syncd.",
        "Tạo token mới trong Haravan (Ứng dụng > Ứng dụng riêng), ghi riêng token vào tệp haravan.token_file, rồi chạy "
        "systemctl restart syncd.",
    ),
    "new_secret_kiotviet": (
        "In KiotViet see Thiết lập cửa hàng > Thiết lập kết nối API, put the secret (Mã bảo mật) alone into the "
        "file of kiotviet.client_secret_file, check kiotviet.client_id and retailer, then run systemctl restart "
        "syncd.",
        "Trong KiotViet mở Thiết lập cửa hàng > Thiết lập kết nối API, ghi riêng Mã bảo mật vào tệp "
        "kiotviet.client_secret_file, kiểm tra kiotviet.client_id và retailer, rồi chạy systemctl restart syncd.",
    ),
    "new_secret_other": (
        "Put the right secret into its file, then run systemctl restart syncd.",
        "Ghi đúng mã bí mật vào tệp tương ứng, rồi chạy systemctl restart syncd.",
    ),
    "concern_cycle_stuck": (
        "the {cycle} cycle runs since {since} and does not end",
        "chu kỳ {cycle} chạy từ {since} mà chưa kết thúc",
    ),
    "remedy_cycle_stuck": (
        "Run systemctl restart syncd; that is safe at any moment. If it happens again, keep the log (journalctl -u "
        "syncd) and report it.",
        "Chạy systemctl restart syncd, lúc nào cũng an toàn. Nếu lặp lại, giữ nhật ký (journalctl -u syncd) và báo "
        "lỗi.",
    ),
    "concern_no_good_cycle": (
        "no {cycle} cycle went well since: {last}; {error}",
        "chưa có chu kỳ {cycle} nào chạy tốt, lần tốt gần nhất: {last}; {error}",
    ),
    "last_error_was": ("last error: {error}", "lỗi gần nhất: {error}"),
    "last_error_none": ("no error is recorded", "không ghi nhận lỗi nào"),
    "hint_network": (
        "The network does not get there: check the Internet line, DNS and firewall (outgoing port 443) of this server, "
        "which must reach {hosts}; try each with curl -I https://HOST. syncd goes on by itself and misses nothing.",
        "Không kết nối được: kiểm tra đường Internet, DNS và tường lửa (cổng ra 443) của máy chủ này; máy phải kết nối "
        "được tới {hosts}, thử từng địa chỉ bằng curl -I https://ĐỊA_CHỈ. syncd sẽ tự chạy tiếp và không bỏ sót gì.",
    ),
    "hint_remote": (
        "The other side has trouble: see whether its admin page works, and wait. syncd goes on by itself and misses "
        "nothing.",
        "Phía bên kia đang gặp sự cố: thử mở trang quản trị của họ và chờ. syncd sẽ tự chạy tiếp và không bỏ sót gì.",
    ),
    "hint_budget": (
        "The allowed number of calls is used up: it comes back within the hour. If it happens often, raise "
        "kiotviet.gets_per_hour or stop other programs that use the same API.",
        "Đã dùng hết số lượt gọi cho phép, sẽ có lại trong vòng một giờ. Nếu hay lặp lại, tăng kiotviet.gets_per_hour "
        "hoặc tắt bớt phần mềm khác dùng chung API.",
    ),
    "hint_credentials": (
        "Credentials or a permission are refused: do what is said of that ('syncd status', 'syncd check').",
        "Thông tin kết nối hoặc một quyền bị từ chối: làm theo mục nói về việc đó ('syncd status', 'syncd check').",
    ),
    "hint_store": (
        "The database cannot be written: free space on the disk, or check the owner and rights of its folder.",
        "Không ghi được cơ sở dữ liệu: giải phóng ổ đĩa, hoặc kiểm tra chủ sở hữu và quyền của thư mục.",
    ),
    "hint_bug": (
        "This is a bug in syncd: report it with the lines of journalctl -u syncd.",
        "Đây là lỗi của syncd: vui lòng báo lỗi kèm các dòng trong journalctl -u syncd.",
    ),
    "hint_other": (
        "Do what the error says; 'syncd check' looks at settings and both accounts, journalctl -u syncd has the "
        "details.",
        "Làm theo thông báo lỗi; 'syncd check' kiểm tra cấu hình và hai tài khoản, chi tiết xem bằng journalctl -u "
        "syncd.",
    ),
    "hint_not_running": (
        "See whether the daemon runs (systemctl status syncd) and start it: systemctl start syncd.",
        "Kiểm tra dịch vụ có đang chạy không (systemctl status syncd) và khởi động: systemctl start syncd.",
    ),
    # --- stock and quota ----------------------------------------------------------------------------------------------
    "concern_plan_refused": (
        "no stock is published: {why}",
        "tồn kho chưa được cập nhật: {why}",
    ),
    "remedy_plan_refused": (
        "Look at the figures with 'syncd plan'. If they are right, run 'syncd once --force-stock' once (systemctl stop "
        "syncd before, start after); if not, correct the stock in KiotViet.",
        "Xem các số bằng 'syncd plan'. Nếu đúng, chạy 'syncd once --force-stock' một lần (trước đó systemctl stop "
        "syncd, sau đó start lại); nếu sai, sửa tồn kho trong KiotViet.",
    ),
    "concern_budget_spent": (
        "the {limit} reads that syncd may make at KiotViet in an hour are used up; stock and documents are read late",
        "đã dùng hết {limit} lượt đọc KiotViet trong một giờ; tồn kho và chứng từ bị đọc trễ",
    ),
    "remedy_budget_spent": (
        "Raise kiotviet.gets_per_hour (KiotViet allows 5000 to all programs together), stop other programs that "
        "use the same connection, or take products out with products.ignore.",
        "Tăng kiotviet.gets_per_hour (KiotViet cho tổng cộng 5000 lượt), tắt bớt phần mềm khác dùng chung kết nối, "
        "hoặc bỏ bớt hàng hoá bằng products.ignore.",
    ),
    "concern_tags": ("tags in Haravan: {why}", "gắn thẻ trên Haravan: {why}"),
    "remedy_tags": (
        "Give the private app the permission com.write_orders, or set orders.tags to false.",
        "Cấp quyền com.write_orders cho ứng dụng riêng trên Haravan, hoặc đặt orders.tags là false.",
    ),
    "concern_in_doubt": (
        "the answer to {operation} {marker} was lost ({since}), and KiotViet could not be searched to the end yet",
        "đã mất câu trả lời của {operation} {marker} ({since}) và chưa tìm hết được trong KiotViet",
    ),
    "remedy_in_doubt": (
        "Nothing is sent twice. Look for {marker} in KiotViet's documents: what is there is adopted as soon as its "
        "lists can be read to the end; 'syncd status' shows what keeps them from being read.",
        "syncd không gửi lại hai lần. Tìm {marker} trong chứng từ KiotViet: nếu đã có, syncd sẽ tự nhận khi đọc hết "
        "được danh sách; 'syncd status' cho biết vì sao chưa đọc được.",
    ),
    # --- machine and daemon -------------------------------------------------------------------------------------------
    "concern_store_unreadable": (
        "the database {database} cannot be read: {why}",
        "không đọc được cơ sở dữ liệu {database}: {why}",
    ),
    "remedy_store_unreadable": (
        "Check the disk and the rights of the file. If it is damaged: stop syncd, move the file away, put a backup in "
        "its place or start without one; nothing is sent twice.",
        "Kiểm tra ổ đĩa và quyền của tệp. Nếu tệp hỏng: dừng syncd, chuyển tệp đi chỗ khác, chép bản sao lưu vào hoặc "
        "chạy lại từ đầu; không có gì bị gửi hai lần.",
    ),
    "concern_store_unwritable": (
        "nothing can be recorded, so nothing is written to either side: {why}",
        "không ghi nhận được gì nên syncd ngừng ghi sang cả hai bên: {why}",
    ),
    "remedy_store_unwritable": (
        "Free space on the disk of {database}, give its folder back to the service's user, or close the program that "
        "locks it. syncd then goes on by itself.",
        "Giải phóng ổ đĩa chứa {database}, trả quyền thư mục cho tài khoản dịch vụ, hoặc đóng phần mềm đang khoá tệp. "
        "Sau đó syncd tự chạy tiếp.",
    ),
    "concern_disk_low": (
        "less than {megabytes} MB are free on the disk of {database}",
        "ổ đĩa chứa {database} còn trống dưới {megabytes} MB",
    ),
    "remedy_disk_low": (
        "Free space: old backups, and logs with journalctl --vacuum-size=200M. With a full disk syncd stops writing.",
        "Giải phóng ổ đĩa: bản sao lưu cũ, và nhật ký bằng journalctl --vacuum-size=200M. Khi ổ đĩa đầy, syncd ngừng "
        "ghi.",
    ),
    "concern_config_refused": (
        "the changed config was refused, the old settings go on: {problems}",
        "cấu hình mới bị từ chối, syncd vẫn chạy theo cấu hình cũ: {problems}",
    ),
    "remedy_config_refused": (
        "Correct the file ('syncd check' shows every problem), then run systemctl reload syncd.",
        "Sửa lại tệp ('syncd check' liệt kê mọi lỗi), rồi chạy systemctl reload syncd.",
    ),
    "concern_second_daemon": (
        "a second syncd (pid {pid}) was started on {database} at {at} and was refused",
        "một syncd thứ hai (pid {pid}) được khởi động trên {database} lúc {at} và đã bị từ chối",
    ),
    "remedy_second_daemon": (
        "One shop needs one daemon: find who started it (systemctl list-units 'syncd*', cron) and switch it off.",
        "Mỗi cửa hàng chỉ cần một dịch vụ: tìm nơi đã khởi động (systemctl list-units 'syncd*', cron) và tắt đi.",
    ),
    "concern_webhooks_silent": (
        "{side} has sent no webhook since {since}, although orders changed",
        "{side} không gửi webhook nào từ {since} dù có đơn hàng thay đổi",
    ),
    "remedy_webhooks_silent": (
        "Nothing is lost, changes are only seen later. Register the webhooks again ({path}) and check the proxy "
        "and the secret; or take the section webhooks out of the config.",
        "Không mất gì, chỉ nhận thay đổi trễ hơn. Đăng ký lại webhook ({path}), kiểm tra proxy và mã bí mật; hoặc "
        "bỏ mục webhooks khỏi cấu hình.",
    ),
    "concern_alerts_not_sent": (
        "alerts do not get out by {channel}: {error}",
        "không gửi được cảnh báo qua {channel}: {error}",
    ),
    "remedy_alerts_not_sent": (
        "Correct the section alerts of the config, then try it with 'syncd alert-test'.",
        "Sửa mục alerts trong cấu hình, rồi thử bằng 'syncd alert-test'.",
    ),
    "concern_as_said": ("{said}", "{said}"),
}
