"""schemathesis, all checks, with and without a token: a few examples in `make test`, many in `make fuzz`."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.admin_api.conftest import JWT_SECRET, Api
from tests.stage import ROOT

HERE = Path(__file__).parent
FUZZ = bool(os.environ.get("FUZZ"))
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "500")) if FUZZ else 4
SECONDS = 36_000 if FUZZ else 250


@pytest.mark.timeout(SECONDS + 20)
@pytest.mark.parametrize("hooks", ["", "tests.admin_api.fuzz_hooks"], ids=["anonymous", "admin"])
async def test_no_answer_breaks_the_schema(anonymous: Api, tmp_path: Path, hooks: str) -> None:
    await anonymous.new_admin()
    database = anonymous.database
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
    } | ({"SCHEMATHESIS_HOOKS": hooks} if hooks else {})
    command = [
        *(str(Path(sys.executable).parent / "st"), "--config-file", str(HERE / "schemathesis.toml"), "run"),
        *(f"{anonymous.process.url}/openapi.json", "--checks", "all", "--max-examples", str(EXAMPLES)),
        *("--no-color", "--continue-on-failure", "--warnings", "off"),
        *([] if FUZZ else ["--generation-deterministic"]),
        # Whoever is not signed in is refused before most of what the coverage phase tries.
        *([] if FUZZ or hooks else ["--phases", "examples,fuzzing,stateful"]),
    ]
    started = await asyncio.create_subprocess_exec(
        *command, cwd=tmp_path, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(started.communicate(), SECONDS)
    assert started.returncode == 0, said.decode()[-15_000:]
