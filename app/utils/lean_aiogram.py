"""aiogram with each of its models built when it is first used: a process starts 2 s earlier and has 100 MiB more room.

aiogram builds all 444 of them while it is imported; the bot needs those of an Update. aiogram's own session is imported
when it is first used, too: it brings all of aiohttp, and the bot has a session of its own. Whoever starts a process
imports this before anything of aiogram; after it, this changes nothing.
"""

import sys
from types import ModuleType
from typing import Any

from pydantic import BaseModel

_build: Any = BaseModel.__dict__["model_rebuild"].__func__
_SESSION = "aiogram.client.session.aiohttp"
_names: dict[str, Any] = {}  # that the types of the models' fields are written in


def _later(_: type[BaseModel], *, _types_namespace: dict[str, Any]) -> None:
    """Build nothing yet."""
    _names.update(_types_namespace)


def _built(model: type[BaseModel], **how: Any) -> Any:
    """Build a model; pydantic calls this where one that is not built is used."""
    return _build(model, **how | {"_types_namespace": _names})


def _own_session(**how: Any) -> Any:
    """Make the session of a Bot that was given none; this is what aiogram calls in its class's place."""
    from aiogram.client.session.aiohttp import AiohttpSession

    return AiohttpSession(**how)


def _import() -> None:
    stand_in = ModuleType(_SESSION)
    vars(stand_in)["AiohttpSession"] = _own_session
    sys.modules[_SESSION] = stand_in
    rebuilt: Any = classmethod(_later)
    BaseModel.model_rebuild = rebuilt  # type: ignore[method-assign]
    try:
        from aiogram.methods import Response, TelegramMethod
        from aiogram.types import TelegramObject
    finally:
        rebuilt = classmethod(_build)
        BaseModel.model_rebuild = rebuilt  # type: ignore[method-assign]
        del sys.modules[_SESSION]  # whoever imports it from now on gets aiogram's
    rebuilt = classmethod(_built)  # type: ignore[arg-type]
    for parent in (TelegramObject, TelegramMethod, Response):
        parent.model_rebuild = rebuilt  # type: ignore[method-assign]


if "aiogram" not in sys.modules:
    _import()
