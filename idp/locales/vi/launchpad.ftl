## The launchpad.

launchpad-title = { $audience ->
    [staff] Ứng dụng của quý thầy cô
   *[other] Ứng dụng của em
  }
launchpad-morning = Chào buổi sáng, { $name }
launchpad-afternoon = Chào buổi chiều, { $name }
launchpad-evening = Chào buổi tối, { $name }
launchpad-search-label = Tìm ứng dụng
launchpad-search-button = Tìm
launchpad-found = { $count ->
    [0] Không có ứng dụng nào khớp với “{ $query }”.
   *[other] Có { $count } ứng dụng khớp với “{ $query }”.
  }
launchpad-found-one = Tìm thấy 1 ứng dụng
launchpad-found-many = Tìm thấy { $count } ứng dụng
launchpad-found-none = Không tìm thấy ứng dụng nào
launchpad-show-all = Xem tất cả
launchpad-empty-title = Chưa có ứng dụng
launchpad-empty-advice = { $audience ->
    [staff] Học khu thêm ứng dụng theo trường và lớp. Ứng dụng sẽ tự hiện ra ở đây.
   *[other] Trường thêm ứng dụng cho khối và các lớp của em. Ứng dụng sẽ tự hiện ra ở đây.
  }
launchpad-favorites = Yêu thích
launchpad-recent = Mới dùng
launchpad-results = Kết quả
tile-menu-label = Thêm về { $app }
tile-is-favorite = Yêu thích
tile-star = Thêm vào yêu thích
tile-unstar = Bỏ khỏi yêu thích
tile-earlier = Chuyển lên trước
tile-later = Chuyển ra sau
tile-data-link = { $audience ->
    [staff] Ứng dụng này biết gì về quý thầy cô
   *[other] Ứng dụng này biết gì về em
  }
tile-starred = { $app } đã vào mục yêu thích.
tile-unstarred = { $app } không còn trong mục yêu thích.
tile-moved = { $app } đã đổi chỗ.
category-classroom = Lớp học
category-grades = Điểm và chuyên cần
category-reading = Đọc và viết
category-math = Toán
category-science = Khoa học
category-social-studies = Xã hội
category-languages = Ngoại ngữ
category-arts = Mỹ thuật và âm nhạc
category-computing = Lập trình và sáng tạo
category-library = Thư viện
category-assessment = Kiểm tra và luyện tập
category-career = Đại học và nghề nghiệp
category-health = Sức khỏe
category-tools = Công cụ
category-school-day = Một ngày ở trường
category-staff = Dành cho nhân viên

## What an app sees.

app-data-title = { $audience ->
    [staff] { $app } biết gì về quý thầy cô
   *[other] { $app } biết gì về em
  }
app-data-back = { $audience ->
    [staff] Về các ứng dụng của quý thầy cô
   *[other] Về các ứng dụng của em
  }
app-data-lead = { $audience ->
    [staff] Khi quý thầy cô mở { $app }, học khu chỉ cho ứng dụng biết những điều này.
   *[other] Khi em mở { $app }, học khu chỉ cho ứng dụng biết những điều này.
  }
app-data-nothing = { $audience ->
    [staff] { $app } là một liên kết. Học khu không cho biết điều gì về quý thầy cô.
   *[other] { $app } là một liên kết. Học khu không cho biết điều gì về em.
  }
app-data-what = { $audience ->
    [staff] Về quý thầy cô
   *[other] Về em
  }
app-data-sees = Có thấy?
app-data-yes = Có
app-data-no = Không
app-data-purpose = Dùng để làm gì
app-data-purpose-default = Để dạy và học, theo sự chấp thuận của học khu.
app-data-basis = Căn cứ pháp lý
app-data-signed = Thỏa thuận từ
app-data-expires = Thỏa thuận đến
app-data-opened = { $audience ->
    [staff] Quý thầy cô mở lần cuối
   *[other] Em mở lần cuối
  }
app-data-ask = Hỏi ai
app-data-never = { $audience ->
    [staff] Không ứng dụng nào nhận được mật khẩu hay câu trả lời của quý thầy cô.
   *[other] Không ứng dụng nào nhận được mật khẩu hay câu trả lời của em.
  }
app-data-id = { $audience ->
    [staff] Một mã thay cho quý thầy cô
   *[other] Một mã thay cho em
  }
app-data-id-note = Chỉ tạo riêng cho ứng dụng này. Hai ứng dụng không thể so mã với nhau.
app-data-first-name = { $audience ->
    [staff] Tên của quý thầy cô
   *[other] Tên của em
  }
app-data-first-name-note = { $audience ->
    [staff] Để ứng dụng chào quý thầy cô.
   *[other] Để ứng dụng chào em.
  }
app-data-last-name = { $audience ->
    [staff] Họ của quý thầy cô
   *[other] Họ của em
  }
app-data-last-name-note = { $audience ->
    [staff] Để người khác biết ai đang viết.
   *[other] Để thầy cô biết bài là của ai.
  }
app-data-middle-name = { $audience ->
    [staff] Tên đệm của quý thầy cô
   *[other] Tên đệm của em
  }
app-data-middle-name-note = Để phân biệt những người trùng tên.
app-data-username = { $audience ->
    [staff] Tên đăng nhập của quý thầy cô
   *[other] Tên đăng nhập của em
  }
app-data-username-note = Tên dùng để đăng nhập.
app-data-email = { $audience ->
    [staff] Địa chỉ e-mail của quý thầy cô
   *[other] Địa chỉ e-mail của em
  }
app-data-email-note = { $audience ->
    [staff] Để ứng dụng có thể viết thư cho quý thầy cô.
   *[other] Để ứng dụng có thể viết thư cho em.
  }
app-data-role = { $audience ->
    [staff] Quý thầy cô là học sinh hay làm việc ở đây
   *[other] Em là học sinh hay làm việc ở đây
  }
app-data-role-note = Để ứng dụng hiện đúng trang.
app-data-grade = { $audience ->
    [staff] Khối lớp của quý thầy cô
   *[other] Khối lớp của em
  }
app-data-grade-note = Để bài tập hợp với khối lớp.
app-data-schools = { $audience ->
    [staff] Trường của quý thầy cô
   *[other] Trường của em
  }
app-data-schools-note = Để vào đúng trường.
app-data-number = { $audience ->
    [staff] Mã số nhân viên của quý thầy cô
   *[other] Mã số học sinh của em
  }
app-data-number-note = Để kết quả đến đúng người.
app-data-roster-id = { $audience ->
    [staff] Mã của học khu cho quý thầy cô
   *[other] Mã của học khu cho em
  }
app-data-roster-id-note = { $audience ->
    [staff] Để ứng dụng tìm thấy quý thầy cô trong danh sách học khu gửi.
   *[other] Để ứng dụng tìm thấy em trong danh sách học khu gửi.
  }
app-data-district = Mã của chính học khu
app-data-district-note = Để ứng dụng biết thuộc học khu nào.
app-data-changed = { $audience ->
    [staff] Lần cuối dữ liệu của quý thầy cô thay đổi
   *[other] Lần cuối dữ liệu của em thay đổi
  }
app-data-changed-note = Để ứng dụng biết khi nào cần xem lại.
app-data-language = { $audience ->
    [staff] Ngôn ngữ của quý thầy cô
   *[other] Ngôn ngữ của em
  }
app-data-language-note = { $audience ->
    [staff] Để ứng dụng dùng ngôn ngữ của quý thầy cô.
   *[other] Để ứng dụng dùng ngôn ngữ của em.
  }
app-data-stays = Ứng dụng này không cần.

## An app that is not yours.

no-access-title = { $audience ->
    [staff] Không phải ứng dụng của quý thầy cô
   *[other] Không phải ứng dụng của em
  }
no-access-heading = { $audience ->
    [staff] { $app } không phải ứng dụng của quý thầy cô
   *[other] { $app } không phải ứng dụng của em
  }
no-access-lead = { $audience ->
    [staff] Quý thầy cô đã đăng nhập, nhưng { $app } chưa được cấp cho quý thầy cô.
   *[other] Em đã đăng nhập, nhưng { $app } chưa được cấp cho em.
  }
no-access-who = { $audience ->
    [staff] Ứng dụng được cấp theo trường, khối và lớp. Để có ứng dụng này, xin hỏi { $contact }.
   *[other] Ứng dụng được cấp theo trường, khối và lớp. Để có ứng dụng này, em hãy hỏi { $contact }.
  }
no-access-home-link = { $audience ->
    [staff] Đến các ứng dụng của quý thầy cô
   *[other] Đến các ứng dụng của em
  }
no-access-back-link = Về { $app }
