"""`make bench`: our bot beside a plain aiogram bot, a python-telegram-bot bot and no framework at all, on this machine.

SECONDS=30 measures each bot with each crowd for so long, in three turns; the last line is the ratios as JSON. What
took 60 or more is kept in bench/results, and README tells it.
"""

import argparse
import json
import sys

import uvloop

from bench import report
from bench.check import Differs, compare
from bench.measure import RUNS, alternate, calm
from bench.stage import Stage
from dev.servers import ServersError

KEPT_SECONDS = 60.0


def main() -> int:
    """Check, measure, report."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each bot and crowd (default: 60)")
    try:
        return uvloop.run(_bench(parser.parse_args().seconds))
    except (Differs, ServersError) as trouble:
        print(f"make bench: {trouble}", file=sys.stderr)
        return 1


async def _bench(seconds: float) -> int:
    print("Starting PostgreSQL and Valkey, writing what people tap ...", flush=True)
    async with Stage.opened() as stage:
        print("Looking whether all bots say the same, to the letter ...", flush=True)
        counts = await compare(stage)
        runs = await alternate(stage, seconds=seconds / RUNS, say=lambda line: print(f"  {line}", flush=True))
        alone = await calm(stage, seconds=seconds / RUNS)
    found = report.ratios(runs, alone)
    print(f"\n{report.table(runs, counts, found)}\n")
    if seconds >= KEPT_SECONDS:
        path = report.keep(report.results(runs, alone, counts, found, seconds=seconds))
        print(f"All figures: {path.relative_to(report.ROOT)}; README's part and its picture are made of them.")
    else:
        print(f"Nothing is kept of less than {KEPT_SECONDS:.0f} s.")
    print(json.dumps(report.as_json(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
