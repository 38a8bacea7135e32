"""What is done with updates that fail, with the memory of those that were seen, and with the door they come by."""

from app.modules.inbox import queries
from app.modules.inbox.model import KEPT_DAYS, PARKED_DAYS, TRIES, Failed
from app.modules.postgres import Cursor, one_statement

BATCH = 1_000
CLAIM_SECONDS = 30


@one_statement
def failed(
    cursor: Cursor,
    *,
    bot_id: int,
    update_id: int,
    user_id: int | None,
    traceback: str,
    body: str,
    hopeless: bool = False,
) -> Failed:
    """Note a failed try; after the fifth, or at once when it is hopeless, the update is kept aside for us to see."""
    last_try = 1 if hopeless else TRIES
    tries = queries.count_failure(
        cursor,
        bot_id=bot_id,
        update_id=update_id,
        user_id=user_id,
        traceback=traceback,
        body=body,
        last_try=last_try,
    )
    if tries < last_try:
        return Failed.TRY_AGAIN
    return Failed.PARKED_NOW if tries == last_try else Failed.PARKED_BEFORE


@one_statement
def parked(cursor: Cursor, *, bot_id: int) -> int:
    """Count the updates that are kept aside for us to see."""
    return queries.parked(cursor, bot_id=bot_id)


def tidy(cursor: Cursor, *, bot_id: int) -> bool:
    """Forget one batch of what is no longer needed; True while there may be more."""
    queries.forget_failed(cursor, days=KEPT_DAYS, parked_days=PARKED_DAYS)
    return queries.forget_seen(cursor, bot_id=bot_id, days=KEPT_DAYS, limit=BATCH) == BATCH


@one_statement
def registered(cursor: Cursor, *, bot_id: int) -> str | None:
    """Return the fingerprint of the webhook that was set last."""
    return queries.registered(cursor, bot_id=bot_id)


@one_statement
def claim_registration(cursor: Cursor, *, bot_id: int) -> bool:
    """Become the one process that sets the webhook; False while another is at it."""
    return queries.claim_registration(cursor, bot_id=bot_id, seconds=CLAIM_SECONDS)


@one_statement
def end_registration(cursor: Cursor, *, bot_id: int, fingerprint: str | None) -> None:
    """Give the claim back and note what was set; nothing set leaves noted what was set before."""
    queries.end_registration(cursor, bot_id=bot_id, fingerprint=fingerprint)
