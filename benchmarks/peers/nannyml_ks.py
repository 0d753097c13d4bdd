"""NannyML's univariate drift, ks of numbers and chi2 of texts, on two Parquet files; prints {"ks": {column: value}}."""

import json
import os
import sys

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"  # noqa: TID251 - no telemetry

import nannyml
import pandas as pd

reference, current = (pd.read_parquet(path) for path in sys.argv[1:3])
names = list(reference.columns)
calculator = nannyml.UnivariateDriftCalculator(
    column_names=names, continuous_methods=["kolmogorov_smirnov"], categorical_methods=["chi2"], chunk_size=len(current)
)
result = calculator.fit(reference).calculate(current).filter(period="analysis").to_df()
found = {}
for name in names:
    if (name, "kolmogorov_smirnov", "value") in result.columns:
        found[name] = float(result[(name, "kolmogorov_smirnov", "value")].iloc[0])
json.dump({"ks": found}, sys.stdout)
