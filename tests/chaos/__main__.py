"""make chaos: every fault, one after the other, then the planted ones; a table, and one line that sums it up.

ARGS="NAME … --seed N" runs some of them, or one again as it was; --list names them.
"""

import argparse
import asyncio
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos import faults, plain
from tests.chaos.checker import WRONGS
from tests.chaos.gym import Gym
from tests.chaos.planted import PLANTS
from tests.chaos.run import FAULTS, Fault, Outcome, run

_ = faults  # importing them enters them into FAULTS
COLUMNS = ("operations", "asked", "shown", "kept", "told", "late")


def main() -> int:
    """Run what was asked for; 0 when every promise was kept."""
    given = _arguments()
    if given.list:
        for each in FAULTS.values():
            print(f"{each.name:28} {each.says} (promise {', '.join(map(str, each.promises))})")
        return 0
    chosen = [FAULTS[name] for name in given.names if name in FAULTS]
    plants = [name for name in given.names if name in PLANTS]
    if not given.names:
        chosen, plants = list(FAULTS.values()), list(PLANTS)
    seed = given.seed if given.seed is not None else secrets.randbelow(10**6)
    folder = Path(tempfile.mkdtemp(prefix="gym-chaos-"))
    print(f"Chaos with seed {seed}. What happens is written to {folder}", flush=True)
    if given.bot == "plain":
        outcomes = asyncio.run(_run_plain(chosen, seed=seed, folder=folder))
        print(_summary(outcomes, {}))
        return 0  # its figures are what is asked for
    outcomes, caught = asyncio.run(_run(chosen, seed=seed, folder=folder, plants=plants))
    print(_summary(outcomes, caught))
    strict = os.environ.get("CHAOS_STRICT") == "1" and any(each.not_run for each in outcomes)
    good = all(each.good for each in outcomes) and all(caught.values())
    return 0 if good and not strict else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*FAULTS, *PLANTS, []], metavar="NAME", help="none: all")
    parser.add_argument("--seed", type=int, help="repeats the choices of a run, not its moments")
    parser.add_argument("--bot", choices=["ours", "plain"], default="ours", help="plain: the usual kind, to compare")
    parser.add_argument("--list", action="store_true", help="name every kind of fault")
    return parser.parse_args()


async def _run(
    chosen: list[Fault], *, seed: int, folder: Path, plants: list[str]
) -> tuple[list[Outcome], dict[str, bool]]:
    outcomes = []
    _head()
    async with Gym.opened() as gym:
        for each in chosen:
            began = time.monotonic()
            outcome = await run(gym, each, seed=seed, folder=folder)
            outcomes.append(outcome)
            _tell(outcome, time.monotonic() - began)
        return outcomes, await _caught(gym, plants, seed=seed, folder=folder)


async def _caught(gym: Gym, names: list[str], *, seed: int, folder: Path) -> dict[str, bool]:
    """Run the bot with each planted fault, and say whether it was found."""
    caught = {}
    for name in names:
        _, scene, signs = PLANTS[name]
        outcome = await run(gym, FAULTS[scene], seed=seed, folder=folder, planted=name)
        caught[name] = outcome.shows(signs)
        wrong = ", ".join(f"{kind} {count}" for kind, count in outcome.figures().items() if count) or "in trouble"
        print(f"planted: {name:28} {wrong if caught[name] else 'NOT CAUGHT'}", flush=True)
        if not caught[name]:
            print(f'    again: make chaos ARGS="{name} --seed {seed}"', flush=True)
    return caught


async def _run_plain(chosen: list[Fault], *, seed: int, folder: Path) -> list[Outcome]:
    outcomes = []
    _head()
    for each in chosen:
        began = time.monotonic()
        outcomes.append(await plain.run_beside(each, seed=seed, folder=folder))
        _tell(outcomes[-1], time.monotonic() - began, again="--bot plain ")
    return outcomes


def _head() -> None:
    print(f"{'fault':28} {'seconds':>7} " + " ".join(f"{name:>10}" for name in COLUMNS) + "  wrong", flush=True)


def _tell(outcome: Outcome, seconds: float, *, again: str = "") -> None:
    """Print a fault's line, and for what went wrong how to see it again."""
    counts = " ".join(f"{getattr(outcome, name):>10}" for name in COLUMNS)
    wrong = ", ".join(f"{name} {count}" for name, count in outcome.figures().items() if count)
    verdict = f"NOT RUN: {outcome.not_run}" if outcome.not_run else wrong or ("0" if outcome.good else "see below")
    verdict += f" ({outcome.took()})" if outcome.measured else ""
    print(f"{outcome.fault.name:28} {seconds:7.0f} {counts}  {verdict}", flush=True)
    for each in [*(each for them in outcome.found.values() for each in them[:5]), *outcome.troubles, *outcome.slow]:
        print(f"    {each}", flush=True)
    if not outcome.good:
        print(f'    again: make chaos ARGS="{again}{outcome.fault.name} --seed {outcome.seed}"', flush=True)


def _summary(outcomes: list[Outcome], caught: dict[str, bool]) -> str:
    ran = [each for each in outcomes if not each.not_run]
    sums = {wrong: sum(each.figures()[wrong] for each in ran) for wrong in WRONGS}
    unanswered, troubled = sums.pop("unanswered"), sum(bool(each.troubles or each.slow) for each in ran)
    figures = " ".join(f"{wrong}={count}" for wrong, count in sums.items())
    not_run = ", ".join(each.fault.name for each in outcomes if each.not_run)
    return (
        f"Sets of which nobody was told: {unanswered}. Faults with leaks, silence or long waits: {troubled}.\n"
        f"CHAOS faults={len(ran)} operations={sum(each.operations for each in ran)} {figures} "
        f"planted_caught={sum(caught.values())}/{len(caught)} not_run=[{not_run}]"
    )


if __name__ == "__main__":
    sys.exit(main())
