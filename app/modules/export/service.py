"""Writing everything of a person into files."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any, TypeVar
from zoneinfo import ZoneInfo

import orjson

from app.modules.errors import Stranger
from app.modules.export import queries, rules
from app.modules.export.model import (
    Correction,
    Files,
    LoggedSet,
    Owner,
    OwnersExercise,
    OwnersMuscle,
    SetAside,
    Written,
)
from app.modules.export.queries import Pieces
from app.modules.people.model import Act
from app.modules.postgres import Cursor
from app.utils.csv_text import BOM, csv_lines

T = TypeVar("T")


def write(cursor: Cursor, *, act: Act, files: Files) -> Written:
    """Write everything of a person into empty files, from one moment; for Database.run_long()."""
    for file in (files.sets, files.exercises, files.log):  # what an earlier try has left
        file.seek(0)
        file.truncate()
    queries.see_one_moment(cursor)
    owner = _owner(cursor, act)
    who = owner.id
    cells = partial(rules.set_cells, zone=ZoneInfo(owner.zone or act.zone))
    files.log.write(orjson.dumps(rules.head_fields(owner, at=act.at), option=orjson.OPT_INDENT_2).removesuffix(b"\n}"))
    _list(files.log, "muscles", _each(OwnersMuscle, queries.muscles(cursor, user_id=who)), rules.muscle_fields)
    known = _each(OwnersExercise, queries.exercises(cursor, user_id=who))
    known = _tabled(files.exercises, rules.EXERCISE_HEAD, known, rules.exercise_cells)
    exercises = _list(files.log, "exercises", known, rules.exercise_fields)
    logged = _tabled(files.sets, rules.SET_HEAD, _each(LoggedSet, queries.sets(cursor, user_id=who)), cells)
    sets = _list(files.log, "sets", logged, rules.set_fields)
    made = _each(Correction, queries.corrections(cursor, user_id=who))
    _list(files.log, "corrections", made, rules.correction_fields)
    _list(files.log, "set_aside", _each(SetAside, queries.set_aside(cursor, user_id=who)), rules.set_aside_fields)
    files.log.write(b"\n}\n")
    return Written(owner.today, sets=sets, exercises=exercises)


def _owner(cursor: Cursor, act: Act) -> Owner:
    row = queries.owner(cursor, user_id=act.user_id, at=act.at, zone=act.zone)
    if row is None:
        raise Stranger
    return Owner(*row)


def _each(kind: Callable[..., T], pieces: Pieces) -> Iterator[list[T]]:
    return ([kind(*row) for row in piece] for piece in pieces)


def _tabled(
    file: IO[bytes], head: rules.Cells, pieces: Iterator[list[T]], cells: Callable[[T], rules.Cells]
) -> Iterator[list[T]]:
    """Write pieces into a table on their way to somewhere else."""
    file.write((BOM + csv_lines([head])).encode())
    for piece in pieces:
        file.write(csv_lines(map(cells, piece)).encode())
        yield piece


def _list(log: IO[bytes], name: str, pieces: Iterator[list[T]], fields: Callable[[T], dict[str, Any]]) -> int:
    """Write a list of the log, one of its objects a line; say how many there were."""
    log.write(f',\n  "{name}": ['.encode())
    count = 0
    for piece in pieces:
        log.write(b",\n    " if count else b"\n    ")
        log.write(b",\n    ".join(orjson.dumps(fields(each)) for each in piece))
        count += len(piece)
    log.write(b"\n  ]" if count else b"]")
    return count
