"""Migrations of tables that are full, while the bot serves."""

import shutil
from pathlib import Path
from typing import Any

from app.schema import FOLDER, migrate, migrations
from tests.migrations.conftest import connect, settings_of


def files(cursor: Any) -> list[tuple[Any, ...]]:
    cursor.execute("SELECT relname, pg_relation_filenode(oid) FROM pg_class WHERE relname ~ '^training' ORDER BY 1")
    return list(cursor.fetchall())


def test_no_set_seems_lost_to_whoever_waits_while_pounds_come(empty_env: dict[str, str], tmp_path: Path) -> None:
    """A statement that waited for a table that was written anew finds it empty: its snapshot is from before."""
    for each in migrations()[:6]:
        shutil.copy(FOLDER / f"{each.name}.sql", tmp_path)
    migrate(settings_of(empty_env), tmp_path)
    connection = connect(empty_env)
    cursor = connection.cursor()
    cursor.execute("INSERT INTO users (id, own_weights) VALUES (1, '{61.50}')")
    cursor.execute(
        "INSERT INTO training (day, user_id, muscle_id, exercise_id, set, weight, reps, former_weight, former_reps) "
        "SELECT '2026-03-11', 1, muscle, id, 1, 61.50, 8, 60, 8 FROM exercises WHERE id = 1"
    )
    before = files(cursor)
    migrate(settings_of(empty_env))
    assert set(files(cursor)) >= set(before)
    cursor.execute("UPDATE training SET weight = 61.23497 RETURNING weight::text, former_weight::text")
    assert cursor.fetchall() == [("61.23497", "60.00")]
    cursor.execute("SELECT record_weight::text, own_weights::text FROM exercise_stats JOIN users ON id = user_id")
    assert cursor.fetchall() == [("61.23497", "{61.50}")]
    connection.close()
