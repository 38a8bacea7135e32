"""Looking back: `/history`, day by day, and `/records`.

Promise: a page costs what it shows, however long the history is; a day holds the sets that were recorded for it, in
whatever zone it is looked at. Sets are corrected on the training room's own screens.
Tables: training and exercise_stats, which it reads.
"""
