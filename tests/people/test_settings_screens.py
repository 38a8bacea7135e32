"""What people read before they leave, by a table of cases."""

import pytest

from app.modules.people import screens
from app.modules.people.model import Belongings


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Belongings(0, 0, 0, 0), "your name and your settings."),
        (Belongings(1, 0, 0, 0), "1 set, your name and your settings."),
        (
            Belongings(1, 1, 1, 1),
            "1 set, 1 exercise of your own, 1 muscle of your own, 1 note, your name and your settings.",
        ),
        (
            Belongings(12_000, 2, 3, 4),
            "12,000 sets, 2 exercises of your own, 3 muscles of your own, 4 notes, your name and your settings.",
        ),
    ],
    ids=str,
)
def test_what_would_go_is_said_without_noughts(found: Belongings, said: str) -> None:
    assert f"All of this would go: {said} Nobody can bring it back." in screens.ask_to_erase(found).text
