## The guide: for reading, for showing to a class, for printing.

guide-title = Guide
guide-heading = { $portal } User Guide
guide-lead = How to claim your account, sign in and get help.
guide-toc-label = On this page
guide-print-button = Print guide
guide-need-title = What you need
guide-need-name = Your name, as it is in { $roster }.
guide-need-number = Students: your ID number with { $digits } digits. It has no S. Keep the zeros at the front.
guide-need-staff = Staff: your employee number.
guide-claim-title = Claim your account
guide-claim-1 = Go to { $address }.
guide-claim-2 = Choose “Claim My Account”.
guide-claim-3 = Type your last name, your first name and your number. Choose “Next”.
guide-claim-4 = Make a password with at least { $count } characters and type it twice. Any characters will do. Choose “Next”.
guide-claim-5 = Now you see your username in big green letters, like { $example }. Copy it or print the card, and keep it.
guide-claim-6 = Answer { $count ->
    [one] 1 question
   *[other] { $count } questions
  }. Your answers help you if you forget your password. Choose “Save”.
guide-claim-7 = Done. Close the tab.
guide-sign-in-title = Sign in
guide-sign-in-1 = Go to { $address }.
guide-sign-in-2 = Type your username, like { $example }. Choose “Next”.
guide-sign-in-3 = Type your password. Choose “Sign in”.
guide-sign-in-4 = You see your apps. Choose one. You don’t need another password.
guide-sign-in-5 = When you are done, choose “Sign out” at the top, above all on a shared computer.
guide-tips-title = When something goes wrong
guide-tip-failed-title = I read “The Claim Account Operation Failed”. What now?
guide-tip-failed = What you typed does not match { $roster }. Check the spelling of your name and every digit on your school card.
guide-tip-failed-exact = Capital letters, accents and hyphens count too.
guide-tip-failed-normalized = Small letters are fine, and you may leave out accents and hyphens.
guide-tip-again-title = I checked everything and it still fails
guide-tip-again = Show the code on the page to your teacher or your school’s technician. With it they can see the reason.
guide-tip-claimed-title = Maybe my account is claimed already
guide-tip-claimed = Choose “Forgot my Password” and follow the steps. If it was not you who claimed it, tell your teacher at once. It can be undone.
guide-tip-new-title = I am new here
guide-tip-new = Your account comes from { $roster }. When your school has put you in, it can take a day until you can claim.
guide-tip-history-title = Do I have to clear the browser history?
guide-tip-history = No. It does not help, and you never need to do it here.
guide-tip-back-title = I pressed the back button
guide-tip-back = That does no harm. Go on from the page that you see.
guide-tip-shared-title = Somebody else’s name is at the top
guide-tip-shared = Choose “Sign out” next to “Not you?”. Then sign in with your own username.
guide-contact-title = Get help
guide-contact = Ask { $contact }.
guide-contact-teacher = Students never have to send a ticket. Your teacher can ask the technician for you.
