"""Keyboards that know nothing of the gym: a grid, a pager, a way back.

Telegram takes 100 buttons, 8 in a row; more than about 40 are no use to a thumb.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from wcwidth import wcswidth

Button = dict[str, str]
Row = list[Button]
T = TypeVar("T")

PAGE_SIZE = 40


def grid(buttons: Sequence[Button], *, columns: int) -> list[Row]:
    """Lay buttons out in rows of so many."""
    return [list(buttons[start : start + columns]) for start in range(0, len(buttons), columns)]


def fitted(buttons: Sequence[Button], *, letters: int = 18) -> list[Row]:
    """Lay out names two in a row, one that would be cut there in a row of its own; the order stays."""
    rows: list[Row] = []
    for each in buttons:
        long = wcswidth(each["text"]) > letters
        if rows and not long and len(rows[-1]) == 1 and wcswidth(rows[-1][0]["text"]) <= letters:
            rows[-1].append(each)
        else:
            rows.append([each])
    return rows


@dataclass(frozen=True, slots=True)
class Page:
    """One page of something long: which it is, of how many, and where it begins."""

    number: int
    count: int
    start: int
    stop: int


def page(total: int, number: int, *, size: int = PAGE_SIZE) -> Page:
    """Find a page of so many things; a number out of range becomes the nearest one that exists."""
    count = max(1, -(-total // size))
    nearest = min(max(number, 1), count)
    start = (nearest - 1) * size
    return Page(nearest, count, start, min(start + size, total))


def pager(shown: Page, *, back: Button, here: Button, on: Button) -> list[Row]:
    """Make the row `◀ 2/4 ▶`, without the arrow that leads nowhere; no row where one page holds all."""
    if shown.count == 1:
        return []
    row = [here]
    if shown.number > 1:
        row.insert(0, back)
    if shown.number < shown.count:
        row.append(on)
    return [row]
