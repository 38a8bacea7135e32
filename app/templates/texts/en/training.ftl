training-muscles = 💪 <b>What are you training?</b>
training-exercises = 💪 <b>{ $muscle }</b>
    Pick an exercise.
training-exercises-none = 💪 <b>{ $muscle }</b>
    There is no exercise here that you can see.
training-for-day = 📅 <b>For { $day }</b>
training-expired = That button was from { $old }, so nothing was recorded by it. Here is { $day }.
training-removed = That exercise was removed
training-removed-muscle = That muscle was removed

training-last = 📊 Your last training for { $exercise } ({ $day }):
training-first = 📝 You haven't done { $exercise } before.
training-pr = Your PR: { $weight } for { $reps } reps ({ $day })
training-pick-set = Select set
training-unlisted = { $exercise } is out of your lists. What you did stays: tap a set to correct or delete it.
training-unlisted-none = { $exercise } is out of your lists, and no set of it is recorded on this day.
training-day-full = That is { $count } sets on one day, and there is no button for more. 💪
training-beat = Last time set { $set_no }: { $weight } × { $reps }
training-pick-weight = <b>Set { $set_no }</b>: which weight?
training-pick-weight-instead = <b>Set { $set_no }</b> is { $weight } × { $reps }. Which weight instead?
training-pick-reps = <b>Set { $set_no }</b>: { $weight } for how many reps?
training-pick-reps-instead = <b>Set { $set_no }</b> is { $weight } × { $reps }. { $instead } instead, for how many reps?
training-saved = ✅ Set { $set_no } saved: { $weight } × { $reps }
training-saved-several = ✅ Sets { $set_no } saved: { $weight } × { $reps } each
training-is-saved = ✅ Set { $set_no }: { $weight } × { $reps }
training-are-saved = ✅ Sets { $set_no }: { $weight } × { $reps } each
training-replaced = ✅ Set { $set_no } is now { $weight } × { $reps }
training-replace-or-keep = <b>Set { $set_no }</b> is saved as { $weight } × { $reps }.
    Replace it with { $instead } × { $instead_reps }, or keep it?
training-deleted = 🗑 Set { $set_no } is deleted: { $weight } × { $reps }
training-undone = ↩️ { $count ->
        [one] Set { $numbers } is
       *[other] Sets { $numbers } are
    } taken back.
training-undone-set = ↩️ Set { $set_no } is { $weight } × { $reps } again.
training-undone-nothing = There is nothing to undo here: it was taken back or changed already.
training-doubt-record = 🤔 { $weight }? Your best is { $known }.
training-doubt-last = 🤔 { $weight }? Your last was { $known }.
training-which = 🔎 Which exercise?
training-which-for = 🔎 Which exercise? Then { $entry } is saved.
training-which-more = More fit than I can show here: another letter or two helps.
training-which-none = 🔎 No exercise fits that name, so nothing was saved. Send it with another name, like <code>bench 60x8</code>, or find it here.
training-which-untold = 🔎 Which exercise? Nothing is saved yet: send it with a name, like <code>bench 60x8</code>, or find it here.
training-line-late = That line was for { $old }, so nothing was recorded. Here is { $day }.
training-line-spent = That line was taken already, so nothing was added. Here is how things are.
training-line-unlisted = No new set was saved: this exercise is out of your lists.
training-line-full = A day takes { $limit } sets of an exercise, so nothing of that line was saved.
training-note-line = 📝 { $note }
training-ask-note = 📝 What should I remember about <b>{ $exercise }</b>? Type it in one message, up to { $limit } characters: <i>seat 4, narrow grip</i>.
training-ask-note-instead = 📝 Your note for <b>{ $exercise }</b>:
    { $note }

    Type a new one, up to { $limit } characters.
training-note-long = That note has { $count } characters, and I can keep { $limit }. Shorten it a little and send it again.
training-note-unreadable = There is a character in that note that I cannot keep. Type it once more.
training-note-unlisted = That note was not kept: this exercise is out of your lists.
training-note-kept = 📝 Noted.
training-note-removed = 📝 The note is removed.
training-summary = 🏁 <b>{ $day }</b>
training-summary-none = 🏁 Nothing is recorded for { $day }.
training-summary-exercise = <b>{ $exercise }</b>: { $count ->
        [one] 1 set
       *[other] { $count } sets
    }, best { $weight } × { $reps }
training-summary-more = and { $count } more
training-summary-total = { $exercises ->
        [one] 1 exercise
       *[other] { $exercises } exercises
    }, { $sets ->
        [one] 1 set
       *[other] { $sets } sets
    }{ $whole ->
        [0] { "" }
       *[other] { " " }· { $tonnage } lifted
    }{ $minutes ->
        [0] { "" }
       *[other] { " " }· { $minutes } min
    }
training-record = 🏆 New record!
training-day-table = <b>{ $exercise }</b>, { $day }
training-calendar = 📅 <b>{ $month }</b>
    Which day did you train?

training-likely-next = ▶ { $exercise }: Set { $set_no }
training-likely = ▶ { $exercise }
training-show-all = Show All
training-another-day = Another day
training-set = Set { $set_no }
training-set-done = ✅ Set { $set_no }: { $weight } × { $reps }
training-one-tap = ⚡ Set { $set_no }: { $weight } × { $reps }
training-bodyweight = Bodyweight
training-lighter = ◀ lighter
training-heavier = heavier ▶
training-continue = Continue Exercise
training-follower = ➡️ { $exercise }
training-another-exercise = Another exercise
training-replace = Replace
training-keep = Keep
training-delete = Delete
training-put-back = ↩️ Put back: { $weight } × { $reps }
training-undo = Undo
training-finish = Finish
training-carry-on = Carry on
training-note = 📝 Note
training-remove-note = Remove the note

training-toast-saved = Set { $set_no } saved: { $weight } × { $reps }
training-toast-record = 🏆 New record: { $weight } × { $reps }
training-toast-same = Already saved
training-toast-replaced = Set { $set_no } is now { $weight } × { $reps }
training-toast-other = Set { $set_no } is { $weight } × { $reps } by now. Nothing was changed.
training-toast-deleted = Set { $set_no } deleted: { $weight } × { $reps }
training-toast-undone = Taken back
training-toast-undone-nothing = Nothing to undo here
training-toast-too-soon-after = Your last set was saved a moment ago. Tap again for set { $set_no }
training-toast-too-soon = Set { $before } is saved. Tap again for set { $set_no }
training-toast-not-saved = Set { $set_no } is not saved. Record it once more if you did it

training-column-set = Set
training-column-weight = Weight ({ $unit })
training-column-reps = Reps

command-gym = Record a workout
