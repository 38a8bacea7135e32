"""What a person sees of a training: the log, which day it is, and every screen of a set; for machine_model.py.

A button is what it reads and what it carries, letter by letter, so that one for another day or set is a disagreement.
The words of a screen are told as far as they say how things are; where these say …, any words may follow. What leads to
an exercise (muscles, lists, search, calendar, summary) is told by the kind of its buttons alone: it has its own tests.

A day is written as buttons write it: the days since 2000, with an m when it was marked in the calendar, an h when it
was opened in the history, or nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

BENCH, INCLINE, PULL = 1, 3, 36
NAMES = {BENCH: "Bench press", INCLINE: "Incline press", PULL: "Pull-ups"}
MUSCLES = {1: "Chest", 3: "Back"}
MUSCLE_OF = {BENCH: 1, INCLINE: 1, PULL: 3}
MOST_SETS, FIRST_SETS, REPS_OFFERED, DAYS_SHOWN = 20, 6, 20, 8
IN_HAND = timedelta(hours=3)
BACK = "⬅️ Go back"
Numbers = tuple[Decimal, int]
Button = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """A set: its numbers, its moment, the update that made it so, and what that update replaced."""

    weight: Decimal
    reps: int
    at: datetime
    entry: int | None
    former: tuple[Decimal, int, int | None] | None = None

    @property
    def numbers(self) -> Numbers:
        return self.weight, self.reps


@dataclass(frozen=True)
class Screen:
    """Lines, buttons, what it asks, a toast; `more`: how buttons read and carry that are not told one by one."""

    lines: list[str]
    buttons: list[Button]
    asks: str | None = None
    about: dict[str, Any] = field(default_factory=dict)
    toast: str | None = None
    more: str = ""


def day_of(code: str) -> date:
    return date(2000, 1, 1) + timedelta(int(code.rstrip("mh")))


def code_of(day: date) -> str:
    return str((day - date(2000, 1, 1)).days)


def kept(code: str) -> str:
    """A marked day stays from screen to screen, for another exercise without the history; any other is chosen anew."""
    return f"{code.rstrip('mh')}m" if code.endswith(("m", "h")) else ""


def for_day(code: str) -> list[str]:
    return [f"📅 For {named(day_of(code))}"] if kept(code) else []


def long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def named(day: date) -> str:
    return f"{day:%A} {long(day)}"


def plain(weight: Decimal) -> str:
    return f"{weight.normalize():f}"


def kilos(weight: Decimal) -> str:
    return f"{plain(weight)}kg" if weight else "BW"


def said(numbers: Numbers) -> str:
    return f"{kilos(numbers[0])} × {numbers[1]}"


def carried(numbers: Numbers) -> str:
    return f"{plain(numbers[0])}:{numbers[1]}"


def several(numbers: list[int]) -> str:
    """3, or 3, 5, or 3–5."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(map(str, numbers))


def counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def table(sets: dict[int, Row]) -> list[str]:
    return [f"| Set {no} | {kilos(row.weight)} | {row.reps} |" for no, row in sets.items()]


@dataclass
class Log:
    """One person's sets, and what is seen of them at a moment."""

    now: datetime
    zone: str = "UTC"
    rows: dict[tuple[date, int, int], Row] = field(default_factory=dict)  # by day, exercise and set number
    hidden: set[int] = field(default_factory=set)
    at: datetime = datetime(2000, 1, 1, tzinfo=UTC)  # now; of a typed line the moment at which it was sent

    # Which day it is.

    def local(self) -> datetime:
        return self.at.astimezone(ZoneInfo(self.zone))

    def gym_day(self) -> date:
        """Today; before 04:00 yesterday, while its last set is under 3 hours old."""
        today = self.local().date()
        last = max((row.at for (day, *_), row in self.rows.items() if day == today - timedelta(1)), default=None)
        return today - timedelta(1) if self.local().hour < 4 and last and self.at - last < IN_HAND else today

    def is_open(self, code: str) -> bool:
        """A button's day is good until 04:00 after it, a marked one for ever; a day to come never."""
        end = datetime.combine(day_of(code) + timedelta(1), time(4), ZoneInfo(self.zone))
        if code.endswith("h"):  # what somebody once trained they find again, wherever they are
            return day_of(code) <= self.at.astimezone(ZoneInfo("Etc/GMT-14")).date()
        return day_of(code) <= self.local().date() and (bool(kept(code)) or self.at < end)

    def opened(self, exercise: int, code: str) -> tuple[str, date | None] | None:
        """The day on which an exercise opens, and the day that was over; None for an exercise that is not seen."""
        if exercise in self.hidden and not code.endswith("h"):
            return None
        if code and self.is_open(code):
            return code, None
        return code_of(self.gym_day()), day_of(code) if code else None

    # What was done.

    def sets(self, exercise: int, day: date) -> dict[int, Row]:
        return {no: row for (d, e, no), row in sorted(self.rows.items()) if (d, e) == (day, exercise)}

    def last_day(self, exercise: int, day: date) -> date | None:
        return max((d for d, e, _ in self.rows if e == exercise and d < day), default=None)

    def last_sets(self, exercise: int, day: date) -> dict[int, Row]:
        last = self.last_day(exercise, day)
        return self.sets(exercise, last) if last else {}

    def newest(self, exercise: int, day: date) -> Row | None:
        return max(self.sets(exercise, day).items(), key=lambda each: (each[1].at, each[0]), default=(0, None))[1]

    def free(self, exercise: int, day: date) -> int | None:
        return next((no for no in range(1, MOST_SETS + 1) if no not in self.sets(exercise, day)), None)

    def best(
        self, exercise: int, *, but: Iterable[int] = (), day: date | None = None
    ) -> tuple[Decimal, int, int] | None:
        """The record: the greatest weight, the most reps at it, the earliest day; but for some sets of a day."""
        left = [(key, row) for key, row in self.rows.items() if key[1] == exercise]
        left = [(key, row) for key, row in left if not (key[0] == day and key[2] in but)]
        return max(((row.weight, row.reps, -key[0].toordinal()) for key, row in left), default=None)

    def stats(self) -> dict[int, tuple[int, date, datetime, Decimal, int, date]]:
        """What exercise_stats must hold: days, last day and moment, the record."""
        found = {}
        for exercise in {e for _, e, _ in self.rows}:
            days = {d for d, e, _ in self.rows if e == exercise}
            weight, reps, ordinal = self.best(exercise) or (Decimal(0), 0, 0)
            last_at = max(row.at for row in self.sets(exercise, max(days)).values())
            found[exercise] = (len(days), max(days), last_at, weight, reps, date.fromordinal(-ordinal))
        return found

    # Screens on the way to a set.

    def menu(self, *above: str) -> Screen:
        return Screen([*(above or ["🏋️ Your gym log"]), "What shall we do?"], [("Record training", "rm1::0")], more=".*")

    def muscles(self, code: str, *above: str) -> Screen:
        """The muscles, below what is likely next; both have tests of their own."""
        more = f".* (re1:[0-9]+|rl1:[0-9]+):{code}|Another day rc1:0"
        return Screen(
            [*above, *for_day(code), "💪 What are you training?"], [(BACK, "m1")], "name", {"day": code}, more=more
        )

    def exercises(self, muscle: str, code: str) -> Screen:
        """A list of a muscle; which are on it, and in which order, has tests of its own."""
        names = "|".join(f"{NAMES[e]} re1:{e}:{code}" for e in NAMES if e not in self.hidden)
        more = f"{names}|(Show All|{BACK}) (rl1:{muscle}:{code}|ra1:{muscle}:1:{code}|rm1:{code}:0)"
        return Screen([*for_day(code), f"💪 {MUSCLES[int(muscle)]}", "…"], [], "name", {"day": code}, more=more)

    def head(self, exercise: int, code: str) -> list[str]:
        """The last training before that day, and the record."""
        day, best = day_of(code), self.best(exercise)
        last, lines = self.last_day(exercise, day), [f"📝 You haven't done {NAMES[exercise]} before."]
        if best:
            lines = [f"Your PR: {kilos(best[0])} for {best[1]} reps ({long(date.fromordinal(-best[2]))})"]
        if last:
            title = f"📊 Your last training for {NAMES[exercise]} ({last:%d-%m-%Y}):"
            lines = [title, *table(self.sets(exercise, last)), *lines]
        return [*for_day(code), *lines]

    def one_taps(self, exercise: int, code: str) -> list[Button]:
        """⚡ of the next free set: as the same set last time, as the set just done; before the first: as the last."""
        day = day_of(code)
        if exercise in self.hidden:
            return []
        no, newest, before = self.free(exercise, day), self.newest(exercise, day), self.last_sets(exercise, day)
        likely = [before.get(no or 0), newest]
        if not newest and not likely[0] and before:
            likely = [before[max(before)]]
        guesses = dict.fromkeys(row.numbers for row in likely if row and no)
        return [(f"⚡ Set {no}: {said(each)}", f"rq1:{exercise}:{no}:{carried(each)}:{code}") for each in guesses]

    def exercise(self, exercise: int, code: str, *above: str, toast: str | None = None) -> Screen:
        """The exercise: its sets of the day; of a hidden one, seen in the history alone, what is there."""
        today = self.sets(exercise, day_of(code))
        back = f"h2:{code[:-1]}:1" if code.endswith("h") else f"rl1:{MUSCLE_OF[exercise]}:{kept(code)}"
        if exercise in self.hidden:
            done = [(f"✅ Set {no}: {said(row.numbers)}", f"rs1:{exercise}:{no}:{code}") for no, row in today.items()]
            stays = ". What you did stays: tap a set to…" if today else ", and no set of it is recorded on this day."
            lines = [*above, *self.head(exercise, code), f"{NAMES[exercise]} is out of your lists{stays}"]
            return Screen(lines, [*done, (BACK, back)], "exercise", {"exercise": exercise, "day": code}, toast)
        question = "Select set" if self.free(exercise, day_of(code)) else "That is 20 sets on one day…"
        buttons = self.one_taps(exercise, code)
        for no in range(1, min(max(FIRST_SETS, max(today, default=0) + 1), MOST_SETS) + 1):
            label = f"✅ Set {no}: {said(today[no].numbers)}" if no in today else f"Set {no}"
            buttons.append((label, f"rs1:{exercise}:{no}:{code}"))
        buttons += [("📝 Note", f"rn1:{exercise}:{code}"), (BACK, back)]
        lines = [*above, *self.head(exercise, code), question]
        return Screen(lines, buttons, "exercise", {"exercise": exercise, "day": code}, toast)

    def open(self, exercise: int, code: str) -> Screen:
        """An exercise by a button that records nothing, or nothing any more."""
        found = self.opened(exercise, code)
        if not found:
            return self.muscles(kept(code), "That exercise was removed")
        here, old = found
        gone = (
            f"That button was from {named(old)}, so nothing was recorded by it. Here is {named(day_of(here))}."
            if old
            else ""
        )
        return self.exercise(exercise, here, *filter(None, [gone]))

    def question(self, exercise: int, code: str, no: int) -> list[str]:
        row = self.last_sets(exercise, day_of(code)).get(no)
        return [*self.head(exercise, code), *([f"Last time set {no}: {said(row.numbers)}"] if row else [])]

    def ask_weight(self, exercise: int, code: str, no: int, *above: str) -> Screen:
        there = self.sets(exercise, day_of(code)).get(no)
        words = f"Set {no} is {said(there.numbers)}. Which weight instead?" if there else f"Set {no}: which weight?"
        bodyweight = ("Bodyweight", f"rk1:{exercise}:{no}:0:{code}")
        about = {"exercise": exercise, "day": code, "set_no": no, "replaces": there is not None}
        weights = rf"([0-9.]+)kg rk1:{exercise}:{no}:\1:{code}|(◀ lighter|heavier ▶) rw1:{exercise}:{no}:\d+:{code}"
        lines = [*above, *self.question(exercise, code, no), words]
        return Screen(lines, [bodyweight, (BACK, f"re1:{exercise}:{code}")], "weight", about, more=weights)

    def ask_reps(self, exercise: int, code: str, no: int, weight: Decimal, *above: str) -> Screen:
        there, heavy = self.sets(exercise, day_of(code)).get(no), kilos(weight) if weight else "Bodyweight"
        words, to = f"Set {no}: {heavy} for how many reps?", f"rr1:{exercise}:{no}"
        if there:
            words = f"Set {no} is {said(there.numbers)}. {heavy} instead, for how many reps?"
            to = f"rp1:{exercise}:{no}:{carried(there.numbers)}"
        buttons = [(str(reps), f"{to}:{carried((weight, reps))}:{code}") for reps in range(1, REPS_OFFERED + 1)]
        about = {"exercise": exercise, "day": code, "set_no": no, "weight": plain(weight), "replaces": bool(there)}
        lines = [*above, *self.question(exercise, code, no), words]
        return Screen(lines, [*buttons, (BACK, f"rs1:{exercise}:{no}:{code}")], "reps", about)

    # Screens of what is saved.

    def day_table(self, exercise: int, code: str) -> list[str]:
        return [f"{NAMES[exercise]}, {long(day_of(code))}", *table(self.sets(exercise, day_of(code)))]

    def set_done(self, exercise: int, code: str, no: int, toast: str | None = None) -> Screen:
        """A set that is there, to be corrected."""
        there = self.sets(exercise, day_of(code))[no].numbers
        buttons = [
            ("Replace", f"rw1:{exercise}:{no}:…:{code}"),
            ("Delete", f"rd1:{exercise}:{no}:{carried(there)}:{code}"),
            (BACK, f"re1:{exercise}:{code}"),
        ]
        about = {"exercise": exercise, "day": code, "set_no": no, "replaces": True}
        lines = [*for_day(code), f"✅ Set {no}: {said(there)}", *self.day_table(exercise, code)]
        return Screen(lines, buttons, "weight", about, toast)

    def replace_or_keep(self, exercise: int, code: str, no: int, numbers: Numbers) -> Screen:
        there, keep = self.sets(exercise, day_of(code))[no].numbers, f"re1:{exercise}:{code}"
        instead = f"rp1:{exercise}:{no}:{carried(there)}:{carried(numbers)}:{code}"
        words = [f"Set {no} is saved as {said(there)}.", f"Replace it with {said(numbers)}, or keep it?"]
        lines, about = [*for_day(code), *words, *self.day_table(exercise, code)], {"exercise": exercise, "day": code}
        return Screen(lines, [("Replace", instead), ("Keep", keep), (BACK, keep)], "exercise", about)

    def saved(self, exercise: int, code: str, numbers: list[int], *above: str, **how: Any) -> Screen:
        """The saved screen; how: a word for what became of it, the entry for Undo, a record, a toast."""
        today = self.sets(exercise, day_of(code))
        numbers = [no for no in numbers if no in today]
        if not numbers:
            return self.exercise(exercise, code)
        word, entry = how.get("word", ""), how.get("entry")
        line = f"✅ Set{'s' * (len(numbers) > 1)} {several(numbers)}{word or ':'} {said(today[numbers[0]].numbers)}"
        line = f"{line} each" if len(numbers) > 1 else line
        buttons, free = self.one_taps(exercise, code), self.free(exercise, day_of(code))
        if free and exercise not in self.hidden:
            buttons.append(("Continue Exercise", f"rs1:{exercise}:{free}:{code}"))
        buttons.append(("Another exercise", f"rm1:{kept(code)}:{MUSCLE_OF[exercise]}"))
        if entry is not None:
            buttons.append(("Undo", f"ru1:{exercise}:{entry}:{code}"))
        buttons += [("Finish", f"rf1:{code}"), (BACK, f"re1:{exercise}:{code}")]
        record = ["🏆 New record!"] if how.get("record") else []
        lines = [*above, *for_day(code), line, *record, *self.day_table(exercise, code)]
        about = {"exercise": exercise, "day": code}
        return Screen(lines, buttons, "exercise", about, how.get("toast"), more=f"➡️ .* re1:[0-9]+:{kept(code)}")

    def just_saved(self, exercise: int, code: str, numbers: list[int], *, entry: int, word: str = " saved:") -> Screen:
        """The saved screen of what was written just now: a record when it beats all else; alone it beats nothing."""
        day = day_of(code)
        row, other = self.rows[day, exercise, numbers[0]], self.best(exercise, but=numbers, day=day)
        record = other is not None and (*row.numbers, -day.toordinal()) > other
        toast = f"Set {numbers[0]}{' is now' if word == ' is now' else ' saved:'} {said(row.numbers)}"
        if record and word != " is now":
            toast = f"🏆 New record: {said(row.numbers)}"
        return self.saved(exercise, code, numbers, word=word, entry=entry, record=record, toast=toast)

    def doubtful(self, exercise: int, code: str, no: int, choices: list[Button]) -> Screen:
        """Ask whether a weight was meant; another may be typed as well."""
        weight, meant = choices[0][0], choices[1][0]
        best = self.best(exercise)
        which = "best is" if best and kilos(best[0]) == meant else "last was"
        about: dict[str, Any] = {"exercise": exercise, "day": code}
        if no:
            about |= {"set_no": no, "replaces": no in self.sets(exercise, day_of(code))}
        lines = [*for_day(code), f"🤔 {weight}? Your {which} {meant}."]
        return Screen(lines, [*choices, (BACK, f"re1:{exercise}:{code}")], "weight" if no else "exercise", about)

    def which(self, code: str, choices: str = "") -> Screen:
        """Ask which exercise is meant, by buttons or else in words alone; which are offered has tests of its own."""
        more = f"{choices}|{BACK} (m1|rm1:{code}:0)|.* (re1|rl1):[0-9]+:{code}|Another day rc1:0"
        lines = ["…"] if choices else [*for_day(code), "🔎 Which exercise?…"]
        return Screen(lines, [], "name", {"day": code}, more=more)

    # Screens of looking back.

    def days(self, until: str, after: str) -> Screen:
        """Eight days: those from one on back, or the next ones after one; the oldest where there is none so old."""
        every, records = (
            sorted({day for day, *_ in self.rows}, reverse=True),
            [("🏆 Records", "h3:1"), ("📦 As files", "x1")],
        )
        if not every:
            none = "📅 No day is written down yet. Your first set makes the first one."
            return Screen([none], [("Record training", "rm1::0"), (BACK, "m1")])
        newest = max(day_of(until), every[-1]) if until else every[0]
        if after and (newer := [day for day in every if day > day_of(after)]):
            newest = newer[-DAYS_SHOWN:][0]
        start = next(place for place, day in enumerate(every) if day <= newest)
        shown, older = every[start : start + DAYS_SHOWN], every[start + DAYS_SHOWN :]
        turn = [("◀ newer", f"h1::{code_of(shown[0])}")] if start else []
        turn += [("older ▶", f"h1:{code_of(shown[-1] - timedelta(1))}:")] if older else []
        lines = ["📅 Your training days", "Tap a day to see it, correct it or add to it."]
        return Screen(lines, [*map(self.day_button, shown), *turn, *records, (BACK, "m1")])

    def day_button(self, day: date) -> Button:
        """A day, how many sets it has, and its muscles, the one with most exercises first."""
        there = [exercise for d, exercise, _ in self.rows if d == day]
        trained = [MUSCLE_OF[exercise] for exercise in set(there)]
        muscles = sorted(set(trained), key=lambda muscle: (-trained.count(muscle), muscle))
        told = f"{counted(len(there), 'set')} · {', '.join(MUSCLES[muscle] for muscle in muscles)}"
        return f"{day:%a} {day.day} {day:%b} · {told}", f"h2:{code_of(day)}:1"

    def past_day(self, code: str) -> Screen:
        """All that was done on a day, in the order in which it was begun."""
        there = {exercise: self.sets(exercise, day_of(code)) for d, exercise, _ in self.rows if d == day_of(code)}
        begun = sorted(there, key=lambda exercise: (min(row.at for row in there[exercise].values()), exercise))
        buttons = [(NAMES[exercise], f"re1:{exercise}:{code}h") for exercise in begun]
        back = (BACK, f"h1::{code_of(day_of(code) - timedelta(1))}")
        buttons += [("Record on this day", f"rm1:{code}m:0"), back]
        lines = [f"📅 {named(day_of(code))}"]
        if not there:
            return Screen([*lines, "Nothing is recorded on this day."], buttons, "name", {"day": f"{code}m"})
        for exercise in begun:
            sets = ", ".join(said(row.numbers) for row in there[exercise].values())
            lines += [NAMES[exercise], sets.replace(" × ", "\u00a0×\u00a0")]
        every = [row for sets in there.values() for row in sets.values()]
        lifted, moments = sum((row.weight * row.reps for row in every), Decimal(0)), sorted(row.at for row in every)
        breaks = [later - earlier for earlier, later in zip(moments, moments[1:], strict=False)]
        minutes = round(sum((each for each in breaks if each < IN_HAND), timedelta()) / timedelta(minutes=1))
        total = [f"{counted(len(there), 'exercise')}, {counted(len(every), 'set')}"]
        total += [f"{lifted.normalize():,f}kg lifted"] if lifted else []
        total += [f"{minutes:,} min"] if minutes else []
        lines += [" · ".join(total), "Tap an exercise to correct or delete its sets."]
        return Screen(lines, buttons, "name", {"day": f"{code}m"})

    def records(self) -> Screen:
        """The best of every exercise, of what was trained on most days first; each leads to its day."""
        found = sorted(self.stats().items(), key=lambda each: (-each[1][0], -each[1][1].toordinal(), each[0]))
        if not found:
            none = "🏆 No record yet. Your first set makes the first one."
            return Screen([none], [("Record training", "rm1::0"), (BACK, "h1::")])
        lines, buttons = ["🏆 Your records", "Tap one to see its day."], []
        for exercise, (*_, weight, reps, day) in found:
            lines.append(f"{NAMES[exercise]}: {said((weight, reps))} ({long(day)})")
            buttons.append((NAMES[exercise], f"h2:{code_of(day)}:1"))
        return Screen(lines, [*buttons, (BACK, "h1::")])
