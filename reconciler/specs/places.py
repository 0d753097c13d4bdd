"""Which kind of spec lives at which path, and the words for a file that is at none of them."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from reconciler.rules.fields import Written
from reconciler.specs.schemas import SCHEMAS

PARAMETERS = "params.yaml"
PYPROJECT = "pyproject.toml"
SPEC_FOLDERS = ("models/", "datasets/", "policies/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a path holds. `schema` is the key in SCHEMAS; `name` is what metadata.name must be; `model` is the folder's."""

    path: str
    schema: str
    name: str
    model: str = ""

    @property
    def kind(self) -> type[Written]:
        """The class that reads the file."""
        return SCHEMAS[self.schema]


_PATTERNS = {
    "model": "models/<name>/model.yaml",
    "release": "models/<model>/releases/<name>.yaml",
    "hold": "models/<name>/hold.yaml",
    "quarantine": "models/<name>/quarantine.yaml",
    "override": "models/<name>/override.yaml",
    "dataset": "datasets/<name>.yaml",
    "retrain-policy": "policies/retrain/<name>.yaml",
    "gate-policy": "policies/gates/<name>.yaml",
    "rollout-policy": "policies/rollout/<name>.yaml",
}
"""Schema's name to where its files are."""


def _compiled(pattern: str) -> re.Pattern[str]:
    """`<word>` becomes a named group that stays within one folder."""
    return re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", pattern.replace(".", r"\.")))


_PLACES = {schema: _compiled(pattern) for schema, pattern in _PATTERNS.items()}


def place_of(path: str) -> Place | None:
    """The place of the path, or None when no spec lives there."""
    if path == PARAMETERS:
        return Place(path=path, schema="params", name="")
    for schema, pattern in _PLACES.items():
        if found := pattern.fullmatch(path):
            words = found.groupdict()
            model = words.get("model") or (words["name"] if path.startswith("models/") else "")
            return Place(path=path, schema=schema, name=words["name"], model=model)
    return None


def home_of(schema: str) -> str:
    """Where specs of this schema live: `models/<name>/model.yaml`."""
    return _PATTERNS[schema]


def schema_comment(path: str) -> str:
    """The first line of a spec at the path, by which editors find its schema. Raises ValueError where no spec lives."""
    place = place_of(path)
    if place is None:
        raise ValueError(f"no spec lives at {path}")
    return f"# yaml-language-server: $schema={'../' * path.count('/')}schemas/{place.schema}.json"


def misplaced(path: str) -> str:
    """Why a YAML file under the spec folders cannot be read where it is; empty when it is not our business."""
    suffix = PurePosixPath(path).suffix.lower()
    if not path.startswith(SPEC_FOLDERS) or suffix not in (".yaml", ".yml"):
        return ""
    if suffix == ".yml":
        return "specs end in .yaml, not .yml: nothing reads this file"
    if place_of(path) is None:
        return "no spec lives here, so nothing reads this file"
    return ""
