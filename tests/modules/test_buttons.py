"""What a button carries is what aiogram's own pack() writes, which is what its filters read."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from aiogram.filters.callback_data import CallbackData
from hypothesis import given, settings
from hypothesis import strategies as st

import app.modules.handlers  # noqa: F401 - every room, and so every button
from app.modules.screen import packed

KINDS = sorted(
    (kind for kind in CallbackData.__subclasses__() if kind.__module__.startswith("app.")),
    key=lambda kind: kind.__prefix__,
)
VALUES = {int: st.integers(), str: st.text(max_size=70), Decimal: st.decimals()}


def outcome(write: Callable[[], str]) -> str:
    """What is written, or why it is not."""
    try:
        return write()
    except ValueError as error:
        return f"refused: {error}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__prefix__)
@settings(deadline=None)  # modules are read during the first example
@given(drawn=st.data())
def test_a_command_is_written_as_aiogram_writes_it(kind: type[CallbackData], drawn: st.DataObject) -> None:
    """Whatever its fields hold, allowed or not: too long, with a separator inside."""
    types = {name: field.annotation for name, field in kind.model_fields.items()}
    strategies = {name: VALUES.get(of, st.from_type(of)) for name, of in types.items()}
    command = kind.model_construct(**drawn.draw(st.fixed_dictionaries(strategies)))
    assert outcome(lambda: packed(command)) == outcome(command.pack)
