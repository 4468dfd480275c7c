## Said on every page.

skip-to-content = Skip to the page
language-label = Language
corner-not-you = Not you?
sign-out-button = Sign out
announcements-label = News from the district
help-link = Help
help-ask = Stuck? Ask { $contact }.
help-contact-default = your teacher or your school’s technician
next-button = Next
save-button = Save
sign-in-button = Sign in
clear-button = Clear the form
copy-button = Copy
copy-done = Copied
print-card-button = Print card
problems-title = Please check this
wait-title = Take a short break
wait-advice = There were too many tries. Try again { $count ->
    [one] in 1 minute
   *[other] in { $count } minutes
  }, or ask your teacher.

## Days and times.

date = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
  } { $day }, { $year }
time = { $half ->
    [am] { $hour12 }:{ $minute } AM
   *[pm] { $hour12 }:{ $minute } PM
  }
in-minutes = { $count ->
    [one] in 1 minute
   *[other] in { $count } minutes
  }
