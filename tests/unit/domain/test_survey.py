"""What a survey tells about itself."""

from datetime import timedelta

import pytest

from tests.cases import each
from tests.surveys import ROWS, a_number, a_table, a_text


@pytest.mark.parametrize(
    ("column", "complete"),
    [
        (a_text("c", "red", "blue"), True),
        (a_text("c", "red", "blue", distinct=3), False),
        (a_text("c", values=(), distinct=0), True),
        (a_number("c"), False),
    ],
    ids=["all values are listed", "one is not", "there are none", "numbers that all differ"],
)
def test_values_are_complete_when_all_are_listed(column, complete):
    assert column.complete is complete


def test_columns_are_found_by_name():
    table = a_table(a_number("size"), a_text("colour"))
    assert table.column("colour").name == "colour"
    assert table.label is table.column(table.target)
    assert table.label.present == ROWS


def test_a_column_that_is_not_there_is_no_column():
    with pytest.raises(StopIteration):
        a_table().column("absent")


@each("days", [0, 0.5, 365, 36_500])
def test_the_span_is_that_of_the_labelled_rows(days):
    assert a_table(days=days).span == timedelta(days=days)
