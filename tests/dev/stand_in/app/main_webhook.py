"""Stands in for the bot."""

import os
import sys

from app.serve import serve

if os.environ.get("BOT_REFUSES"):
    sys.exit("TELEGRAM_WEBHOOK_SECRET is too weak for this stand-in.")
serve(os.environ["BOT_PORT"])
