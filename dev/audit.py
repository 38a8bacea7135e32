"""`make audit`: what is known to be weak in what we depend on, as pip-audit and npm audit tell it.

It is reported and fails nothing: an advisory comes on a day of its own, and where nobody can be asked it says so.
"""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dev import node
from dev.left_overs import PROJECT
from dev.panel import FRONTEND

PIP_AUDIT = "pip-audit==2.10.1"  # with twenty packages of its own, so it is no part of .venv
SECONDS = 25


def main() -> int:
    """Ask both at once; each answers with a line."""
    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(of_python), pool.submit(of_pages)]
    for name, answer in zip(("Python", "npm"), asked, strict=True):
        print(f"audit ({name}): {answer.result()}", flush=True)
    return 0


def of_python() -> str:
    """Ask pip-audit about what is installed for production and for tests."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-compile", "--retries=0"]
        if said([*pip, "--target", folder, PIP_AUDIT]) is None:
            return f"not asked, {PIP_AUDIT} cannot be installed here."
        ask = [sys.executable, "-m", "pip_audit", "--requirement", str(PROJECT / "requirements-dev.txt")]
        ask += ["--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off", "--timeout=5"]
        return told_by_pip(parsed(said(ask, PYTHONPATH=folder, is_failure_fine=True)))


def of_pages() -> str:
    """Ask npm about what the panel's pages are made of."""
    try:
        npm = node.npm()
    except node.NodeProblem as problem:
        return f"not asked, {problem}"
    ask = [*npm, "audit", "--json", "--package-lock-only", "--prefix", str(FRONTEND)]
    quick = {f"npm_config_{name}": value for name, value in node.QUICK_TO_GIVE_UP.items()}
    return told_by_npm(parsed(said(ask, is_failure_fine=True, **quick)))


def told_by_pip(answer: Any) -> str:
    """Sum up pip-audit's answer."""
    packages = answer.get("dependencies", [])
    asked = [package for package in packages if "skip_reason" not in package]
    if not asked:
        return "not asked, nobody here knows of advisories."
    weak = [
        f"{package['name']} {package['version']} ({weakness['id']}, mended in {weakness['fix_versions'] or 'none'})"
        for package in asked
        for weakness in package["vulns"]
    ]
    left_out = f", {len(packages) - len(asked)} unknown there" if len(packages) > len(asked) else ""
    return f"{len(asked)} packages{left_out}, {summed(weak)}"


def told_by_npm(answer: Any) -> str:
    """Sum up npm's answer."""
    if "metadata" not in answer:
        return "not asked, the registry tells of no advisories."
    weak = [f"{name} ({weakness['severity']})" for name, weakness in answer["vulnerabilities"].items()]
    return f"{answer['metadata']['dependencies']['total']} packages, {summed(weak)}"


def summed(weak: list[str]) -> str:
    return f"KNOWN WEAKNESSES: {'; '.join(weak)}." if weak else "no known weakness."


def said(command: list[str], *, is_failure_fine: bool = False, **env: str) -> str | None:
    """Run a program for a while; return what it said, or None when it came to nothing."""
    try:
        ended = subprocess.run(command, env=os.environ | env, capture_output=True, text=True, timeout=SECONDS)
    except (subprocess.TimeoutExpired, OSError):
        return None
    return ended.stdout if ended.returncode == 0 or is_failure_fine else None


def parsed(text: str | None) -> Any:
    """Read an answer; one that is none is empty."""
    try:
        answer = json.loads(text or "")
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


if __name__ == "__main__":
    sys.exit(main())
