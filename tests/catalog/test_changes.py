"""What `/edit` does to the tables: once, to one's own alone, within the limits, in any order of deliveries."""

import asyncio
from collections import Counter

import pytest

from app.modules.catalog import service
from app.modules.catalog.model import Became, Kind, Outcome, Thing
from app.modules.errors import Stranger
from app.modules.texts import isolated
from app.modules.training import service as training
from app.sandbox.html_text import parse
from app.utils.names import key
from tests.catalog.conftest import BENCH_PRESS, CHEST, LEGS, PEC_DECK, add_own_muscle, out_of_sight, own_names
from tests.catalog.test_name_rules import FINE
from tests.training.conftest import NewPerson, Someone
from tests.training.test_screens import BACK, Chat

M, E = Kind.MUSCLE, Kind.EXERCISE


async def add_muscle(person: Someone, name: str, update_id: int | None = None) -> Became:
    return await person.db.run(service.add_muscle, act=person.act(update_id), name=name)


async def add_exercise(person: Someone, name: str, muscle: int = CHEST, update_id: int | None = None) -> Became:
    return await person.db.run(service.add_exercise, act=person.act(update_id), muscle_id=muscle, name=name)


async def rename(person: Someone, thing: Thing, name: str, update_id: int | None = None) -> Became:
    return await person.db.run(service.rename, act=person.act(update_id), kind=thing.kind, id_=thing.id, name=name)


async def delete(person: Someone, thing: Thing, *, exercises: int = 0, update_id: int | None = None) -> Became:
    act = person.act(update_id)
    return await person.db.run(service.delete, act=act, kind=thing.kind, id_=thing.id, exercises=exercises)


async def hide(person: Someone, kind: Kind, id_: int, update_id: int | None = None) -> Became:
    return await person.db.run(service.hide, act=person.act(update_id), kind=kind, id_=id_)


async def show(person: Someone, kind: Kind, id_: int, update_id: int | None = None) -> Became:
    return await person.db.run(service.show_again, act=person.act(update_id), kind=kind, id_=id_)


async def made(became: Became) -> Thing:
    assert became.outcome is Outcome.DONE
    assert became.thing is not None
    return became.thing


async def lists(person: Someone, muscle: int = CHEST) -> list[str]:
    """What a recording offers of a muscle."""
    found = await person.db.run(training.muscle_list, user_id=person.id, muscle_id=muscle)
    return [each.exercise.name for each in found.exercises] if found else []


# Adding.


async def test_what_is_added_is_in_the_lists_at_once(ann: Someone) -> None:
    neck = await made(await add_muscle(ann, "Neck"))
    curl = await made(await add_exercise(ann, "Neck curl", neck.id))
    await made(await add_exercise(ann, "Svend press"))
    assert [muscle.name for muscle in (await ann.start()).muscles][-1] == "Neck"
    assert await lists(ann, neck.id) == ["Neck curl"]
    assert "Svend press" in await lists(ann)
    assert (await ann.open(curl.id)).exercise.name == "Neck curl"
    assert await own_names(ann) == [
        ("", "Neck", "neck"),
        ("Chest", "Svend press", "svend press"),
        ("Neck", "Neck curl", "neck curl"),
    ]


@pytest.mark.parametrize("name", ["chest", "CHEST", "Ｃｈｅｓｔ", "neck", "NECK"])
async def test_a_muscle_of_that_name_is_there(ann: Someone, name: str) -> None:
    await made(await add_muscle(ann, "Neck"))
    became = await add_muscle(ann, name)
    assert became.outcome is Outcome.THERE
    assert became.thing is not None
    assert key(became.thing.name) == key(name)
    assert len(await own_names(ann)) == 1


async def test_exercises_of_one_muscle_collide_and_no_others(ann: Someone) -> None:
    await made(await add_exercise(ann, "Cable thing"))
    assert (await add_exercise(ann, "CABLE thing")).outcome is Outcome.THERE
    assert (await add_exercise(ann, "PEC deck")).thing == (await add_exercise(ann, "pec DECK")).thing
    assert (await add_exercise(ann, "Cable thing", LEGS)).outcome is Outcome.DONE
    assert (await add_exercise(ann, "Pec deck", LEGS)).outcome is Outcome.DONE
    assert (await add_exercise(ann, "Chest", CHEST)).outcome is Outcome.DONE  # a muscle's name is no exercise's
    assert (await add_muscle(ann, "Pec deck")).outcome is Outcome.DONE


async def test_a_hidden_one_of_that_name_is_said_to_be_hidden(ann: Someone) -> None:
    await hide(ann, E, PEC_DECK)
    await hide(ann, M, LEGS)
    for became, id_ in ((await add_exercise(ann, "pec deck"), PEC_DECK), (await add_muscle(ann, "LEGS"), LEGS)):
        assert became.outcome is Outcome.HIDDEN
        assert became.thing is not None
        assert became.thing.id == id_
    assert await own_names(ann) == []


async def test_a_deleted_name_is_free_again(ann: Someone) -> None:
    for _ in range(2):
        neck = await made(await add_muscle(ann, "Neck"))
        await made(await add_exercise(ann, "Neck curl", neck.id))
        await delete(ann, neck, exercises=1)
        curl = await made(await add_exercise(ann, "Curl"))
        await delete(ann, curl)
    assert await own_names(ann) == []


async def test_nothing_is_added_to_a_muscle_that_is_not_seen(ann: Someone, someone: NewPerson) -> None:
    bob = await someone()
    foreign, gone = await add_own_muscle(bob, "Bob's"), await made(await add_muscle(ann, "Gone"))
    await delete(ann, gone)
    await hide(ann, M, LEGS)
    for muscle in (foreign, gone.id, LEGS, 2_000_000_000):
        assert await add_exercise(ann, "Curl", muscle) == Became(Outcome.GONE)
    assert await own_names(ann) == []


@pytest.mark.parametrize("most", ["muscles", "exercises"])
async def test_there_is_a_limit_and_a_deletion_makes_room(ann: Someone, most: str) -> None:
    if most == "muscles":
        things = [await made(await add_muscle(ann, f"Muscle {n}")) for n in range(30)]
        one_more = add_muscle
    else:
        things = [await made(await add_exercise(ann, f"Press {n}", n % 8 + 1)) for n in range(200)]
        one_more = add_exercise
    assert await one_more(ann, "One more") == Became(Outcome.FULL)
    assert (await one_more(ann, things[0].name.upper())).outcome is Outcome.THERE
    await delete(ann, things[0])
    assert (await one_more(ann, "One more")).outcome is Outcome.DONE
    assert await one_more(ann, "And another") == Became(Outcome.FULL)


# Twice, and at once.


async def test_every_effect_that_comes_again_changes_nothing(ann: Someone) -> None:
    """Redelivered when more has happened since: it must not be done anew."""
    neck = await made(await add_muscle(ann, "Neck", update_id=1))
    assert await add_muscle(ann, "Neck", update_id=1) == Became(Outcome.SEEN, neck)
    curl = await made(await add_exercise(ann, "Curl", neck.id, update_id=2))
    assert await add_exercise(ann, "Curl", neck.id, update_id=2) == Became(Outcome.SEEN, curl)
    lying = await made(await rename(ann, curl, "Lying curl", update_id=3))
    assert await rename(ann, curl, "Lying curl", update_id=3) == Became(Outcome.SEEN, lying)
    assert await add_exercise(ann, "Curl", neck.id, update_id=2) == Became(Outcome.SEEN)  # it has another name by now
    await made(await rename(ann, curl, "Third"))
    assert (await rename(ann, curl, "Lying curl", update_id=3)).outcome is Outcome.SEEN
    assert [name for _, name, _ in await own_names(ann)] == ["Neck", "Third"]
    assert (await delete(ann, curl, update_id=4)).outcome is Outcome.DONE
    again = await made(await add_exercise(ann, "Third", neck.id))
    assert (await delete(ann, curl, update_id=4)).outcome is Outcome.DONE
    assert (await delete(ann, neck, exercises=1, update_id=5)).outcome is Outcome.DONE
    assert (await delete(ann, neck, exercises=1, update_id=5)).outcome is Outcome.DONE
    assert await add_muscle(ann, "Neck", update_id=1) == Became(Outcome.SEEN)
    assert (await add_exercise(ann, "Third", neck.id, update_id=2)).outcome is Outcome.GONE
    assert await own_names(ann) == []
    assert (await delete(ann, again)).outcome is Outcome.DONE
    for update_id, effect, id_ in ((6, hide, PEC_DECK), (7, show, PEC_DECK)):
        assert (await effect(ann, E, id_, update_id)).outcome is Outcome.DONE
    assert (await hide(ann, E, PEC_DECK, 6)).outcome is Outcome.SEEN
    assert await out_of_sight(ann) == ([], [])
    await hide(ann, E, PEC_DECK)
    assert (await show(ann, E, PEC_DECK, 7)).outcome is Outcome.SEEN
    assert await out_of_sight(ann) == ([], [PEC_DECK])


async def test_what_was_refused_is_judged_anew_when_it_comes_again(ann: Someone) -> None:
    assert (await add_muscle(ann, "Chest", update_id=10)).outcome is Outcome.THERE
    await ann.sql("UPDATE muscles SET deleted_at = now() WHERE id = 1")
    try:
        assert (await add_muscle(ann, "Chest", update_id=10)).outcome is Outcome.DONE
    finally:
        await ann.sql("UPDATE muscles SET deleted_at = NULL WHERE id = 1")


async def test_one_update_in_two_processes_at_once_is_done_once(ann: Someone) -> None:
    became = await asyncio.gather(*(add_muscle(ann, "Neck", update_id=20) for _ in range(8)))
    assert Counter(each.outcome for each in became) == {Outcome.DONE: 1, Outcome.SEEN: 7}
    (thing,) = {each.thing for each in became}
    assert thing is not None
    became = await asyncio.gather(*(add_exercise(ann, "Curl", thing.id, update_id=21) for _ in range(8)))
    assert Counter(each.outcome for each in became) == {Outcome.DONE: 1, Outcome.SEEN: 7}
    assert len(await own_names(ann)) == 2


async def test_two_phones_at_once_make_one_thing_of_one_name(ann: Someone) -> None:
    for add in (add_muscle, add_exercise):
        became = await asyncio.gather(*(add(ann, name) for name in ["Neck", "NECK", "neck", "Ｎｅｃｋ"] * 2))
        assert Counter(each.outcome for each in became) == {Outcome.DONE: 1, Outcome.THERE: 7}
        assert len({each.thing.id for each in became if each.thing}) == 1


async def test_two_phones_at_once_keep_the_limits(ann: Someone) -> None:
    became = await asyncio.gather(*(add_muscle(ann, f"Muscle {n}") for n in range(40)))
    assert Counter(each.outcome for each in became) == {Outcome.DONE: 30, Outcome.FULL: 10}


async def test_two_renames_to_one_name_at_once(ann: Someone) -> None:
    things = [await made(await add_exercise(ann, f"Press {n}")) for n in range(8)]
    became = await asyncio.gather(*(rename(ann, each, "The press") for each in things))
    assert Counter(each.outcome for each in became) == {Outcome.DONE: 1, Outcome.THERE: 7}
    assert Counter(name for _, _, name in await own_names(ann))["the press"] == 1


async def test_a_muscle_is_deleted_while_an_exercise_is_added_to_it(ann: Someone) -> None:
    for round_ in range(10):
        neck = await made(await add_muscle(ann, f"Neck {round_}"))
        deleted, added = await asyncio.gather(delete(ann, neck), add_exercise(ann, "Curl", neck.id))
        assert (deleted.outcome, added.outcome) in {(Outcome.DONE, Outcome.GONE), (Outcome.CHANGED, Outcome.DONE)}


# Renaming.


async def test_a_new_name_is_everywhere_and_the_history_stays(ann: Someone) -> None:
    curl = await made(await add_exercise(ann, "Curl"))
    await ann.record(curl.id, 1, 20, 10)
    await made(await rename(ann, curl, "Lying curl"))
    session = await ann.open(curl.id)
    assert (session.exercise.name, len(session.sets)) == ("Lying curl", 1)
    assert "Lying curl" in await lists(ann)
    assert "Curl" not in await lists(ann)


@pytest.mark.parametrize(("name", "other"), [("neck", "NECK"), ("ΣΑΣ", "Σας"), ("Straße", "STRASSE"), ("ա", "Ա")])
async def test_another_spelling_of_the_same_name(ann: Someone, name: str, other: str) -> None:
    """The key stays Python's own, whatever letters the database knows."""
    muscle, exercise = await made(await add_muscle(ann, name)), await made(await add_exercise(ann, name))
    for thing in (muscle, exercise):
        assert (await rename(ann, thing, other, update_id=thing.id * 10**6)).outcome is Outcome.DONE
        assert (await rename(ann, thing, name, update_id=thing.id * 10**6)).outcome is Outcome.SEEN
        assert (await rename(ann, thing, other)).outcome is Outcome.SAME
    assert {(each, its_key) for _, each, its_key in await own_names(ann)} == {(other, key(name))}
    assert (await add_muscle(ann, name)).outcome is Outcome.THERE
    assert (await add_exercise(ann, name)).outcome is Outcome.THERE


async def test_a_rename_meets_what_is_there_and_what_is_hidden(ann: Someone) -> None:
    await hide(ann, E, PEC_DECK)
    await hide(ann, M, LEGS)
    neck, curl = await made(await add_muscle(ann, "Neck")), await made(await add_exercise(ann, "Curl"))
    await made(await add_muscle(ann, "Wrist"))
    for thing, name, outcome in (
        (neck, "wrist", Outcome.THERE),
        (neck, "BACK", Outcome.THERE),
        (neck, "legs", Outcome.HIDDEN),
        (curl, "bench PRESS", Outcome.THERE),
        (curl, "pec deck", Outcome.HIDDEN),
    ):
        became = await rename(ann, thing, name)
        assert became.outcome is outcome
        assert became.thing is not None
        assert key(became.thing.name) == key(name)
    assert [name for _, name, _ in await own_names(ann)] == ["Neck", "Wrist", "Curl"]


async def test_only_one_s_own_is_renamed_or_deleted(ann: Someone, someone: NewPerson) -> None:
    bob = await someone()
    foreign = [await made(await add_muscle(bob, "Bob's")), await made(await add_exercise(bob, "Bob's"))]
    missing = [Thing(kind, 2_000_000_000, "") for kind in Kind]
    everybody_s = [Thing(M, CHEST, "Chest"), Thing(E, BENCH_PRESS, "Bench press")]
    for thing in (*foreign, *missing, *everybody_s):
        assert await rename(ann, thing, "Mine") == Became(Outcome.GONE)
        assert await delete(ann, thing) == Became(Outcome.GONE)
    assert [name for _, name, _ in await own_names(bob)] == ["Bob's", "Bob's"]
    gone = await made(await add_muscle(ann, "Gone"))
    await delete(ann, gone)
    assert await rename(ann, gone, "Back") == Became(Outcome.GONE)


# Deleting.


async def test_history_stays_when_its_exercise_is_deleted_or_hidden(ann: Someone) -> None:
    neck = await made(await add_muscle(ann, "Neck"))
    curl = await made(await add_exercise(ann, "Neck curl", neck.id))
    await ann.record(curl.id, 1, 20, 10)
    await ann.record(PEC_DECK, 1, 50, 8)
    rows = await ann.rows()
    await delete(ann, neck, exercises=1)
    await hide(ann, E, PEC_DECK)
    assert await ann.rows() == rows
    summary = await ann.db.run(training.summary, act=ann.act(), day=ann.now.date())
    assert {each.exercise.name for each in summary.exercises} == {"Neck curl", "Pec deck"}
    assert (await ann.start()).likely == ()


async def test_a_muscle_takes_its_exercises_with_it_and_no_others(ann: Someone) -> None:
    neck, wrist = await made(await add_muscle(ann, "Neck")), await made(await add_muscle(ann, "Wrist"))
    for name in ("One", "Two"):
        await made(await add_exercise(ann, name, neck.id))
    await made(await add_exercise(ann, "One", wrist.id))
    assert (await delete(ann, neck, exercises=1)).outcome is Outcome.CHANGED
    assert len(await own_names(ann)) == 5
    assert (await delete(ann, neck, exercises=2)).outcome is Outcome.DONE
    assert [name for _, name, _ in await own_names(ann)] == ["Wrist", "One"]


# Hiding.


async def test_what_is_hidden_is_out_of_one_s_own_sight_alone(ann: Someone, someone: NewPerson) -> None:
    bob = await someone()
    for _ in range(2):  # twice is once
        assert (await hide(ann, E, PEC_DECK)).outcome is Outcome.DONE
        assert (await hide(ann, M, LEGS)).outcome is Outcome.DONE
    assert await out_of_sight(ann) == ([LEGS], [PEC_DECK])
    assert await out_of_sight(bob) == ([], [])
    assert "Pec deck" not in await lists(ann)
    assert "Pec deck" in await lists(bob)
    assert {found.name for found in await ann.db.run(service.hidden, user_id=ann.id)} == {"Legs", "Pec deck"}
    for _ in range(2):
        assert (await show(ann, E, PEC_DECK)).outcome is Outcome.DONE
        assert (await show(ann, M, LEGS)).outcome is Outcome.DONE
    assert await out_of_sight(ann) == ([], [])
    assert "Pec deck" in await lists(ann)


async def test_only_what_is_everybody_s_is_hidden(ann: Someone, someone: NewPerson) -> None:
    bob = await someone()
    for person in (ann, bob):
        muscle, exercise = await made(await add_muscle(person, "Own")), await made(await add_exercise(person, "Own"))
        for thing in (muscle, exercise):
            assert await hide(ann, thing.kind, thing.id) == Became(Outcome.GONE)
            assert await show(ann, thing.kind, thing.id) == Became(Outcome.GONE)
    assert await out_of_sight(ann) == ([], [])


async def test_two_phones_hide_and_show_at_once(ann: Someone) -> None:
    await asyncio.gather(*(hide(ann, E, id_) for id_ in range(1, 19)), *(show(ann, E, id_) for id_ in range(1, 19)))
    ids = sorted(
        id_ for (id_,) in await ann.sql("SELECT exercise_id FROM user_hidden_exercises WHERE user_id = %s", ann.id)
    )
    assert await out_of_sight(ann) == ([], ids)


# Whoever erased themselves a moment ago, in another process.


async def test_nobody_of_that_number_is_registered(ann: Someone) -> None:
    await ann.sql("DELETE FROM users WHERE id = %s", ann.id)
    for work in (service.muscles, service.hidden):
        with pytest.raises(Stranger):
            await ann.db.run(work, user_id=ann.id)
    for change in (add_muscle(ann, "Neck"), add_exercise(ann, "Curl"), rename(ann, Thing(M, 9999, ""), "Neck")):
        with pytest.raises(Stranger):
            await change
    for change in (hide(ann, M, LEGS), hide(ann, E, PEC_DECK), delete(ann, Thing(M, 9999, ""))):
        assert await change == Became(Outcome.GONE)


# In the chat.


@pytest.mark.parametrize("name", [*FINE.values(), "\ufdfa" * 64, "ΐ" * 64], ids=[*FINE, "the longest key", "long keys"])
async def test_a_name_through_the_database_and_every_tap(chat: Chat, name: str) -> None:
    """A muscle and its exercise by that name: added, recorded, renamed, deleted."""
    await chat.tap("Edit exercises", "Add muscle")
    await chat.write(name)
    await chat.write(name)
    words, shown = parse(chat.screen.text)[0], isolated(name)
    assert words == f"✅ {shown} is added to {shown}."
    await chat.tap("Record it now", "Set 1", "20kg", "10")
    assert parse(chat.screen.text)[0].splitlines()[2].startswith(f"{shown}, ")
    await chat.tap("Another exercise", name)
    assert name in [button["text"] for row in chat.screen.keyboard for button in row]
    await chat.write("/edit")
    await chat.tap("Rename", name)
    await chat.write(f"x{name}"[:64].strip())
    await chat.write("/edit")
    await chat.tap("Delete", f"💪 {shown}", "Delete")
    assert await own_names(chat.person) == []
    assert len(await chat.person.rows()) == 1


async def test_a_name_that_is_delivered_again_answers_no_later_question(chat: Chat) -> None:
    """The line that named the muscle comes once more, when the name of its exercise is asked for."""
    await chat.tap("Edit exercises", "Add muscle")
    await chat.write("Neck")
    asked = chat.remembered
    act = chat.person.act
    chat.person.act = lambda update_id=None: act(asked.by)  # type: ignore[method-assign]
    await chat.write("Neck")
    chat.person.act = act  # type: ignore[method-assign]
    assert [name for _, name, _ in await own_names(chat.person)] == ["Neck"]
    assert "Neck: what is the new exercise called?" in chat.sees()
    await chat.write("Curl")
    assert [name for _, name, _ in await own_names(chat.person)] == ["Neck", "Curl"]


async def test_a_name_whose_answer_was_lost_is_answered_again(chat: Chat) -> None:
    """Committed, but Telegram did not answer: the same line comes again, and Redis still has its question."""
    await chat.tap("Edit exercises", "Add muscle")
    asked, act = chat.remembered, chat.person.act
    await chat.write("Neck")
    shown, update_id = chat.sees(), chat.remembered.by
    chat.remembered = asked
    chat.person.act = lambda _=None: act(update_id)  # type: ignore[method-assign]
    await chat.write("Neck")
    assert chat.sees() == shown
    assert len(await own_names(chat.person)) == 1


async def test_tapping_anything_twice_says_how_things_are(chat: Chat) -> None:
    await chat.tap("Edit exercises", "Add exercise", "Chest")
    await chat.write("Svend press")
    await chat.tap(BACK, "Delete", "Svend press")
    delete_it = chat.data("Delete")
    for _ in range(2):
        await chat.send(delete_it)
        assert "Svend press is deleted" in chat.sees()
    await chat.tap("Hide", "Chest")
    hide_it = chat.data("Pec deck")
    for _ in range(2):
        await chat.send(hide_it)
        assert "Pec deck is hidden" in chat.sees()
    show_it = chat.data("Show again: Pec deck")
    for _ in range(2):
        await chat.send(show_it)
        assert "Pec deck is back" in chat.sees()


async def test_a_line_that_looks_like_sets_is_a_name_when_a_name_was_asked_for(chat: Chat) -> None:
    await chat.tap("Edit exercises", "Add exercise", "Chest")
    await chat.write("3x8@60")
    assert [name for _, name, _ in await own_names(chat.person)] == ["3x8@60"]
    assert await chat.person.rows() == []
