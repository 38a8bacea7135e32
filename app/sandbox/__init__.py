"""The sandbox: a Telegram of your own. A local server that speaks the Bot API, and a chat page in the browser.

`python -m app.sandbox`, with TELEGRAM_BOT_TOKEN (`<digits>:sandbox_<anything>`; it does not start beside a real one),
SANDBOX_PORT (5401, on 127.0.0.1 alone), SANDBOX_DATA (.data/sandbox), SANDBOX_SPEED (1; redelivery is so much faster).

The bot's side: /bot<token>/<method>, see bot_api.py. The page's and the tests' side, JSON in and out, errors
{"error": "sentence"}:

    GET  /health
    GET  /people                                       everybody, with last_message and unread
    POST /people {first_name, last_name?, username?}   -> the new person
    GET  /chats/{person}[?limit=&before=]              person, bot, commands, messages, taps, waiting, last_event
    GET  /chats/{person}/events, GET /events           Server-Sent Events, from Last-Event-ID or ?after= on
    GET  /chats/{person}/transcript                    plain text, buttons as [A] [B]
    POST /chats/{person}/messages {text}               -> the message
    PUT  /chats/{person}/messages/{message} {text}     edits one's own message
    POST /chats/{person}/taps {message_id, data, forged?}   -> query_id, update_id
    POST /chats/{person}/photos                        multipart: photo, caption?
    POST /chats/{person}/stickers {emoji?}
    POST /chats/{person}/read {message_id}
    GET  /files/{file}                                 a picture that was sent
    GET  /control/updates, GET /control/calls
    POST /control/block {person_id, blocked}
    POST /control/fail {method, status, retry_after?, html?, times?}
    POST /control/duplicate {update_id, times?} or {times}
    POST /control/retry                                delivers now what waits for its next try
    POST /control/reset                                one new person; webhook and commands stay

Events are {"kind", "chat_id", …}: message, edited {message}; deleted, taken {message_id}; tapped, answered {query_id,
message_id, data, text, show_alert}; action {action}; people, commands; state {answering}; reset.
"""
