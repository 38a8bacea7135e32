menu-title = 🏋️ <b>Your gym log</b>
    What shall we do?
menu-next = What shall we do?
menu-cancelled = All right, that question is closed. Everything you saved is still here.
menu-nothing-open = No question is open. Everything you saved is still here.
menu-record = Record training
menu-help = Help

help-text = 🏋️ <b>Your gym log</b>
    I write down your sets while you train, and show you what you lifted last time.

    Tap the buttons below a message, and it changes in place. You can also use a command:

    /gym: record a workout
    /start: the main menu
    /help: this page
    /cancel: leave a question I asked

    Your log is yours alone: nobody else can see it.

command-start = Main menu
command-help = What I can do
command-cancel = Leave a question
