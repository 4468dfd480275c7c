## The three steps.

claim-steps-label = Các bước
claim-steps-name = Em là ai
claim-steps-password = Mật khẩu
claim-steps-questions = Câu hỏi
claim-step = Bước { $step }

## Step 1.

claim-name-title = Nhận tài khoản
claim-name-lead = Hãy điền những ô này để nhận tài khoản.
claim-last-name-label = Họ
claim-first-name-label = Tên
claim-number-label = Mã số nhân viên hoặc học sinh
claim-name-hint = Nhập đúng như trong { $roster }.
claim-number-hint = Chỉ nhập số. Mã số học sinh có { $digits } chữ số và không có chữ S. Giữ các số 0 ở đầu.
claim-code-label = Mã nhận tài khoản
claim-code-hint = Mã này có trên thẻ hoặc thư của trường.
claim-population-label = Em là ai?
claim-population-student = Em là học sinh
claim-population-staff = Tôi làm việc cho học khu
claim-card-alt = Một thẻ học sinh. Họ: Rivera. Tên: Ana. Mã số { $number } được khoanh tròn.
claim-card-title = Thẻ học sinh
claim-card-number = Mã số học sinh
claim-card-caption = Thẻ học sinh có tên và mã số của em.
claim-tip-name = Tên của em viết đúng như trong { $roster }.
claim-tip-number = Mã số của em không có chữ S ở đầu.
claim-tip-staff = Quý thầy cô dùng mã số nhân viên.
claim-last-name-empty = Hãy nhập họ.
claim-first-name-empty = Hãy nhập tên.
claim-number-empty = Hãy nhập mã số. Mã số có trên thẻ của em.
claim-code-empty = Hãy nhập mã trên thẻ hoặc thư của trường.
claim-population-empty = Hãy chọn một mục.
claim-failed-title = Chưa nhận được tài khoản
claim-failed-match = Những gì em nhập không khớp với { $roster }. Em hãy xem lại:
claim-failed-spelling = Tên có viết đúng như trên thẻ học sinh không?
claim-failed-number = Mã số có đúng không, kể cả các số 0 ở đầu?
claim-failed-claimed = Có thể tài khoản đã được nhận rồi. Khi đó hãy dùng
claim-failed-new = Em mới vào trường? Có thể mất một ngày để tên em có trong danh sách.
claim-failed-stuck = Vẫn chưa được? Hãy đưa mã này cho thầy cô xem:

## Step 2.

claim-password-title = { $audience ->
    [staff] Mật khẩu mới của quý thầy cô
   *[other] Mật khẩu mới của em
  }
claim-password-lead = { $audience ->
    [staff] Xin đặt một mật khẩu mà chỉ quý thầy cô biết.
   *[other] Em hãy đặt một mật khẩu mà chỉ em biết.
  }
claim-letter-dropped = Chúng tôi đã bỏ chữ cái đứng trước mã số.
claim-password-label = Mật khẩu mới
claim-password-hint = { $audience ->
    [staff] Ba hoặc bốn từ dễ nhớ với quý thầy cô là một mật khẩu tốt.
   *[other] Ba hoặc bốn từ mà em nhớ được là một mật khẩu tốt.
  }
claim-verify-label = Nhập lại mật khẩu
password-rules-title = Yêu cầu về mật khẩu
password-rule-length = Ít nhất { $count } ký tự
password-rule-same = Giống nhau ở cả hai ô
password-rule-own = { $audience ->
    [staff] Không phải tên, mã số hay trường của quý thầy cô
   *[other] Không phải tên, mã số hay trường của em
  }
password-rule-free = Chữ hoa, chữ số và dấu thì tùy ý. Có thể dùng dấu cách.
password-rule-met = được rồi
password-rule-open = chưa được
password-refused-short = Ngắn quá. Hãy dùng ít nhất { $count } ký tự.
password-refused-long = Dài quá. Hãy dùng nhiều nhất 128 ký tự.
password-refused-common = Nhiều người dùng mật khẩu này. Hãy nghĩ một mật khẩu khác.
password-refused-pattern = Dễ đoán quá, như một hàng phím. Hãy nghĩ một mật khẩu khác.
password-refused-name = { $audience ->
    [staff] Tên của quý thầy cô dễ đoán quá. Xin nghĩ một mật khẩu khác.
   *[other] Tên của em dễ đoán quá. Hãy nghĩ một mật khẩu khác.
  }
password-refused-number = { $audience ->
    [staff] Mã số của quý thầy cô dễ đoán quá. Xin nghĩ một mật khẩu khác.
   *[other] Mã số của em dễ đoán quá. Hãy nghĩ một mật khẩu khác.
  }
password-refused-school = Tên trường dễ đoán quá. Hãy nghĩ một mật khẩu khác.
password-refused-mismatch = Hai mật khẩu khác nhau. Hãy nhập lại cả hai.

## Step 3 and the end.

claim-password-saved = Xong. Mật khẩu đã được đổi.
claim-questions-title = { $audience ->
    [staff] Câu hỏi của quý thầy cô
   *[other] Câu hỏi của em
  }
claim-username-title = { $audience ->
    [staff] Tên đăng nhập của quý thầy cô
   *[other] Tên đăng nhập của em
  }
claim-username-keep = { $audience ->
    [staff] Xin giữ lại tên này. Quý thầy cô cần nó mỗi lần đăng nhập.
   *[other] Em hãy giữ lại tên này. Em cần nó mỗi lần đăng nhập.
  }
claim-username-where = Đăng nhập tại { $address }
claim-done-title = Đã nhận xong tài khoản
claim-done-lead = Tài khoản bây giờ là của em. Em có thể đóng thẻ này.
claim-done-then = Hoặc đăng nhập ngay bằng tên đăng nhập và mật khẩu.
claim-done-then-app = Hoặc đi tiếp ngay: đăng nhập bằng tên đăng nhập và mật khẩu.
claim-done-app-link = Đăng nhập để mở { $app }
