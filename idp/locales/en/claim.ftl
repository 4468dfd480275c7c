## The three steps.

claim-steps-label = Steps
claim-steps-name = Who you are
claim-steps-password = Your password
claim-steps-questions = Your questions
claim-step = Step { $step }

## Step 1.

claim-name-title = Claim My Account
claim-name-lead = Answer these to claim your account.
claim-last-name-label = Last Name
claim-first-name-label = First Name
claim-number-label = Employee ID/Student ID
claim-name-hint = Type it as it is in { $roster }.
claim-number-hint = Numbers only. A student ID has { $digits } digits and no S. Keep the zeros at the front.
claim-code-label = Claim code
claim-code-hint = It is on the card or letter from your school.
claim-population-label = Who are you?
claim-population-student = I am a student
claim-population-staff = I work for the district
claim-card-alt = A school card. Last Name: Rivera. First Name: Ana. The number, { $number }, has a ring around it.
claim-card-title = School card
claim-card-number = Student ID
claim-card-caption = Your school card shows your name and your number.
claim-tip-name = Your name is spelled as it is in { $roster }.
claim-tip-number = Your number has no S in front.
claim-tip-staff = Staff: use your employee number.
claim-last-name-empty = Type your last name.
claim-first-name-empty = Type your first name.
claim-number-empty = Type your number. It is on your school card.
claim-code-empty = Type the claim code from your card or letter.
claim-population-empty = Choose one.
claim-failed-title = The Claim Account Operation Failed
claim-failed-match = What you typed does not match { $roster }. Check these:
claim-failed-spelling = Is your name spelled as on your school card?
claim-failed-number = Is the number right, with the zeros at the front?
claim-failed-claimed = Maybe your account is claimed already. Then use
claim-failed-new = New at this school? It can take a day until you are on our list.
claim-failed-stuck = Still stuck? Show your teacher this code:

## Step 2.

claim-password-title = Update Your Password
claim-password-lead = Make a password that only you know.
claim-letter-dropped = We left out the letter in front of your number.
claim-password-label = New password
claim-password-hint = Three or four words that you can remember make a good one.
claim-verify-label = Type it again
password-rules-title = Password Requirements
password-rule-length = At least { $count } characters
password-rule-same = The same in both boxes
password-rule-own = Not your name, your number or your school
password-rule-free = Capital letters, digits and signs are up to you. Spaces are fine.
password-rule-met = done
password-rule-open = not yet
password-refused-short = Too short. Use at least { $count } characters.
password-refused-long = Too long. Use at most 128 characters.
password-refused-common = Too many people use this one. Think of another.
password-refused-pattern = This is too easy to guess, like a row of keys. Think of another.
password-refused-name = Your name is too easy to guess. Think of another.
password-refused-number = Your number is too easy to guess. Think of another.
password-refused-school = The name of your school is too easy to guess. Think of another.
password-refused-mismatch = The two passwords are different. Type both again.

## Step 3 and the end.

claim-password-saved = Password Change Complete. Your password was successfully changed.
claim-questions-title = Your questions
claim-username-title = Your username
claim-username-keep = Please retain your username for future use. You need it each time you sign in.
claim-username-where = Sign in at { $address }
claim-done-title = You have completed the claim process
claim-done-lead = Your account is yours now. You can close this tab.
claim-done-then = Or sign in now with your username and your password.
claim-done-then-app = Or go on now: sign in with your username and your password.
claim-done-app-link = Sign in to open { $app }
