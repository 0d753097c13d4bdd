"""Rows for a simulation: read once, and cut exactly as the source itself would cut them."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.data import FileFormat, FileSource, RowQuery
from reconciler.errors import ObserveError
from reconciler.simulate.once import Once
from tests.snapshots import FIRST, FrameData, hourly

HOUR = timedelta(hours=1)
UNTIL = FIRST + 48 * HOUR
SOURCE = FileSource(path="data/flights.csv", format=FileFormat.CSV)
ALL = RowQuery(source=SOURCE, time_column="scheduled", columns=("distance",), start=None, end=None)
TIMES = st.none() | st.integers(-30, 120).map(lambda half: FIRST + half * HOUR / 2)


@given(start=TIMES, end=TIMES)
def test_the_rows_are_those_of_the_source_before_the_end(start, end):
    query = replace(ALL, start=start, end=end)
    rows = FrameData(hourly(3)).read(query).filter(pl.col("scheduled") < UNTIL)
    assert Once(data=FrameData(hourly(3)), until=UNTIL).read(query).equals(rows)


def test_the_source_is_read_once_for_each_choice_of_columns_and_never_past_the_end():
    data = FrameData(hourly(3))
    once = Once(data=data, until=UNTIL)
    for hours in (1, 5, 60):
        once.read(replace(ALL, start=FIRST, end=FIRST + hours * HOUR))
        once.read(replace(ALL, columns=("carrier",), end=FIRST + hours * HOUR))
    assert [(query.columns, query.start, query.end) for query in data.asked] == [
        (("distance",), None, UNTIL),
        (("carrier",), None, UNTIL),
    ]


@pytest.mark.parametrize(
    "other", [{"text": ("carrier",)}, {"source": replace(SOURCE, path="data/other.csv")}], ids=["read as text", "another source"]
)
def test_another_question_about_the_same_columns_is_another_read(other):
    data = FrameData(hourly(3))
    once = Once(data=data, until=UNTIL)
    once.read(ALL)
    once.read(replace(ALL, **other))
    assert len(data.asked) == 2


def test_what_cannot_be_read_is_said_each_time():
    class Gone:
        def read(self, query):
            raise ObserveError("data/flights.csv is gone")

    once = Once(data=Gone(), until=UNTIL)
    for _ in range(2):
        with pytest.raises(ObserveError, match="is gone"):
            once.read(ALL)
