"""What may be read: as many buffers in ten million sets as in thirty thousand, nearly, and few of them.

What reads more than the rule has its own ceiling here, and why; a figure that shrinks is to be lowered. One thing no
limit can hold: each set of today costs a screen that shows it one buffer, until a vacuum has seen its page.
"""

from collections.abc import Iterator, Mapping

from bench.growth.sheet import Figure, Group

MOST = 25  # buffers of a screen or an effect of recording
GROWTH = 1.5  # what it may read in the largest size, of what it reads in the smallest
SAME = 4  # buffers: an index of ten million rows is a level or two higher, which tells with what reads next to nothing
HEAD, LINE = 30, 6  # buffers of a screen that looks back, and of each set or exercise that it shows
EXPORT_HEAD = 1000  # five lists, each with what it joins; of a person with few sets each exercise may be asked for
DEEPER = 2  # what a page of a list may read, of what the first one does
ROOM = 40  # buffers: what a page of nearly nothing costs anyway

Figures = Mapping[tuple[Group, str, str], Figure]

# A saved set reads 25 of ten million: the person, the exercise and the update 2 each, the row 1, the indexes by day, by
# exercise and by id 4 each, by moment 1, the statistics 5. Nothing of that can go while promises are kept.
GONE = "the set is looked for, goes and says so; of those that are left the latest moment, and the record, are found"
ALLOWED: dict[str, tuple[int, str]] = {
    "record, first of the day": (26, "a set's 25, and the mark of a page that a vacuum has seen"),
    "record by one tap": (29, "a set's 25, and the 4 of the look whether another was saved in the same three seconds"),
    "record, first ever of an exercise": (
        46,
        "once a person and exercise the row of its statistics is made: four indexes, what its keys point at, and locks",
    ),
    "record what was typed": (
        40,
        "a set's 25, the sets of the day for the next free numbers, the entry looked for, kept",
    ),
    "replace": (38, "a set's 25, and the set and its statistics are looked at before they are changed"),
    "delete": (44, GONE),
    "undo": (44, GONE),
    "search": (34, "each exercise that the person ever trained has its row of statistics, on a page of its own"),
}
GROWS = {"search"}  # with the pages that these rows lie on

# What each index of training is there for; which screens look there is counted.
INDEXES = {
    "training_pkey": "each set once: replacing, deleting, what an admin corrects",
    "training_by_exercise": "one exercise of one person: its last days, the next free set, its record anew",
    "training_by_day": "one day of one person: what comes next, its summary, the history and the export",
    "training_by_moment": "everybody's newest sets, and counting a day that is over",
}


def missed(sizes: Mapping[str, Figures]) -> Iterator[str]:
    """Say each target that is missed, in a sentence."""
    smallest, largest = list(sizes)[0], list(sizes)[-1]
    for (group, what, who), figure in sizes[largest].items():
        read, name = figure.cost.buffers, f"{what}, {who}" if who else what
        if group is Group.RECORDING:
            most, why = ALLOWED.get(what, (MOST, "the rule"))
            if read > most:
                yield f"{name}: {read} buffers of {largest} sets, more than {most} ({why}): {figure.cost}."
        if group in (Group.RECORDING, Group.OWN_LIST) and what not in GROWS:
            before = sizes[smallest][group, what, who].cost.buffers
            if read > max(GROWTH * before, before + SAME):
                yield f"{name}: {read} buffers of {largest} sets, {before} of {smallest}: {figure.cost}."
        head = EXPORT_HEAD if what == "export" else HEAD
        if group is Group.LOOKING_BACK and read > head + LINE * figure.shown:
            yield f"{name}: {read} buffers for {figure.shown} lines: {figure.cost}."
        first = sizes[largest].get((Group.LISTS, what, "first"))
        if group is Group.LISTS and first and read > max(DEEPER * first.cost.buffers, first.cost.buffers + ROOM):
            yield f"{name}: {read} buffers, the first page {first.cost.buffers}: {figure.cost}."
    for size, figures in sizes.items():
        if size != smallest:  # a table of some hundred pages is read through with good reason
            yield from (
                f"{what}, {who}: reads all of training, of {size} sets."
                for (_, what, who), figure in figures.items()
                if figure.cost.looks["training", ""]
            )


def above(figures: Figures) -> Iterator[str]:
    """Say which screens of recording read more than the rule, how much, and why that is allowed."""
    for what, (most, why) in ALLOWED.items():
        read = max(figure.cost.buffers for (_, screen, _), figure in figures.items() if screen == what)
        if read > MOST:
            yield f"{what}: {read} buffers, {most} allowed: {why}."


def unused(sizes: Mapping[str, Figures]) -> Iterator[str]:
    """Say which index of training no screen looks into."""
    looks = {index for figures in sizes.values() for figure in figures.values() for _, index in figure.cost.looks}
    yield from (f"{index}: no screen looks there." for index in INDEXES if index not in looks)
