## Forgot my password, and a new one.

forgot-title = Quên mật khẩu
forgot-lead = { $audience ->
    [staff] Quý thầy cô hãy gõ tên đăng nhập, rồi trả lời ba câu hỏi của ngày nhận tài khoản.
   *[students] Em hãy gõ tên đăng nhập, rồi trả lời ba câu hỏi của ngày em nhận tài khoản.
  }
forgot-username-label = Tên đăng nhập
forgot-username-hint = Chữ s và mã số học sinh, như s0123456.
forgot-off = Ở học khu này, có người giúp khi quên mật khẩu. Hãy hỏi { $contact }.
forgot-back = Trở lại đăng nhập
forgot-refused-title = Chưa được
forgot-refused-advice = Câu trả lời không khớp với tên đăng nhập này, hoặc hôm nay đã thử quá nhiều lần. Hãy kiểm tra tên đăng nhập. Cả ba câu phải đúng như em đã trả lời.
forgot-refused-ask = Vẫn chưa được? Hãy hỏi { $contact } và đưa xem mã này:
forgot-questions-title = Ba câu hỏi của em
forgot-questions-for = Tên đăng nhập
forgot-questions-lead = Em hãy trả lời cả ba câu như khi nhận tài khoản. Chữ hoa hay chữ thường đều được.
forgot-password-title = Chọn mật khẩu mới
forgot-password-lead = Câu trả lời của em đúng rồi. Bây giờ em chọn mật khẩu mới. Em có 10 phút.
forgot-done-title = Đã đổi mật khẩu
forgot-done-lead = Mọi nơi đang mở tài khoản của em đã được đăng xuất. Em hãy đăng nhập bằng mật khẩu mới.
change-password-title = Đổi mật khẩu
change-password-lead = { $audience ->
    [staff] Quý thầy cô hãy gõ mật khẩu hiện tại, rồi gõ mật khẩu mới hai lần. Mọi nơi khác sẽ được đăng xuất.
   *[students] Em hãy gõ mật khẩu hiện tại, rồi gõ mật khẩu mới hai lần. Mọi nơi khác sẽ được đăng xuất.
  }
change-password-forced = { $audience ->
    [staff] Quý thầy cô đã vào bằng mã hỗ trợ. Bây giờ hãy chọn mật khẩu chỉ mình quý thầy cô biết.
   *[students] Em đã vào bằng mã hỗ trợ. Bây giờ em chọn mật khẩu chỉ mình em biết.
  }
change-password-current = Mật khẩu hiện tại
change-password-wrong = Đó không phải mật khẩu hiện tại. Hãy thử lại.
