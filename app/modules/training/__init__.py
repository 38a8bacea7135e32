"""Training: sets by tapping and by typing, what was lifted last time, records; from the muscle to the summary.

Promise: a set is saved exactly once, on the day the person means, before it is confirmed.
Whoever changes a person's sets or note of an exercise takes their turn at it (take_turn), for a merge moves them all.
Tables: training, exercise_stats, exercise_notes, entries_spent; of users the column own_weights.
"""
