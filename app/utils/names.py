"""What makes two names the same, and how one is looked for."""

import unicodedata

LONGEST = 64  # characters, as a name is typed

_DRESS = str.maketrans("", "", "\ufe0e\ufe0f")  # whether a sign is drawn in colours


def key(name: str) -> str:
    """Make what names are compared and sorted by: two names of one key are the same name."""
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_DRESS)
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def containing(part: str) -> str:
    """Make a pattern for LIKE of what a key contains; signs that LIKE knows stand for themselves."""
    plain = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
