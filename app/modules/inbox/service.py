"""What is done with updates that fail, with the memory of those that were seen, and with the door they come by."""

from typing import Any

from app.modules.inbox import queries
from app.modules.inbox.model import KEPT_DAYS, TRIES, Failed
from app.modules.postgres import Cursor, one_statement

BATCH = 1_000
CLAIM_SECONDS = 30


@one_statement
def failed(cursor: Cursor, *, bot_id: int, update_id: int, traceback: str, body: dict[str, Any]) -> Failed:
    """Note a failed try; after the fifth the update is kept aside for us to see."""
    tries = queries.count_failure(
        cursor, bot_id=bot_id, update_id=update_id, traceback=traceback, body=body, tries=TRIES
    )
    if tries < TRIES:
        return Failed.TRY_AGAIN
    return Failed.PARKED_NOW if tries == TRIES else Failed.PARKED_BEFORE


def tidy(cursor: Cursor) -> bool:
    """Forget one batch of what is no longer needed; True while there may be more."""
    seen = queries.forget_seen(cursor, days=KEPT_DAYS, limit=BATCH)
    recovered = queries.forget_recovered(cursor, days=KEPT_DAYS, limit=BATCH)
    return BATCH in (seen, recovered)


@one_statement
def registered(cursor: Cursor, *, bot_id: int) -> str | None:
    """Return the fingerprint of the webhook that was set last."""
    return queries.registered(cursor, bot_id=bot_id)


@one_statement
def claim_registration(cursor: Cursor, *, bot_id: int) -> bool:
    """Become the one process that sets the webhook; False while another is at it."""
    return queries.claim_registration(cursor, bot_id=bot_id, seconds=CLAIM_SECONDS)


@one_statement
def registration_done(cursor: Cursor, *, bot_id: int, fingerprint: str) -> None:
    """Remember what was set."""
    queries.end_registration(cursor, bot_id=bot_id, fingerprint=fingerprint)


@one_statement
def registration_given_up(cursor: Cursor, *, bot_id: int) -> None:
    """Let another try; what Telegram has is unknown now."""
    queries.end_registration(cursor, bot_id=bot_id, fingerprint=None)
