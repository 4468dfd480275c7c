## The first page: the username.

landing-title = Đăng nhập
landing-heading = Đăng nhập
landing-heading-app = Đăng nhập để mở { $app }
landing-doors-label = Cách khác
landing-claim-link = Nhận tài khoản
landing-forgot-link = Quên mật khẩu
crest-alt = Huy hiệu của { $district }
username-label = Tên đăng nhập
username-hint = Học sinh: mã số của em có một chữ cái ở trước, ví dụ { $example }.
username-empty = Hãy nhập tên đăng nhập.

## The second page: the password.

password-title = Mật khẩu
password-heading = Mật khẩu
password-signing-in-as = Đang đăng nhập với tên
password-use-another = Dùng tên khác
password-label = Mật khẩu
password-show = Hiện
password-hide = Ẩn
password-empty = Hãy nhập mật khẩu.
password-mismatch-title = Chưa đăng nhập được
password-mismatch-advice = Tên đăng nhập và mật khẩu không khớp nhau. Hãy xem lại cả hai rồi nhập lại mật khẩu. Nếu chưa nhận tài khoản, hãy nhận tài khoản trước.
password-closed-title = Hiện chưa thể đăng nhập
password-closed-advice = Đã thử quá nhiều lần. Thầy cô hoặc kỹ thuật viên của trường có thể giúp em đăng nhập lại.

## After signing out.

signed-out-title = Đã đăng xuất
signed-out-lead = Bây giờ không ai mở được ứng dụng của em từ trang này.
signed-out-shared = Nếu dùng máy chung, em hãy đóng cả các thẻ khác.
signed-out-again-link = Đăng nhập lại
end-session-title = { $audience ->
    [staff] Quý thầy cô muốn đăng xuất?
   *[other] Em muốn đăng xuất?
  }
end-session-lead = { $audience ->
    [staff] Quý thầy cô sẽ đăng xuất khỏi cổng.
   *[other] Em sẽ đăng xuất khỏi cổng.
  }
end-session-lead-app = { $audience ->
    [staff] { $app } đề nghị quý thầy cô đăng xuất cả khỏi cổng.
   *[other] { $app } đề nghị em đăng xuất cả khỏi cổng.
  }
end-session-stay-link = Ở lại
