"""SciPy on the raw rows, column by column: the exact numbers; a third argument, our profile, gives the bins for PSI.

Prints {statistic: {column: value}}. Without the third argument only what is timed is done.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
from pyarrow.parquet import ParquetFile
from scipy import stats

found = {"ks": {}, "wassersteinIqr": {}, "chiSquared": {}, "psi": {}}
features = json.loads(Path(sys.argv[3]).read_text())["features"] if len(sys.argv) > 3 else {}
files = [ParquetFile(path) for path in sys.argv[1:3]]


def psi(p: np.ndarray, q: np.ndarray) -> float:
    """Of two arrays of counts, shares smoothed."""
    p, q = ((side + 0.5) / (side.sum() + 0.5 * side.size) for side in (p, q))
    return float(((q - p) * np.log(q / p)).sum())


for name in files[0].schema_arrow.names:
    sides = [file.read(columns=[name]).column(0) for file in files]
    if str(sides[0].type) == "double":
        raw = [side.to_numpy() for side in sides]
        found["ks"][name] = float(stats.ks_2samp(*raw, method="asymp").statistic)
        spread = float(np.subtract(*np.quantile(raw[0], [0.75, 0.25]))) / 1.349
        found["wassersteinIqr"][name] = float(stats.wasserstein_distance(*raw)) / spread
        if name in features:
            edges = np.array(features[name]["edges"])
            counts = [np.bincount(np.searchsorted(edges, side), minlength=edges.size + 1) for side in raw]
            kept = (counts[0] + counts[1]) > 0
            found["psi"][name] = psi(counts[0][kept], counts[1][kept])
    else:
        counts = [dict(zip(*(part.to_pylist() for part in pc.value_counts(side).flatten()), strict=True)) for side in sides]
        words = sorted(set(counts[0]) | set(counts[1]))
        table = np.array([[side.get(word, 0) for word in words] for side in counts])
        result = stats.chi2_contingency(table, correction=False)
        found["chiSquared"][name] = float(np.sqrt(result.statistic / table.sum()))
        found["psi"][name] = psi(*table)
json.dump(found, sys.stdout)
