import polars as pl

from reconciler.adapters.sources.written import typed
from tests.cases import each


def dtype(*values: str | None, keep: tuple[str, ...] = ()) -> tuple[pl.DataType, list[object]]:
    column = typed(pl.DataFrame({"x": pl.Series(values, dtype=pl.String)}), keep)["x"]
    return column.dtype, column.to_list()


@each(
    ("values", "wanted", "read"),
    [
        (("1", "-2", "NA"), pl.Int64, [1, -2, None]),
        (("1", "2.5", ""), pl.Float64, [1.0, 2.5, None]),
        (("true", "False", None), pl.Boolean, [True, False, None]),
        (("1e3", " 2 "), pl.Float64, [1000.0, 2.0]),
        (("007", "8"), pl.String, ["007", "8"]),
        (("12345678901234567890", "1"), pl.String, ["12345678901234567890", "1"]),
        (("1", "x", "NA", ""), pl.String, ["1", "x", "NA", None]),
        ((None, ""), pl.String, [None, None]),
        ((), pl.String, []),
    ],
)
def test_a_column_gets_the_narrowest_type_that_loses_nothing(
    values: tuple[str | None, ...], wanted: pl.DataType, read: list[object]
) -> None:
    assert dtype(*values) == (wanted, read)


def test_columns_to_keep_stay_as_they_are_written() -> None:
    assert dtype("1", "", "NA", keep=("x",)) == (pl.String, ["1", None, "NA"])
