## The frame around the questions.

questions-title = Answer your questions
questions-rule-exactly = Answer { $count ->
    [one] 1 question
   *[other] { $count } questions
  }, no more and no less.
questions-rule-at-least = Answer { $count ->
    [one] 1 question
   *[other] { $count } questions
  } or more.
questions-why = If you forget your password, your answers help you to get back in. Keep them to yourself.
questions-pending-why = One thing was left open when you claimed your account. If you forget your password, your answers help you to get back in.
questions-choose = Choose one
questions-answered = { $count } of { $need } answered
questions-too-many = That is more than { $need }. Clear one answer.
questions-hint-text = { $count ->
    [one] 1 letter or more
   *[other] { $count } letters or more
  }
questions-hint-year = Four digits, like 2012
questions-skip-button = Not now

## What is wrong with an answer.

questions-too-few = Answer { $count ->
    [one] 1 question
   *[other] { $count } questions
  } to go on.
questions-too-many-answers = Answer only { $count ->
    [one] 1 question
   *[other] { $count } questions
  }. Clear the others.
questions-not-listed = That question is not on the list. Load the page again.
questions-too-many-choices = Pick at most one question with choices or a year. Answer another one instead.
questions-too-short = Use at least { $count ->
    [one] 1 letter
   *[other] { $count } letters
  }.
questions-too-long = Use at most { $count } letters.
questions-not-a-choice = Choose one from the list.
questions-not-a-year = Type a year with four digits, like 2012.
questions-equal = You gave this answer twice. Give another one.
questions-echo = The answer is in the question. Give another one.
questions-own-number = Your username or number is no secret. Give another answer.
questions-common = Too many people answer that. Give another answer.

## The questions.

question-birth-month = What is your birth month?
question-birth-month-january = January
question-birth-month-february = February
question-birth-month-march = March
question-birth-month-april = April
question-birth-month-may = May
question-birth-month-june = June
question-birth-month-july = July
question-birth-month-august = August
question-birth-month-september = September
question-birth-month-october = October
question-birth-month-november = November
question-birth-month-december = December
question-middle-name = What is your middle name?
question-birth-year = In what year were you born?
question-mascot = What is your school mascot?
question-homeroom = Who is your homeroom teacher this year?
question-school-password = What is the confidential school password?
question-fruit = Which do you like best: apple, banana, orange or peach?
question-fruit-apple = Apple
question-fruit-banana = Banana
question-fruit-orange = Orange
question-fruit-peach = Peach
question-season = Which do you like best: summer, winter, fall or spring?
question-season-summer = Summer
question-season-winter = Winter
question-season-fall = Fall
question-season-spring = Spring
question-maiden-name = What is your mother’s maiden name?
question-first-pet = What was the name of your first pet?
question-made-up-word = What word did you make up when you were little?
question-first-toy = What did you call your first favorite toy?
question-hero = Which hero from a book or film would you like to meet?
question-hiding-place = Where was your best hiding place?
question-lullaby = Which song was sung to you at bedtime?
question-robot = What would you name your own robot?
question-dream-place = Which place in the world would you like to see most?
question-feared = What were you afraid of when you were little?
question-funny-word = Which word sounds the funniest to you?
question-first-story = Which is the first story that you remember?
question-smell = Which smell do you like most?
