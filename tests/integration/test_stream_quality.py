"""The live stream of a real file that somebody changes: a lost, renamed, retyped or new column is named, and stops training."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reconciler.adapters.sources import SourceData
from reconciler.adapters.sources.schemas import SourceSchemas
from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.live import LiveQuality
from reconciler.domain.needs import Lookback, QualityNeed
from reconciler.observe.stream import stream_quality
from reconciler.observe.subject import Subject
from reconciler.pipeline.outcomes import Outcomes
from reconciler.ports import Readers
from reconciler.rules.guards.data_quality import DataQuality
from tests.builders import DAY, a_dataset, facts
from tests.observing import NOW
from tests.scoring import DictMemory, a_package, a_scored_model
from tests.snapshots import hourly

NEED = QualityNeed(window=Lookback(length=7 * DAY))


def seen(folder: Path, rows: pl.DataFrame) -> LiveQuality | Missing:
    """What is found in the newest week of these rows, written as CSV."""
    rows.write_csv(folder / "flights.csv")
    readers: Any = Readers(
        clock=None, repository=None, forge=None, artifacts=None,
        data=SourceData([folder]), schemas=SourceSchemas([folder]), memory=DictMemory(),
    )  # fmt: skip
    dataset = a_dataset(source={"type": "file", "path": "flights.csv", "format": "csv"})
    subject = Subject(model=a_scored_model(), dataset=dataset, newest=None, champion=None, now=NOW)
    return stream_quality(a_package(), Outcomes(), subject, readers, NEED)


@pytest.mark.parametrize(
    ("change", "check", "column"),
    [
        (lambda rows: rows.drop("carrier"), "missingColumn", "carrier"),
        (lambda rows: rows.rename({"distance": "distance_km"}), "renamedColumn", "distance"),
        (lambda rows: rows.with_columns(pl.col("distance").cast(pl.String) + " km"), "retypedColumn", "distance"),
        (lambda rows: rows.with_columns(gate=pl.lit("A1")), "newColumn", "gate"),
        (lambda rows: rows.rename({"scheduled": "leaves"}), "missingColumn", "scheduled"),
        (lambda rows: rows.with_columns(distance=-pl.col("distance")), "outOfRange", "distance"),
    ],
    ids=["lost", "renamed", "retyped", "new", "without event time", "out of range"],
)
def test_a_change_of_the_stream_is_named_and_stops_training(tmp_path: Path, change: Any, check: str, column: str) -> None:
    found = seen(tmp_path, change(hourly(60)))
    assert isinstance(found, LiveQuality)
    assert (check, column) in {(finding.check, finding.column) for finding in found.findings}
    said = DataQuality(type="dataQuality").judge(facts(live=LiveFacts(quality={NEED: found})), NOW)
    assert (said.answer, said.code) == (Answer.NO, "findings")
    assert column in said.message


def test_a_sound_stream_is_held_against_all_that_can_be_told(tmp_path: Path) -> None:
    found = seen(tmp_path, hourly(60))
    assert isinstance(found, LiveQuality)
    assert (found.rows, found.findings) == (7 * 24, ())
    assert {"missingColumn", "newColumn", "retypedColumn", "freshness", "volume", "duplicates"} <= set(found.evaluated)


def test_a_file_that_is_gone_is_missing_with_the_reason(tmp_path: Path) -> None:
    rows = hourly(60)
    seen(tmp_path, rows)
    (tmp_path / "flights.csv").unlink()
    readers: Any = Readers(
        clock=None, repository=None, forge=None, artifacts=None,
        data=SourceData([tmp_path]), schemas=SourceSchemas([tmp_path]), memory=DictMemory(),
    )  # fmt: skip
    dataset = a_dataset(source={"type": "file", "path": "flights.csv", "format": "csv"})
    subject = Subject(model=a_scored_model(), dataset=dataset, newest=None, champion=None, now=NOW)
    found = stream_quality(a_package(), Outcomes(), subject, readers, NEED)
    assert isinstance(found, Missing)
    assert "flights.csv" in found.why
