"""What can be trained."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Muscle:
    """A muscle that somebody sees."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise that somebody sees."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class GlobalMuscle:
    """A muscle that everybody has, as the admins see it."""

    id: int
    name: str
    exercises: int  # that everybody has, without the archived ones
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class GlobalMuscles:
    """One page of them, and the place where the next one begins; None when this is the last."""

    muscles: tuple[GlobalMuscle, ...]
    next_place: tuple[str | int, ...] | None


class MuscleOrder(StrEnum):
    """How a list of muscles is sorted; a minus means the other way round."""

    NAME = "name"
    NAME_DOWN = "-name"
    ID = "id"
    ID_DOWN = "-id"


@dataclass(frozen=True, slots=True)
class GlobalExercise:
    """An exercise that everybody has, as the admins see it."""

    id: int
    name: str
    muscle_id: int
    muscle: str
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class GlobalExercises:
    """One page of them, and the place where the next one begins; None when this is the last."""

    exercises: tuple[GlobalExercise, ...]
    next_place: tuple[str | int, ...] | None


class ExerciseOrder(StrEnum):
    """How a list of exercises is sorted; a minus means the other way round."""

    NAME = "name"
    NAME_DOWN = "-name"
    ID = "id"
    ID_DOWN = "-id"
    MUSCLE = "muscle"
    MUSCLE_DOWN = "-muscle"


@dataclass(frozen=True, slots=True)
class Use:
    """How much an exercise is trained: by how many people, on how many days of theirs, and when last."""

    people: int
    days: int
    last_day: date | None


@dataclass(frozen=True, slots=True)
class UsedMuscle:
    """A muscle that everybody has, and what hangs on it beside the exercises that everybody has."""

    muscle: GlobalMuscle
    archived: int  # exercises
    private: int  # exercises that people added for themselves, the deleted ones too
    use: Use  # of all its exercises together


class Kind(StrEnum):
    """What a name stands for, as buttons write it."""

    MUSCLE = "m"
    EXERCISE = "e"


@dataclass(frozen=True, slots=True)
class Thing:
    """A muscle, or an exercise of a muscle."""

    kind: Kind
    id: int
    name: str
    muscle: Muscle | None = None  # of an exercise


@dataclass(frozen=True, slots=True)
class Place:
    """A muscle that exercises can be added to, or taken out of sight with."""

    muscle: Muscle
    is_own: bool


@dataclass(frozen=True, slots=True)
class Muscles:
    """The muscles that a person sees, and how much they have added already."""

    places: tuple[Place, ...]
    own_muscles: int
    own_exercises: int

    def muscle(self, muscle_id: int) -> Muscle | None:
        """Find a muscle that the person sees."""
        return next((each.muscle for each in self.places if each.muscle.id == muscle_id), None)


class Outcome(StrEnum):
    """What became of a name, or of a tap that would change a list."""

    DONE = "done"  # now, or before by this very update
    SEEN = "seen"  # this update came before, and since then more happened
    SAME = "same"  # it is called so already
    THERE = "there"  # the person sees one of that name
    HIDDEN = "hidden"  # there is one of that name, which the person hid
    FULL = "full"  # as many as a person may have
    CHANGED = "changed"  # not what the person saw when they were asked
    GONE = "gone"  # deleted, or never this person's to change


@dataclass(frozen=True, slots=True)
class Became:
    """What became of it, and the thing that it is about: the new one, or the one in the way."""

    outcome: Outcome
    thing: Thing | None = None
