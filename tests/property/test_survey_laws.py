"""Laws of the numbers about one column: they hold whatever the values are."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adapters.sources.columns import MOST_VALUES, column_survey, texts_of
from reconciler.adapters.sources.relations import copies, explains
from reconciler.adapters.sources.written import emptied, narrowed
from reconciler.domain.survey import Kind

numbers = st.lists(st.none() | st.floats(allow_nan=False, width=32), max_size=60)
texts = st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=6), max_size=60)
cells = st.lists(
    st.sampled_from(["", "NA", "0", "-1", "1.5", "007", "true", "False", "x", " 2 ", "1e3", "inf", "9" * 19]), max_size=12
)


@given(numbers)
def test_numbers_lie_in_order_and_are_counted(values: list[float | None]) -> None:
    seen = column_survey(pl.Series("x", values, dtype=pl.Float64))
    present = [value for value in values if value is not None]
    finite = [value for value in present if math.isfinite(value)]

    assert (seen.present, seen.missing) == (len(present), len(values) - len(present))
    assert seen.distinct == len({value + 0.0 for value in present})
    assert (seen.numbers is None) is (not finite)
    if seen.numbers:
        found = seen.numbers
        assert found.minimum <= found.low <= found.median <= found.high <= found.maximum
        assert found.minimum <= found.early_minimum <= found.early_maximum <= found.maximum
        assert (found.minimum, found.maximum) == (min(finite), max(finite))
        assert found.infinite == len(present) - len(finite)
        assert found.whole is all(value == math.floor(value) for value in finite)


@given(texts)
def test_texts_are_counted_by_frequency(values: list[str | None]) -> None:
    seen = column_survey(pl.Series("x", values, dtype=pl.String))
    counts = [count for _, count in seen.values]

    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == seen.present if seen.complete else len(counts) == 5
    assert seen.complete is (seen.distinct <= MOST_VALUES or seen.distinct == 5)
    assert 0 <= seen.late_values <= seen.distinct
    assert seen.kind in (Kind.TEXT, Kind.TIME)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=30))
def test_integers_keep_all_their_digits_as_texts(values: list[int]) -> None:
    assert texts_of(pl.Series(values, dtype=pl.Int64)).to_list() == [str(value) for value in values]


@given(cells)
def test_a_column_is_narrowed_the_same_way_again_and_loses_no_value(values: list[str]) -> None:
    written = pl.Series("x", values, dtype=pl.String)
    narrow = narrowed(written)

    assert narrow.len() == len(values)
    assert narrowed(narrow).equals(narrow, null_equal=True)
    assert emptied(emptied(written)).equals(emptied(written), null_equal=True)
    if narrow.dtype == pl.String:
        assert [value or "" for value in narrow] == values
    else:
        assert all((found is None) is (text.strip() in ("", "NA")) for found, text in zip(narrow, values, strict=True))


@given(st.lists(st.tuples(st.none() | st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=40))
def test_a_share_is_a_share_and_does_not_depend_on_the_order_of_the_rows(rows: list[tuple[int | None, int]]) -> None:
    column, label = pl.Series([row[0] for row in rows], dtype=pl.Int64), pl.Series([row[1] for row in rows], dtype=pl.Int64)
    share = explains(column, label)

    assert -1e-9 <= share <= 1 + 1e-9
    assert explains(column.reverse(), label.reverse()) == pytest.approx(share)


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6), st.lists(st.integers(0, 3), min_size=3, max_size=6))
def test_a_copy_equals_its_origin_and_no_origin_is_a_copy(names: list[str], values: list[int]) -> None:
    rows = pl.DataFrame({f"{name}{i}": [value * (ord(name) - 96) for value in values] for i, name in enumerate(names)})
    found = copies(rows)

    assert all(rows[copy].equals(rows[origin]) for copy, origin in found.items())
    assert not set(found) & set(found.values())
    if len(set(values)) > 1 and any(values):
        groups = {tuple(rows[name]) for name in rows.columns}
        assert len(rows.columns) - len(found) == len(groups)
