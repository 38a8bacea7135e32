"""Keyboards that know nothing of the gym."""

import pytest

from app.utils.markups import Button, Page, grid, page, pager


def buttons(count: int) -> list[Button]:
    return [{"text": str(number)} for number in range(1, count + 1)]


def test_grid_fills_rows_and_leaves_the_rest_in_the_last() -> None:
    assert [[each["text"] for each in row] for row in grid(buttons(5), columns=2)] == [["1", "2"], ["3", "4"], ["5"]]
    assert grid([], columns=3) == []


@pytest.mark.parametrize(
    ("total", "number", "expected"),
    [
        (0, 1, Page(1, 1, 0, 0)),
        (40, 1, Page(1, 1, 0, 40)),
        (41, 1, Page(1, 2, 0, 40)),
        (41, 2, Page(2, 2, 40, 41)),
        (41, 99, Page(2, 2, 40, 41)),
        (41, -3, Page(1, 2, 0, 40)),
    ],
)
def test_page_is_the_nearest_that_exists(total: int, number: int, expected: Page) -> None:
    assert page(total, number) == expected


@pytest.mark.parametrize(
    ("number", "arrows"),
    [(1, ["2/3", "▶"]), (2, ["◀", "2/3", "▶"]), (3, ["◀", "2/3"])],
    ids=["first", "middle", "last"],
)
def test_pager_has_no_arrow_that_leads_nowhere(number: int, arrows: list[str]) -> None:
    row = pager(page(120, number), back={"text": "◀"}, here={"text": "2/3"}, on={"text": "▶"})
    assert [[each["text"] for each in line] for line in row] == [arrows]


def test_pager_is_not_shown_for_one_page() -> None:
    assert pager(page(40, 1), back={"text": "◀"}, here={"text": "1/1"}, on={"text": "▶"}) == []
