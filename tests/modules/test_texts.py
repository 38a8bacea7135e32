"""Texts: every key that the code uses exists, every key that exists is used, and values are shown as typed."""

import ast
import re
from pathlib import Path

import pytest

from app.modules import registration, texts
from app.modules.texts import Html, label, t

ROOT = Path(__file__).parents[2]


def used_keys() -> set[str]:
    """Keys given to t() and label(), other keys that stand in the code, and those made of command names."""
    found, written = {f"command-{name}" for name in registration.COMMANDS}, written_keys()
    for file in [*(ROOT / "app").rglob("*.py"), *(ROOT / "admin_panel").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in written:
                found.add(str(node.value))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("t", "label"):
                choices = (
                    [node.args[0].body, node.args[0].orelse] if isinstance(node.args[0], ast.IfExp) else node.args[:1]
                )
                found |= {str(choice.value) for choice in choices if isinstance(choice, ast.Constant)}
    return found


def written_keys() -> set[str]:
    files = (texts.FOLDER / texts.DEFAULT_LANGUAGE).glob("*.ftl")
    return {key for file in files for key in re.findall(r"^([a-z][\w-]*) =", file.read_text(encoding="utf-8"), re.M)}


def test_every_text_is_written_and_used() -> None:
    assert used_keys() == written_keys()


def test_a_key_is_written_once() -> None:
    files = (texts.FOLDER / texts.DEFAULT_LANGUAGE).glob("*.ftl")
    keys = [key for file in files for key in re.findall(r"^([a-z][\w-]*) =", file.read_text(encoding="utf-8"), re.M)]
    assert len(keys) == len(set(keys))


@pytest.fixture
def greeting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A language of one sentence, so that the rules of values can be seen."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "test.ftl").write_text("hello = Hello { $name }, <b>welcome</b>!", encoding="utf-8")
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    texts._bundle.cache_clear()
    yield
    texts._bundle.cache_clear()


@pytest.mark.usefixtures("greeting")
@pytest.mark.parametrize(
    ("name", "message", "button"),
    [
        ("Ann", "Hello Ann, <b>welcome</b>!", "Hello Ann, <b>welcome</b>!"),
        ("<b>&", "Hello &lt;b&gt;&amp;, <b>welcome</b>!", "Hello <b>&, <b>welcome</b>!"),
        ("נועה", "Hello \u2068נועה\u2069, <b>welcome</b>!", "Hello \u2068נועה\u2069, <b>welcome</b>!"),
        (Html("<i>x</i>"), "Hello <i>x</i>, <b>welcome</b>!", "Hello <i>x</i>, <b>welcome</b>!"),
    ],
)
def test_values_are_shown_as_typed(name: str, message: str, button: str) -> None:
    assert t("hello", name=name) == message
    assert label("hello", name=name) == button


@pytest.mark.usefixtures("greeting")
def test_a_missing_value_or_text_is_an_error_and_not_a_hole() -> None:
    with pytest.raises(LookupError, match="hello"):
        t("hello")
    with pytest.raises(LookupError):
        t("no-such-text")
