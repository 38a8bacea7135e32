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
training-day-full = That is { $count } sets on one day, and there is no button for more. 💪
training-beat = Last time set { $set_no }: { $weight } × { $reps }
training-pick-weight = <b>Set { $set_no }</b>: which weight?
training-pick-reps-bodyweight = <b>Set { $set_no }</b>: bodyweight for how many reps?
training-pick-reps = <b>Set { $set_no }</b>: { $weight } for how many reps?
training-saved = ✅ Set { $set_no } saved: { $weight } × { $reps }
training-is-saved = ✅ Set { $set_no }: { $weight } × { $reps }
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

training-toast-saved = Set { $set_no } saved: { $weight } × { $reps }
training-toast-record = 🏆 New record: { $weight } × { $reps }
training-toast-same = Already saved
training-toast-other = Set { $set_no } is saved already: { $weight } × { $reps }. Nothing was changed.
training-toast-too-soon-after = Your last set was saved a moment ago. Tap again for set { $set_no }
training-toast-too-soon = Set { $before } is saved. Tap again for set { $set_no }

training-column-set = Set
training-column-weight = Weight (kg)
training-column-reps = Reps

command-gym = Record a workout
