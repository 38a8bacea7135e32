"""The import law of the house (docs/house.md): who may know whom, read from the code itself."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "app" / "modules"
ROOMS = sorted(folder.name for folder in MODULES.iterdir() if (folder / "__init__.py").exists())
LAYERS = {
    "model": {"model"},
    "rules": {"model", "rules"},
    "queries": {"model", "queries"},
    "typed": {"model", "typed"},  # pure, as rules: what a line says
    "search": {"model", "search"},  # pure, as rules: which names fit
    "service": {"model", "rules", "queries", "service"},
    "callbacks": {"model", "callbacks"},
    "screens": {"model", "rules", "callbacks", "screens"},
    "handlers": {"model", "rules", "service", "callbacks", "screens", "handlers"},
    "lines": {"model", "rules", "typed", "search", "service", "callbacks", "screens", "handlers", "lines"},
    "jobs": {"model", "service", "jobs"},
}
DOORS = {"service", "model", "callbacks"}
PURE = {"model", "rules", "typed", "search", "queries", "service"}  # no Telegram and no HTTP in there
SPINE_OVER_ROOMS = {"handlers.py", "delivery.py", "middlewares.py", "registration.py"}
SQL_HOMES = {"queries.py", "postgres.py", "schema.py", "backup.py"}
SENDING = ("sendMessage", "sendDocument", "editMessageText", "editMessageReplyMarkup", ".answer(", ".edit_text(")
SQL_WORDS = ("SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "ALTER ")


def python_files(*folders: str) -> list[Path]:
    found = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file for file in found if "node_modules" not in file.parts]


def imports(file: Path) -> set[str]:
    """Every module that a file imports, `from x import y` as both x and x.y."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def room_imports(file: Path) -> set[tuple[str, str]]:
    """The rooms that a file enters, and by which of their files."""
    parts = [name.split(".") for name in imports(file) if name.startswith("app.modules.")]
    return {(part[2], part[3]) for part in parts if len(part) > 3 and part[2] in ROOMS}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_keeps_its_layers(room: str) -> None:
    for file in sorted((MODULES / room).glob("*.py")):
        layer = file.stem
        if layer == "__init__":
            continue
        assert layer in LAYERS, f"{file}: a room has no such file"
        for other, entrance in room_imports(file):
            if other == room:
                assert entrance in LAYERS[layer], f"{file} must not know {entrance}"
            else:
                assert entrance in DOORS, f"{file} enters {other} by {entrance}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_core_knows_neither_telegram_nor_http(room: str) -> None:
    for layer in PURE:
        file = MODULES / room / f"{layer}.py"
        if file.exists():
            foreign = {name for name in imports(file) if name.split(".")[0] in ("aiogram", "fastapi", "starlette")}
            assert not foreign, f"{file} imports {foreign}"


def test_rooms_make_no_circle() -> None:
    knows = {
        room: {
            other
            for file in (MODULES / room).glob("*.py")
            for other, entrance in room_imports(file)
            if other != room and entrance != "callbacks"
        }
        for room in ROOMS
    }
    while leaves := [room for room, others in knows.items() if not others & knows.keys()]:
        for room in leaves:
            del knows[room]
    assert not knows, f"these rooms know each other in a circle: {sorted(knows)}"


def test_the_spine_knows_no_room_but_where_it_joins_them() -> None:
    for file in sorted(MODULES.glob("*.py")):
        if file.name not in SPINE_OVER_ROOMS:
            assert not room_imports(file), f"{file} must not know the rooms"


def test_the_core_knows_no_door() -> None:
    for file in python_files("app"):
        assert not any(name.startswith("admin_panel") for name in imports(file)), file
        if "sandbox" not in file.parts:
            assert not any(name.startswith("app.sandbox") for name in imports(file)), file
    for file in python_files("app/sandbox"):
        assert not any(name.startswith(("app.modules", "app.settings", "aiogram")) for name in imports(file)), file


def test_whoever_starts_the_bot_imports_aiogram_lean() -> None:
    """Elsewhere the order does not matter: these are the first to import anything."""
    for file in [*python_files("app"), ROOT / "tests" / "conftest.py"]:
        if file.stem == "conftest" or ("app.bootstrap" in imports(file) and "__main__" in file.read_text("utf-8")):
            first = ast.parse(file.read_text("utf-8")).body[1]  # after the docstring
            names = "lean_aiogram" if file.stem == "conftest" else "gc_off, lean_aiogram"
            assert ast.unparse(first) == f"from app.utils import {names}", file


def test_the_admin_panel_enters_rooms_by_their_doors_and_knows_no_telegram() -> None:
    for file in python_files("admin_panel"):
        assert not any(name.split(".")[0] == "aiogram" for name in imports(file)), file
        assert "app.bootstrap" not in imports(file), f"{file} would load the bot"
        for room, entrance in room_imports(file):
            assert entrance in DOORS - {"callbacks"}, f"{file} enters {room} by {entrance}"


def test_no_route_and_nothing_that_routes_ask_for_runs_in_a_thread() -> None:
    for file in [*python_files("admin_panel/backend/api"), ROOT / "admin_panel" / "backend" / "deps.py"]:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        asked = {
            node.args[0].id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Depends" and node.args
            if isinstance(node.args[0], ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                assert node.name not in asked, f"{file}: {node.name} is not async"
                assert not any("router." in ast.unparse(each) for each in node.decorator_list), f"{file}: {node.name}"


def test_sql_lives_in_queries() -> None:
    homes = SQL_HOMES | {"store.py"}  # the sandbox's own
    for file in python_files("app", "admin_panel"):
        if file.name in homes:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value.strip()
                assert not text.startswith(SQL_WORDS), f"{file}:{node.lineno} has SQL"


def test_only_show_sends_and_edits() -> None:
    for file in python_files("app"):
        if "sandbox" in file.parts or file.name in ("screen.py", "telegram.py"):
            continue
        source = file.read_text(encoding="utf-8")
        for method in SENDING:
            assert method not in source, f"{file} uses {method} instead of show()"


def test_queries_name_their_columns_and_parameters() -> None:
    for file in python_files("app/modules"):
        if file.name == "queries.py":
            source = file.read_text(encoding="utf-8")
            assert "SELECT *" not in source, file
            assert ".format(" not in source, file
            assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(ast.parse(source))), f"{file}: f-string"


def test_the_tap_in_the_docs_is_the_tap_in_the_code() -> None:
    trace = (ROOT / "docs" / "tap.md").read_text(encoding="utf-8").split("```")[1]
    steps = [line.split()[:2] for line in trace.splitlines() if ".py" in line]
    assert len(steps) > 10
    for file, name in steps:
        tree = ast.parse((MODULES / file).read_text(encoding="utf-8"))
        owner, _, method = name.rpartition(".")
        scope = (
            [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == owner] if owner else [tree]
        )
        assert scope, f"{file} has no {owner}"
        functions = [node.name for node in scope[0].body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        assert (method if owner else name) in functions, f"{file} has no {name}"
