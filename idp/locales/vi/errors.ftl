error-home-link = Về trang đầu
error-request-id = Khi nhờ giúp đỡ, hãy nói mã này: { $id }
error-bad-request-title = Trang chưa hiểu
error-bad-request-advice = Có gì đó thiếu hoặc lẫn lộn. Hãy về trang đầu và thử lại.
error-form-expired-title = Trang này mở lâu quá rồi
error-form-expired-advice = Không mất gì và chưa gửi gì cả. Hãy về trang đầu và bắt đầu lại.
error-forbidden-title = { $audience ->
    [staff] Trang này không dành cho quý thầy cô
   *[other] Trang này không dành cho em
  }
error-forbidden-advice = { $audience ->
    [staff] Quý thầy cô đã đăng nhập, nhưng trang này của người khác. Nếu quý thầy cô cần trang này, xin nhờ trợ giúp.
   *[other] Em đã đăng nhập, nhưng trang này của người khác. Nếu em cần trang này, hãy nhờ giúp đỡ.
  }
error-not-found-title = Ở đây không có trang nào
error-not-found-advice = Hãy xem lại địa chỉ, hoặc về trang đầu.
error-method-title = Trang này không làm được việc đó
error-method-advice = Hãy về trang đầu và thử lại.
error-too-large-title = Gửi nhiều quá một lúc
error-too-large-advice = Những gì vừa gửi quá lớn đối với trang này.
error-wait-title = Nghỉ một chút nhé
error-unavailable-title = Lúc này rất đông
error-unavailable-advice = Nhiều người vào cùng lúc. Hãy chờ một lát rồi thử lại.
error-bug-title = Có lỗi ở phía chúng tôi
error-bug-advice = { $audience ->
    [staff] Không phải lỗi của quý thầy cô. Xin thử lại sau một lát. Nếu vẫn bị, xin nhờ trợ giúp.
   *[other] Không phải lỗi của em. Em hãy thử lại sau một lát. Nếu vẫn bị, hãy nhờ giúp đỡ.
  }
error-client-title = Ứng dụng này chưa được thiết lập đúng
error-client-advice = { $audience ->
    [staff] Ứng dụng gửi đến điều mà chúng tôi không dùng được, nên chúng tôi dừng ở đây cho an toàn. Xin mở từ các ứng dụng của quý thầy cô, hoặc báo cho kỹ thuật viên của trường.
   *[other] Ứng dụng gửi đến điều mà chúng tôi không dùng được, nên chúng tôi dừng ở đây để giữ an toàn cho em. Em hãy mở từ các ứng dụng của em, hoặc báo cho kỹ thuật viên của trường.
  }

## The page that hands over to an app.

form-post-title = Chờ một chút
form-post-heading = Đang mở { $app }
form-post-lead = Nếu chưa thấy gì, hãy nhấn nút.
form-post-button = Đến { $app }
