"""`make bench-growth`: what every screen reads of thirty thousand, one million and ten million sets, and its time.

Exit code 1, with a sentence for each, when a target is missed (targets.py). Takes some twenty minutes and 6 GB of disk;
ARGS="30k 1M" measures some sizes, and writes no result.
"""

import argparse
import asyncio
import itertools
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.modules.postgres import Database
from app.schema import migrate
from app.settings import DatabaseSettings
from bench.growth import history, screens, targets
from bench.growth.lists import PAGE, Seen, count_days, figures, lists, places
from bench.growth.sheet import Group, Sheet
from dev.servers import Postgres, temporary_folder

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "bench" / "results"
STEPS = (PAGE, 20 * PAGE, 100 * PAGE, 400 * PAGE)  # to pages ever so deep
RARE = 900_000

# For lists that have an end, and for one exercise that one person in two thousand does.
_MORE = """
INSERT INTO muscles (name) SELECT 'Muscle ' || n FROM generate_series(1, 400) AS n;
INSERT INTO exercises (id, name, muscle) VALUES (%(rare)s, 'Rare', 1);
INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
SELECT day, day, 2000 * who, 1, %(rare)s, 1, 60, 8
  FROM generate_series(1, 10) AS who, generate_series(DATE '2025-12-01', DATE '2026-03-01', INTERVAL '1 day') AS day
"""
_BYTES = """
SELECT coalesce(i.indexrelid::regclass::text, 'training'),
       CASE WHEN i.indexrelid IS NULL THEN pg_table_size('training') ELSE pg_relation_size(i.indexrelid) END
  FROM (SELECT NULL::oid AS indexrelid UNION ALL
        SELECT x.indexrelid FROM pg_index AS x WHERE x.indrelid = 'training'::regclass) AS i
"""


def main() -> int:
    names = [size.name for size in history.SIZES]
    parser = argparse.ArgumentParser(prog="make bench-growth", description=__doc__)
    parser.add_argument("sizes", nargs="*", default=names, help="some of %(default)s")
    wanted = parser.parse_args().sizes
    if not set(wanted) <= set(names):
        parser.error(f"sizes are {', '.join(names)}")
    sizes, weights = measured([size for size in history.SIZES if size.name in wanted])
    print("\n".join(table(sizes)))
    print("\n".join(weighed(sizes, weights)))
    found = {name: sheet.figures for name, sheet in sizes.items()}
    missed = [*targets.missed(found), *targets.unused(found)]
    print("\n".join(["", f"More than {targets.MOST}:", *targets.above(found[list(sizes)[-1]])]))
    if list(sizes) == names:
        keep(sizes, weights, missed)
    print("\n".join(["", *missed]) if missed else "\nEvery target is met.")
    return 1 if missed else 0


def measured(wanted: list[history.Size]) -> tuple[dict[str, Sheet], dict[str, dict[str, float]]]:
    """Fill each size and measure it; also the bytes of one set in the table and in each of its indexes."""
    sheets, weights = {}, {}
    with temporary_folder() as folder:
        server = Postgres(folder / "postgres", durable=False)
        server.start()
        try:
            set_up(server)
            for size in wanted:
                began = time.monotonic()
                server.create_database("growth")
                env = server.env("growth")
                migrate(settings(env))
                history.write(env, size)
                print(f"{size.name}: {size.sets:,} sets written in {time.monotonic() - began:.0f} s", flush=True)
                weights[size.name] = weight_of_a_set(env, size)
                sheets[size.name] = asyncio.run(measure(env))
                print(f"{size.name}: measured after {time.monotonic() - began:.0f} s", flush=True)
                server.drop_database("growth")
        finally:
            server.stop("immediate")
    return sheets, weights


def settings(env: Mapping[str, str], **changed: Any) -> DatabaseSettings:
    return DatabaseSettings.model_validate({name.lower(): value for name, value in env.items()} | changed)


def set_up(server: Postgres) -> None:
    """Memory for indexes of some hundred megabytes."""
    with closing(history.connect(server.env("postgres"))) as connection, connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET shared_buffers = '1GB'")
        cursor.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
    server.stop()
    server.start()


def weight_of_a_set(env: Mapping[str, str], size: history.Size) -> dict[str, float]:
    """Bytes a row, the table's and each index's."""
    with closing(history.connect(env)) as connection, connection.cursor() as cursor:
        cursor.execute(_BYTES)
        return {name: round(taken / size.sets, 1) for name, taken in cursor.fetchall()}


async def measure(env: Mapping[str, str]) -> Sheet:
    """Look at every screen and at every list; one connection, whose counts are its own."""
    db = Database(settings(env, db_pool=1))
    sheet = Sheet(db)
    try:
        await screens.warm_up(db)
        await screens.measure(sheet, db)
        with closing(history.connect(env)) as connection, connection.cursor() as cursor:
            cursor.execute(_MORE, {"rare": RARE})
        seen = Seen(history.VETERAN, history.TODAY, history.at(22), history.BENCH_PRESS, RARE)
        await count_days(db, seen)
        await admins(sheet, db, seen)
        await screens.leaving(sheet, db)
    finally:
        await db.close()
    return sheet


async def admins(sheet: Sheet, db: Database, seen: Seen) -> None:
    """Every list, its first page and pages ever deeper; every figure."""
    for name, (find, how) in lists(seen).items():
        depths = itertools.accumulate((0, *STEPS))
        async for place in places(db, (find, how), steps=STEPS):
            depth = next(depths)
            sheet.who = f"{depth:,} deep" if depth else "first"

            async def page(place: Any = place) -> Any:
                return await db.run(find, after=place, limit=PAGE, **how)  # noqa: B023 - called at once

            await page()
            await sheet.note(Group.LISTS, name, page)
    sheet.who = ""
    for name, (find, how) in figures(seen).items():

        async def figure() -> Any:
            return await db.run(find, **how)  # noqa: B023 - called at once

        await figure()
        await sheet.note(Group.FIGURES, name, figure)


def table(sizes: Mapping[str, Sheet]) -> list[str]:
    """Draw what was measured: buffers and milliseconds in each size."""
    figures = {name: sheet.figures for name, sheet in sizes.items()}
    lines = ["", f"{'buffers, ms':58}" + "".join(f"{name:>18}" for name in sizes)]
    group = None
    for place in dict.fromkeys(place for found in figures.values() for place in found):
        if place[0] is not group:
            group = place[0]
            lines += ["", f"{group}:"]
        cells = (found.get(place) for found in figures.values())
        drawn = (f"{cell.cost.buffers:>9}{cell.ms:>9.1f}" if cell else " " * 18 for cell in cells)
        lines.append(f"  {', '.join(filter(None, place[1:])):56}" + "".join(drawn))
    return lines


def weighed(sizes: Mapping[str, Sheet], weights: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Draw what a set weighs, and what looks into each index."""
    largest = list(sizes)[-1]
    lines = ["", f"{'bytes a set':58}" + "".join(f"{name:>18}" for name in sizes)]
    for name in weights[largest]:
        lines.append(f"  {name:56}" + "".join(f"{each[name]:>18}" for each in weights.values()))
    lines.append(f"  {'together':56}" + "".join(f"{sum(each.values()):>18.1f}" for each in weights.values()))
    for index, reason in targets.INDEXES.items():
        looking = dict.fromkeys(
            what
            for (_, what, _), figure in sizes[largest].figures.items()
            if any(looked == index for _, looked in figure.cost.looks)
        )
        lines += ["", f"{index}: {reason}", f"  {len(looking)} look there: {', '.join(looking)}"]
    return lines


def keep(sizes: Mapping[str, Sheet], weights: Mapping[str, Mapping[str, float]], missed: list[str]) -> None:
    """Write the result, by day and commit, and as the latest."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    now = datetime.now(UTC)
    result = {
        "commit": commit or None,
        "at": now.isoformat(timespec="seconds"),
        "machine": {"cpus": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "sets": {size.name: size.sets for size in history.SIZES},
        "bytes_a_set": weights,
        "missed": missed,
        "screens": [
            {
                "group": group,
                "screen": what,
                "who": who,
                "sizes": {
                    name: {
                        "buffers": found.cost.buffers,
                        "ms": round(found.ms, 2),
                        "shown": found.shown,
                        "read": {index or of: count for (of, index), count in found.cost.by_place.most_common()},
                    }
                    for name, sheet in sizes.items()
                    if (found := sheet.figures.get((group, what, who)))
                },
            }
            for group, what, who in dict.fromkeys(place for sheet in sizes.values() for place in sheet.figures)
        ],
    }
    text = as_text(result)
    RESULTS.mkdir(exist_ok=True)
    for name in (f"growth-{now:%Y-%m-%d}-{commit or 'none'}.json", "growth-latest.json"):
        (RESULTS / name).write_text(text)


def as_text(result: Mapping[str, Any]) -> str:
    """Write a result as JSON, each screen on one line: to be read, and compared line by line."""
    head = [f"{json.dumps(name)}: {_dense(value)}," for name, value in result.items() if name != "screens"]
    screens = ",\n".join(map(_dense, result["screens"]))
    return "\n".join(["{", *head, '"screens": [', screens, "]}", ""])


def _dense(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main())
