"""What the buttons of a recording offer: set numbers, weights, reps; also the API's static data."""

from decimal import Decimal

SETS = tuple(range(1, 7))  # one more each time the last is taken
MOST_SETS = 20  # a day, of one exercise
REPS = tuple(range(1, 21))
MOST_REPS = 999
MOST_NOTE = 200  # characters
MOST_WEIGHT = Decimal("999.99")

_LIGHT = ("1", "2.5", "5", "6", "7.5", "8", "9", "10", "12", "12.5", "14", "15", "16", "17.5")
_TO_60 = tuple(Decimal("2.5") * step for step in range(8, 25))
_TO_180 = tuple(Decimal(5) * step for step in range(13, 37))
WEIGHTS = (*map(Decimal, _LIGHT), *_TO_60, *_TO_180)  # kilos
POUNDS = (Decimal("2.5"), *(Decimal(5) * step for step in range(1, 81)))
STEPS = (Decimal("1.25"), Decimal("2.5"), Decimal(5))  # of kilos, round the last weight; of pounds twice as many

MUSCLES = ("Chest", "Biceps", "Back", "Triceps", "Shoulders", "Forearms", "Legs", "Abs")  # in the order of the menu
