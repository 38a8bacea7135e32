menu-title = 🏋️ <b>Your gym log</b>
    What shall we do?
menu-next = What shall we do?
menu-cancelled = All right, that question is closed. Everything you saved is still here.
menu-nothing-open = No question is open. Everything you saved is still here.
menu-record = Record training
menu-history = History
menu-edit = Edit exercises
menu-help = Help
menu-settings = Settings

help-text = 🏋️ <b>Your gym log</b>
    I write down your sets while you train, and show you what you lifted last time.

    Tap the buttons below a message, and it changes in place. Or type:

    <code>60x8</code>: a weight of 60 for 8 reps, on the exercise in hand
    <code>3x8@60</code>: three such sets
    <code>bench press 60x8</code>: of that exercise
    <code>incl</code>: find an exercise by its name

    The commands:

    /gym: record a workout
    /history: the days you trained, to look at and to correct
    /records: your best sets
    /edit: add muscles and exercises of your own, hide what you never do
    /start: the main menu
    /settings: your time zone, kg or lb, the weight buttons
    /export: all of it as files, for a spreadsheet or for keeping
    /help: this page
    /cancel: leave a question I asked
    /delete_me: erase everything of yours

    Your log is yours alone: nobody else can see it.

command-start = Main menu
command-help = What I can do
command-cancel = Leave a question
