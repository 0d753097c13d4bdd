"""Policies on a real stream with known concept drift: half-hours of an electricity market, and `perennial simulate`.

    python -m benchmarks.electricity ../shared/data/elec.csv     writes docs/reference/policies-on-a-stream.md

The file is not shipped (Harries 1999; columns period, nswprice, nswdemand, vicprice, vicdemand, transfer, class, in order).
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/reference/policies-on-a-stream.md"
FIRST = datetime(1996, 5, 7, tzinfo=UTC)
BETWEEN = ("1996-09-01", "1998-12-06")
POLICIES = {
    "never": "{type: newLabels, rows: 10000000}",
    "everyFourWeeks": "{type: maxAge, age: 27d}",
    "everyWeek": "{type: maxAge, age: 6d}",
    "adwin": "{type: conceptDrift}",
    "adwinDaily": "{type: conceptDrift, season: 1d}",
    "pageHinkley": "{type: conceptDrift, detector: pageHinkley}",
    "ddm": "{type: conceptDrift, detector: ddm}",
    "performance": "{type: performance, metric: accuracy, drop: 0.04, window: 14d}",
    "dataDrift": "{type: dataDrift, statistic: psi, shareOfFeatures: 0.3, window: 14d}",
}
WHAT = {
    "never": "trained once",
    "everyFourWeeks": "by the calendar",
    "everyWeek": "by the calendar",
    "adwin": "`conceptDrift`, the default detector",
    "adwinDaily": "`conceptDrift` with a season of 1d instead of 7d",
    "pageHinkley": "`conceptDrift`, Page-Hinkley",
    "ddm": "`conceptDrift`, DDM",
    "performance": "`performance`: accuracy of a fortnight 0.04 below that of the release",
    "dataDrift": "`dataDrift`: 30 % of the features by PSI over a fortnight",
}
MODEL = """\
apiVersion: perennial/v1
kind: Model
metadata: {name: electricity, description: Whether the price rises.}
spec:
  dataset: electricity
  task: binary
  features: {numeric: [nswprice, nswdemand, vicprice, vicdemand, transfer, period]}
  training: {estimator: histGradientBoosting, window: 90d, holdout: 14d}
  retrain: never
  gates: electricity
  rollout: direct
  environments: [production]
  metrics: [accuracy, rocAuc, brier]
"""
GATES = """\
apiVersion: perennial/v1
kind: GatePolicy
metadata: {name: electricity}
spec: {gates: [{type: floor, metric: rocAuc, atLeast: 0.55}]}
"""
INTRO = """\
45,312 half-hours of the New South Wales electricity market (Harries 1999), in order; predicted is whether the price
rises. `perennial simulate` stood at every seventh day from {first} to {last}. Each of {rows} rows was answered by the
model that was live when it happened, before any model learnt from it (prequential). All policies had the same guards
(a cooldown of 7 days, 300 new labels) and trained on 90 days; every training that kept a floor was live at once.
The times are made up: the stream has none."""
COLUMNS = ("nswprice", "nswdemand", "vicprice", "vicdemand", "transfer", "period")
DATASET = """\
apiVersion: perennial/v1
kind: Dataset
metadata: {name: electricity}
spec:
  source: {type: file, path: electricity.parquet, format: parquet}
  eventTime: at
  label: {column: class, delay: 30m}
  columns:
    - {name: at, type: time, nullable: false}
    - {name: class, type: integer, known: after}
"""


def policy(name: str, trigger: str) -> str:
    """One RetrainPolicy: the trigger, and the same guards for all."""
    return (
        f"apiVersion: perennial/v1\nkind: RetrainPolicy\nmetadata: {{name: {kebab(name)}}}\nspec:\n  triggers: {trigger}\n"
        "  guards: [{type: cooldown, period: 7d}, {type: minimumNewLabels, rows: 300}]\n"
    )


def kebab(name: str) -> str:
    """`everyWeek` as `every-week`."""
    return "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in name)


def prepare(folder: Path, source: Path) -> None:
    """A clone with the stream, its specs and the policies."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    rows = pl.read_csv(source)
    times = pl.Series("at", [FIRST + timedelta(minutes=30 * index) for index in range(rows.height)])
    rows.with_columns(times).write_parquet(folder / "electricity.parquet")
    declared = "".join(f"    - {{name: {name}, type: number}}\n" for name in COLUMNS)
    texts = {
        "models/electricity/model.yaml": MODEL,
        "datasets/electricity.yaml": DATASET + declared,
        "policies/gates/electricity.yaml": GATES,
        **{f"policies/retrain/{kebab(name)}.yaml": policy(name, trigger) for name, trigger in POLICIES.items()},
    }
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def simulate(folder: Path) -> Mapping[str, Any]:
    """What `perennial simulate -o json` says."""
    chosen = [word for name in POLICIES for word in ("--policy", kebab(name))]
    command = [
        "perennial",
        "--repo",
        str(folder),
        "simulate",
        "electricity",
        "--between",
        *BETWEEN,
        "--every",
        "7d",
        "-o",
        "json",
    ]
    answer = subprocess.run([*command, *chosen], check=True, stdout=subprocess.PIPE)
    found: Mapping[str, Any] = json.loads(answer.stdout)
    return found


def page(found: Mapping[str, Any]) -> str:
    """The page of the reference."""
    by_name = {one["policy"]: one for one in found["policies"]}
    rows = []
    for name in POLICIES:
        one = by_name[kebab(name)]
        numbers = " | ".join(f"{one['metrics'][metric]:.4f}" for metric in ("accuracy", "rocAuc", "brier"))
        rows.append(f"| `{kebab(name)}` | {WHAT[name]} | {one['retrains']} | {numbers} |")
    adwin = [one for one in by_name["adwin"]["trainings"] if one["why"].startswith("conceptDrift")]
    shown = [f"| {one['at'][:10]} | {one['why'].removeprefix('conceptDrift: ')} |" for one in adwin]
    return "\n".join(
        [
            "# Policies on a stream with concept drift",
            "",
            "<!-- Made by `python -m benchmarks.electricity`. -->",
            "",
            INTRO.format(first=BETWEEN[0], last=BETWEEN[1], rows=f"{by_name['never']['rows']:,}"),
            "",
            "| policy | trigger | retrains | accuracy | rocAuc | brier |",
            "| --- | --- | ---: | ---: | ---: | ---: |",
            *rows,
            "",
            "## Where ADWIN retrained, and why",
            "",
            "The squared error of the live model's probabilities, before and after each change that was found:",
            "",
            "| retrained | change of the loss |",
            "| --- | --- |",
            *shown,
            "",
        ]
    )


def main(arguments: list[str]) -> int:
    """Run, and write the page."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print(__doc__, file=sys.stderr)  # noqa: T201
        return 2
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder) / "repository", Path(arguments[0]))
        found = simulate(Path(folder) / "repository")
    PAGE.write_text(page(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
