"""How updates find their handler: async filters only, typed buttons, nothing that starts work behind the answer."""

from collections.abc import Iterator

import pytest
from aiogram import Dispatcher, Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters.callback_data import CallbackData, CallbackQueryFilter
from aiogram.types import CallbackQuery, User

from app.modules.handlers import include_routers


@pytest.fixture(scope="module")
def dispatcher() -> Iterator[Dispatcher]:
    """All rooms joined; afterwards they are free again for another test."""
    made = Dispatcher(disable_fsm=True)
    include_routers(made)
    yield made
    for router in made.sub_routers:
        router._parent_router = None


def handlers(router: Router) -> list[HandlerObject]:
    own = [handler for observer in router.observers.values() for handler in observer.handlers]
    filters = [observer._handler for observer in router.observers.values()]
    return own + filters + [handler for each in router.sub_routers for handler in handlers(each)]


def test_no_handler_and_no_filter_runs_in_a_thread(dispatcher: Dispatcher) -> None:
    for handler in handlers(dispatcher):
        for each in handler.filters or []:
            assert each.awaitable, f"{each.callback} is a synchronous filter: it costs a thread for every update"
    for router in dispatcher.sub_routers:
        for handler in [handler for observer in router.observers.values() for handler in observer.handlers]:
            assert handler.awaitable, f"{handler.callback} is not async"


def test_button_prefixes_are_short_versioned_and_unique() -> None:
    kinds = [kind for kind in CallbackData.__subclasses__() if kind.__module__.startswith("app.")]
    prefixes = [kind.__prefix__ for kind in kinds]
    assert kinds
    assert len(prefixes) == len(set(prefixes))
    for prefix in prefixes:
        assert len(prefix) <= 3, f"{prefix} takes room from the 64 bytes"
        assert prefix[-1].isdigit(), f"{prefix} names no version"


@pytest.mark.parametrize("kind", [kind for kind in CallbackData.__subclasses__() if kind.__module__.startswith("app.")])
async def test_a_tap_asks_no_other_handler_than_its_own(
    dispatcher: Dispatcher, kind: type[CallbackData], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[type[CallbackData]] = []

    async def noted(self: HandlerObject, *_: object, **__: object) -> tuple[bool, dict[str, object]]:
        asked.extend(
            each.callback.callback_data for each in self.filters or [] if isinstance(each.callback, CallbackQueryFilter)
        )
        return False, {}

    monkeypatch.setattr(HandlerObject, "check", noted)
    tap = CallbackQuery(
        id="1", from_user=User(id=1, is_bot=False, first_name="Ann"), chat_instance="1", data=f"{kind.__prefix__}:1"
    )
    await dispatcher.callback_query.trigger(tap)
    assert asked == [kind]


def test_the_rooms_leave_nothing_to_ask_but_a_taps_first_word(dispatcher: Dispatcher) -> None:
    """What Doors does not ask: a second filter, a rule, a room's own filters and middlewares; nor a prefix twice."""
    *rooms, _ = dispatcher.sub_routers  # the unexpected takes what nobody else does
    found = []
    for observer in (room.callback_query for room in rooms):
        assert not observer._handler.filters
        assert not [*observer.middleware, *observer.outer_middleware]
        for handler in observer.handlers:
            (only,) = handler.filters or [None]
            assert only is not None, f"{handler.callback} takes any tap"
            assert isinstance(only.callback, CallbackQueryFilter)
            assert only.callback.rule is None
            found.append(only.callback.callback_data.__prefix__)
    assert len(found) == len(set(found))
