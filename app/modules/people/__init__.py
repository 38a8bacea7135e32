"""People: who writes to the bot, known from their first contact on.

Promise: registering twice is registering once; last_interaction costs at most one write a minute.
Tables: users.
"""
