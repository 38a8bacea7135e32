"""`make setup`: builds `.venv` from the pinned requirements, once; every way to fail ends in a sentence.

Uses the standard library alone: nothing is installed yet. Reached through dev/setup.py.
"""

import errno
import fcntl
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
STAMP = VENV / ".made-by-setup"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
UNFINISHED = "unfinished"
TICK = 0.2

# What pip and venv say, and what it means for a person; the first that fits is taken.
FAILURES = (
    (
        r"No space left on device|Errno 28\b|[Dd]isk quota",
        "The disk is full. Free some space (some 700 MB are needed).",
    ),
    (
        r"Permission denied|Errno 13\b|[Rr]ead-only file system|Operation not permitted",
        f"No permission to write: {VENV} and the temporary folder must belong to you. After `sudo make` it is root's: "
        f"sudo chown -R $(id -un) {PROJECT}",
    ),
    (
        r"[Nn]ame resolution|getaddrinfo|NameResolutionError|NewConnectionError|Failed to establish a new connection|"
        r"Max retries exceeded|[Cc]onnection (refused|reset|aborted|broken)|[Tt]imed? ?out|unreachable|ProxyError|"
        r"SSLError|CERTIFICATE_VERIFY|HTTP error [45]\d\d|[45]\d\d (Server|Client) Error",
        "The package index cannot be reached. Look at the network (a proxy is set by HTTPS_PROXY, another index by "
        "PIP_INDEX_URL), then run `make setup` again.",
    ),
)


class SetupError(Exception):
    """What went wrong, in a sentence that says what to do."""


def wanted_stamp() -> str:
    """What `.venv` must have been made from to be taken as it is."""
    made_from = hashlib.sha256(f"{sys.version_info[:3]} {VENV}".encode())
    for name in REQUIREMENTS:
        made_from.update((PROJECT / name).read_bytes())
    return made_from.hexdigest()


def kept_stamp() -> str:
    return STAMP.read_text() if STAMP.exists() else ""


def check_machine() -> None:
    """Refuse at once where the embedded servers have no build."""
    if sys.platform == "win32":
        raise SetupError("Windows itself is not supported: run this inside WSL (Ubuntu, for example).")
    if "musl" in str(sysconfig.get_config_var("HOST_GNU_TYPE")):
        raise SetupError(
            "The embedded PostgreSQL has no build for musl (Alpine): use a Debian, Ubuntu or Fedora, or containers."
        )
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise SetupError(
            f"This Python cannot make virtual environments. Install that part (Debian: apt install python3-venv, or "
            f"python{version}-venv), then run `make setup` again."
        )


def is_usable() -> bool:
    """Whether `.venv` is a whole environment of this very Python, made by hand perhaps: then pip only tops it up."""
    python = VENV / "bin" / "python"
    if kept_stamp() == UNFINISHED or not python.exists():
        return False
    version = f"import sys; sys.exit(sys.version_info[:3] != {tuple(sys.version_info[:3])!r})"
    return subprocess.run([python, "-c", f"import pip; {version}"], capture_output=True, check=False).returncode == 0


def explain(said: str, code: int) -> str:
    """What a failed pip or venv means, in one sentence."""
    missing = re.search(r"No matching distribution found for (\S+)", said)
    for pattern, meaning in FAILURES:
        if re.search(pattern, said):
            return meaning
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    if missing:
        return (
            f"The package index has no {missing[1]} for this machine ({machine}). With a newer Python than 3.14 try "
            "`make PYTHON=python3.13 setup`; else this machine is not supported."
        )
    tail = "\n".join(f"    {line}" for line in said.strip().splitlines()[-8:])
    return f"It failed (exit code {code}) and said:\n{tail}"


def step(title: str, command: list[str], *, count_of: int = 0) -> None:
    """Run one step with a line on the terminal: what, how far, how many seconds."""
    began, live = time.monotonic(), sys.stdout.isatty()
    if not live:
        print(f"  {title} ...", flush=True)
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=_quiet_env()
        )
        try:
            while process.poll() is None:
                if live:
                    seconds = f"{time.monotonic() - began:.0f} s"
                    print(f"\r  {title} {_progress(_said(output), count_of)} {seconds}   ", end="", flush=True)
                time.sleep(TICK)
        except BaseException:
            process.terminate()
            process.wait()
            raise
        said = _said(output)
    if process.returncode:
        raise SetupError(explain(said, process.returncode))
    done = f"  {title}: {time.monotonic() - began:.0f} s"
    print(f"\r{done:<60}" if live else done, flush=True)


def _said(output: IO[str]) -> str:
    """What a step has said so far; read beside its own writing, whose position stays untouched."""
    size = os.fstat(output.fileno()).st_size
    return os.pread(output.fileno(), size, 0).decode(errors="replace")


def _progress(said: str, count_of: int) -> str:
    if not count_of:
        return ""
    if "Installing collected packages" in said:
        made = len(list(VENV.glob("lib/*/site-packages/*.dist-info")))
        return f"{min(made, count_of)}/{count_of}"  # pip itself is among them
    return f"{said.count('Collecting ')}/{count_of} found"


def _quiet_env() -> dict[str, str]:
    """The caller's environment without what would lead pip elsewhere."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET")}
    return env | {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "LC_MESSAGES": "C"}


def build() -> None:
    """Make or top up `.venv`; the stamp is written last, so that an interrupted build is done anew."""
    stamp, usable = wanted_stamp(), is_usable()
    print(f"Setting up {VENV.name} with Python {platform.python_version()}", flush=True)
    if not usable:
        check_machine()
    VENV.mkdir(exist_ok=True)
    STAMP.write_text(UNFINISHED)
    if not usable:
        for entry in VENV.iterdir():  # not by venv's --clear, which would take the stamp away too
            if entry != STAMP:
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        step("Making the environment", [sys.executable, "-m", "venv", str(VENV)])
    packages = sum(bool(re.match(r"[A-Za-z]", line)) for name in REQUIREMENTS for line in _lines(name))
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--progress-bar", "off", "--retries", "2"]
    pip.append("--no-compile")  # a quarter of the time; Python compiles what it imports
    step("Installing packages", [*pip, "--only-binary=:all:", "-r", str(PROJECT / REQUIREMENTS[-1])], count_of=packages)
    STAMP.write_text(stamp)


def _lines(name: str) -> list[str]:
    return (PROJECT / name).read_text().splitlines()


def is_done() -> bool:
    return kept_stamp() == wanted_stamp() and (VENV / "bin" / "python").exists()


def main() -> int:
    try:
        if is_done():
            return 0
        lock = os.open(PROJECT, os.O_RDONLY)  # a folder can be locked, which needs no file that stays behind
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two at once: the second waits and finds it done
            if not is_done():
                build()
        finally:
            os.close(lock)
    except SetupError as error:
        print(f"\nmake setup: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        known = {errno.ENOSPC: FAILURES[0][1], errno.EACCES: FAILURES[1][1], errno.EROFS: FAILURES[1][1]}
        sentence = known.get(error.errno or 0, f"{error.strerror}: {error.filename}")
        print(f"\nmake setup: {sentence}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nmake setup: interrupted; the next one begins anew.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
