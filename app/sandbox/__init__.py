"""The sandbox: a Telegram of your own. A local server that speaks the Bot API, and a chat page in the browser.

`python -m app.sandbox`, with TELEGRAM_BOT_TOKEN (`<digits>:sandbox_<anything>`; it does not start beside a real one),
SANDBOX_PORT (5401, on 127.0.0.1 alone), SANDBOX_DATA (.data/sandbox), SANDBOX_SPEED (1; redelivery and rate limits are
so much faster, while updates grow old by the clock alone, which can be moved).

The bot's side: /bot<token>/<method>, see bot_api.py, and /file/bot<token>/<path>. The page's and the tests' side, JSON
in and out, errors {"error": "sentence"}:

    GET  /health
    GET  /people                                       everybody, with last_message and unread
    POST /people {first_name, last_name?, username?}   -> the new person
    GET  /chats/{person}[?limit=&before=]              person, bot, commands, messages, has_more, taps, waiting,
                                                       last_event
    GET  /chats/{person}/events, GET /events           Server-Sent Events, from Last-Event-ID or ?after= on
    GET  /chats/{person}/transcript                    plain text, buttons as [A] [B]
    POST /chats/{person}/messages {text}               -> the message, with its update_id
    PUT  /chats/{person}/messages/{message} {text}     edits one's own message
    POST /chats/{person}/taps {message_id, data, forged?}   -> query_id, update_id
    POST /chats/{person}/photos                        multipart: photo (10 MB), caption? -> the message
    POST /chats/{person}/documents                     multipart: document (20 MB), caption? -> the message
    POST /chats/{person}/stickers {emoji?}             -> the message
    POST /chats/{person}/read {message_id}             -> unread
    GET  /files/{file}                                 a file that was sent: photos inline, documents as attachments

Messages come in pages: the newest `limit` (200 at most, and unless told otherwise), or the newest with an id below
`before`; oldest first, and `has_more` says whether older ones are left. `bot` holds answering, mode and last_error
as in the state event.

A message is the Bot API's Message (text with entities, caption with caption_entities, reply_markup, sticker, date,
edit_date …), but for `photo`, one {file_id, width, height, url}, and `document`, {file_id, file_name, mime_type,
file_size, url}. A url is a path on this server.

Events are {"kind", "chat_id", …}, chat_id null where all chats are meant:

    message, edited {message}
    deleted, taken {message_id}                        taken: the bot has it
    tapped {query_id, message_id, data}
    answered {query_id, message_id, data, text, show_alert}
    action {action, until}                             "typing …" until a moment in seconds since 1970; kept nowhere
    read {message_id}                                  everything up to there was read
    people, commands, reset                            look again
    state {answering, mode, last_error?}               mode: webhook, polling or none; last_error: why no answer comes

The control API, for tests and the curious. `method` is a Bot API method, * for any; what is ordered `times` happens to
the next so many, 1 unless told otherwise, of those that the bot makes itself (not in its answer to an update):

    GET  /control/updates, GET /control/calls          the newest, and what came of them
    GET  /control/updates/{update}                     one of them
    POST /control/fail {method, status, retry_after?, html?, description?, times?}
                                                       an error: 429, 500, 502 …, html: of a proxy
    POST /control/slow {method, seconds, times?}       carried out and answered so much later
    POST /control/lose {method, times?}                carried out, but the connection is closed without an answer
    POST /control/hang {method, times?}                neither carried out nor answered; reset ends it
    POST /control/duplicate {update_id, times?} or {times}   deliver an update again, or the next one so often
    POST /control/drop {update_id} or {times}          an update never arrives
    POST /control/reverse {times}                      hold back the next updates, and deliver the last of them first
    POST /control/retry                                deliver now what waits for its next try or is held back
    POST /control/block {person_id, blocked}           a person blocks the bot, or lets it back
    POST /control/delete {chat_id, message_id}         a person deletes a message
    POST /control/clock {forward}                      so many seconds pass at once: messages wait 24 h, taps 150 s
    POST /control/limits {on}                          Telegram's 429 for too many messages; unless told, on at
                                                       SANDBOX_SPEED=1 alone
    POST /control/fill {person_id, messages}           so many messages of the bot, without a call
    POST /control/reset                                one new person; webhook and commands stay
"""
