## Forgot my password, and a new one.

forgot-title = Forgot my Password
forgot-lead = Type your username. Then answer the three questions from the day you claimed your account.
forgot-username-label = Username
forgot-username-hint = The letter s and your student number, as s0123456.
forgot-off = In this district, people help with forgotten passwords. Ask { $contact }.
forgot-back = Back to sign in
forgot-refused-title = That didn’t work
forgot-refused-advice = The answers don’t fit this username, or there were too many tries today. Check the username. All three answers must be as you gave them.
forgot-refused-ask = Still stuck? Ask { $contact } and show this code:
forgot-questions-title = Your three questions
forgot-questions-for = Username
forgot-questions-lead = Answer all three as you did when you claimed your account. Big or small letters don’t matter.
forgot-password-title = Choose a new password
forgot-password-lead = Your answers are right. Now choose a new password. You have 10 minutes.
forgot-done-title = Your password is changed
forgot-done-lead = Everybody was signed out of your account. Sign in with your new password.
change-password-title = Change my password
change-password-lead = Type your password so far, and then the new one twice. You will be signed out everywhere else.
change-password-forced = You came in with a code from a helper. Now choose a password that only you know.
change-password-current = Your password so far
change-password-wrong = That is not your password so far. Try again.
