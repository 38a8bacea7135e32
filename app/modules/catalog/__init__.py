"""The catalogue: muscles and exercises, global and private, and who sees which; `/edit`.

Promise: nobody sees another's, or learns that it exists. Lists of global and own things are two index scans.
What is deleted or hidden leaves the lists; what was recorded with it stays.
Tables: muscles, exercises, user_hidden_muscles, user_hidden_exercises.
"""
