"""Programs that are no scikit-learn: the standard library's Python, awk, and whatever a test wants to go wrong."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reconciler.adapters.training.program import SupervisedPrograms
from reconciler.pipeline.context import StageContext
from tests.runs import a_context

TRAIN = """\
import csv, json, os, pathlib
given = {name[10:]: pathlib.Path(value) for name, value in os.environ.items() if name.startswith("PERENNIAL_")}
contract = json.loads(given["CONTRACT"].read_text())
rows = list(csv.DictReader(given["TRAIN"].open()))
label = contract["label"]
late = {}
for row in rows:
    late.setdefault(row["carrier"], []).append(int(row[label]))
shares = {carrier: sum(each) / len(each) for carrier, each in sorted(late.items())}
model = given["OUTPUT"] / "model"
model.mkdir()
(model / "shares.json").write_text(json.dumps(shares))
(given["OUTPUT"] / "metrics.json").write_text(json.dumps({"carriers": len(shares), "seed": contract["seed"]}))
print("trained on", len(rows), "rows")
"""
PREDICT = """\
import csv, json, os, pathlib
shares = json.loads(pathlib.Path(os.environ["PERENNIAL_MODEL"], "shares.json").read_text())
with open(os.environ["PERENNIAL_ROWS"]) as given, open(os.environ["PERENNIAL_PREDICTIONS"], "w") as answers:
    print("prediction", file=answers)
    for row in csv.DictReader(given):
        distance = float(row["distance"] or 1000)
        print(min(1, max(0, 0.6 * shares.get(row["carrier"], 0.5) + distance / 8000)), file=answers)
"""
AWK_TRAIN = """\
mkdir $PERENNIAL_OUTPUT/model
awk -F, 'NR > 1 && $2 != "" { n++; x += $2; y += $4; xx += $2 * $2; xy += $2 * $4 }
  END { b = (xy - x * y / n) / (xx - x * x / n); printf "%.12g %.12g\\n", y / n - b * x / n, b }' \\
  $PERENNIAL_TRAIN > $PERENNIAL_OUTPUT/model/line
echo '{"rows": 1}' > $PERENNIAL_OUTPUT/metrics.json
"""
AWK_PREDICT = """\
read a b < $PERENNIAL_MODEL/line
awk -F, -v a=$a -v b=$b 'NR == 1 { print "prediction" } NR > 1 { print a + b * ($1 == "" ? 1000 : $1) }' \\
  $PERENNIAL_ROWS > $PERENNIAL_PREDICTIONS
"""
USUAL = {"train.py": TRAIN, "predict.py": PREDICT}
FOLDER = "models/flight-delay"


def training(train: str = "train.py", predict: str = "predict.py", runner: str = "python", **changes: Any) -> dict[str, Any]:
    """A spec's `training` with the two programs."""
    return {
        "holdout": "14d",
        "estimator": "command",
        "command": [runner, f"{FOLDER}/{train}"],
        "predict": {"command": [runner, f"{FOLDER}/{predict}"]},
        "rows": "csv",
    } | changes


def a_program(root: Path, files: Mapping[str, str] = USUAL, spec: Mapping[str, Any] | None = None, **more: Any) -> StageContext:
    """The context of a model with these files in its folder; `more` are other keys of its spec."""
    for name, text in files.items():
        path = root / FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    context = a_context(root, **{"training": dict(spec) if spec else training(), **more})
    return replace(context, programs=SupervisedPrograms(os.environ, lambda _: None))  # noqa: TID251 - PATH, to find programs
