## Said on every page.

skip-to-content = Đến phần nội dung
language-label = Ngôn ngữ
corner-not-you = { $audience ->
    [staff] Không phải quý thầy cô?
   *[other] Không phải em?
  }
sign-out-button = Đăng xuất
announcements-label = Thông báo của học khu
help-link = Trợ giúp
help-ask = Cần giúp đỡ? Hãy hỏi { $contact }.
help-contact-default = { $audience ->
    [staff] kỹ thuật viên của trường
   *[other] thầy cô hoặc kỹ thuật viên của trường
  }
next-button = Tiếp theo
save-button = Lưu
sign-in-button = Đăng nhập
clear-button = Xóa những gì đã nhập
copy-button = Sao chép
copy-done = Đã sao chép
print-card-button = In thẻ
problems-title = { $audience ->
    [staff] Xin quý thầy cô kiểm tra lại
   *[other] Em hãy kiểm tra lại
  }
wait-title = Nghỉ một chút nhé
wait-advice = { $audience ->
    [staff] Đã thử quá nhiều lần. Xin quý thầy cô thử lại sau { $count } phút, hoặc nhờ trợ giúp.
   *[other] Đã thử quá nhiều lần. Em hãy thử lại sau { $count } phút, hoặc hỏi thầy cô.
  }

## Days and times.

date = ngày { $day } tháng { $month } năm { $year }
time = { $half ->
    [am] { $hour }:{ $minute }
   *[pm] { $hour }:{ $minute }
  }
in-minutes = sau { $count } phút
