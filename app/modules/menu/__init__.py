"""The front door of the chat: the main menu, help, and the way out of any question.

Promise: it shows the buttons of the rooms that exist, and no others. Tables: none.
"""
