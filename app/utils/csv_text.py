"""Tables that a spreadsheet opens as they are, and in which no text is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable
from typing import Any

BOM = "\ufeff"  # else a spreadsheet takes UTF-8 for an old code page
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_lines(rows: Iterable[Iterable[Any]]) -> str:
    """Write some rows; a text that would be a formula begins with an apostrophe."""
    text = io.StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
