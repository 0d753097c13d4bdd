"""Measurement `parity`: rows of the hold-out and the package's samples, sent as JSON and answered, beside offline predictions."""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.known import Known
from reconciler.domain.measured.serving import Parity
from reconciler.pipeline.artifact import SAMPLES, ModelPackage, open_artifact
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.package import PACKAGE
from reconciler.pipeline.requests import request_of
from reconciler.pipeline.serving_process import ask_serving
from reconciler.pipeline.stored import read_stored

if TYPE_CHECKING:
    import polars as pl

ROWS, SINGLE = 200, 50
"""Hold-out rows that are sent in one request, and how many of them also one by one."""


def parity(context: StageContext) -> Known[Parity]:
    """The largest differences, and what JSON changed of the features. Raises ReconcilerError when a side does not answer."""
    if "parity" not in context.asked:
        return NOT_MEASURED
    path = context.path(PACKAGE)
    package, samples = open_artifact(path, programs=context.programs), _samples(path)
    rows = spread_over(read_stored(context).holdout, ROWS)
    few = spread_over(rows, SINGLE)
    singles = [request_of(package.contract, few[place]) for place in range(few.height)]
    requests = [json.dumps({"inputs": samples["inputs"]}), *singles, request_of(package.contract, rows)]
    found = ask_serving(context, "answer", requests=requests)
    of_samples, *one_by_one, together = found["answers"]
    alone = [answer for each in one_by_one for answer in each]
    differences = {
        "samples": _differences(of_samples, np.asarray(samples["predictions"], dtype=np.float64)),
        "one_by_one": _differences(alone, package.predict(few)),
        "together": _differences(together, package.predict(rows)),
    }
    return Parity(
        rows=rows.height,
        alone=few.height,
        sample_rows=len(samples["inputs"]),
        unanswered=sum(int((~np.isfinite(found)).sum()) for found in differences.values()),
        **{name: _largest(found) for name, found in differences.items()},
        changed=_changed(package, rows, found["seen"]),
    )


def spread_over(rows: "pl.DataFrame", most: int) -> "pl.DataFrame":
    """So many of the rows at most, evenly spaced."""
    chosen: pl.DataFrame = rows[np.unique(np.linspace(0, rows.height - 1, most).astype(int)).tolist()]
    return chosen


def _samples(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        value: dict[str, Any] = json.loads(archive.read(SAMPLES))
        return value


def _differences(answers: Sequence[Any], predictions: np.ndarray) -> np.ndarray:
    """(n,) the largest difference in each row, divided by the prediction where that is larger than 1; NaN where none came."""
    served = np.asarray(answers, dtype=np.float64)
    if served.shape != predictions.shape:
        return np.full(len(predictions), np.nan)
    found = np.abs(served - predictions) / np.maximum(1.0, np.abs(predictions))
    return found.reshape(len(found), -1).max(axis=1) if found.size else np.zeros(0)


def _largest(differences: np.ndarray) -> float:
    finite = differences[np.isfinite(differences)]
    return float(finite.max()) if finite.size else 0.0


def _changed(package: ModelPackage, rows: "pl.DataFrame", seen: dict[str, list[Any]]) -> tuple[str, ...]:
    """Sentences on features whose values came out of the JSON as something else."""
    sent = features_of(rows, package.contract.features).fill_nan(None).to_dict(as_series=False)
    found = []
    for name, before in sent.items():
        pairs = [(old, new) for old, new in zip(before, seen.get(name, []), strict=False) if old != new]
        if pairs or len(before) != len(seen.get(name, [])):
            old, new = pairs[0] if pairs else ("something", "nothing")
            found.append(f"{name}: {len(pairs)} of {len(before)} values changed, {str(old)[:40]!r} became {str(new)[:40]!r}")
    return tuple(found)
