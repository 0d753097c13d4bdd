"""Groups of rows have names that people can write in a policy, whatever the column holds."""

import polars as pl
import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.groups import groups_of
from tests.cases import each

ROWS = pl.DataFrame(
    {
        "carrier": ["AA", None, "UA", "AA"],
        "late": [True, False, None, True],
        "gate": [7, 12, 7, None],
        "code": [1.0, 2.0, 1.0, float("nan")],
    }
)


def named(rows: pl.DataFrame, *columns: str, categorical: tuple[str, ...] = ()) -> list[str]:
    groups = groups_of(rows, columns, categorical)
    assert list(groups.names) == sorted(set(groups.names))
    return [groups.names[code] for code in groups.codes]


@each(
    ("columns", "names"),
    [
        (("carrier",), ["AA", "(missing)", "UA", "AA"]),
        (("late",), ["true", "false", "(missing)", "true"]),
        (("gate",), ["7", "12", "7", "(missing)"]),
        (("code",), ["1", "2", "1", "(missing)"]),
        (("carrier", "gate"), ["AA + 7", "(missing) + 12", "UA + 7", "AA + (missing)"]),
    ],
)
def test_values_are_names(columns, names):
    assert named(ROWS, *columns) == names


def test_many_numbers_are_cut_at_their_quartiles():
    rows = pl.DataFrame({"distance": [float(number) for number in range(100, 141)] + [None]})
    names = named(rows, "distance")
    assert [names.count(name) for name in dict.fromkeys(names)] == [10, 10, 10, 11, 1]
    assert list(dict.fromkeys(names)) == ["below 110", "110 to 120", "120 to 130", "130 or more", "(missing)"]
    assert named(rows, "distance", categorical=("distance",))[0] == "100"


def test_numbers_that_are_mostly_one_make_fewer_parts():
    rows = pl.DataFrame({"n": [0] * 80 + list(range(1, 21))})
    assert set(named(rows, "n")) == {"0 or more"}


def test_a_column_that_is_not_there_is_told():
    with pytest.raises(ReconcilerError, match="the snapshot has no column colour"):
        groups_of(ROWS, ("colour",))
