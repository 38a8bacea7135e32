"""The HTTP door onto the same rooms as the bot's: no rule and no SQL of its own."""
