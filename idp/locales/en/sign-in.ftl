## The first page: the username.

landing-title = Sign in
landing-heading = Sign in
landing-heading-app = Sign in to open { $app }
landing-doors-label = Other ways
landing-claim-link = Claim My Account
landing-forgot-link = Forgot my Password
crest-alt = Crest of { $district }
username-label = Username
username-hint = Students: your number with a letter in front, like { $example }.
username-empty = Type your username.

## The second page: the password.

password-title = Your password
password-heading = Your password
password-signing-in-as = Signing in as
password-use-another = Use another
password-label = Password
password-show = Show
password-hide = Hide
password-empty = Type your password.
password-mismatch-title = That didn’t work
password-mismatch-advice = This username and password don’t go together. Check both and type the password again. If you have not claimed your account yet, do that first.
password-closed-title = This sign-in is locked for now
password-closed-advice = There were very many tries. Your teacher or your school’s technician can help you get back in.

## After signing out.

signed-out-title = You are signed out
signed-out-lead = Nobody can open your apps from this page now.
signed-out-shared = On a shared computer, close the other tabs too.
signed-out-again-link = Sign in again
end-session-title = Sign out?
end-session-lead = You will be signed out of the portal.
end-session-lead-app = { $app } asks to sign you out of the portal too.
end-session-stay-link = Stay signed in
