"""What can be trained."""

from dataclasses import dataclass


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
