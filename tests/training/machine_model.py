"""What the bot must do with sets, said once more in plain Python: the rules of spec section 2 that change something.

Nothing of the app is imported. A tap is understood by what its button carries, a line by what it was made from.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.training.machine_screens import (
    BACK,
    IN_HAND,
    MOST_SETS,
    NAMES,
    Log,
    Numbers,
    Row,
    Screen,
    carried,
    code_of,
    day_of,
    kept,
    kilos,
    named,
    plain,
    said,
    several,
)

TOO_SOON = timedelta(seconds=3)
WITHIN_SECOND = timedelta(microseconds=999_999)  # Telegram dates lines by the second
SPENT = "That line was taken already, so nothing was added…"
UNLISTED = "No new set was saved: this exercise is out of your lists."
FULL = "A day takes 20 sets of an exercise, so nothing of that line was saved."


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


@dataclass
class Model(Log):
    """One person's sets, what was last asked of them, and what becomes of what they do."""

    seen: set[int] = field(default_factory=set)  # updates that had their effect, or were asked about or refused
    spent: set[int] = field(default_factory=set)  # lines whose sets were saved
    asks: str | None = None
    about: dict[str, Any] = field(default_factory=dict)
    flow: int | None = None  # the message whose buttons are in use
    by: int = 0  # the update that led there
    update: int = 0  # the one at hand
    kept: tuple[str | None, dict[str, Any], int, int] | None = None  # what Redis has of these four
    unwritten: tuple[int, int] | None = None  # the message and the update of what it should have and has not
    redis_takes: bool = True

    # Updates come.

    def tap(self, update: int, data: str, *, message: int) -> Screen:
        """A button is tapped; its message shows what came of it."""
        self.at, self.update = self.now, update
        prefix, *fields = data.split(":")
        screen = getattr(self, f"tap_{prefix}")(*fields)
        self.seen.add(update)
        return self.remember(screen, message)

    def write(self, update: int, line: Line, *, sent_at: datetime, message: int) -> Screen:
        """A line is typed; a new message answers it. "Now" is the moment at which it was sent."""
        self.at, self.update = min(self.now, sent_at + WITHIN_SECOND), update
        if line.kind == "command":
            self.at = self.now
            return self.remember(self.command(line.text), message)
        is_late = update <= self.by  # it answers no later question
        if (is_late and line.kind != "entry") or ((is_late or not self.by) and update in self.spent):
            screen = self.again(*([SPENT] if line.kind == "entry" else []))
        else:
            if update < self.by:
                self.asks, self.about = "overtaken", {}  # where it was typed, nobody knows
            screen = getattr(self, f"line_{line.kind}")(line)
        self.seen.add(update)  # whatever became of it: it does nothing when it comes again
        return self.remember(screen, message)

    def remember(self, screen: Screen, message: int) -> Screen:
        """What is asked now, unless an old tap came late, on an older message than the one in use."""
        place = (message, self.update)
        if not self.redis_takes:
            self.unwritten = max(self.unwritten or place, place)
        elif not self.kept or self.kept[2] <= message or self.kept[3] <= self.update:
            self.kept = (screen.asks, screen.about, *place)
            if self.unwritten and (self.unwritten[0] <= message or self.unwritten[1] <= self.update):
                self.unwritten = None
        self.recall()
        return screen

    def recall(self) -> None:
        """An old question is worse than none."""
        is_known = self.kept and not self.unwritten
        self.asks, self.about, self.flow, self.by = self.kept if self.kept and is_known else (None, {}, None, 0)

    def forget(self) -> None:
        """Redis forgets."""
        self.kept = None
        self.recall()

    def fresh(self) -> bool:
        """Whether this update had no effect yet; from now on it had."""
        had = self.update in self.seen
        self.seen.add(self.update)
        return not had

    # Rules.

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

    # Taps that show: m1 menu, rm1 muscles, rl1 ra1 lists, re1 exercise, rs1 set, rw1 weights, rk1 weight, rf1 day,
    # h1 days of the history, h2 one of them, h3 records.

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

    def asked(self, exercise: str, code: str, no: str = "") -> bool:
        """Whether a set can be asked about; else its button only opens the exercise."""
        found = self.opened(int(exercise), code)
        is_there = not no or int(no) in self.sets(int(exercise), day_of(code))
        return found is not None and found[1] is None and (is_there or int(exercise) not in self.hidden)

    def tap_rs1(self, exercise: str, no: str, code: str) -> Screen:
        if not self.asked(exercise, code, no):
            return self.open(int(exercise), code)
        there = int(no) in self.sets(int(exercise), day_of(code))
        return (self.set_done if there else self.ask_weight)(int(exercise), code, int(no))

    def tap_rw1(self, exercise: str, no: str, _start: str, code: str) -> Screen:
        if not self.asked(exercise, code, no):
            return self.open(int(exercise), code)
        return self.ask_weight(int(exercise), code, int(no))

    def tap_rk1(self, exercise: str, no: str, weight: str, code: str) -> Screen:
        if not self.asked(exercise, code, no):
            return self.open(int(exercise), code)
        return self.ask_reps(int(exercise), code, int(no), Decimal(weight))

    def tap_rf1(self, code: str) -> Screen:
        return Screen(
            [f"🏁 {named(day_of(code))}" if any(d == day_of(code) for d, *_ in self.rows) else "🏁 Nothing…", "…"],
            [("Carry on", f"rm1:{kept(code)}:0"), (BACK, f"h2:{code[:-1]}:1" if code.endswith("h") else "m1")],
            "name",
            {"day": kept(code)},
        )

    def tap_rc1(self, month: str) -> Screen:
        """The calendar, whose days have tests of their own."""
        return Screen(["📅…", "Which day did you train?"], [(BACK, "rm1::0")], more=r".* (rm1:\d+m:0|rc1:\d+)")

    def tap_h1(self, until: str, after: str) -> Screen:
        return self.days(until, after)

    def tap_h2(self, code: str, _page: str) -> Screen:
        return self.past_day(code)

    def tap_h3(self, _page: str) -> Screen:
        return self.records()

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

    def record(
        self, exercise: int, code: str, no: int, numbers: Numbers, *, quick: bool = False, in_words: bool = False
    ) -> Screen:
        is_fresh, day = self.fresh(), day_of(code)
        if not self.asked(str(exercise), code):
            return self.open(exercise, code)
        if not is_fresh and no not in self.sets(exercise, day):
            toast = f"Set {no} is not saved. Record it once more if you did it"
            return self.exercise(exercise, code, SPENT) if in_words else self.exercise(exercise, code, toast=toast)
        if not is_fresh:
            return self.saved(exercise, code, [no], entry=self.update)
        if quick and exercise in self.hidden:
            return self.exercise(exercise, code, UNLISTED)
        # The last of that day, by its own moment: a thumb slips on one message, which is about one day.
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
            return self.open(exercise, code)
        if not there:
            return self.record(exercise, code, no, numbers, in_words=in_words)
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
            to = f"rt1:{exercise}:{entry}:{line.sets}:{no}:{{}}:{line.reps}:1:{code}"
            return self.doubtful(
                exercise, code, no, [(kilos(each), to.format(plain(each))) for each in (line.value, meant)]
            )
        is_fresh, mine = self.fresh(), [n for n, row in today.items() if row.entry == entry]
        spent = self.saved(exercise, code, mine, entry=entry) if mine else self.exercise(exercise, code, SPENT)
        if entry in self.spent:
            return spent
        if exercise in self.hidden:
            return self.exercise(exercise, code, UNLISTED)
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
        if text in ("/history", "/records"):
            return self.days("", "") if text == "/history" else self.records()
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
            return self.which(code)
        if found:
            return self.open(found[0], code)
        if self.about.get("exercise"):
            return self.again("I didn't catch that, and nothing was changed.…")
        if not self.by:
            return self.menu("I lost my place; nothing saved is gone.")
        return self.menu("I didn't catch that, and nothing was changed.…")

    def line_number(self, line: Line) -> Screen:
        """The answer to the question on the screen; elsewhere the weight of the next free set of what is in hand."""
        code = self.about.get("day", "")
        exercise = self.about.get("exercise") or (None if kept(code) or not self.by else self.hand(self.gym_day()))
        if not exercise:
            return self.line_words(line)
        if self.asks == "reps":
            if not line.reps:
                return self.again("Reps are whole numbers from 1 to 999…")
            return self.entered(exercise, code, replace(line, value=Decimal(self.about["weight"])), sure=True)
        found = self.opened(exercise, code)
        if found and line.value > Decimal("999.99"):
            return self.again("Weights go from 0 (bodyweight) to 999.99kg…")
        if not found or found[1]:
            return self.late(exercise, code)
        if exercise in self.hidden and self.about.get("set_no") not in self.sets(exercise, day_of(found[0])):
            return self.exercise(exercise, found[0], UNLISTED)
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
        is_unknown = not self.by or self.asks == "overtaken"  # forgotten, or by whatever came since
        hand = here or (None if kept(code) or is_unknown else self.hand(self.gym_day()))
        found = self.find(line.name) if line.name else [hand] if hand else []
        exercise = here if here in found else found[0] if len(found) == 1 else None
        if exercise is None and line.name and not found:
            return self.muscles(kept(code), "🔎 No exercise fits that name, so nothing was saved…")
        if exercise is None:
            day = kept(code) or code_of(self.gym_day())
            to = f"rt1:[0-9]+:{self.update}:{line.sets}:0:{carried((line.value, line.reps))}:0:{day}"
            return self.which(kept(code), f".* {to}")
        code = code if exercise == here or not line.name else kept(code)
        if line.name and code and not self.is_open(code):  # it answers no question, and takes the day by the rule
            code, self.about = "", {}
        return self.entered(exercise, code, line)

    def entered(self, exercise: int, code: str, line: Line, *, sure: bool = False) -> Screen:
        """A single entry on the screen of a chosen set goes to that set; all else to the next free ones."""
        found = self.opened(exercise, code)
        if not found or found[1]:
            return self.late(exercise, code)
        is_here = line.sets == 1 and exercise == self.about.get("exercise")
        no = self.about.get("set_no", 0) if is_here else 0
        there = self.sets(exercise, day_of(found[0])).get(no) if self.about.get("replaces") else None
        if not there:
            return self.enter(exercise, found[0], no, line, entry=self.update, sure=sure)
        meant, numbers = self.doubted(exercise, found[0], line.value), (line.value, line.reps)
        if meant is not None and not sure:
            to = f"rp1:{exercise}:{no}:{carried(there.numbers)}:{{}}:{line.reps}:{found[0]}"
            choices = [(kilos(each), to.format(plain(each))) for each in (line.value, meant)]
            return self.doubtful(exercise, found[0], no, choices)
        return self.replace(exercise, found[0], no, there.numbers, numbers, in_words=True)
