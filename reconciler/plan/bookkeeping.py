"""params.yaml and dvc.lock as text: narrowed to one model for its training, and merged back into everybody's. Pure."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from reconciler.errors import InvalidSpecsError, Problem, ReconcilerError
from reconciler.rules.fields import time_text
from reconciler.specs.parameters import RunParameters

PARAMETERS = "params.yaml"
LOCK = "dvc.lock"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


_FLOAT = re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$")
_CORE = (
    ("null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    ("bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")),
    ("int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")),
    ("float", _FLOAT, list("-+.0123456789")),
)
"""DVC speaks YAML 1.2, PyYAML 1.1: to it `on`, `1:30` and dates are no texts, and the MD5 `12e34` is one."""


class _LikeDvc(_Loader):  # type: ignore[misc, valid-type]
    """Loads as text what is text to DVC, so that writing it back changes nothing."""

    yaml_implicit_resolvers: dict[str, Any] = {}


class _ForDvc(_Dumper):  # type: ignore[misc, valid-type]
    """Quotes what would be no text to one of the two."""


for _tag, _pattern, _first in _CORE:
    _LikeDvc.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", _pattern, _first)
_ForDvc.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, list("-+.0123456789"))
_ForDvc.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^0o[0-7]+$"), ["0"])


def check_bookkeeping(files: Mapping[str, str]) -> None:
    """Raises ReconcilerError with the place when the params.yaml or dvc.lock among a run's files is none."""
    try:
        _models(files.get(PARAMETERS, ""))
        _stages(files.get(LOCK, ""))
    except InvalidSpecsError as error:
        raise ReconcilerError(str(error.problems[0])) from error


def text_of(files: Mapping[str, bytes], path: str) -> str:
    """The file's text, empty when there is none. Raises InvalidSpecsError when it is not UTF-8."""
    try:
        return files.get(path, b"").decode()
    except UnicodeDecodeError as error:
        raise _wrong(path, 1, 1, f"byte 0x{error.object[error.start]:02x} is not UTF-8") from error


def merge_parameters(text: str, trained: str, model: str) -> str:
    """params.yaml with the model's entry taken from `trained`; sorted, in block style, its leading comment kept."""
    mine = {name: entry for name, entry in _models(trained).items() if name == model}
    return _leading_comment(text) + _dump({"models": dict(sorted({**_models(text), **mine}.items()))})


def narrow_parameters(text: str, model: str, entry: RunParameters) -> str:
    """params.yaml with only the model in it."""
    return _leading_comment(text) + _dump({"models": {model: parameters_value(entry)}})


def locked_outputs(text: str, model: str) -> dict[str, tuple[str, int | None]]:
    """Path to (MD5, size in bytes) of everything that dvc.lock says the model's stages left. Raises InvalidSpecsError."""
    found: dict[str, tuple[str, int | None]] = {}
    for name, stage in _stages(text).items():
        outputs = stage.get("outs") if isinstance(stage, dict) and _model_of(name) == model else None
        for out in outputs if isinstance(outputs, list) else ():
            if isinstance(out, dict) and isinstance(out.get("path"), str):
                size = out.get("size")
                found[out["path"]] = (str(out.get("md5", "")), size if isinstance(size, int) else None)
    return found


def trained_with(text: str, model: str) -> tuple[int, str]:
    """The seed of the model's entry, and the champion that it was compared with; 0 and `none` where there is no entry."""
    found = _models(text).get(model)
    entry = found if isinstance(found, dict) else {}
    seed, champion = entry.get("seed", 0), entry.get("champion", "none")
    return seed if isinstance(seed, int) else 0, str(champion)


def parameters_value(entry: RunParameters) -> dict[str, Any]:
    """The entry as it stands in the file."""
    return {
        "asOf": time_text(entry.as_of),
        "champion": entry.champion,
        "continues": entry.continues,
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
    return _entries(text, PARAMETERS, "models")


def _stages(text: str) -> dict[str, Any]:
    return _entries(text, LOCK, "stages")


def _model_of(stage: str) -> str:
    return stage.rpartition("@")[2]


def _lock(stages: dict[str, Any]) -> str:
    return _dump({"schema": "2.0", "stages": stages})


def _entries(text: str, path: str, key: str) -> dict[str, Any]:
    """The mapping under the key; empty when there is none yet."""
    try:
        value = yaml.load(text, Loader=_LikeDvc)  # noqa: S506 (derives from the safe loader)
        entries = value.get(key) if isinstance(value, dict) else value
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _wrong(path, line, column, str(getattr(error, "problem", None) or error)) from error
    if entries is None:
        return {}
    if not isinstance(entries, dict) or not all(isinstance(name, str) for name in entries):
        raise _wrong(path, 1, 1, f"expected a mapping with the key {key}, and names under it")
    return entries


def _wrong(path: str, line: int, column: int, message: str) -> InvalidSpecsError:
    hint = f"take back a version that DVC can read: git log -- {path}"
    return InvalidSpecsError([Problem(file=path, line=line, column=column, field="", message=message, hint=hint)])


def _dump(value: Any) -> str:
    return yaml.dump(value, Dumper=_ForDvc, sort_keys=False, default_flow_style=False, allow_unicode=True, width=10_000)


def _leading_comment(text: str) -> str:
    lines = []
    for line in text.splitlines(keepends=True):
        if not line.startswith("#"):
            break
        lines.append(line)
    return "".join(lines)
