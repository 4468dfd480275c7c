error-home-link = To the start page
error-request-id = If you ask for help, say this: { $id }
error-bad-request-title = That page didn’t understand
error-bad-request-advice = Something was missing or mixed up. Go to the start page and try once more.
error-form-expired-title = This page was open too long
error-form-expired-advice = Nothing is lost and nothing was sent. Go to the start page and begin once more.
error-forbidden-title = This page is not for you
error-forbidden-advice = You are signed in, but this page is for somebody else. If you think it should be yours, ask for help.
error-not-found-title = There is no page here
error-not-found-advice = Check the address, or go to the start page.
error-method-title = This page can’t do that
error-method-advice = Go to the start page and try once more.
error-too-large-title = That was too much at once
error-too-large-advice = What you sent is too large for this page.
error-wait-title = Take a short break
error-unavailable-title = Very busy right now
error-unavailable-advice = Many people are here at once. Wait a moment, then try again.
error-bug-title = Something broke on our side
error-bug-advice = It is not your fault. Try again in a moment. If it happens again, ask for help.
error-client-title = This app is not set up right
error-client-advice = The app sent us something that we can’t use, so we stopped here to keep you safe. Open the app from your apps instead, or tell your school’s technician.

## The page that hands over to an app.

form-post-title = One moment
form-post-heading = Opening { $app }
form-post-lead = If nothing happens, press the button.
form-post-button = Go on to { $app }
