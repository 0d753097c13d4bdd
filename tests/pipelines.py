"""Builders of small repositories with a real DVC pipeline: prepare, train and verify for every model of params.yaml."""

from pathlib import Path

from reconciler.adapters.git import GitRepository
from reconciler.domain.names import Revision
from reconciler.domain.training import TrainingOrder
from tests.repositories import MAIN_REF, a_repository

_PIPELINE = """\
stages:
  prepare:
    foreach: ${models}
    do:
      cmd: python stage.py prepare ${key}
      deps: [stage.py]
      params: ["models.${key}"]
      outs: ["runs/${key}/rows"]
  train:
    foreach: ${models}
    do:
      cmd: python stage.py train ${key}
      deps: [stage.py, "runs/${key}/rows"]
      outs: ["runs/${key}/model.bin"]
  verify:
    foreach: ${models}
    do:
      cmd: python stage.py verify ${key}
      deps: [stage.py, "runs/${key}/model.bin"]
      outs: ["runs/${key}/model.zip"]
      metrics: [{"runs/${key}/candidate.json": {cache: false}}]
"""
_STAGE = """\
import json, os, pathlib, sys, time
stage, model = sys.argv[1:]
runs = pathlib.Path("runs", model)
runs.mkdir(parents=True, exist_ok=True)
def make(name, text):
    (runs / name).write_text(text)
print("stage", stage, "of", model, "in", os.getcwd(), flush=True)
"""
USUAL = """\
if stage == "prepare": make("rows", pathlib.Path("params.yaml").read_text())
if stage == "train": make("model.bin", (runs / "rows").read_text() * 2)
if stage == "verify":
    make("model.zip", "zip of " + model)
    make("candidate.json", json.dumps({"model": model}))
"""


def parameters(*models: str, as_of: str = "2013-03-01") -> str:
    """A params.yaml with an entry per model."""
    return "models:\n" + "".join(f"  {model}:\n    asOf: '{as_of}'\n" for model in models)


def a_pipeline(where: Path, *models: str, stages: str = USUAL, local_config: str = "") -> GitRepository:
    """A repository with the pipeline committed on main; `stages` is the end of the program that every stage runs."""
    files = {
        ".dvc/config": "[core]\n    analytics = false\n",
        ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
        ".dvcignore": "",
        ".gitignore": "/runs/*/rows\n/runs/*/model.*\n",
        "dvc.yaml": _PIPELINE,
        "params.yaml": parameters(*models),
        "stage.py": _STAGE + stages,
    }
    repository = a_repository(where, {path: text.encode() for path, text in files.items()})
    if local_config:
        (where / ".dvc" / "config.local").write_text(local_config)
    return repository


def an_order(repository: GitRepository, model: str, **changes: str) -> TrainingOrder:
    """Train the model on main, with `params.yaml` narrowed to it."""
    base: Revision = repository.refs(MAIN_REF)[MAIN_REF]
    return TrainingOrder(model=model, base=base, files={"params.yaml": parameters(model, **changes)})
