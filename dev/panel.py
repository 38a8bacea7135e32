"""The admin panel: built once per state of its sources, by Node, which nobody needs at run time.

`python -m dev.panel build`, `check` (types and lint), `test`, `types` (of the API, for the panel's code).
"""

import hashlib
import json
import sys
from pathlib import Path

from dev.left_overs import PROJECT
from dev.node import NodeProblem, alone_in, install, run

FRONTEND = PROJECT / "admin_panel" / "frontend"
STAMP = Path("dist", ".made-from")
SOURCES = ("src", "public")
FILES = ("index.html", "package.json", "package-lock.json", ".npmrc", "tsconfig.json", "vite.config.ts")
TYPES = Path("src", "api", "schema.d.ts")


def sources_hash(folder: Path = FRONTEND) -> str:
    """Name the state of the sources; tests among them are none."""
    sources = [path for part in SOURCES for path in (folder / part).rglob("*") if path.is_file()]
    made_from = hashlib.sha256()
    for path in sorted([*(path for path in sources if ".test." not in path.name), *(folder / name for name in FILES)]):
        made_from.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return made_from.hexdigest()


def is_built(folder: Path = FRONTEND) -> bool:
    """Whether dist/ is of the sources as they are."""
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_text() == sources_hash(folder)


def build(folder: Path = FRONTEND) -> None:
    """Build dist/, unless that is done already."""
    with alone_in(folder):
        if not is_built(folder):
            made_from = sources_hash(folder)  # what changes meanwhile is built the next time
            node = install(folder)
            run([node, "node_modules/vite/bin/vite.js", "build"], failed="Vite cannot build it", folder=folder)
            (folder / STAMP).write_text(made_from)


def openapi() -> str:
    """Say what the API describes itself as now."""
    from admin_panel.backend.main import described

    return json.dumps(described())


def types(folder: Path = FRONTEND) -> str:
    """Make the panel's types of the API's description as it is now."""
    with alone_in(folder):
        node = install(folder)
    program = "node_modules/openapi-typescript/bin/cli.js"
    return run([node, program], failed="The types cannot be made", folder=folder, given=openapi())


def npm_script(*words: str, folder: Path = FRONTEND) -> None:
    """Run a program of the panel's, and let it speak."""
    with alone_in(folder):
        node = install(folder)
    run([node, f"node_modules/{words[0]}", *words[1:]], failed=words[0].partition("/")[0], folder=folder, is_heard=True)


def main() -> int:
    try:
        match sys.argv[1:]:
            case ["build"]:
                build()
            case ["check"]:
                npm_script("typescript/bin/tsc", "--noEmit")
                npm_script("eslint/bin/eslint.js", "--max-warnings", "0", ".")
            case ["test"]:
                npm_script("vitest/vitest.mjs", "run")
            case ["types"]:
                (FRONTEND / TYPES).write_text(types())
            case _:
                print(__doc__, file=sys.stderr)
                return 1
    except NodeProblem as problem:
        print(f"\nThe admin panel: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
