"""The door of `make setup`: any Python can read this file, so that an old one gets a sentence, not a SyntaxError.

With Python 3.11 or newer at hand it goes on to dev/install.py; an old one looks for a newer on PATH.
"""
# ruff: noqa: UP031

import os
import runpy
import subprocess
import sys

NEEDED = (3, 11)
OTHERS = ("python3.13", "python3.12", "python3.14", "python3.11", "python3.15")  # those with the most wheels first
INSTALL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "install.py")


def sentence(version):
    # type: (tuple[int, ...]) -> str
    """What to tell a person whose Python is too old; empty when it is not."""
    if tuple(version[:2]) >= NEEDED:
        return ""
    return (
        "make setup: this is Python %d.%d, and Python %d.%d or newer is needed. "
        "Install one, for example python3.12, and then run: make PYTHON=python3.12 setup"
    ) % (version[0], version[1], NEEDED[0], NEEDED[1])


def newer_python():
    # type: () -> str
    """The name of a Python on PATH that is new enough and really runs; empty when there is none."""
    ask = "import sys; sys.exit(sys.version_info < %r)" % (NEEDED,)
    with open(os.devnull, "w") as nothing:
        for name in OTHERS:
            try:
                if subprocess.call([name, "-c", ask], stdout=nothing, stderr=nothing) == 0:
                    return name
            except OSError:
                continue
    return ""


def main():
    # type: () -> int
    problem = sentence(tuple(sys.version_info[:2]))
    if not problem:
        runpy.run_path(INSTALL, run_name="__main__")  # it exits by itself
    other = newer_python()
    if other:
        return subprocess.call([other, INSTALL])
    sys.stderr.write(problem + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
