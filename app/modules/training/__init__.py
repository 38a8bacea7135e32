"""Training: recording a set by tapping, what was lifted last time, records; all screens from the muscle to the set.

Promise: a set is saved exactly once, on the day the person means, before it is confirmed.
Tables: training, exercise_stats; of users the column own_weights.
"""
