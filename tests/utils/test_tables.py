"""Tables are those that prettytable draws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prettytable import PrettyTable

from app.utils.tables import drawn

CELLS = st.text(alphabet="kglbBW0123456789.+… סטחזרותраз食😀é", max_size=12)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8)


@given(ROWS)
def test_it_is_what_prettytable_draws(rows: list[tuple[str, str, str]]) -> None:
    table = PrettyTable(["Set", "משקל", "回数"], align="l")
    table.add_rows(rows)
    assert drawn([("Set", "משקל", "回数"), *rows]) == table.get_string()


def test_it_lines_up() -> None:
    rows = [("Set", "Weight (kg)", "Reps"), ("Set 1", "60kg", "8"), ("Set 2", "62.5kg", "10")]
    assert drawn(rows).splitlines() == [
        "+-------+-------------+------+",
        "| Set   | Weight (kg) | Reps |",
        "+-------+-------------+------+",
        "| Set 1 | 60kg        | 8    |",
        "| Set 2 | 62.5kg      | 10   |",
        "+-------+-------------+------+",
    ]


@pytest.mark.parametrize("cells", [("1", "2"), ("1", "2", "3", "4")])
def test_a_row_of_another_length_is_a_mistake(cells: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="argument"):
        drawn([("a", "b", "c"), cells])
