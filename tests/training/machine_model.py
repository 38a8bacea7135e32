"""What the bot must do with sets, said once more in plain Python: the rules of spec section 2 that a person can see.

Nothing of the app is imported. A button is what it reads and what it carries, letter by letter, so that one for another
day or set is a disagreement; a tap is understood by what it carries. The words of a screen are told as far as they say
how things are; where the model says …, any words may follow.

A day is written as buttons write it: the days since 2000, with an m when it was marked in the calendar, or nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

BENCH, INCLINE, PULL = 1, 3, 36
NAMES = {BENCH: "Bench press", INCLINE: "Incline press", PULL: "Pull-ups"}
MUSCLES = {1: "Chest", 3: "Back"}
MUSCLE_OF = {BENCH: 1, INCLINE: 1, PULL: 3}
MOST_SETS, FIRST_SETS, REPS_OFFERED = 20, 6, 20
IN_HAND, TOO_SOON = timedelta(hours=3), timedelta(seconds=3)
BACK = "⬅️ Go back"
SPENT = "That line was taken already, so nothing was added…"
FULL = "A day takes 20 sets of an exercise, so nothing of that line was saved."
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
class Line:
    """What a typed line means: a number, whole sets (entry), words, something wrong (with its answer), a command."""

    kind: str
    text: str
    value: Decimal = Decimal(0)
    reps: int = 0
    sets: int = 1
    name: str = ""
    answer: str = ""


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
    return date(2000, 1, 1) + timedelta(int(code.rstrip("m")))


def code_of(day: date) -> str:
    return str((day - date(2000, 1, 1)).days)


def kept(code: str) -> str:
    """A marked day stays from screen to screen; any other is chosen anew."""
    return code if code.endswith("m") else ""


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


def table(sets: dict[int, Row]) -> list[str]:
    return [f"| Set {no} | {kilos(row.weight)} | {row.reps} |" for no, row in sets.items()]


@dataclass
class Model:
    """One person, their sets, and what was last asked of them."""

    now: datetime
    zone: str = "UTC"
    rows: dict[tuple[date, int, int], Row] = field(default_factory=dict)  # by day, exercise and set number
    hidden: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)  # updates that had their effect, or were refused for good
    spent: set[int] = field(default_factory=set)  # lines whose sets were saved
    asks: str | None = None
    about: dict[str, Any] = field(default_factory=dict)
    flow: int | None = None  # the message whose buttons are in use
    by: int = 0  # the update that led there
    at: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    update: int = 0

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
        return day_of(code) <= self.local().date() and (bool(kept(code)) or self.at < end)

    def opened(self, exercise: int, code: str) -> tuple[str, date | None] | None:
        """The day on which an exercise opens, and the day that was over; None for an exercise that is not seen."""
        if exercise in self.hidden:
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

    def hand(self, day: date) -> int | None:
        """The exercise of the day's last set, while that is under 3 hours old."""
        last = max(((row.at, no, e) for (d, e, no), row in self.rows.items() if d == day), default=None)
        return last[2] if last and self.at - last[0] < IN_HAND else None

    def doubted(self, exercise: int, code: str, weight: Decimal) -> Decimal | None:
        """The typo guard: what was probably meant."""
        best, day = self.best(exercise), day_of(code)
        if not weight or not best or not best[0]:
            return None
        if weight > best[0] * Decimal("1.3") and weight > best[0] + 10:
            return best[0]
        last = self.newest(exercise, day) or max(self.last_sets(exercise, day).items(), default=(0, None))[1]
        return last.weight if last and last.weight and weight > last.weight * 10 else None

    def find(self, words: str) -> list[int]:
        """Search: every typed word begins a word of the name; the name itself stands alone."""
        asked, found = re.findall(r"\w+", words.casefold()), []
        for exercise, name in NAMES.items():
            own = re.findall(r"\w+", name.casefold())
            if asked and exercise not in self.hidden and all(any(o.startswith(a) for o in own) for a in asked):
                found.append(exercise)
        return [e for e in found if NAMES[e].casefold() == words.casefold()] or found

    # Updates come.

    def tap(self, update: int, data: str, *, message: int) -> Screen:
        """A button is tapped; its message shows what came of it."""
        self.at, self.update = self.now, update
        prefix, *fields = data.split(":")
        return self.remember(getattr(self, f"tap_{prefix}")(*fields), message)

    def write(self, update: int, line: Line, *, sent_at: datetime, message: int) -> Screen:
        """A line is typed; a new message answers it. "Now" is the moment at which it was sent."""
        self.at, self.update = min(self.now, sent_at), update
        if line.kind == "command":
            self.at = self.now
            return self.remember(self.command(line.text), message)
        if update <= self.by and (line.kind != "entry" or update in self.spent):  # it answers no later question
            return self.remember(self.again(*([SPENT] if line.kind == "entry" else [])), message)
        if update < self.by:
            self.asks, self.about = "overtaken", {}  # where it was typed, nobody knows
        return self.remember(getattr(self, f"line_{line.kind}")(line), message)

    def remember(self, screen: Screen, message: int) -> Screen:
        self.asks, self.about, self.flow, self.by = screen.asks, screen.about, message, self.update
        return screen

    def forget(self) -> None:
        """Redis forgets, or what it should remember did not come there."""
        self.asks, self.about, self.flow, self.by = None, {}, None, 0

    def fresh(self) -> bool:
        """Whether this update had no effect yet; from now on it had."""
        had = self.update in self.seen
        self.seen.add(self.update)
        return not had

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
        no, newest, before = self.free(exercise, day), self.newest(exercise, day), self.last_sets(exercise, day)
        likely = [before.get(no or 0), newest]
        if not newest and not likely[0] and before:
            likely = [before[max(before)]]
        guesses = dict.fromkeys(row.numbers for row in likely if row and no)
        return [(f"⚡ Set {no}: {said(each)}", f"rq1:{exercise}:{no}:{carried(each)}:{code}") for each in guesses]

    def exercise(self, exercise: int, code: str, *above: str, toast: str | None = None) -> Screen:
        """The exercise: its sets of the day."""
        today = self.sets(exercise, day_of(code))
        question = "Select set" if self.free(exercise, day_of(code)) else "That is 20 sets on one day…"
        buttons = self.one_taps(exercise, code)
        for no in range(1, min(max(FIRST_SETS, max(today, default=0) + 1), MOST_SETS) + 1):
            label = f"✅ Set {no}: {said(today[no].numbers)}" if no in today else f"Set {no}"
            buttons.append((label, f"rs1:{exercise}:{no}:{code}"))
        buttons += [("📝 Note", f"rn1:{exercise}:{code}"), (BACK, f"rl1:{MUSCLE_OF[exercise]}:{kept(code)}")]
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
        if free:
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

    def which(self, code: str, choices: str) -> Screen:
        """Ask which exercise is meant; which are offered has tests of its own."""
        more = f"{choices}|{BACK} (m1|rm1:{code}:0)|.* (re1|rl1):[0-9]+:{code}|Another day rc1:0"
        return Screen([*for_day(code), "🔎 Which exercise?…", "…"], [], "name", {"day": code}, more=more)

    # Taps that show: m1 menu, rm1 muscles, rl1 ra1 lists, re1 exercise, rs1 set, rw1 weights, rk1 weight, rf1 day.

    def tap_m1(self) -> Screen:
        return self.menu()

    def tap_rm1(self, code: str, _first: str) -> Screen:
        return self.muscles(code)

    def tap_rl1(self, muscle: str, code: str) -> Screen:
        return self.exercises(muscle, code)

    def tap_ra1(self, muscle: str, _page: str, code: str) -> Screen:
        return self.exercises(muscle, code)

    def tap_re1(self, exercise: str, code: str) -> Screen:
        return self.open(int(exercise), code)

    def asked(self, exercise: str, code: str) -> bool:
        """Whether a set can be asked about; else its button only opens the exercise."""
        found = self.opened(int(exercise), code)
        return found is not None and found[1] is None

    def tap_rs1(self, exercise: str, no: str, code: str) -> Screen:
        if not self.asked(exercise, code):
            return self.open(int(exercise), code)
        there = int(no) in self.sets(int(exercise), day_of(code))
        return (self.set_done if there else self.ask_weight)(int(exercise), code, int(no))

    def tap_rw1(self, exercise: str, no: str, _start: str, code: str) -> Screen:
        if not self.asked(exercise, code):
            return self.open(int(exercise), code)
        return self.ask_weight(int(exercise), code, int(no))

    def tap_rk1(self, exercise: str, no: str, weight: str, code: str) -> Screen:
        if not self.asked(exercise, code):
            return self.open(int(exercise), code)
        return self.ask_reps(int(exercise), code, int(no), Decimal(weight))

    def tap_rf1(self, code: str) -> Screen:
        return Screen(
            [f"🏁 {named(day_of(code))}" if any(d == day_of(code) for d, *_ in self.rows) else "🏁 Nothing…", "…"],
            [("Carry on", "rm1::0"), (BACK, "m1")],
            "name",
            {"day": ""},
        )

    def tap_rc1(self, month: str) -> Screen:
        """The calendar, whose days have tests of their own."""
        return Screen(["📅…", "Which day did you train?"], [(BACK, "rm1::0")], more=r".* (rm1:\d+m:0|rc1:\d+)")

    def tap_eh2(self, _kind: str, exercise: str, _page: str) -> Screen:
        """/edit hides an exercise."""
        if self.fresh():
            self.hidden.add(int(exercise))
        return Screen(["…"], [], "name", {"day": ""}, more=".*")

    def tap_es2(self, _kind: str, exercise: str) -> Screen:
        """/edit shows it again."""
        if self.fresh():
            self.hidden.discard(int(exercise))
        return Screen(["…"], [], "name", {"day": ""}, more=".*")

    # Taps that change: rr1 and rq1 record (⚡), rp1 replace, rd1 delete, rt1 what was typed, ru1 undo.

    def tap_rr1(self, exercise: str, no: str, weight: str, reps: str, code: str) -> Screen:
        return self.record(int(exercise), code, int(no), (Decimal(weight), int(reps)))

    def tap_rq1(self, exercise: str, no: str, weight: str, reps: str, code: str) -> Screen:
        return self.record(int(exercise), code, int(no), (Decimal(weight), int(reps)), quick=True)

    def record(self, exercise: int, code: str, no: int, numbers: Numbers, *, quick: bool = False) -> Screen:
        is_fresh, day = self.fresh(), day_of(code)
        if not self.asked(str(exercise), code):
            return self.open(exercise, code)
        if not is_fresh:
            return self.saved(exercise, code, [no], entry=self.update)
        last = max(((row.at, n, e, row) for (d, e, n), row in self.rows.items() if d == day), default=None)
        if quick and last and self.at - last[0] < TOO_SOON and (last[2], last[1]) != (exercise, no):
            if last[2] == exercise:
                toast = f"Set {last[1]} is saved. Tap again for set {no}"
                return self.saved(exercise, code, [last[1]], entry=last[3].entry, toast=toast)
            return self.exercise(exercise, code, toast=f"Your last set was saved a moment ago. Tap again for set {no}")
        there = self.sets(exercise, day).get(no)
        if there:
            return self.there_already(exercise, code, no, numbers, entry=there.entry)
        self.rows[day, exercise, no] = Row(*numbers, self.at, self.update)
        return self.just_saved(exercise, code, [no], entry=self.update)

    def there_already(
        self, exercise: int, code: str, no: int, numbers: Numbers, *, entry: int | None, in_words: bool = False
    ) -> Screen:
        """The set is there: with the same numbers, or with others."""
        if self.sets(exercise, day_of(code))[no].numbers != numbers:
            return self.replace_or_keep(exercise, code, no, numbers)
        above = ["Already saved"] if in_words else []
        return self.saved(exercise, code, [no], *above, entry=entry, toast=None if in_words else "Already saved")

    def tap_rp1(self, exercise: str, no: str, old: str, old_reps: str, weight: str, reps: str, code: str) -> Screen:
        seen, numbers = (Decimal(old), int(old_reps)), (Decimal(weight), int(reps))
        return self.replace(int(exercise), code, int(no), seen, numbers)

    def replace(
        self, exercise: int, code: str, no: int, seen: Numbers, numbers: Numbers, *, in_words: bool = False
    ) -> Screen:
        """Give a set other numbers, when it has those that were seen; one that is gone is saved anew."""
        day = day_of(code)
        there = self.sets(exercise, day).get(no)
        if not self.asked(str(exercise), code):
            self.fresh()
            return self.open(exercise, code)
        if not there:
            return self.record(exercise, code, no, numbers)
        is_fresh = self.fresh()
        if there.entry != self.update and (there.numbers == numbers or there.numbers != seen):
            return self.there_already(exercise, code, no, numbers, entry=None, in_words=in_words)
        if is_fresh:
            former = (*there.numbers, None if there.former else there.entry)  # one step back, no more
            self.rows[day, exercise, no] = Row(*numbers, there.at, self.update, former)
            return self.just_saved(exercise, code, [no], entry=self.update, word=" is now")
        if there.numbers != numbers:
            return self.exercise(exercise, code)
        toast = f"Set {no} is now {said(numbers)}"
        return self.saved(exercise, code, [no], word=" is now", entry=self.update, toast=toast)

    def tap_rd1(self, exercise: str, no: str, weight: str, reps: str, code: str) -> Screen:
        """Delete a set, when it has the numbers that were seen."""
        is_fresh, numbers, e, n = self.fresh(), (Decimal(weight), int(reps)), int(exercise), int(no)
        if not self.asked(exercise, code):
            return self.open(e, code)
        there = self.sets(e, day_of(code)).get(n)
        if there and there.numbers != numbers:
            return self.set_done(e, code, n, f"Set {n} is {said(there.numbers)} by now. Nothing was changed.")
        if there and not is_fresh:
            return self.exercise(e, code)
        self.rows.pop((day_of(code), e, n), None)
        toast = f"Set {n} deleted: {said(numbers)}"
        screen = self.exercise(e, code, f"🗑 Set {n} is deleted: {said(numbers)}", toast=toast)
        put_back = (f"↩️ Put back: {said(numbers)}", f"rr1:{e}:{n}:{carried(numbers)}:{code}")
        return replace(screen, buttons=[put_back, *screen.buttons])

    def tap_ru1(self, exercise: str, entry: str, code: str) -> Screen:
        """Take back all that one update made; what was replaced since is another's."""
        is_fresh, e, day, gone = self.fresh(), int(exercise), day_of(code), []
        if not self.asked(exercise, code):
            return self.open(e, code)
        line, toast = "There is nothing to undo here: it was taken back or changed already.", "Nothing to undo here"
        for no, row in self.sets(e, day).items():
            if row.entry != int(entry) or not is_fresh:
                continue
            toast = "Taken back"
            if row.former:
                weight, reps, former = row.former
                self.rows[day, e, no] = Row(weight, reps, row.at, former)
                line = f"↩️ Set {no} is {said((weight, reps))} again."
            else:
                del self.rows[day, e, no]
                gone.append(no)
                line = f"↩️ Set{'s' * (len(gone) > 1)} {several(gone)} {'are' if len(gone) > 1 else 'is'} taken back."
        return self.exercise(e, code, line, toast=toast)

    def tap_rt1(
        self, exercise: str, entry: str, sets: str, no: str, weight: str, reps: str, sure: str, code: str
    ) -> Screen:
        """What was typed, after a question."""
        if not self.asked(exercise, code):
            return self.open(int(exercise), code)
        line = Line("entry", "", Decimal(weight), int(reps), int(sets))
        return self.enter(int(exercise), code, int(no), line, entry=int(entry), sure=sure == "1")

    def enter(self, exercise: int, code: str, no: int, line: Line, *, entry: int, sure: bool) -> Screen:
        """Save some equal sets, all or none, unless their weight is doubtful."""
        meant, today = self.doubted(exercise, code, line.value), self.sets(exercise, day_of(code))
        if meant is not None and not sure:
            self.fresh()
            to = f"rt1:{exercise}:{entry}:{line.sets}:{no}:{{}}:{line.reps}:1:{code}"
            return self.doubtful(
                exercise, code, no, [(kilos(each), to.format(plain(each))) for each in (line.value, meant)]
            )
        is_fresh, mine = self.fresh(), [n for n, row in today.items() if row.entry == entry]
        spent = self.saved(exercise, code, mine, entry=entry) if mine else self.exercise(exercise, code, SPENT)
        if entry in self.spent:
            return spent
        if no in today:
            return self.there_already(exercise, code, no, (line.value, line.reps), entry=today[no].entry, in_words=True)
        free = [each for each in range(1, MOST_SETS + 1) if each not in today and no in (0, each)][: line.sets]
        if len(free) < line.sets:
            return self.exercise(exercise, code, FULL)
        if not is_fresh:
            return spent
        self.spent.add(entry)
        for each in free:
            self.rows[day_of(code), exercise, each] = Row(line.value, line.reps, self.at, entry)
        return self.just_saved(exercise, code, free, entry=entry)

    # Typed lines.

    def command(self, text: str) -> Screen:
        if text == "/gym":
            return self.muscles("")
        if text == "/cancel":
            return self.menu("All right, that question is closed.…" if self.asks else "No question is open.…")
        return self.menu()

    def again(self, *above: str) -> Screen:
        """The question on the screen once more."""
        exercise, code = self.about.get("exercise"), self.about.get("day", "")
        if exercise is None:
            return self.muscles(kept(code), *above)
        found = self.opened(exercise, code)
        if not found or found[1]:
            return self.late(exercise, code)
        if self.asks == "reps":
            weight = Decimal(self.about["weight"])
            return self.ask_reps(exercise, found[0], self.about["set_no"], weight, *above)
        if self.asks == "weight":
            return self.ask_weight(exercise, found[0], self.about["set_no"], *above)
        return self.exercise(exercise, found[0], *above)

    def late(self, exercise: int, code: str) -> Screen:
        """A line for a question whose day is over, or whose exercise is hidden by now."""
        found = self.opened(exercise, code)
        if not found or not found[1]:
            return self.open(exercise, code)
        words = f"That line was for {named(found[1])}, so nothing was recorded. Here is {named(day_of(found[0]))}."
        return self.exercise(exercise, found[0], words)

    def line_wrong(self, line: Line) -> Screen:
        return self.again(line.answer)

    def line_words(self, line: Line) -> Screen:
        code, found = kept(self.about.get("day", "")), self.find(line.text)
        if len(found) > 1:
            return self.which(code, "")
        if found:
            return self.open(found[0], code)
        if not self.by:
            return self.menu("I lost my place; nothing saved is gone.")
        return self.menu("I didn't catch that, and nothing was changed.…")

    def line_number(self, line: Line) -> Screen:
        """The answer to the question on the screen; elsewhere the weight of the next free set of what is in hand."""
        code = self.about.get("day", "")
        exercise = self.about.get("exercise") or self.hand(self.gym_day())
        if not exercise:
            return self.line_words(line)
        if self.asks == "reps":
            if not line.reps:
                return self.again("Reps are whole numbers from 1 to 999…")
            return self.entered(exercise, code, replace(line, value=Decimal(self.about["weight"])), sure=True)
        if line.value > Decimal("999.99"):
            return self.again("Weights go from 0 (bodyweight) to 999.99kg…")
        found = self.opened(exercise, code)
        if not found or found[1]:
            return self.late(exercise, code)
        no = self.about.get("set_no") or self.free(exercise, day_of(found[0]))
        if not no:
            return self.exercise(exercise, found[0], FULL)
        meant = self.doubted(exercise, found[0], line.value)
        if meant is None:
            return self.ask_reps(exercise, found[0], no, line.value)
        to = f"rk1:{exercise}:{no}:{{}}:{found[0]}"
        choices = [(kilos(each), to.format(plain(each))) for each in (line.value, meant)]
        return self.doubtful(exercise, found[0], no, choices)

    def line_entry(self, line: Line) -> Screen:
        """Whole sets: of the exercise that is named, on the screen, in hand; else it is asked which."""
        code, here = self.about.get("day", ""), self.about.get("exercise")
        hand = None if self.asks == "overtaken" else here or self.hand(self.gym_day())
        found = self.find(line.name) if line.name else [hand] if hand else []
        exercise = here if here in found else found[0] if len(found) == 1 else None
        if exercise is None and line.name and not found:
            self.fresh()  # asked about or refused, here and below: no other delivery of the line saves anything
            return self.muscles(kept(code), "🔎 No exercise fits that name, so nothing was saved…")
        if exercise is None:
            day = kept(code) or code_of(self.gym_day())
            to = f"rt1:[0-9]+:{self.update}:{line.sets}:0:{carried((line.value, line.reps))}:0:{day}"
            self.fresh()
            return self.which(kept(code), f".* {to}")
        code = code if exercise == here or not line.name else kept(code)
        if line.name and code and not self.is_open(code):  # it answers no question, and takes the day by the rule
            code, self.about = "", {}
        return self.entered(exercise, code, line)

    def entered(self, exercise: int, code: str, line: Line, *, sure: bool = False) -> Screen:
        """A single entry on the screen of a chosen set goes to that set; all else to the next free ones."""
        found = self.opened(exercise, code)
        if not found or found[1]:
            self.fresh()
            return self.late(exercise, code)
        is_here = line.sets == 1 and exercise == self.about.get("exercise")
        no = self.about.get("set_no", 0) if is_here else 0
        there = self.sets(exercise, day_of(found[0])).get(no) if self.about.get("replaces") else None
        if not there:
            return self.enter(exercise, found[0], no, line, entry=self.update, sure=sure)
        meant, numbers = self.doubted(exercise, found[0], line.value), (line.value, line.reps)
        if meant is not None and not sure:
            self.fresh()
            to = f"rp1:{exercise}:{no}:{carried(there.numbers)}:{{}}:{line.reps}:{found[0]}"
            choices = [(kilos(each), to.format(plain(each))) for each in (line.value, meant)]
            return self.doubtful(exercise, found[0], no, choices)
        return self.replace(exercise, found[0], no, there.numbers, numbers, in_words=True)
