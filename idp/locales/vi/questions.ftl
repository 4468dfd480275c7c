## The frame around the questions.

questions-title = { $audience ->
    [staff] Xin trả lời các câu hỏi
   *[other] Em hãy trả lời câu hỏi
  }
questions-rule-exactly = { $audience ->
    [staff] Xin trả lời đúng { $count } câu hỏi, không hơn không kém.
   *[other] Em hãy trả lời đúng { $count } câu hỏi, không hơn không kém.
  }
questions-rule-at-least = { $audience ->
    [staff] Xin trả lời { $count } câu hỏi trở lên.
   *[other] Em hãy trả lời { $count } câu hỏi trở lên.
  }
questions-why = { $audience ->
    [staff] Nếu quên mật khẩu, câu trả lời giúp quý thầy cô đăng nhập lại. Xin giữ kín.
   *[other] Nếu em quên mật khẩu, câu trả lời giúp em đăng nhập lại. Em hãy giữ kín, đừng nói cho ai.
  }
questions-pending-why = { $audience ->
    [staff] Khi nhận tài khoản, việc này chưa làm xong. Nếu quên mật khẩu, câu trả lời giúp quý thầy cô đăng nhập lại.
   *[other] Khi nhận tài khoản, việc này chưa làm xong. Nếu em quên mật khẩu, câu trả lời giúp em đăng nhập lại.
  }
questions-choose = Chọn một mục
questions-answered = Đã trả lời { $count } trên { $need }
questions-too-many = Nhiều hơn { $need } câu rồi. Hãy xóa bớt một câu trả lời.
questions-hint-text = Từ { $count } chữ cái trở lên
questions-hint-year = Bốn chữ số, ví dụ 2012
questions-skip-button = Để sau

## What is wrong with an answer.

questions-too-few = Hãy trả lời { $count } câu hỏi để đi tiếp.
questions-too-many-answers = Chỉ trả lời { $count } câu hỏi. Hãy xóa các câu khác.
questions-not-listed = Câu hỏi đó không có trong danh sách. Hãy tải lại trang.
questions-too-many-choices = Chỉ chọn nhiều nhất một câu hỏi có sẵn đáp án hoặc hỏi năm. Hãy trả lời câu khác thay vào.
questions-too-short = Hãy dùng ít nhất { $count } chữ cái.
questions-too-long = Hãy dùng nhiều nhất { $count } chữ cái.
questions-not-a-choice = Hãy chọn một mục trong danh sách.
questions-not-a-year = Hãy nhập năm có bốn chữ số, ví dụ 2012.
questions-equal = Câu trả lời này đã dùng rồi. Hãy trả lời khác đi.
questions-echo = Câu trả lời nằm ngay trong câu hỏi. Hãy trả lời khác đi.
questions-own-number = Tên đăng nhập và mã số không phải là bí mật. Hãy trả lời khác đi.
questions-common = Nhiều người trả lời như vậy. Hãy trả lời khác đi.

## The questions.

question-birth-month = { $audience ->
    [staff] Quý thầy cô sinh tháng mấy?
   *[other] Em sinh tháng mấy?
  }
question-birth-month-january = Tháng Một
question-birth-month-february = Tháng Hai
question-birth-month-march = Tháng Ba
question-birth-month-april = Tháng Tư
question-birth-month-may = Tháng Năm
question-birth-month-june = Tháng Sáu
question-birth-month-july = Tháng Bảy
question-birth-month-august = Tháng Tám
question-birth-month-september = Tháng Chín
question-birth-month-october = Tháng Mười
question-birth-month-november = Tháng Mười Một
question-birth-month-december = Tháng Mười Hai
question-middle-name = { $audience ->
    [staff] Tên đệm của quý thầy cô là gì?
   *[other] Tên đệm của em là gì?
  }
question-birth-year = { $audience ->
    [staff] Quý thầy cô sinh năm nào?
   *[other] Em sinh năm nào?
  }
question-mascot = { $audience ->
    [staff] Linh vật của trường quý thầy cô là gì?
   *[other] Linh vật của trường em là gì?
  }
question-homeroom = { $audience ->
    [staff] Năm nay ai là giáo viên chủ nhiệm?
   *[other] Năm nay ai là giáo viên chủ nhiệm của em?
  }
question-school-password = Mật khẩu bí mật của trường là gì?
question-fruit = { $audience ->
    [staff] Quý thầy cô thích quả nào nhất: táo, chuối, cam hay đào?
   *[other] Em thích quả nào nhất: táo, chuối, cam hay đào?
  }
question-fruit-apple = Táo
question-fruit-banana = Chuối
question-fruit-orange = Cam
question-fruit-peach = Đào
question-season = { $audience ->
    [staff] Quý thầy cô thích mùa nào nhất: hè, đông, thu hay xuân?
   *[other] Em thích mùa nào nhất: hè, đông, thu hay xuân?
  }
question-season-summer = Mùa hè
question-season-winter = Mùa đông
question-season-fall = Mùa thu
question-season-spring = Mùa xuân
question-maiden-name = { $audience ->
    [staff] Họ thời con gái của mẹ quý thầy cô là gì?
   *[other] Họ thời con gái của mẹ em là gì?
  }
question-first-pet = { $audience ->
    [staff] Con vật nuôi đầu tiên của quý thầy cô tên là gì?
   *[other] Con vật nuôi đầu tiên của em tên là gì?
  }
question-made-up-word = { $audience ->
    [staff] Hồi nhỏ quý thầy cô tự nghĩ ra từ gì?
   *[other] Hồi nhỏ em tự nghĩ ra từ gì?
  }
question-first-toy = { $audience ->
    [staff] Quý thầy cô gọi món đồ chơi yêu thích đầu tiên là gì?
   *[other] Em gọi món đồ chơi yêu thích đầu tiên là gì?
  }
question-hero = { $audience ->
    [staff] Quý thầy cô muốn gặp nhân vật anh hùng nào trong sách hay phim?
   *[other] Em muốn gặp nhân vật anh hùng nào trong sách hay phim?
  }
question-hiding-place = { $audience ->
    [staff] Chỗ trốn hay nhất hồi nhỏ của quý thầy cô ở đâu?
   *[other] Chỗ trốn hay nhất của em ở đâu?
  }
question-lullaby = { $audience ->
    [staff] Hồi nhỏ quý thầy cô được ru bằng bài hát nào?
   *[other] Hồi nhỏ em được ru bằng bài hát nào?
  }
question-robot = { $audience ->
    [staff] Quý thầy cô sẽ đặt tên gì cho rô-bốt của mình?
   *[other] Em sẽ đặt tên gì cho rô-bốt của mình?
  }
question-dream-place = { $audience ->
    [staff] Quý thầy cô muốn đến nơi nào nhất trên thế giới?
   *[other] Em muốn đến nơi nào nhất trên thế giới?
  }
question-feared = { $audience ->
    [staff] Hồi nhỏ quý thầy cô sợ gì?
   *[other] Hồi nhỏ em sợ gì?
  }
question-funny-word = { $audience ->
    [staff] Từ nào nghe buồn cười nhất đối với quý thầy cô?
   *[other] Từ nào nghe buồn cười nhất đối với em?
  }
question-first-story = { $audience ->
    [staff] Câu chuyện đầu tiên mà quý thầy cô nhớ là gì?
   *[other] Câu chuyện đầu tiên mà em nhớ là gì?
  }
question-smell = { $audience ->
    [staff] Quý thầy cô thích mùi nào nhất?
   *[other] Em thích mùi nào nhất?
  }
