"""Faults planted into the bot, by patches that only tests can make: the checker must find each of them."""

from pathlib import Path


async def all_caught(*, seed: int, folder: Path) -> dict[str, bool]:
    """Run each planted fault, and say whether it was found."""
    return {}
