# What the admin API answers in `detail`. Nothing that was typed stands in here.
api-unauthorized = Sign in first, or again: this token does not count, or no more.
api-wrong-password = The name or the password is wrong.
api-too-many-tries = Too many tries. Wait as many seconds as Retry-After says.
api-wrong-present-password = The present password is wrong.
api-telegram-off = This service has no bot token, so it cannot tell who comes from Telegram.
api-stranger = The bot does not know this person. Who writes to it once is known.
api-not-found = There is no such thing here.
api-unknown-cursor = That cursor belongs to no page of this list. Begin with the first page.
api-stale = Somebody changed it since you looked. Read it again, and send its new version in If-Match.
api-version-missing = Send the version that you looked at in If-Match, so that nobody's change is overwritten unseen.
api-name-taken = There is one of that name already.
api-in-use = Exercises or recorded sets point at it, so it cannot be deleted. Archive it instead: POST …/archive.
api-no-such-muscle = There is no such muscle for everybody, or it is archived.
api-muscle-archived = Its muscle is archived, so it would not be seen. Restore the muscle first.
api-same-exercise = An exercise cannot be merged into itself.
api-into-archived = The exercise to merge into is archived, so nobody would see the history. Restore it first.
api-too-many-sets = { $days ->
    [one] On one day of somebody
   *[other] On { $days } days of somebody
} there would be more than { $limit } sets of one exercise, so nothing was merged. Delete some of these sets first.
api-bad-admin-name = An admin's name has 1 to { $limit } characters, each of which can be seen.
api-no-set = No set has these numbers.
api-period-too-long = Ask for fewer days: { $days } at most.
api-unknown-zone = That time zone is not known here. Name one as Europe/Berlin.
api-internal = Something broke on our side, and we kept a note of it. Nothing half-done was saved.
api-unavailable = The database cannot be reached right now, and nothing was changed. Try again in a moment.
api-bad-request = The request cannot be read.
api-no-route = There is nothing at this address.
api-no-method = This address does not take that method.
api-too-slow = The request came too slowly.
api-too-large = The body is too large.
api-media-type = The body is of a kind that is not taken here.

api-user-id-missing = An admin says whose by user_id.
api-missing = { $field } is missing.
api-no-integer = { $field } needs a whole number.
api-no-number = { $field } needs a number.
api-no-day = { $field } needs a day, as 2026-03-11.
api-no-text = { $field } needs text.
api-too-short = { $field } is too short: { $limit } or more.
api-too-long = { $field } is too long: { $limit } at most.
api-too-small = { $field } is too small: { $limit } or more.
api-too-great = { $field } is too great: { $limit } at most.
api-unknown-field = { $field } holds a field that is not known here.
api-no-json = The body is no plain JSON.
api-invalid = { $field } is not what it has to be.
