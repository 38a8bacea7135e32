"""The bench compares like with like: every bot says the same to the letter, and one that does not is named."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bench import report
from bench.check import Differs, compare
from bench.measure import CROWDS, RUNS
from bench.stage import BOTS, Stage
from bench.workout import Script

ROUNDS = 2


@pytest.fixture(scope="module")
async def stage() -> AsyncIterator[Stage]:
    """The bench's own servers, with few people and a short script."""
    async with Stage.opened(rounds=ROUNDS + 1, people=1) as opened:
        yield opened


@pytest.mark.parametrize("name", BOTS)
async def test_every_bot_says_the_same_to_the_letter(stage: Stage, name: str) -> None:
    counts = await compare(stage, [name], rounds=ROUNDS)
    assert counts[name].calls == (1 if name in ("ours", "floor") else 2)


async def test_a_bot_that_says_another_thing_is_named(stage: Stage) -> None:
    *steps, last = stage.world.script.steps
    other = replace(last, shown=last.shown.replace(b"Set 3", b"Set 4"))
    stage.world.script = Script((*steps, other), stage.world.script.person)
    with pytest.raises(Differs, match=r"no framework .* does not say .* step reps: the screen is"):
        await compare(stage, ["floor"], rounds=ROUNDS)


@pytest.fixture
def kept() -> Any:
    """What the last `make bench` measured."""
    return json.loads((report.RESULTS / "latest.json").read_text(encoding="utf-8"))


def test_the_picture_and_readme_say_what_was_measured(kept: Any) -> None:
    runs, calm, counts, found = report.read(kept)
    assert report.as_json(found) == kept["ratios"]
    assert report.PICTURE.read_text(encoding="utf-8") == report.draw(runs)
    part = report.readme(runs, calm, counts, found, kept=kept)
    assert f"<!-- make bench writes this -->\n{part}<!-- to here -->" in report.README.read_text(encoding="utf-8")


def test_the_kept_results_are_whole(kept: Any) -> None:
    """Every goal with its value, and every run's own figures."""
    runs = [(run["bot"], run["people"], run["run"]) for run in kept["runs"]]
    assert sorted(runs) == sorted(
        (name, people, number) for number in range(1, RUNS + 1) for people in CROWDS for name in CROWDS[people]
    )
    assert {name: (each["at"], each["goal"]) for name, each in kept["ratios"].items()} == {
        "updates_vs_plain_50": ("least", 5),
        "updates_vs_ptb_50": ("least", 10),
        "cpu_vs_floor_50": ("most", 4),
        "p99_vs_plain_50": ("most", 0.2),
        "p99_vs_plain_200": ("most", 0.2),
        "double_tap_ms": ("most", 10),
        "gc_share": ("most", 0.01),
        "gc_max_pause_ms": ("most", 10),
        "rss_mib": ("most", 100),
        "start_s": ("most", 1.5),
        "idle_cpu": ("most", 0.01),
    }
    assert kept["an_update_costs"].keys() == BOTS.keys()


def test_readme_says_what_a_set_costs_in_ten_million() -> None:
    screens = json.loads((report.RESULTS / "growth-latest.json").read_text(encoding="utf-8"))["screens"]
    read = {each["sizes"]["10M"]["buffers"] for each in screens if each["screen"] == "record, a later set"}
    assert read == {25}
    assert "25 pages of 8 kB" in report.README.read_text(encoding="utf-8")
