"""`perennial log`: files to logs, and what is said of files that cannot be."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from reconciler.adapters.logs import ParquetLogs
from tests.commands import perennial
from tests.repositories import a_repository

START, END = datetime(2013, 3, 1, tzinfo=UTC), datetime(2013, 3, 9, tzinfo=UTC)
PREDICTIONS = "id,time,digest,prediction,hour\n007,2013-03-01T06:00:00Z,sha256:a,0.25,6\n008,2013-03-02 07:00:00,sha256:a,0.5,\n"
LABELS = "id;label;known\n007;1;2013-03-03\n008;0;2013-03-03\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    a_repository(tmp_path / "repository", {"models/alpha/model.yaml": b"broken: [\n"})
    return tmp_path / "repository"


def written(root: Path, text: str, name: str = "rows.csv") -> str:
    (root.parent / name).write_text(text)
    return str(root.parent / name)


def test_a_csv_file_is_appended_once_however_often(root: Path) -> None:
    file = written(root, PREDICTIONS)
    first, second = (perennial(root, "log", "predictions", "alpha", file) for _ in range(2))
    found = ParquetLogs(str(root / "logs")).predictions("alpha", START, END)

    assert first.out == f"{file}: 2 rows in 2 files, of which 0 were there already\n"
    assert second.out == f"{file}: 2 rows in 2 files, of which 2 were there already\n"
    assert found.select("id", "prediction", "hour").rows() == [("007", 0.25, 6), ("008", 0.5, None)]


def test_a_later_file_corrects_labels(root: Path) -> None:
    assert perennial(root, "log", "labels", "alpha", written(root, LABELS)).code == 0
    newer = pl.DataFrame({"id": ["007"], "label": [0], "known": [START + timedelta(days=4)]})
    newer.write_parquet(root.parent / "rows.parquet")
    assert perennial(root, "log", "labels", "alpha", str(root.parent / "rows.parquet")).code == 0
    found = ParquetLogs(str(root / "logs")).labels("alpha", START, END)

    assert dict(found.select("id", "label").rows()) == {"007": 0, "008": 0}


@pytest.mark.parametrize(
    ("kind", "model", "text", "message"),
    [
        ("predictions", "alfa", PREDICTIONS, "there is no models/alfa/model.yaml; did you mean alpha?"),
        ("predictions", "../x", PREDICTIONS, "there is no models/../x/model.yaml"),
        ("labels", "alpha", PREDICTIONS, "has no column label"),
        ("labels", "alpha", "id,label,known\n,1,2013-03-01\n", "1 of 1 rows have no id"),
        ("labels", "alpha", "id,label,known\na,1,soon\n", "column known holds 'soon', which is no time"),
        ("labels", "alpha", "id,label,known\na,1,2013-03-01\na,1,2013-03-02\n", "1 of 2 ids come again, such as 'a'"),
        ("predictions", "alpha", PREDICTIONS.replace("0.5", "high"), "column prediction holds String; numbers are wanted"),
        ("predictions", "alpha", "", "is empty: it has 0 bytes"),
        ("predictions", "alpha", "id\n\0", "holds a zero byte"),
    ],
)
def test_what_cannot_be_logged_is_said_and_leaves_nothing(root: Path, kind: str, model: str, text: str, message: str) -> None:
    told = perennial(root, "log", kind, model, written(root, text))

    assert message in told.err
    assert told.code in (1, 4)
    assert told.is_harmless
    assert not (root / "logs").exists()


@pytest.mark.parametrize("name", ["rows.parquet", "rows.xlsx"])
def test_a_file_that_is_no_table_is_an_error(root: Path, name: str) -> None:
    told = perennial(root, "log", "labels", "alpha", written(root, "PAR1 and so on", name))

    assert told.code == 4
    assert name in told.err
    assert told.is_harmless


def test_a_file_that_is_not_there_is_a_wrong_call(root: Path) -> None:
    assert perennial(root, "log", "labels", "alpha", str(root / "gone.csv")).code == 2
