"""Processes that may outlive the one that started them: known again, ended, never mixed up with a stranger's.

Three nets: a guard process ends what its starter leaves behind when that is killed; a record file lets the next
run do the same; and whatever runs in one of our data folders is found by that folder.
`python -m dev.left_overs` is the guard.
"""

import atexit
import contextlib
import fcntl
import functools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import psutil  # type: ignore[import-untyped]

PROJECT = Path(__file__).resolve().parent.parent
POLL = 0.02
KILLED_WITHIN = 5.0
SAME_START = 3.0  # seconds: the start time is computed from a clock that is corrected now and then


@dataclass(frozen=True)
class Running:
    """A process as it was when we started it; a pid alone may belong to a stranger by now."""

    name: str
    pid: int
    started: float
    ended_by: int = signal.SIGTERM
    group: bool = False  # leads a process group of its own, which ends with it

    def alive(self) -> bool:
        return self.started > 0 and abs(started(self.pid) - self.started) < SAME_START

    def send(self, number: int) -> None:
        if self.alive():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, number)

    def clear_group(self) -> None:
        """Kill what is left of its group, such as a drawing process of the bot's."""
        if self.group:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)


def started(pid: int) -> float:
    """When this process started, or 0 when there is none; a zombie is none."""
    try:
        process = psutil.Process(pid)
        return 0.0 if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return 0.0


def known(name: str, pid: int, *, ended_by: int = signal.SIGTERM, group: bool = False) -> Running:
    return Running(name, pid, started(pid), ended_by, group)


def end(processes: list[Running], *, patience: float = 20, hurry: Callable[[], bool] = lambda: False) -> None:
    """Ask all of them to end, wait, then kill; at once when in a hurry."""
    ours = [process for process in processes if process.alive()]  # else its pid may lead a stranger's group by now
    for process in ours:
        process.send(process.ended_by)
    kill_at = time.monotonic() + patience
    while any(process.alive() for process in ours):
        if time.monotonic() > kill_at + KILLED_WITHIN:
            break  # it hangs inside the kernel; nothing more can be done from here
        if time.monotonic() > kill_at or hurry():
            kill_at = min(kill_at, time.monotonic())
            for process in ours:
                process.send(signal.SIGKILL)
        time.sleep(POLL)
    for process in ours:
        process.clear_group()


def wait(processes: list[Running], *, seconds: float) -> None:
    """Give them time to end by themselves."""
    deadline = time.monotonic() + seconds
    while any(process.alive() for process in processes) and time.monotonic() < deadline:
        time.sleep(POLL)


def running_in(folder: Path, program: str) -> list[Running]:
    """Every process of this program whose working folder is this one: PostgreSQL and Valkey both go to their data."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.name().startswith(program) and os.path.samefile(process.cwd(), folder):
                found.append(Running(program, process.pid, float(process.create_time())))
    return found


def running_from(folder: Path) -> bool:
    """Whether a process of anybody's runs a program below this folder."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if Path(process.exe()).is_relative_to(folder):
                return True
    return False


def write_record(path: Path, processes: list[Running]) -> None:
    write_private(path, json.dumps([asdict(process) for process in processes], indent=1) + "\n")


def read_record(path: Path) -> list[Running]:
    """What an earlier run wrote down, as far as it can be read."""
    try:
        return [Running(**entry) for entry in json.loads(path.read_text())]
    except (OSError, ValueError, TypeError):
        return []


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else may read, whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)


def hold(path: Path) -> IO[str] | None:
    """Lock this file for as long as the result stays open and this process lives; None when another holds it."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


class Guard:
    """Our end of the pipe to a small process that outlives us for a moment and ends what we leave behind."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        self._pipe = os.fdopen(writing, "w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dev.left_overs"],
            cwd=PROJECT,
            stdin=reading,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(reading)
        atexit.register(self.close)

    def watch(self, process: Running) -> None:
        with contextlib.suppress(BrokenPipeError):  # somebody killed the guard: the next start still cleans up
            self._pipe.write(json.dumps(asdict(process)) + "\n")
            self._pipe.flush()

    def close(self) -> None:
        """Let it end; whatever of ours still runs ends with it."""
        with contextlib.suppress(BrokenPipeError):
            self._pipe.close()
        self._process.wait()


@functools.cache
def guard() -> Guard:
    """One guard for this process, started when there is something to guard."""
    return Guard()


def main() -> None:
    """Wait until the starter is gone, however it went; then end its processes, the newest first."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for process in reversed([Running(**json.loads(line)) for line in sys.stdin]):
        end([process])


if __name__ == "__main__":
    main()
