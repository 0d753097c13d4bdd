"""params.yaml and dvc.lock as text: narrowed to one model for its training, and merged back into everybody's. Pure."""

from typing import Any

import yaml

from reconciler.rules.fields import time_text
from reconciler.specs.parameters import RunParameters

PARAMETERS = "params.yaml"
LOCK = "dvc.lock"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _KeepsText(_Loader):  # type: ignore[misc, valid-type]
    """Loads dates as the text that they are, so that writing them back changes nothing."""


_KeepsText.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def merge_parameters(text: str, trained: str, model: str) -> str:
    """params.yaml with the model's entry taken from `trained`; sorted, in block style, its leading comment kept."""
    mine = {name: entry for name, entry in _models(trained).items() if name == model}
    return _leading_comment(text) + _dump({"models": dict(sorted({**_models(text), **mine}.items()))})


def narrow_parameters(text: str, model: str, entry: RunParameters) -> str:
    """params.yaml with only the model in it."""
    return _leading_comment(text) + _dump({"models": {model: parameters_value(entry)}})


def parameters_value(entry: RunParameters) -> dict[str, Any]:
    """The entry as it stands in the file."""
    return {
        "asOf": time_text(entry.as_of),
        "champion": entry.champion,
        "dataset": entry.dataset,
        "seed": entry.seed,
    }


def narrow_lock(text: str, model: str) -> str:
    """dvc.lock with only the model's stages in it; empty text when it has none."""
    stages = {name: stage for name, stage in _stages(text).items() if _model_of(name) == model}
    return _lock(stages) if stages else ""


def merge_lock(text: str, trained: str, model: str) -> str:
    """dvc.lock with the model's stages taken from `trained` and all others left alone; sorted by name."""
    others = {name: stage for name, stage in _stages(text).items() if _model_of(name) != model}
    mine = {name: stage for name, stage in _stages(trained).items() if _model_of(name) == model}
    return _lock(dict(sorted({**others, **mine}.items())))


def _models(text: str) -> dict[str, Any]:
    models: dict[str, Any] = _load(text).get("models") or {}
    return models


def _model_of(stage: str) -> str:
    return stage.rpartition("@")[2]


def _stages(text: str) -> dict[str, Any]:
    stages: dict[str, Any] = _load(text).get("stages") or {}
    return stages


def _lock(stages: dict[str, Any]) -> str:
    return _dump({"schema": "2.0", "stages": stages})


def _load(text: str) -> dict[str, Any]:
    value = yaml.load(text, Loader=_KeepsText) if text.strip() else {}  # noqa: S506 (derives from the safe loader)
    return value if isinstance(value, dict) else {}


def _dump(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, default_flow_style=False, allow_unicode=True, width=10_000)


def _leading_comment(text: str) -> str:
    lines = []
    for line in text.splitlines(keepends=True):
        if not line.startswith("#"):
            break
        lines.append(line)
    return "".join(lines)
