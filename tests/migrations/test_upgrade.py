"""Migrations of tables that are full, while the bot serves."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extensions import cursor as PlainCursor  # noqa: N812

from app.modules.people.model import Act
from app.modules.postgres import plan
from app.modules.training import queries
from app.schema import FOLDER, migrate, migrations
from tests.migrations.conftest import connect, settings_of


class Explaining(PlainCursor):
    """Finds the plan of a statement, prepared as the bot's are, instead of what it would find."""

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - the name is psycopg2's
        prepared = plan(query)
        assert prepared is not None
        super().execute(prepared.prepare)
        super().execute(f"EXPLAIN {prepared.execute}", vars)


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


@pytest.mark.parametrize("plans", ["force_custom_plan", "force_generic_plan"])
def test_statistics_are_found_in_one_page_as_soon_as_there_is_the_index(
    empty_env: dict[str, str], tmp_path: Path, plans: str
) -> None:
    """Not only when the server's own vacuum has come by."""
    for each in migrations()[:12]:
        shutil.copy(FOLDER / f"{each.name}.sql", tmp_path)
    migrate(settings_of(empty_env), tmp_path)
    connection = connect(empty_env)
    cursor = connection.cursor()
    cursor.execute(
        """
        INSERT INTO users (id) SELECT generate_series(1, 100);
        INSERT INTO exercise_stats (user_id, exercise_id, muscle_id, days, last_day, last_date,
                                    record_weight, record_reps, record_day)
        SELECT u.id, e.id, e.muscle, 1, '2026-03-11', '2026-03-11', 60, 8, '2026-03-11'
          FROM users AS u
          JOIN exercises AS e ON e.id <= 100;
        ANALYZE
        """
    )
    migrate(settings_of(empty_env))
    cursor.execute(f"SET plan_cache_mode = {plans}")
    with connection.cursor(cursor_factory=Explaining) as explaining:
        act = Act(1, 42, 1, datetime(2026, 3, 11, tzinfo=UTC), "UTC")
        first = queries.session(explaining, act=act, exercise_id=1, day=None, what_next=True)
        lines = [str(first), *(line for (line,) in explaining.fetchall())]
    connection.close()
    indexes = re.findall(r"using (exercise_stats\w*)", "\n".join(lines))
    assert indexes == ["exercise_stats_by_key"] * 2  # the exercise's own, and those of what comes next
