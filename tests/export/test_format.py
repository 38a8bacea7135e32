"""docs/export.md says what is in the files: every field and column, and none besides."""

import json
import re
from typing import Any

from app.modules.export import rules
from tests.export.conftest import exported
from tests.export.test_complete import fill
from tests.stage import ROOT
from tests.training.conftest import Someone

DOCS = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
EXAMPLE = json.loads(DOCS.split("```json")[1].split("```")[0])
WORD = re.compile(r"`([a-z_.\[\]]+)`")


def fields(of: Any, path: str = "") -> set[str]:
    """Every field of a log, as the document writes them."""
    if isinstance(of, list):
        return {field for each in of if isinstance(each, dict) for field in fields(each, f"{path}[]")} or {path}
    if isinstance(of, dict) and path not in ("corrections[].before", "corrections[].after"):
        return {field for name, each in of.items() for field in fields(each, f"{path}.{name}".lstrip("."))}
    return {path}


def first_cells(part: str) -> set[str]:
    """What the first cells of a table of the document name."""
    rows = [line for line in part.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in WORD.findall(row.split("|")[1])}


def part(title: str, end: str) -> str:
    return DOCS.split(title, 1)[1].split(end, 1)[0]


async def test_every_field_is_documented_and_every_documented_field_is_there(ann: Someone) -> None:
    await fill(ann)
    log = (await exported(ann)).log
    assert all(log[name] for name in log), "a list is empty"
    assert first_cells(part("## The log", "\x00")) == fields(log) == fields(EXAMPLE)
    assert (log["format"], log["version"]) == (EXAMPLE["format"], EXAMPLE["version"]) == ("gym-bot-log", 1)


async def test_fields_are_there_in_the_order_of_the_example_also_when_there_is_nothing(ann: Someone) -> None:
    await ann.record(await ann.exercise("Bench press"), 1, "60", 10)
    log = (await exported(ann)).log
    assert list(log) == list(EXAMPLE)
    for name in ("person", "settings"):
        assert list(log[name]) == list(EXAMPLE[name])
    for name in ("muscles", "exercises", "sets"):
        assert list(log[name][0]) == list(EXAMPLE[name][0])


def test_every_column_is_documented() -> None:
    assert first_cells(part("**Sets**", "**Exercises**")) == set(rules.SET_HEAD)
    assert first_cells(part("**Exercises**", "## The log")) == set(rules.EXERCISE_HEAD)


async def test_an_object_a_line(ann: Someone) -> None:
    """So that two logs can be compared, and a large one read, line by line."""
    bench = await ann.exercise("Bench press")
    for set_no in (1, 2, 3):
        await ann.record(bench, set_no, "60", 10)
    lines = (await exported(ann)).log_file.decode().splitlines()
    assert sum('"weight_kg":60' in line for line in lines) == 3
    assert all(json.loads(line.strip().rstrip(",")) for line in lines if '"weight_kg"' in line)
