history-title = 📅 <b>Your training days</b>
    Tap a day to see it, correct it or add to it.
history-none = 📅 No day is written down yet. Your first set makes the first one.
history-day = 📅 <b>{ $day }</b>
history-day-none = Nothing is recorded on this day.
history-day-hint = Tap an exercise to correct or delete its sets.
history-exercise = <b>{ $exercise }</b>
    { $sets }
history-records-title = 🏆 <b>Your records</b>
    Tap one to see its day.
history-records-none = 🏆 No record yet. Your first set makes the first one.
history-best = <b>{ $exercise }</b>: { $weight } × { $reps } ({ $day })

history-day-button = { $day } · { $sets ->
        [one] 1 set
       *[other] { $sets } sets
    } · { $muscles }
history-newer = ◀ newer
history-older = older ▶
history-records = 🏆 Records
history-export = 📦 As files
history-record = Record training
history-record-here = Record on this day

command-history = Days you trained
command-records = Your records
