"""The catalogue: muscles and exercises, global and private, and who sees which.

Promise: nobody sees another's, or learns that it exists. Lists of global and own things are two index scans.
Tables: muscles, exercises, user_hidden_muscles, user_hidden_exercises.
"""
