"""Builders of small tables as files, for the tests of onboarding: each is one of the ways in which tables come."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

ROWS = 600
Columns = dict[str, Any]


def times(form: str = "%Y-%m-%d %H:%M:%S", rows: int = ROWS) -> list[str]:
    """One time every twelve hours from the start of 2022, written in the form."""
    return [(datetime(2022, 1, 1) + timedelta(hours=12 * i)).strftime(form) for i in range(rows)]  # noqa: DTZ001


def signal(rows: int = ROWS) -> tuple[np.random.Generator, np.ndarray, np.ndarray]:
    """Random numbers, a feature, and the probability of a positive that follows from it."""
    random = np.random.default_rng(7)
    feature = random.normal(size=rows)
    return random, feature, 1 / (1 + np.exp(-3 * feature))


def usual(**changes: Any) -> Columns:
    """A time, two features and a target of yes and no."""
    random, feature, probability = signal()
    target = np.where(random.random(ROWS) < probability, "yes", "no")
    columns = {"t": times(), "size": feature, "colour": random.choice(["red", "blue", "green"], ROWS), "y": target}
    return {**columns, **changes}


def written(columns: Mapping[str, Any], path: Path, **options: Any) -> Path:
    """The table as CSV, or as Parquet when the path says so."""
    table = pl.DataFrame(dict(columns), strict=False)
    if path.suffix == ".parquet":
        table.write_parquet(path)
    else:
        table.write_csv(path, **options)
    return path


def with_gaps(columns: Columns) -> Columns:
    """A tenth of the values of every column missing, at different rows."""
    random = np.random.default_rng(3)
    return {name: [None if random.random() < 0.1 else value for value in values] for name, values in columns.items()}


def _classes() -> Columns:
    random, _, probability = signal()
    names = np.array(["on", "null", "a: b", "#x"])
    return usual(y=names[np.digitize(probability + random.normal(size=ROWS) * 0.1, [0.25, 0.5, 0.75])])


def _quantity() -> Columns:
    random, feature, _ = signal()
    return usual(y=feature * 10 + random.normal(size=ROWS))


def _shuffled() -> Columns:
    order = np.random.default_rng(5).permutation(ROWS)
    return {name: np.asarray(values)[order] for name, values in usual().items()}


def _hostile() -> Columns:
    names = ["on", "null", "a: b", "#x", 'say "hi"', "it's", "ünï 列", "x.y", "- b", "{a}", "line\nend", "1.5", "~", " "]
    random = np.random.default_rng(2)
    return usual() | {name: random.normal(size=ROWS) for name in names}


TABLES: Mapping[str, Callable[[], Columns]] = {
    "naive times": usual,
    "zoned times": lambda: usual(t=times("%Y-%m-%dT%H:%M:%S+02:00")),
    "dates": lambda: usual(t=times("%Y-%m-%d")),
    "seconds": lambda: usual(t=[1_640_995_200 + 43_200 * i for i in range(ROWS)]),
    "milliseconds": lambda: usual(t=[(1_640_995_200 + 43_200 * i) * 1000 for i in range(ROWS)]),
    "day first": lambda: usual(t=times("%d/%m/%Y %H:%M")),
    "unsorted": _shuffled,
    "gaps everywhere": lambda: with_gaps(usual()),
    "many classes": _classes,
    "a quantity": _quantity,
    "hostile names": _hostile,
    "wide": lambda: usual() | {f"f{i}": np.random.default_rng(i).normal(size=ROWS).round(3) for i in range(200)},
    "zero and one": lambda: usual(y=[int(value == "yes") for value in usual()["y"]]),
    "two numbers": lambda: usual(y=[2 if value == "yes" else 1 for value in usual()["y"]]),
    "words of truth": lambda: usual(y=[str(value == "yes") for value in usual()["y"]], paid=["True", "False"] * (ROWS // 2)),
    "whole numbers with gaps": lambda: usual(size=[None if i % 9 == 0 else float(i % 50) for i in range(ROWS)]),
}
