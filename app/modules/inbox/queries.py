"""SQL of the inbox. Effects of other rooms store their update by the SQL function fresh_update()."""

from app.modules.postgres import Cursor


def count_failure(
    cursor: Cursor,
    *,
    bot_id: int,
    update_id: int,
    user_id: int | None,
    traceback: str,
    body: str,
    last_try: int,
) -> int:
    """Count one more failed try, park the update with its body at the last one, and say which try it was."""
    cursor.execute(
        """
        INSERT INTO updates_parked AS parked (bot_id, update_id, user_id, tries, traceback, parked_at, body)
        VALUES (%(bot_id)s, %(update_id)s, %(user_id)s, 1, %(traceback)s,
                CASE WHEN %(last_try)s <= 1 THEN now() END, CASE WHEN %(last_try)s <= 1 THEN %(body)s END)
        ON CONFLICT (bot_id, update_id) DO UPDATE
           SET tries = parked.tries + 1,
               last_failed_at = now(),
               traceback = excluded.traceback,
               parked_at = CASE WHEN parked.tries + 1 >= %(last_try)s THEN coalesce(parked.parked_at, now()) END,
               body = CASE WHEN parked.tries + 1 >= %(last_try)s THEN %(body)s END
        RETURNING tries
        """,
        {
            "bot_id": bot_id,
            "update_id": update_id,
            "user_id": user_id,
            "traceback": traceback,
            "body": body,
            "last_try": last_try,
        },
    )
    row = cursor.fetchone()
    assert row is not None  # noqa: S101 - an upsert without a WHERE always returns its row
    return int(row[0])


def parked(cursor: Cursor, *, bot_id: int) -> int:
    """Count the updates that are kept aside."""
    cursor.execute(
        "SELECT count(*) FROM updates_parked WHERE bot_id = %(bot_id)s AND parked_at IS NOT NULL", {"bot_id": bot_id}
    )
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def registered(cursor: Cursor, *, bot_id: int) -> str | None:
    """Return the fingerprint of the webhook that was set last."""
    cursor.execute("SELECT fingerprint FROM webhook_registration WHERE bot_id = %(bot_id)s", {"bot_id": bot_id})
    row = cursor.fetchone()
    return row[0] if row else None


def claim_registration(cursor: Cursor, *, bot_id: int, seconds: int) -> bool:
    """Claim the right to set the webhook for some seconds; False while another process has it."""
    cursor.execute(
        """
        INSERT INTO webhook_registration AS registration (bot_id, claimed_until)
        VALUES (%(bot_id)s, now() + make_interval(secs => %(seconds)s))
        ON CONFLICT (bot_id) DO UPDATE
           SET claimed_until = excluded.claimed_until
         WHERE registration.claimed_until IS NULL OR registration.claimed_until < now()
        RETURNING bot_id
        """,
        {"bot_id": bot_id, "seconds": seconds},
    )
    return cursor.fetchone() is not None


def end_registration(cursor: Cursor, *, bot_id: int, fingerprint: str | None) -> None:
    """Give the claim back, and keep the fingerprint of what was set, if anything was."""
    cursor.execute(
        """
        UPDATE webhook_registration
           SET claimed_until = NULL,
               fingerprint = coalesce(%(fingerprint)s, fingerprint),
               registered_at = CASE WHEN %(fingerprint)s::text IS NULL THEN registered_at ELSE now() END
         WHERE bot_id = %(bot_id)s
        """,
        {"bot_id": bot_id, "fingerprint": fingerprint},
    )


def forget_seen(cursor: Cursor, *, bot_id: int, days: int, limit: int) -> int:
    """Delete updates seen longer ago than that, among the oldest by their number; say how many."""
    cursor.execute(
        """
        DELETE FROM updates_seen
         WHERE bot_id = %(bot_id)s
           AND update_id IN (
               SELECT update_id FROM updates_seen WHERE bot_id = %(bot_id)s ORDER BY update_id LIMIT %(limit)s)
           AND seen_at < now() - make_interval(days => %(days)s)
        """,
        {"bot_id": bot_id, "days": days, "limit": limit},
    )
    return cursor.rowcount


def forget_failed(cursor: Cursor, *, days: int, parked_days: int) -> None:
    """Delete updates that failed and then worked, and those that were parked long ago."""
    cursor.execute(
        """
        DELETE FROM updates_parked
         WHERE last_failed_at < now() - make_interval(days => CASE WHEN parked_at IS NULL THEN %(days)s::int
                                                                   ELSE %(parked_days)s::int END)
        """,
        {"days": days, "parked_days": parked_days},
    )
