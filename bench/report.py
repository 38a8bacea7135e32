"""What is made of the runs: ratios beside their goals, a table, a file of results, a picture."""

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
from bench.measure import CROWDS, Calm, Run, middle
from bench.stage import ROOT, TITLES

RESULTS = ROOT / "bench" / "results"
PICTURE = ROOT / "src" / "bench.svg"


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
        "rss_mib": Ratio(max(run.memory_mib for run in ours), "most", 100),
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
    """Write the results to a file of their own, and to latest.json."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(kept, indent=1) + "\n"
    path = RESULTS / f"{kept['date'][:10]}-{kept['commit']}.json"
    for each in (path, RESULTS / "latest.json"):
        each.write_text(text, encoding="utf-8")
    return path


def commit() -> str:
    """Name what was measured; with a plus when something was changed since."""
    try:
        said = _git("rev-parse", "--short", "HEAD").strip()
        changed = _git("status", "--porcelain", "--", ".", ":!bench/results", f":!{PICTURE.relative_to(ROOT)}")
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
    packages = ("aiogram", "python-telegram-bot", "uvicorn", "uvloop", "psycopg2-binary", "redis", "fastapi")
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "python": sys.version.split()[0],
        **{name: version(name) for name in packages},
    }


BAR, LEFT, WIDTH, ROW = 330, 190, 600, 30
OURS, OTHERS = "#2f6fdf", "#9aa4b2"


def draw(runs: list[Run]) -> str:
    """Draw two figures of every bot with 50 people, as bars."""
    parts = []
    top = 24
    for figure, title, unit in (
        ("updates_per_s", "Updates handled, 50 people at once", "/s"),
        ("tap_p99_ms", "Until 99 of 100 taps are served", " ms"),
        ("cpu_us", "Processor time an update", " µs"),
    ):
        values = {name: middle(runs, figure, bot=name) for name in CROWDS[50]}
        parts.append(f'<text x="16" y="{top}" font-weight="bold">{title}</text>')
        for place, (name, value) in enumerate(values.items()):
            y = top + 14 + place * ROW
            wide = max(2, BAR * value / max(values.values()))
            colour = OURS if name == "ours" else OTHERS
            parts += [
                f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{TITLES[name]}</text>',
                f'<rect x="{LEFT}" y="{y}" width="{wide:.0f}" height="20" rx="3" fill="{colour}"/>',
                f'<text x="{LEFT + wide + 6:.0f}" y="{y + 15}">{value:,.0f}{unit}</text>',
            ]
        top += 14 + len(values) * ROW + 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top - 30}" width="{WIDTH}" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="#1f2933">'
        f'<rect width="{WIDTH}" height="{top - 30}" rx="8" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )
