"""Evidently's DataDriftPreset with psi on two Parquet files, as one process; prints {"psi": {column: value}}."""

import json
import os
import sys

os.environ["DO_NOT_TRACK"] = "1"  # noqa: TID251 - no telemetry

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

reference, current = (pd.read_parquet(path) for path in sys.argv[1:3])
snapshot = Report([DataDriftPreset(method="psi")]).run(current_data=current, reference_data=reference)
found = {}
for metric in snapshot.dict()["metrics"]:
    column = metric["config"].get("column") if "config" in metric else None
    if column is not None:
        found[column] = float(metric["value"])
json.dump({"psi": found}, sys.stdout)
