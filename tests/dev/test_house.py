"""The files at the door: Makefile, .env.example, .ci/run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import settings
from dev.left_overs import PROJECT

SECRETS = (
    *("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "JWT_SECRET", "REDIS_PASSWORD"),
    *("DB_PASSWORD", "DB_BOT_PASSWORD", "DB_ADMIN_PASSWORD"),
)
SEED = (
    "TELEGRAM_BOT_TOKEN TELEGRAM_WEBHOOK_SECRET WEB_APP_URL DB_NAME DB_USER DB_PASSWORD DB_HOST DB_PORT REDIS_HOST "
    "REDIS_PORT REDIS_PASSWORD BOT_IMAGE BOT_TAG ADMIN_BACKEND_IMAGE ADMIN_BACKEND_TAG ADMIN_FRONTEND_IMAGE "
    "ADMIN_FRONTEND_TAG"
)
OURS = "JWT_SECRET CORS_ORIGINS DEFAULT_TIMEZONE TELEGRAM_API_URL DB_POOL DB_PREPARE BOT_HOST BOT_PORT SANDBOX_PORT"


def example_lines() -> list[str]:
    return (PROJECT / ".env.example").read_text().splitlines()


def example() -> dict[str, str]:
    """Every variable of the example, the ones that are commented out too."""
    found = (re.fullmatch(r"(?:# )?([A-Z_]+)=(.*)", line) for line in example_lines())
    return {match[1]: match[2] for match in found if match}


def parts_of_settings() -> list[type[settings.Settings]]:
    values = [value for value in vars(settings).values() if isinstance(value, type)]
    return [value for value in values if issubclass(value, settings.Settings)]


def test_the_example_names_every_variable() -> None:
    fields = {name.upper() for part in parts_of_settings() for name in part.model_fields}
    assert (fields | {*SEED.split(), *OURS.split()}) - example().keys() == set()


def test_the_example_holds_no_secret() -> None:
    assert {name: example()[name] for name in SECRETS} == dict.fromkeys(SECRETS, "")


def test_each_variable_of_the_example_is_explained() -> None:
    lines = example_lines()
    for number, line in enumerate(lines):
        if re.match(r"(# )?[A-Z_]+=", line):
            assert re.match(r"# (?![A-Z_]+=)", lines[number - 1]), line


def test_the_defaults_in_the_example_are_the_real_ones() -> None:
    real = {
        name.upper(): field.default
        for part in parts_of_settings()
        for name, field in part.model_fields.items()
        if field.default is not None and not field.is_required()
    }
    given = {name: int(value) if value.isdecimal() else value for name, value in example().items()}
    assert {name: given[name] for name in real} == real


def test_help_prints_every_target() -> None:
    text = (PROJECT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    said = subprocess.run(["make", "help"], cwd=PROJECT, env=env, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make ([a-z-]+) +\S", said, re.MULTILINE)) == targets
    assert targets >= {"help", "setup", "run", "test", "lint"}
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == targets


@pytest.mark.parametrize("name", [".ci/run"])
def test_scripts_can_be_run(name: str) -> None:
    assert os.access(PROJECT / name, os.X_OK)
    subprocess.run(["bash", "-n", str(PROJECT / name)], check=True)


def test_ci_ends_its_audit_where_lint_fails(tmp_path: Path) -> None:
    """`make audit` runs beside `make lint` and has children of its own; the output ends with the last of them."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(PROJECT / ".ci/run", tmp_path / ".ci/run")
    script = f"""#!/bin/sh
        case "$2" in
            audit) sleep 60 & touch "{tmp_path}/begun"; wait ;;
            lint) until [ -e "{tmp_path}/begun" ]; do sleep 0.05; done; exit 3 ;;
        esac
    """
    (tmp_path / "make").write_text(script)
    (tmp_path / "make").chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "CHROME": "is there", "PYTHON": sys.executable}
    assert subprocess.run([tmp_path / ".ci/run"], env=env, capture_output=True, timeout=30).returncode == 3
