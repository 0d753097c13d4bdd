"""A small repository whose specs are valid, as texts: a test breaks one place of it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.specs.load import load_specs
from reconciler.specs.release import ReleaseSpec

ROOT = {
    "params.yaml": """\
models:
  flight-delay:
    dataset: flights
    asOf: "2013-03-01"
    seed: 7
""",
    "pyproject.toml": """\
[project]
name = "shop"

[tool.perennial]
repositoryUrl = "https://git.example.com/shop.git"

[tool.perennial.environments.production]
namespace = "shop"
""",
    "datasets/flights.py": "def flights(columns, start, end): ...\n",
    "datasets/flights.yaml": """\
# yaml-language-server: $schema=../schemas/dataset.json
apiVersion: perennial/v1
kind: Dataset
metadata:
  name: flights
spec:
  source:
    type: python
    function: datasets.flights:flights
  eventTime: departure
  label:
    column: delay
    delay: 1d
  columns:
    - {name: departure, type: time}
    - {name: distance, type: integer, minimum: 0, maximum: 5000}
    - {name: carrier, type: category, categories: [AA, UA, DL]}
    - {name: remarks, type: text}
    - {name: delay, type: number, known: after}
    - {name: airTime, type: number, known: after}
  expectations:
    - type: expect_column_values_to_be_between
      arguments: {column: distance, min_value: 0}
""",
    "models/flight-delay/model.yaml": """\
# yaml-language-server: $schema=../../schemas/model.json
apiVersion: perennial/v1
kind: Model
metadata:
  name: flight-delay
  owner: airport team
spec:
  dataset: flights
  task: binary
  target:
    atLeast: 15
  features:
    numeric: [distance]
    categorical: [carrier]
  training:
    estimator: histGradientBoosting
    parameters: {max_iter: 50}
    window: 90d
    holdout: 2w
  retrain: standard
  gates: strict
  rollout: direct
  environments: [staging, production]
  metrics: [rocAuc, brier]
""",
    "policies/retrain/standard.yaml": """\
# yaml-language-server: $schema=../../schemas/retrain-policy.json
apiVersion: perennial/v1
kind: RetrainPolicy
metadata: {name: standard}
spec:
  triggers:
    any:
      - type: newLabels
        rows: 20000
      - {type: schedule, cron: "0 3 * * 1"}
      - {type: performance, metric: rocAuc, below: 0.68, window: 7d}
  guards:
    - {type: cooldown, period: 24h, exempt: [specChanged]}
    - {type: minimumNewLabels, rows: 2000}
""",
    "policies/gates/strict.yaml": """\
# yaml-language-server: $schema=../../schemas/gate-policy.json
apiVersion: perennial/v1
kind: GatePolicy
metadata: {name: strict}
spec:
  gates:
    - {type: floor, metric: rocAuc, atLeast: 0.6}
    - {type: beatsLive, metric: rocAuc}
""",
    "policies/rollout/direct.yaml": """\
# yaml-language-server: $schema=../../schemas/rollout-policy.json
apiVersion: perennial/v1
kind: RolloutPolicy
metadata: {name: direct}
spec: {type: direct}
""",
}


def a_repository(**changes: str | None) -> dict[str, bytes]:
    """The files; `changes` maps paths to other texts (None removes): `a_repository(**{"params.yaml": "..."})`."""
    texts = {path: text for path, text in (ROOT | changes).items() if text is not None}
    return {path: text.encode() for path, text in texts.items()}


def edited(path: str, old: str, new: str) -> dict[str, bytes]:
    """The repository with one passage of one file replaced."""
    assert ROOT[path].count(old) == 1, f"{old!r} stands {ROOT[path].count(old)} times in {path}"
    return a_repository(**{path: ROOT[path].replace(old, new)})


def changed(*edits: tuple[str, str, str], **more: str) -> dict[str, bytes]:
    """The repository after several edits of (path, old, new)."""
    texts = dict(ROOT)
    for path, old, new in edits:
        assert texts[path].count(old) == 1
        texts[path] = texts[path].replace(old, new)
    return a_repository(**{path: texts[path] for path, _, _ in edits}, **more)


def problems(files: Mapping[str, bytes]) -> list[str]:
    """What loading the files complains of, as people see it."""
    with pytest.raises(InvalidSpecsError) as caught:
        load_specs(files)
    return [str(problem) for problem in caught.value.problems]


def a_release_document(model: str = "flight-delay", environment: str = "production", **spec: Any) -> dict[str, Any]:
    """A release whose digest is true, unless `spec` says otherwise."""
    digest = "sha256:" + "a" * 64
    times = {"asOf": "2013-03-01", "trainFrom": "2013-01-01", "trainUntil": "2013-02-01"}
    held = {"holdoutFrom": "2013-02-02", "holdoutUntil": "2013-02-28", "trainRows": 1000, "holdoutRows": 100}
    document: dict[str, Any] = {
        "apiVersion": "perennial/v1",
        "kind": "Release",
        "metadata": {"name": environment},
        "spec": {
            "model": model,
            "environment": environment,
            "version": "1.0.0",
            "digest": digest,
            "artifact": {"path": f"runs/{model}/model.skops", "sha256": digest, "md5": "b" * 32, "size": 1},
            "data": {"dataset": "flights", "digest": digest, **times, **held},
            "madeFrom": dict.fromkeys(("spec", "code", "parameters", "environment"), digest),
        },
    }
    document["spec"]["digest"] = ReleaseSpec.model_validate(document).release().digest
    document["spec"] |= spec
    return document


def as_text(document: Any) -> str:
    """JSON, which is YAML."""
    return json.dumps(document, indent=1)
