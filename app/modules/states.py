"""Every question that is answered by typing, on one page.

A screen that asks one names its state (Screen.asks); show() remembers it; aiogram's StateFilter finds the handler.
"""

from aiogram.fsm.state import StatesGroup


class Asked(StatesGroup):
    """What the bot waits to be told."""
