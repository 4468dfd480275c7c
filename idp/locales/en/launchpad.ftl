## The launchpad.

launchpad-title = Your apps
launchpad-morning = Good morning, { $name }
launchpad-afternoon = Good afternoon, { $name }
launchpad-evening = Good evening, { $name }
launchpad-search-label = Find an app
launchpad-search-button = Find
launchpad-found = { $count ->
    [0] No app matches “{ $query }”.
    [one] 1 app matches “{ $query }”.
   *[other] { $count } apps match “{ $query }”.
  }
launchpad-found-one = 1 app found
launchpad-found-many = { $count } apps found
launchpad-found-none = No app found
launchpad-show-all = Show all apps
launchpad-empty-title = No apps yet
launchpad-empty-advice = Your school adds apps for your grade and your classes. They will show up here by themselves.
launchpad-favorites = Favorites
launchpad-recent = Used lately
launchpad-results = Found
tile-menu-label = More about { $app }
tile-is-favorite = Favorite
tile-star = Add to favorites
tile-unstar = Remove from favorites
tile-earlier = Move forward
tile-later = Move back
tile-data-link = What this app sees about you
tile-starred = { $app } is a favorite now.
tile-unstarred = { $app } is no favorite any more.
tile-moved = { $app } has moved.
category-classroom = Classroom
category-grades = Grades and attendance
category-reading = Reading and writing
category-math = Math
category-science = Science
category-social-studies = Social studies
category-languages = Languages
category-arts = Art and music
category-computing = Coding and making
category-library = Library
category-assessment = Tests and practice
category-career = College and jobs
category-health = Health and wellbeing
category-tools = Tools
category-school-day = Around the school day
category-staff = For staff

## What an app sees.

app-data-title = What { $app } sees about you
app-data-back = Back to your apps
app-data-lead = When you open { $app }, the district tells it only this.
app-data-nothing = { $app } is a link. The district tells it nothing about you.
app-data-what = About you
app-data-sees = Seen?
app-data-yes = Yes
app-data-no = No
app-data-purpose = What it is for
app-data-purpose-default = For learning and teaching, as your district has approved.
app-data-basis = Ground in law
app-data-signed = Agreed on
app-data-expires = Agreed until
app-data-opened = You last opened it on
app-data-ask = Whom to ask
app-data-never = No app ever gets your password or the answers to your questions.
app-data-id = A code that stands for you
app-data-id-note = Made for this app alone. Two apps cannot compare their codes.
app-data-first-name = Your first name
app-data-first-name-note = So that the app can greet you.
app-data-last-name = Your last name
app-data-last-name-note = So that your teacher sees whose work it is.
app-data-middle-name = Your middle name
app-data-middle-name-note = So that the app can tell people with the same name apart.
app-data-username = Your username
app-data-username-note = The name that you sign in with.
app-data-email = Your e-mail address
app-data-email-note = So that the app can write to you.
app-data-role = Whether you are a student or work here
app-data-role-note = So that the app shows the right pages.
app-data-grade = Your grade
app-data-grade-note = So that the work fits your grade.
app-data-schools = Your school
app-data-schools-note = So that you land in the right school.
app-data-number = Your student or employee number
app-data-number-note = So that results go to the right person.
app-data-roster-id = The district’s code for you
app-data-roster-id-note = So that the app finds you in the lists that the district sends.
app-data-district = The district’s code for itself
app-data-district-note = So that the app knows which district you are from.
app-data-changed = When your record last changed
app-data-changed-note = So that the app knows when to look again.
app-data-language = Your language
app-data-language-note = So that the app speaks your language.
app-data-stays = This app does not need it.

## An app that is not yours.

no-access-title = Not one of your apps
no-access-heading = { $app } is not one of your apps
no-access-lead = You are signed in, but { $app } is not set up for you.
no-access-who = Apps are given by school, grade and class. Ask { $contact } to add it for you.
no-access-home-link = To your apps
no-access-back-link = Back to { $app }
