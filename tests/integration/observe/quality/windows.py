"""Windows of a small shop for the tests of quality: a week of an order every ten minutes, clean unless a test says otherwise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from reconciler.domain.live import QualityCheck, QualityFinding
from reconciler.observe.quality import QualityInput, live_quality
from reconciler.pipeline.profile_rows import reference_of_frame
from reconciler.specs.model import Features
from tests.builders import a_dataset

END = datetime(2024, 5, 8, tzinfo=UTC)
ROWS = 1008
FEATURES = Features(numeric=("price",), categorical=("colour",))
COLUMNS = [
    {"name": "at", "type": "time"},
    {"name": "order", "type": "text", "nullable": False},
    {"name": "price", "type": "number", "minimum": 0, "maximum": 100},
    {"name": "colour", "type": "category", "categories": ["red", "green", "blue"]},
    {"name": "returned", "type": "category", "known": "after"},
]
SOURCE = {
    "at": "Datetime(time_unit='us', time_zone='UTC')",
    "order": "String",
    "price": "Float64",
    "colour": "String",
    "returned": "String",
}
PARQUET = {"type": "file", "path": "data/orders", "format": "parquet"}
SHOP = {
    "source": PARQUET,
    "eventTime": "at",
    "label": {"column": "returned", "delay": "1m"},
    "identifier": "order",
    "columns": COLUMNS,
}


def orders(seed: int = 1, rows: int = ROWS) -> pl.DataFrame:
    """The newest order is ten minutes old at END; two in ten are returned."""
    random = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "at": [END - timedelta(minutes=10) * (rows - i) for i in range(rows)],
            "order": [f"order {i}" for i in range(rows)],
            "price": random.uniform(0, 100, rows),
            "colour": random.choice(["red", "green", "blue"], rows),
            "returned": np.where(random.random(rows) < 0.2, "yes", "no"),
        },
        schema_overrides={"at": pl.Datetime("us", "UTC")},
    )


REFERENCE = reference_of_frame(orders(seed=2), FEATURES)
OUTCOMES = reference_of_frame(orders(seed=2), Features(categorical=("returned",)))


def a_window(rows: pl.DataFrame | None = None, *, dataset: dict[str, Any] | None = None, **changes: Any) -> QualityInput:
    """A window of which everything is known; `dataset` are keys of its spec."""
    rows = orders() if rows is None else rows
    made = QualityInput(
        rows=rows,
        dataset=a_dataset(**(SHOP | (dataset or {}))),
        features=FEATURES.names,
        end=END,
        reference=REFERENCE,
        columns=SOURCE,
        volumes=(1000, 1010, 990),
        classes=rows["returned"] if rows.schema.get("returned") == pl.String else pl.Series([], dtype=pl.String),
        outcomes=OUTCOMES,
    )
    return replace(made, **changes)


def found(check: QualityCheck, rows: pl.DataFrame | None = None, **changes: Any) -> list[QualityFinding]:
    """What this check found."""
    return [one for one in live_quality(a_window(rows, **changes)).findings if one.check is check]


def messages(check: QualityCheck, rows: pl.DataFrame | None = None, **changes: Any) -> list[str]:
    """What this check says."""
    return [one.message for one in found(check, rows, **changes)]


def is_evaluated(check: QualityCheck, rows: pl.DataFrame | None = None, **changes: Any) -> bool:
    """This check could be made."""
    return check in live_quality(a_window(rows, **changes)).evaluated
