"""Every question that is answered by typing, on one page.

A screen that asks one names its state (Screen.asks); show() remembers it; aiogram's StateFilter finds the handler.
"""

from aiogram.fsm.state import State, StatesGroup


class Asked(StatesGroup):
    """What the bot waits to be told."""

    name = State()  # lists: an exercise, to be searched for; about: the day, when one was picked
    exercise = State()  # an exercise or what was saved of it; about: exercise, day
    weight = State()  # of a set; about: exercise, day, set_no, and replaces when the set is there
    reps = State()  # of a set; about: the same and weight
    clock = State()  # what the person's clock shows
    erasure = State()  # the word that erases everything
    note = State()  # of an exercise; about: exercise, day
    muscle_name = State()  # of a new muscle
    exercise_name = State()  # of a new exercise; about: muscle
    new_name = State()  # of something of one's own; about: kind, id
