"""Tables that a spreadsheet opens as they are, and in which no text is ever taken for a formula."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

BOM = "\ufeff"  # else a spreadsheet takes UTF-8 for an old code page
# Where a cell begins, for a spreadsheet that parts cells by semicolons or tabs too, and knows nothing of our quotes.
_FORMULA = re.compile(r"""(^|[;\t\r\n])(?=[\s"]*[=+\-@＝＋－＠])|^(?=[\t\r\n])""")


def csv_lines(rows: Iterable[Iterable[Any]]) -> str:
    """Write some rows; what would be a formula in a text begins with an apostrophe."""
    text = io.StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell
