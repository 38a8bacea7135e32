"""The panel's code beside its pages: the API's types as they are now, unit tests, a lock file of nobody's machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dev import node, panel
from dev.left_overs import PROJECT
from dev.node import NodeProblem
from dev.panel import FRONTEND, TYPES
from tests.panel.conftest import do_without


def test_the_types_are_those_of_the_api_as_it_is_now() -> None:
    try:
        now = panel.types()
    except NodeProblem as problem:
        do_without(problem)
    assert (FRONTEND / TYPES).read_text() == now, "make panel ARGS=types makes them anew"


def test_the_unit_tests_pass(pages: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "dev.panel", "test"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_lock_file_names_no_registry_and_no_machine() -> None:
    text = (FRONTEND / "package-lock.json").read_text()
    packages = json.loads(text)["packages"].items()
    assert [
        name for name, package in packages if name and not (package.get("integrity") or package.get("inBundle"))
    ] == []
    assert [name for name, package in packages if {"resolved", "link"} & package.keys()] == []
    assert "registry" not in text
    wanted = json.loads((FRONTEND / "package.json").read_text())
    versions = [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]
    assert [version for version in versions if not version[0].isdecimal()] == []  # pinned, every one


def test_no_line_is_longer_than_a_screen() -> None:
    for path in [*FRONTEND.glob("*.ts"), *(FRONTEND / "src").rglob("*.ts*")]:
        lines = [] if path == FRONTEND / TYPES else path.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if len(line) > 120] == [], path


def test_a_change_of_the_sources_is_a_change_of_what_must_be_built(tmp_path: Path) -> None:
    for name in ("src", "public"):
        (tmp_path / name).mkdir()
    for name in panel.FILES:
        (tmp_path / name).write_text(name)
    before = panel.sources_hash(tmp_path)
    (tmp_path / "src" / "one.test.ts").touch()
    assert panel.sources_hash(tmp_path) == before
    (tmp_path / "src" / "one.ts").touch()
    assert panel.sources_hash(tmp_path) != before
    assert not panel.is_built(tmp_path)


def test_without_node_and_network_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for program in ("node", "npm"):
        (tmp_path / program).write_text("of another machine")
        (tmp_path / program).chmod(0o755)
    # One that is nowhere, neither here already nor in any index that this machine knows.
    monkeypatch.setattr(node, "WHEEL_VERSION", "0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    (tmp_path / "src").mkdir()
    for name in panel.FILES:
        (tmp_path / name).write_text(name)
    with pytest.raises(
        NodeProblem, match=r"no Node\.js 20\.19, 22\.13, 24 or newer with npm, and the wheel of it cannot be installed"
    ):
        panel.build(tmp_path)


@pytest.mark.parametrize(
    ("version", "is_good"),
    [
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.12.0", False),
        ("v22.13.0", True),
        ("v23.11.0", False),
        ("v24.0.0\n", True),
        ("v26.1.0-nightly2026", True),
        ("v24", False),
        ("", False),
    ],
)
def test_node_is_taken_where_the_builders_take_it(version: str, is_good: bool) -> None:
    assert node.is_good(version) == is_good


def test_what_changes_while_it_is_built_is_built_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("src", "public", "dist", "node_modules", "node_modules/vite", "node_modules/vite/bin"):
        (tmp_path / name).mkdir()
    for name in panel.FILES:
        (tmp_path / name).write_text(name)
    (tmp_path / "node_modules" / "vite" / "bin" / "vite.js").write_text("echo changed > src/one.ts")
    monkeypatch.setattr(panel, "install", lambda folder: "/bin/sh")  # what Vite is asked to do is seen, not done
    panel.build(tmp_path)
    assert not panel.is_built(tmp_path)
    panel.build(tmp_path)
    assert panel.is_built(tmp_path)
