"""`make audit`: one line each, whatever the registries say, and never a failure."""

import os
import subprocess
import sys
from typing import Any

import pytest

from dev import audit
from dev.left_overs import PROJECT

GOOD = {"name": "one", "version": "1.0", "vulns": []}
WEAK = {"name": "two", "version": "2.0", "vulns": [{"id": "GHSA-x", "fix_versions": ["2.1"]}]}
UNKNOWN = {"name": "three", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("packages", "line"),
    [
        ([GOOD, GOOD], "2 packages, no known weakness."),
        ([GOOD, UNKNOWN], "1 packages, 1 unknown there, no known weakness."),
        ([GOOD, WEAK], "2 packages, KNOWN WEAKNESSES: two 2.0 (GHSA-x, mended in ['2.1'])."),
        ([UNKNOWN, UNKNOWN], "not asked, nobody here knows of advisories."),
        ([], "not asked, nobody here knows of advisories."),
    ],
    ids=["good", "some unknown", "weak", "all unknown", "none"],
)
def test_what_pip_audit_tells(packages: list[Any], line: str) -> None:
    assert audit.told_by_pip({"dependencies": packages}) == line


@pytest.mark.parametrize(
    ("vulnerabilities", "line"),
    [
        ({}, "9 packages, no known weakness."),
        ({"vite": {"severity": "high"}}, "9 packages, KNOWN WEAKNESSES: vite (high)."),
    ],
    ids=["good", "weak"],
)
def test_what_npm_tells(vulnerabilities: Any, line: str) -> None:
    assert audit.told_by_npm({"vulnerabilities": vulnerabilities, "metadata": {"dependencies": {"total": 9}}}) == line


def test_without_a_registry_it_says_so_and_fails_nothing() -> None:
    away = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}
    away |= {"npm_config_registry": "http://127.0.0.1:9", "npm_config_fetch_retries": "0"}
    env = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")} | away
    command = [sys.executable, "-m", "dev.audit"]
    ended = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=True)
    python, npm = ended.stdout.splitlines()
    assert python == f"audit (Python): not asked, {audit.PIP_AUDIT} cannot be installed here."
    assert npm.startswith("audit (npm): not asked, ")
    assert ended.stderr == ""
