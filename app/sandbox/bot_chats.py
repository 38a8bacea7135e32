"""Which chat and which message a Bot API call is about, or the real server's complaint."""

from app.sandbox.answers import ApiError, bad_request
from app.sandbox.arguments import Arguments
from app.sandbox.shapes import Json, Person
from app.sandbox.store import Store


def person(store: Store, given: Arguments, name: str = "chat_id") -> Person:
    """Whose chat is meant."""
    if not given.has(name):
        raise bad_request(f"{name} is empty")
    found = store.person(given.integer(name))
    if found is None:
        raise bad_request("chat not found")
    return found


def reachable(store: Store, given: Arguments) -> Person:
    """Whose chat is meant, if they let the bot write."""
    found = person(store, given)
    if found.blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    return found


def message(store: Store, given: Arguments, *, purpose: str) -> Json:
    """Which message is meant; the purpose is in Telegram's words, as "message to edit"."""
    found = store.message(person(store, given).id, given.integer("message_id"))
    if found is None:
        raise bad_request(f"{purpose} not found")
    return found


def message_to_edit(store: Store, given: Arguments) -> Json:
    """Which message of the bot's own is meant."""
    if not given.has("chat_id") and given.integer("message_id") <= 0:
        raise bad_request("message identifier is not specified")
    found = message(store, given, purpose="message to edit")
    if not found["from"]["is_bot"]:
        raise bad_request("message can't be edited")
    return found
