"""Every statement is prepared once a connection: what cannot be is sent as text each time, and nobody would notice."""

import ast
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from app.modules.postgres import plan
from tests.architecture.test_import_law import ROOT, python_files

SENT_AS_TEXT = {  # by the word that they begin with, which PostgreSQL does not prepare
    # Planned anew each time on purpose, with their values: queries.py says why.
    ("insight.logged_sets", "SET"),
    ("insight.logged_sets_of_exercise", "SET"),
    ("insight.logged_sets_of_muscle", "SET"),
    ("insight.logged_sets_of_person", "SET"),
    ("insight.logged_sets_of_persons_exercise", "SET"),
    ("people.people", "SET"),  # when somebody is looked for
    # A time-out of its own, once in a person's life.
    ("people.erase", "SET"),
    # The cursors of an export, and the view that they share.
    ("export.see_one_moment", "SET"),
    ("export.muscles", "DECLARE"),
    ("export.exercises", "DECLARE"),
    ("export.sets", "DECLARE"),
    ("export.corrections", "DECLARE"),
    ("export.set_aside", "DECLARE"),
}
FROM_THEIR_CALLER = {"export._pieces"}  # FETCH from those cursors


def executed() -> Iterator[tuple[str, ast.expr, ModuleType]]:
    """What each function of a room's queries gives to a cursor."""
    for file in python_files("app", "admin_panel"):
        if file.name != "queries.py":
            continue
        module = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            for node in ast.walk(function) if isinstance(function, ast.FunctionDef) else ():
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "execute":
                    yield f"{file.parent.name}.{function.name}", node.args[0], module


def texts(said: ast.expr, module: ModuleType) -> list[str]:
    """All that an expression may come to."""
    match said:
        case ast.Constant(str(text)):
            return [text]
        case ast.Name(name):
            return [getattr(module, name)]
        case ast.Subscript(ast.Name(name)):
            return list(getattr(module, name).values())
        case ast.BinOp(left, ast.Add(), right):
            return [head + tail for head in texts(left, module) for tail in texts(right, module)]
        case ast.IfExp(_, either, other):
            return texts(either, module) + texts(other, module)
    raise AssertionError(f"{ast.unparse(said)}: let this test know what it comes to")


def test_every_statement_that_can_be_prepared_is() -> None:
    unplanned = {
        (where, text.split()[0])
        for where, said, module in executed()
        if where not in FROM_THEIR_CALLER
        for text in texts(said, module)
        if plan(text) is None
    }
    assert unplanned == SENT_AS_TEXT, "does a line of one end in a semicolon, as a comment may?"
