"""What the lists offer: the few exercises that a person trains, everything behind Show All, and what comes next."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from app.modules.screen import Screen
from app.modules.training import screens, service
from app.modules.training.callbacks import OpenMuscle, OpenStart, ShowAll, read
from app.modules.training.model import GymDay, Likely, MuscleList, Outcome
from app.modules.training.rules import one_taps, set_numbers, shortlist, weights
from app.templates.exercise import WEIGHTS
from tests.training.conftest import NewPerson, Someone

CHEST, LEGS, ABS = 1, 7, 8
BACK = "⬅️ Go back"


async def muscle(person: Someone, muscle_id: int = CHEST) -> MuscleList:
    found = await person.db.run(service.muscle_list, user_id=person.id, muscle_id=muscle_id)
    assert found is not None
    return found


async def trained(person: Someone, *names: str, day: str = "2026-03-02", hour: int = 9) -> None:
    """One set of each, a minute apart, on that day."""
    then = person.at(f"{day}T{hour:02}:00:00+00:00")
    for name in names:
        assert (await then.record(await person.exercise(name), 1, 50, 8)).outcome is Outcome.SAVED
        then.later(minutes=1)


def names(screen: Screen) -> list[str]:
    """The buttons, left to right and down."""
    return [button["text"] for row in screen.keyboard for button in row]


async def short(person: Someone, muscle_id: int = CHEST) -> list[str]:
    return names(screens.exercises(await muscle(person, muscle_id)))


async def whole(person: Someone, muscle_id: int = CHEST, number: int = 1) -> list[str]:
    return names(screens.all_exercises(await muscle(person, muscle_id), number=number))


async def globals_of(person: Someone, muscle_id: int = CHEST) -> list[str]:
    rows = await person.sql("SELECT name FROM exercises WHERE muscle = %s AND is_global", muscle_id)
    return sorted((name for (name,) in rows), key=str.casefold)


async def hide(person: Someone, name: str) -> None:
    exercise = await person.exercise(name)
    await person.sql("INSERT INTO user_hidden_exercises (user_id, exercise_id) VALUES (%s, %s)", person.id, exercise)


async def own_muscle(person: Someone, name: str) -> int:
    statement = """INSERT INTO muscles (name, name_key, is_global, created_by)
                   VALUES (%s, %s, FALSE, %s) RETURNING id"""
    return int((await person.sql(statement, name, name.casefold(), person.id))[0][0])


# The short list.


async def test_trained_none_is_the_whole_list_without_show_all(ann: Someone) -> None:
    assert await short(ann) == [*await globals_of(ann), BACK]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
async def test_trained_one_to_four_are_those_and_show_all(ann: Someone, count: int) -> None:
    some = ["Smith flat", "Pec deck", "Bench press", "Push-ups"][:count]
    await trained(ann, *some)
    assert await short(ann) == [*sorted(some), "Show All", BACK]


async def test_trained_exactly_five(ann: Someone) -> None:
    five = ["Smith flat", "Pec deck", "Bench press", "Push-ups", "Chest dips"]
    await trained(ann, *five)
    assert await short(ann) == [*sorted(five), "Show All", BACK]


async def test_trained_more_are_the_five_of_most_days_drawn_by_name(ann: Someone) -> None:
    six = ["Smith flat", "Pec deck", "Bench press", "Push-ups", "Chest dips", "Cable crossover"]
    for times in range(1, 7):  # Smith flat on six days, Cable crossover on one
        await trained(ann, *six[: 7 - times], day=f"2026-02-{times:02}")
    assert await short(ann) == ["Bench press", "Chest dips", "Pec deck", "Push-ups", "Smith flat", "Show All", BACK]


async def test_many_sets_on_one_day_are_one_day(ann: Someone) -> None:
    two_days = ["Smith flat", "Pec deck", "Bench press", "Push-ups", "Chest dips"]
    for day in ("2026-02-01", "2026-02-02"):
        await trained(ann, *two_days, day=day)
    then, dips = ann.at("2026-02-03T12:00:00+00:00"), await ann.exercise("Cable crossover")
    for set_no in range(1, 21):
        await then.record(dips, set_no, 10, 10)
    assert "Cable crossover" not in await short(ann)


async def test_among_equals_the_later_trained_first(ann: Someone) -> None:
    six = ["Smith flat", "Pec deck", "Bench press", "Push-ups", "Chest dips", "Cable crossover"]
    await trained(ann, *six)
    assert "Smith flat" not in await short(ann)  # all on one day; by the minute it is the earliest
    await trained(ann, "Bench press", day="2026-03-03")
    await trained(ann, "Smith flat", day="2026-03-04")
    assert set(six) - set(await short(ann)) == {"Pec deck"}


async def test_trained_today_counts_at_once(ann: Someone) -> None:
    await trained(ann, "Pec deck")
    ann.later(days=1)
    await ann.record(await ann.exercise("Smith flat"), 1, 40, 8)
    assert await short(ann) == ["Pec deck", "Smith flat", "Show All", BACK]


async def test_a_day_taken_back_counts_no_more(ann: Someone) -> None:
    await trained(ann, "Pec deck", "Smith flat")
    await ann.sql("DELETE FROM training WHERE user_id = %s", ann.id)
    assert await short(ann) == [*await globals_of(ann), BACK]


async def test_hidden_and_deleted_ones_count_for_nothing(ann: Someone) -> None:
    await trained(ann, "Smith flat", "Pec deck", "Bench press", "Push-ups")
    own = [await ann.own_exercise(f"Mine {number}") for number in (1, 2)]
    for exercise in own:
        await ann.record(exercise, 1, 10, 10)
    await hide(ann, "Pec deck")
    await ann.sql("UPDATE exercises SET deleted_at = now() WHERE id = %s", own[0])
    assert await short(ann) == ["Bench press", "Mine 2", "Push-ups", "Smith flat", "Show All", BACK]
    everything = await whole(ann)
    assert "Pec deck" not in everything
    assert "Mine 1" not in everything


async def test_hiding_all_that_was_trained_leaves_the_whole_list(ann: Someone) -> None:
    await trained(ann, "Pec deck")
    await hide(ann, "Pec deck")
    shown = await short(ann)
    assert shown == [*(name for name in await globals_of(ann) if name != "Pec deck"), BACK]


async def test_another_s_sets_and_another_s_exercises_are_nowhere(ann: Someone, someone: NewPerson) -> None:
    bob = await someone()
    await trained(bob, "Smith flat", "Pec deck")
    await bob.record(await bob.own_exercise("Bob's press"), 1, 10, 10)
    await hide(bob, "Bench press")
    assert await short(ann) == [*await globals_of(ann), BACK]
    assert "Bob's press" in await short(bob)
    assert "Bench press" not in await whole(bob)


async def test_a_muscle_that_a_person_does_not_see_has_no_list(ann: Someone, someone: NewPerson) -> None:
    bob = await someone()
    his, gone = await own_muscle(bob, "Bob's neck"), await own_muscle(ann, "Neck")
    await ann.sql("UPDATE muscles SET deleted_at = now() WHERE id = %s", gone)
    await ann.sql("INSERT INTO user_hidden_muscles (user_id, muscle_id) VALUES (%s, %s)", ann.id, ABS)
    for muscle_id in (his, gone, ABS, 2_000_000_000):
        assert await ann.db.run(service.muscle_list, user_id=ann.id, muscle_id=muscle_id) is None
    assert (await muscle(bob, his)).exercises == ()
    assert names(screens.exercises(await muscle(bob, his))) == [BACK]


# The whole list and its pages.


async def test_show_all_draws_the_top_ones_first_then_the_rest(ann: Someone) -> None:
    six = ["Smith flat", "Pec deck", "Bench press", "Push-ups", "Chest dips", "Cable crossover"]
    await trained(ann, *six)
    top = sorted(set(six) - {"Smith flat"})
    rest = [name for name in await globals_of(ann) if name not in top]
    assert "Smith flat" in rest
    assert await whole(ann) == [*top, *rest, BACK]


async def test_own_exercises_stand_between_the_global_ones(ann: Someone) -> None:
    await ann.own_exercise("chest WALL push")
    expected = sorted([*await globals_of(ann), "chest WALL push"], key=str.casefold)
    assert await whole(ann) == [*expected, BACK]


@pytest.mark.parametrize(
    ("own", "pages"),
    [(20, [40]), (21, [40, 1]), (60, [40, 40]), (61, [40, 40, 1]), (130, [40, 40, 40, 30])],
    ids=["40", "41", "80", "81", "150"],
)
@pytest.mark.parametrize("some", [False, True], ids=["trained none", "trained some"])
async def test_pages_of_forty(ann: Someone, own: int, pages: list[int], some: bool) -> None:
    assert len(await globals_of(ann)) == 20
    for number in range(own):
        await ann.own_exercise(f"Zz {number:03}")
    if some:
        await trained(ann, "Pec deck", "Smith flat")
    seen: list[str] = []
    for number, count in enumerate(pages, 1):
        screen = screens.all_exercises(await muscle(ann), number=number)
        shown = [button for row in screen.keyboard for button in row if button["callback_data"].startswith("re1:")]
        assert len(shown) == count
        seen += [button["text"] for button in shown]
        back, *above = reversed([[each["text"] for each in row] for row in screen.keyboard])
        assert back == [BACK]
        arrows = [*(["◀"] if number > 1 else []), f"{number}/{len(pages)}", *(["▶"] if number < len(pages) else [])]
        if len(pages) > 1:
            assert above[0] == arrows
            turned = [ShowAll.unpack(button["callback_data"]).page for button in screen.keyboard[-2]]
            assert turned == [number + {"◀": -1, "▶": 1}.get(text, 0) for text in arrows]
        else:
            assert not {"◀", "▶", "1/1"} & set(above[0])
    assert seen == [each.exercise.name for each in _whole(await muscle(ann))]
    assert len(seen) == len(set(seen)) == 20 + own
    if some:
        assert seen[:2] == ["Pec deck", "Smith flat"]
    else:  # the first screen is that list already
        assert names(screens.exercises(await muscle(ann))) == await whole(ann)


def _whole(found: MuscleList) -> list[object]:
    top = [each for each in found.exercises if each.days]
    return [*top, *(each for each in found.exercises if not each.days)]  # type: ignore[list-item]


async def test_the_way_back_from_the_lists(ann: Someone) -> None:
    """Muscles ← short list ← Show All and all its pages; where there is no short list, muscles ← the whole one."""
    for number in range(30):
        await ann.own_exercise(f"Zz {number:03}")

    def back(screen: Screen) -> str:
        return screen.keyboard[-1][0]["callback_data"]

    for day in (None, GymDay(date(2026, 3, 9), marked=True)):
        code = "" if day is None else "9564m"
        assert day is None or read(code) == day
        found = await muscle(ann)
        assert not shortlist(found).more or day
        if day is None:
            assert back(screens.exercises(found, day)) == OpenStart(day=code).pack()
            assert back(screens.all_exercises(found, day, number=2)) == OpenStart(day=code).pack()
            await trained(ann, "Pec deck")
            found = await muscle(ann)
        assert back(screens.exercises(found, day)) == OpenStart(day=code).pack()
        for number in (1, 2):
            assert back(screens.all_exercises(found, day, number=number)) == OpenMuscle(muscle=CHEST, day=code).pack()


# The first screen.

GLOBAL = ["Chest", "Biceps", "Back", "Triceps", "Shoulders", "Forearms", "Legs", "Abs"]


async def muscles_of(person: Someone) -> list[str]:
    return [each.name for each in (await person.start()).muscles]


async def test_muscles_in_the_order_of_the_menu_then_own_ones_without_the_hidden(
    ann: Someone, someone: NewPerson
) -> None:
    bob = await someone()
    for name in ("Toes", "neck"):
        await own_muscle(ann, name)
    await own_muscle(bob, "Bob's neck")
    await ann.sql("UPDATE muscles SET deleted_at = now() WHERE id = %s", await own_muscle(ann, "Gone"))
    assert await muscles_of(ann) == [*GLOBAL, "neck", "Toes"]
    await ann.sql("INSERT INTO user_hidden_muscles (user_id, muscle_id) VALUES (%s, %s)", ann.id, LEGS)
    assert await muscles_of(ann) == [*(name for name in GLOBAL if name != "Legs"), "neck", "Toes"]
    assert await muscles_of(bob) == [*GLOBAL, "Bob's neck"]


async def test_all_muscles_hidden_is_a_screen_too(ann: Someone) -> None:
    await ann.sql("INSERT INTO user_hidden_muscles (user_id, muscle_id) SELECT %s, id FROM muscles", ann.id)
    assert names(screens.muscles(await ann.start())) == ["Another day", BACK]


async def test_the_present_muscle_comes_first_after_another_exercise(ann: Someone) -> None:
    start = await ann.start()
    shown = names(screens.muscles(start, first=LEGS))
    assert shown == ["Legs", *(name for name in GLOBAL if name != "Legs"), "Another day", BACK]


async def test_a_muscle_of_one_s_own_with_a_large_number_comes_first_too(ann: Someone) -> None:
    neck = 1_000_000 + await own_muscle(ann, "Neck")
    await ann.sql("UPDATE muscles SET id = %s WHERE created_by = %s", neck, ann.id)
    bend = await ann.own_exercise("Bend", neck)
    await ann.record(bend, 1, 5, 5)
    saved = screens.saved(await ann.open(bend), [1])
    (another,) = [each for row in saved.keyboard for each in row if each["text"] == "Another exercise"]
    first = OpenStart.unpack(another["callback_data"]).first
    assert names(screens.muscles(await ann.start(), first=first))[1] == "Neck"  # [0] is the exercise in hand


def likely_of(person_likely: tuple[Likely, ...]) -> list[str]:
    return [f"{each.exercise.name}{f': Set {each.next_set}' if each.next_set else ''}" for each in person_likely]


async def likely(person: Someone, day: GymDay | None = None) -> list[str]:
    """The likely ones, as the buttons read them."""
    start = await person.start(day)
    shown = [text.removeprefix("▶ ") for text in names(screens.muscles(start, day)) if text.startswith("▶")]
    assert shown == likely_of(start.likely)
    return shown


async def test_nobody_new_is_guessed_at(ann: Someone) -> None:
    assert await likely(ann) == []


async def test_the_one_in_hand_first_with_its_next_set_for_three_hours(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    await ann.record(bench, 1, 60, 10)
    assert await likely(ann) == ["Bench press: Set 2"]
    await ann.record(bench, 3, 60, 10)
    assert await likely(ann) == ["Bench press: Set 2"]  # the next free one
    await ann.record(bench, 2, 60, 10)
    ann.later(hours=2, minutes=59, seconds=59)
    assert await likely(ann) == ["Bench press: Set 4"]
    ann.later(seconds=1)
    assert await likely(ann) == []


async def test_the_one_in_hand_of_a_full_day_has_no_next_set(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    for set_no in range(1, 21):
        await ann.record(bench, set_no, 60, 10)
    assert await likely(ann) == ["Bench press"]


async def test_the_one_in_hand_across_midnight(someone: NewPerson) -> None:
    person = await someone(at="2026-03-11T23:50:00+00:00")
    await person.record(await person.exercise("Bench press"), 1, 60, 10)
    person.later(minutes=20)
    assert await likely(person) == ["Bench press: Set 2"]


async def test_then_what_followed_it_last_time_in_that_order(ann: Someone) -> None:
    await trained(ann, "Squat", "Bench press", "Pec deck", "Barbell curl", "Hammer curl", day="2026-03-02")  # a Monday
    assert await likely(ann) == []  # Wednesday, noon: no session, and nothing on Wednesdays
    await ann.record(await ann.exercise("Bench press"), 1, 60, 10)
    assert await likely(ann) == ["Bench press: Set 2", "Pec deck", "Barbell curl"]
    ann.later(minutes=3)
    await ann.record(await ann.exercise("Pec deck"), 1, 60, 10)
    assert await likely(ann) == ["Pec deck: Set 2", "Barbell curl", "Hammer curl"]
    ann.later(minutes=3)
    await ann.record(await ann.exercise("Hammer curl"), 1, 60, 10)
    assert await likely(ann) == ["Hammer curl: Set 2"]  # it came last that day, and what came before is past


async def test_what_followed_is_of_the_last_time_of_this_exercise(ann: Someone) -> None:
    await trained(ann, "Bench press", "Pec deck", day="2026-03-02")
    await trained(ann, "Bench press", "Smith flat", day="2026-03-03")
    await trained(ann, "Squat", "Leg press", day="2026-03-05")
    await ann.record(await ann.exercise("Bench press"), 1, 60, 10)
    assert await likely(ann) == ["Bench press: Set 2", "Smith flat"]
    session = await ann.open(await ann.exercise("Bench press"))
    assert session.follower is not None
    assert session.follower.name == "Smith flat"


async def test_an_exercise_done_again_later_is_followed_by_what_came_after_its_last_set(ann: Someone) -> None:
    await trained(ann, "Bench press", "Pec deck", day="2026-03-02")
    then = ann.at("2026-03-02T10:00:00+00:00")
    await then.record(await ann.exercise("Bench press"), 2, 50, 8)
    await trained(ann, "Smith flat", day="2026-03-02", hour=11)
    await ann.record(await ann.exercise("Bench press"), 1, 60, 10)
    assert await likely(ann) == ["Bench press: Set 2", "Smith flat"]


async def test_then_what_this_person_does_on_such_a_weekday(ann: Someone) -> None:
    await trained(ann, "Squat", "Leg press", day="2026-02-18")  # Wednesday three weeks ago
    await trained(ann, "Deadlift", day="2026-03-10")  # yesterday
    assert await likely(ann) == ["Squat", "Leg press"]
    await trained(ann, "Overhead press", "Squat", "Face pull", "Front raise", day="2026-03-04")  # a week ago
    assert await likely(ann) == ["Overhead press", "Squat", "Face pull"]
    await ann.record(await ann.exercise("Squat"), 1, 60, 10)
    assert await likely(ann) == ["Squat: Set 2", "Face pull", "Front raise"]
    ann.later(hours=3)
    assert await likely(ann) == ["Overhead press", "Face pull", "Front raise"]  # Squat is done today


async def test_followers_come_before_the_weekday_s(ann: Someone) -> None:
    await trained(ann, "Pec deck", "Smith flat", "Push-ups", day="2026-03-04")
    await trained(ann, "Bench press", "Barbell curl", day="2026-03-08")
    await ann.record(await ann.exercise("Bench press"), 1, 60, 10)
    assert await likely(ann) == ["Bench press: Set 2", "Barbell curl", "Pec deck"]


async def test_one_that_followed_and_belongs_to_the_weekday_stands_once(ann: Someone) -> None:
    await trained(ann, "Bench press", "Pec deck", "Smith flat", day="2026-03-04")
    await ann.record(await ann.exercise("Bench press"), 1, 60, 10)
    assert await likely(ann) == ["Bench press: Set 2", "Pec deck", "Smith flat"]


async def test_hidden_deleted_and_done_ones_are_not_likely(ann: Someone) -> None:
    own = await ann.own_exercise("Mine")
    await trained(ann, "Bench press", "Pec deck", "Smith flat", "Push-ups", "Chest dips", day="2026-03-04")
    then = ann.at("2026-03-04T09:00:30+00:00")
    await then.record(own, 1, 10, 10)
    assert await likely(ann) == ["Bench press", "Mine", "Pec deck"]
    await hide(ann, "Pec deck")
    await ann.sql("UPDATE exercises SET deleted_at = now() WHERE id = %s", own)
    await ann.record(await ann.exercise("Smith flat"), 1, 60, 10)
    ann.later(hours=4)
    assert await likely(ann) == ["Bench press", "Push-ups", "Chest dips"]
    await ann.sql("INSERT INTO user_hidden_muscles (user_id, muscle_id) VALUES (%s, %s)", ann.id, CHEST)
    assert await likely(ann) == []


async def test_a_hidden_one_in_hand_is_not_likely(ann: Someone) -> None:
    await ann.record(await ann.exercise("Pec deck"), 1, 60, 10)
    await hide(ann, "Pec deck")
    assert await likely(ann) == []


async def test_many_hidden_ones_do_not_hide_the_rest(ann: Someone) -> None:
    chest = (await globals_of(ann))[:7]
    await trained(ann, *chest, day="2026-03-04")
    for name in chest[:6]:
        await hide(ann, name)
    assert await likely(ann) == chest[6:]


async def test_a_marked_day_has_its_own_guess(ann: Someone) -> None:
    await trained(ann, "Squat", "Leg press", day="2026-03-02")
    monday = GymDay(date(2026, 3, 9), marked=True)
    await ann.record(await ann.exercise("Bench press"), 1, 60, 10)
    assert await likely(ann, monday) == ["Squat", "Leg press"]  # what is in hand today is not in hand on Monday
    await ann.record(await ann.exercise("Squat"), 1, 60, 10, day=monday)
    assert await likely(ann, monday) == ["Squat: Set 2", "Leg press"]
    assert await likely(ann) == ["Bench press: Set 2"]  # nor does Monday's put today's out of hand


async def test_nobody_is_guessed_at_by_another_s_habits(ann: Someone, someone: NewPerson) -> None:
    bob = await someone()
    await trained(bob, "Bench press", "Pec deck", day="2026-03-04")
    await bob.record(await bob.exercise("Bench press"), 1, 60, 10)
    assert await likely(ann) == []


# Set buttons, one-tap sets and weights: what an exercise offers.


async def test_six_sets_and_one_more_each_time_the_last_is_taken(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    assert len(set_numbers(await ann.open(bench))) == 6
    for set_no, most in {5: 6, 6: 7, 7: 8, 19: 20, 20: 20}.items():
        await ann.record(bench, set_no, 60, 10)
        assert set_numbers(await ann.open(bench)) == list(range(1, most + 1))


async def test_the_one_tap_is_for_the_next_free_set(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    for set_no in (1, 3):
        await ann.record(bench, set_no, 60, 10)
    assert [each.set_no for each in one_taps(await ann.open(bench))] == [2]
    for set_no in (2, *range(4, 21)):
        await ann.record(bench, set_no, 60, 10)
    assert one_taps(await ann.open(bench)) == []


async def test_two_one_taps_where_last_time_and_today_differ(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    then = ann.at("2026-03-04T12:00:00+00:00")
    for set_no, weight in ((1, 60), (2, 65)):
        await then.record(bench, set_no, weight, 8)
    await ann.record(bench, 1, "62.5", 8)
    shown = names(screens.exercise(await ann.open(bench)))
    assert shown[:3] == ["⚡ Set 2: 65kg × 8", "⚡ Set 2: 62.5kg × 8", "✅ Set 1: 62.5kg × 8"]


WEIGHT_PAGES = {
    # The last weight, if any; the own ones; what stands first and last on the page.
    "with none, the first twenty": (None, [], "1", "32.5"),
    "bodyweight": ("0", [], "1", "32.5"),
    "round the last": ("60", [], "35", "105"),
    "the lightest": ("1", [], "1", "32.5"),
    "the heaviest": ("180", [], "85", "180"),
    "heavier than any": ("500", ["500"], "90", "500"),
    "own ones stand in their place": ("61.25", ["61.25"], "37.5", "105"),
}


@pytest.mark.parametrize("case", WEIGHT_PAGES.values(), ids=WEIGHT_PAGES)
async def test_about_twenty_weights_round_the_last(ann: Someone, case: tuple[str | None, list[str], str, str]) -> None:
    last, own, first, final = case
    bench = await ann.exercise("Bench press")
    if last is not None:
        await ann.at("2026-03-04T12:00:00+00:00").record(bench, 1, last, 8)
    session = await ann.open(bench)
    assert list(session.own_weights) == [Decimal(each) for each in own]
    offered = weights(session, 1)
    assert (len(offered.shown), offered.shown[0], offered.shown[-1]) == (20, Decimal(first), Decimal(final))
    if last and Decimal(last):
        assert Decimal(last) in offered.shown
    assert (offered.lighter is None, offered.heavier is None) == (
        offered.shown[0] == 1,
        offered.shown[-1] == max(*WEIGHTS, *session.own_weights),
    )


async def test_turning_the_pages_finds_every_weight(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    for set_no, weight in enumerate(("61.25", "999.99", "0.25", "0"), 1):
        await ann.record(bench, set_no, weight, 8)
    session = await ann.open(bench)
    every = sorted({*WEIGHTS, Decimal("61.25"), Decimal("999.99"), Decimal("0.25")})
    for way in ("heavier", "lighter"):
        seen: set[Decimal] = set()
        start: int | None = 0 if way == "heavier" else 9999
        while start is not None:
            offered = weights(session, 1, start)
            assert len(offered.shown) == 20
            assert "Bodyweight" in names(screens.pick_weight(session, 1, start=start))
            seen |= set(offered.shown)
            start = offered.heavier if way == "heavier" else offered.lighter
        assert sorted(seen) == every


async def test_a_weight_once_used_is_offered_for_every_exercise_and_to_nobody_else(
    ann: Someone, someone: NewPerson
) -> None:
    bob = await someone()
    bench, squat = await ann.exercise("Bench press"), await ann.exercise("Squat")
    for set_no, weight in enumerate(("11.25", "11.25", "20.00", "0", "60"), 1):
        await ann.record(bench, set_no, weight, 8)
    assert (await ann.open(squat)).own_weights == (Decimal("11.25"),)
    assert "11.25kg" in names(screens.pick_weight(await ann.open(squat), 1))
    assert (await bob.open(squat)).own_weights == ()


async def test_last_at_is_a_moment(ann: Someone) -> None:
    await trained(ann, "Pec deck")
    (one,) = [each for each in (await muscle(ann)).exercises if each.days]
    assert one.last_at == datetime.fromisoformat("2026-03-02T09:00:00+00:00")
