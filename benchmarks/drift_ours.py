"""The whole of our side as one process: a stored profile and a Parquet file in, four statistics of every column out."""

import json
import sys
from pathlib import Path

from reconciler.domain.known import Missing
from reconciler.pipeline.profile_rows import profile_parquet
from reconciler.statistics.drift import DRIFT_STATISTICS
from reconciler.statistics.drift.measure import compare
from reconciler.statistics.profile_json import profile_from_json

STATISTICS = ("psi", "ks", "wassersteinIqr", "chiSquared")


def main(profile: str, window: str) -> None:
    """Print {statistic: {column: value}}."""
    reference = profile_from_json(Path(profile).read_text(encoding="utf-8"))
    current = profile_parquet(reference, [Path(window)])
    found = {name: compare(DRIFT_STATISTICS[name], reference, current) for name in STATISTICS}
    values = {
        name: {column: None if isinstance(drift, Missing) else drift.value for column, drift in drifts.items()}
        for name, drifts in found.items()
    }
    json.dump(values, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
