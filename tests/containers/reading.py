"""Reads the Dockerfiles, .dockerignore and the compose file as Docker would, as far as ours use their languages."""

import json
import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dev.left_overs import PROJECT

COMPOSE = PROJECT / "docker-compose.yaml"
DOCKERFILES = ("app", "admin_panel/backend", "admin_panel/frontend", "deploy/backup")
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::(?P<how>[-?])(?P<rest>[^}]*))?\}")


@dataclass
class Stage:
    """One FROM, and what follows it."""

    base: str
    name: str
    copies: list[tuple[list[str], str, str]] = field(default_factory=list)  # sources, target, of which stage
    env: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # WORKDIR, USER, CMD, …: the last of each

    def command(self, instruction: str) -> list[str]:
        """The words of CMD or HEALTHCHECK, which we write as lists."""
        text = self.words[instruction]
        return [str(word) for word in json.loads(text[text.index("[") :])]


def stages(folder: str) -> list[Stage]:
    """Read a Dockerfile."""
    text = (PROJECT / folder / "Dockerfile").read_text()
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    found: list[Stage] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        instruction, _, rest = line.partition(" ")
        if instruction == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append(Stage(base, name))
        elif instruction == "COPY":
            *sources, target = rest.removeprefix("--from=").split()
            origin = sources.pop(0) if rest.startswith("--from=") else ""
            found[-1].copies.append((sources, target, origin))
        elif instruction == "ENV":
            found[-1].env |= dict(word.split("=", 1) for word in shlex.split(rest))
        else:
            found[-1].words[instruction] = rest
    return found


def is_ignored(path: Path) -> bool:
    """Whether .dockerignore keeps a path of the repository from a build: the last line that fits decides."""
    ignored = False
    name = path.relative_to(PROJECT).as_posix()
    for line in (PROJECT / ".dockerignore").read_text().splitlines():
        if line and not line.startswith("#"):
            steps = re.escape(line.removeprefix("!")).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")
            if re.fullmatch(rf"{steps}(/.*)?", name):
                ignored = not line.startswith("!")
    return ignored


def context(source: str) -> list[Path]:
    """The files that COPY of a source takes from the build's context."""
    path = PROJECT / source
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return [file for file in files if not is_ignored(file)]


def copied(stage: Stage, root: Path) -> Path:
    """Carry out the COPYs from the context in an empty folder; return the stage's working folder in it."""
    workdir = root / stage.words["WORKDIR"].lstrip("/")
    workdir.mkdir(parents=True)
    for sources, target, origin in stage.copies:
        for source in () if origin else sources:
            is_folder = (PROJECT / source).is_dir()
            for file in context(source):
                inside = file.relative_to(PROJECT / source) if is_folder else Path(file.name)
                place = workdir / target / inside
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, place)
    return workdir


def compose() -> dict[str, Any]:
    """The compose file as it is written."""
    return dict(yaml.safe_load(COMPOSE.read_text()))


def variables() -> dict[str, set[str]]:
    """Every variable that the compose file takes from .env, and its defaults there."""
    found: dict[str, set[str]] = {}
    for match in VARIABLE.finditer(COMPOSE.read_text()):
        found.setdefault(match["name"], set()).add(match["rest"] if match["how"] == "-" else "")
    return found


def filled_in(given: Any, env: dict[str, str]) -> Any:
    """Put variables in, as compose does with .env; one that is demanded and empty is an error."""
    if isinstance(given, dict):
        return {name: filled_in(value, env) for name, value in given.items()}
    if isinstance(given, list):
        return [filled_in(value, env) for value in given]

    def value_of(match: re.Match[str]) -> str:
        value = env.get(match["name"], "")
        assert value or match["how"] != "?", f"{match['name']} {match['rest']}"
        return value or (match["rest"] if match["how"] == "-" else "")

    return VARIABLE.sub(value_of, given).replace("$$", "$") if isinstance(given, str) else given
