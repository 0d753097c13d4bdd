"""Loading and checking a fleet's YAML, against PyYAML and a jsonschema validator that is built once."""

import json
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

from benchmarks.measure import Result, seconds
from reconciler.adapters.worktree import read_tree
from reconciler.specs.load import load_specs

MODELS = 1000
ROOT = Path(__file__).parents[1]


def run() -> list[Result]:
    """A thousand copies of a shipped model."""
    shipped = read_tree(ROOT)
    model = shipped["models/flight-delay/model.yaml"].decode()
    files = {path: content for path, content in shipped.items() if not path.startswith(("models/", "runs/", "params.yaml"))}
    for number in range(MODELS):
        name = f"flight-delay-{number}"
        files[f"models/{name}/model.yaml"] = model.replace("name: flight-delay", f"name: {name}").encode()
    validator = Draft202012Validator(json.loads((ROOT / "schemas/model.json").read_text()))
    texts = [content for path, content in files.items() if path.startswith("models/")]

    def peer() -> None:
        for text in texts:
            validator.validate(yaml.safe_load(text))

    return [
        Result(
            what="load and check specs",
            size=f"{MODELS:,} models",
            peer="PyYAML safe_load + jsonschema",
            ours=seconds(lambda: load_specs(files), 3),
            theirs=seconds(peer, 3),
            difference=0.0,
        )
    ]
