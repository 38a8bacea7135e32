"""Read-only: figures of everybody's training and lists of everybody's sets, for the admins.

Promise: no figure reads everybody's history. Days that are over are counted once, when somebody asks for them, and
anew after one of their sets was changed, whoever changed it; the two or three days that are still open are read.
Tables: counted_days, counted_exercises, changed_days (kept by triggers on training).
"""
