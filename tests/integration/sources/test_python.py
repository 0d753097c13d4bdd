from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from reconciler.adapters.sources import SourceData
from reconciler.domain.data import PythonSource, RowQuery
from reconciler.errors import ObserveError

HEAD = "import polars as pl\n\n"


def read(root: Path, code: str, *, function: str = "data.source:rows") -> pl.DataFrame:
    (root / "data").mkdir(exist_ok=True)
    (root / "data/source.py").write_text(HEAD + code)
    asked = RowQuery(source=PythonSource(function=function), time_column="t", columns=("a",), start=None, end=None)
    return SourceData([root]).read(asked)


def refused(root: Path, code: str, **changes: str) -> str:
    with pytest.raises(ObserveError) as caught:
        read(root, code, **changes)
    return caught.value.message


def test_a_function_may_answer_more_than_asked_and_times_of_any_kind(tmp_path: Path) -> None:
    found = read(tmp_path, "def rows(columns, start, end):\n    return pl.DataFrame({'a': [1], 't': ['2013-01-01'], 'b': [2]})\n")

    assert found.rows() == [(datetime(2013, 1, 1, tzinfo=UTC), 1)]


def test_an_edit_takes_effect_and_leaves_no_bytecode(tmp_path: Path) -> None:
    code = "def rows(columns, start, end):\n    return pl.DataFrame({'a': [%d], 't': ['2013-01-01']})\n"

    assert [read(tmp_path, code % number)["a"][0] for number in (1, 2)] == [1, 2]
    assert not (tmp_path / "data/__pycache__").exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "def rows(columns, start, end):\n    x = 1\n    return x / 0\n",
            "source.py:5: data.source:rows failed: ZeroDivisionError",
        ),
        ("import no_such_module\n", "source.py:3: data.source:rows failed: ModuleNotFoundError"),
        ("def rows(columns start, end):\n    pass\n", "source.py:3: data.source:rows failed: SyntaxError"),
        ("raise SystemExit(3)\n", "source.py:3: data.source:rows failed: SystemExit"),
        ("def row(columns, start, end): ...\n", "source.py has no function rows; did you mean row?"),
        ("def rows(columns): ...\n", "source.py: rows must take (columns, start, end)"),
        ("def rows(columns, start, end):\n    return [1]\n", "data.source:rows returned list, not a polars DataFrame"),
        ("def rows(columns, start, end):\n    return pl.DataFrame({'t': [], 'A': []})\n", "has no column a; did you mean A?"),
    ],
)
def test_what_the_code_does_wrong_is_told_with_its_place(tmp_path: Path, code: str, said: str) -> None:
    assert said in refused(tmp_path, code)


def test_a_missing_module_names_its_file(tmp_path: Path) -> None:
    assert f"tried {tmp_path}/data/gone.py" in refused(tmp_path, "", function="data.gone:rows")
