"""schemathesis, all checks, with and without a token: a few examples in `make test`, many in `make fuzz`."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from dev.servers import Postgres
from tests.admin_api.conftest import JWT_SECRET, Api, api_env
from tests.conftest import find_free_port
from tests.stage import ROOT, Process

HERE = Path(__file__).parent
FUZZ = bool(os.environ.get("FUZZ"))
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "500")) if FUZZ else 1
SECONDS = 36_000 if FUZZ else 250
PHASES = ["examples", "coverage", "fuzzing", "stateful"]
# Whoever is not signed in is refused before most of what the coverage phase tries.
ANONYMOUS_PHASES = ["examples", "fuzzing", "stateful"]
# The stateful phase ends, and calls it a success, where the same steps are answered otherwise than before: the name is
# taken, the thing is gone. Here that is after some twenty journeys, so it begins anew, from other choices.
JOURNEYS = EXAMPLES // 20 if FUZZ else 0
PEOPLE = """
    INSERT INTO users (id, first_name, username, last_interaction)
    SELECT 1000 + n, 'Ann', 'ann_' || n, now() FROM generate_series(1, 30) AS n;
    INSERT INTO exercises (name, muscle, is_global, created_by)
    SELECT 'Own', 1, FALSE, u.id FROM users AS u;
    INSERT INTO user_hidden_exercises (user_id, exercise_id) SELECT u.id, 1 FROM users AS u WHERE u.id % 3 = 0;
    INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
    SELECT now() - n * INTERVAL '1 day', (now() AT TIME ZONE 'UTC')::date - n, u.id, e.muscle, e.id, n,
           u.id % 100 + 2.5, 5 + n
      FROM users AS u JOIN exercises AS e ON e.id % 5 = u.id % 5 OR e.created_by = u.id, generate_series(1, 3) AS n
"""


@pytest.fixture(scope="module")
async def fuzzed(
    tmp_path_factory: pytest.TempPathFactory,
    postgres: Postgres,
    template_database: str,
    http: aiohttp.ClientSession,
) -> AsyncIterator[Api]:
    """An API with a database of its own: what is archived, merged and taken there would be missed by other tests."""
    postgres.create_database("admin_api_fuzzed", template=template_database)
    database, port = postgres.env("admin_api_fuzzed"), find_free_port()
    log = tmp_path_factory.mktemp("fuzzed") / "api.log"
    process = Process("admin_panel.backend.main", port=port, env=api_env(database, port), log=log)
    await process.start()
    api = Api(process, database, http)
    api.sql(PEOPLE)
    yield api
    assert await process.stop() == 0
    assert "exc_info" not in log.read_text(encoding="utf-8")
    postgres.drop_database("admin_api_fuzzed")


@pytest.mark.timeout(SECONDS + 20)
@pytest.mark.parametrize("hooks", ["", "tests.admin_api.fuzz_hooks"], ids=["anonymous", "admin"])
async def test_no_answer_breaks_the_schema(fuzzed: Api, tmp_path: Path, hooks: str) -> None:
    await fuzzed.new_admin()
    database = fuzzed.database
    dsn = (
        f"host={database['DB_HOST']} port={database['DB_PORT']} dbname={database['DB_NAME']} "
        f"user={database['DB_USER']} password={database['DB_PASSWORD']}"
    )
    env = {
        "PATH": os.defpath,
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "FUZZ_DATABASE": dsn,
        "FUZZ_SECRET": JWT_SECRET,
        "FUZZ_URL": fuzzed.process.url,
    } | ({"SCHEMATHESIS_HOOKS": hooks} if hooks else {})
    said = tmp_path / "said.txt"  # a file, so that whoever waits for half an hour can look in
    for more in [PHASES if FUZZ or hooks else ANONYMOUS_PHASES, *([["stateful"]] * JOURNEYS if hooks else [])]:
        command = [
            *(str(Path(sys.executable).parent / "st"), "--config-file", str(HERE / "schemathesis.toml"), "run"),
            *(f"{fuzzed.process.url}/openapi.json", "--checks", "all", "--max-examples", str(EXAMPLES)),
            *("--no-color", "--continue-on-failure", "--warnings", "off", "--phases", ",".join(more)),
            *([] if FUZZ else ["--generation-deterministic"]),
        ]
        with said.open("ab") as out:
            started = await asyncio.create_subprocess_exec(
                *command, cwd=tmp_path, env=env, stdout=out, stderr=asyncio.subprocess.STDOUT
            )
            await asyncio.wait_for(started.wait(), SECONDS)
        assert started.returncode == 0, said.read_text(encoding="utf-8")[-15_000:]
