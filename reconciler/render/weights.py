"""Who gets which share of the requests, written into the manifests and read back from there: Git alone remembers it. Pure."""

import re
from collections.abc import Mapping, Sequence

import yaml

from reconciler.domain.names import Digest
from reconciler.render.served import Arm

ANNOTATION = "perennial/weights"
_CARRIERS = ("virtualservice.yaml", "httproute.yaml", "inferenceservice.yaml")
"""The manifest of a model that shares its requests, whichever router or runtime it has."""
_PAIR = re.compile(r"(sha256:[0-9a-f]{64})=(0|[1-9][0-9]?|100)")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def weights_text(arms: Sequence[Arm]) -> str:
    """Digests with percents, the live release first: `sha256:...=95 sha256:...=5`."""
    return " ".join(f"{arm.release.digest}={arm.weight}" for arm in arms)


def weights_in(files: Mapping[str, str], model: str) -> Mapping[Digest, int]:
    """Percent by digest, the live release first, from the files of an environment's branch; empty when nothing is under way.

    What is not written as `weights_text` writes it is nothing: somebody edited the branch, and the next pass writes it anew.
    """
    path = carrier_in(files, model)
    return _read(files[path]) if path else {}


def carrier_in(files: Mapping[str, str], model: str) -> str | None:
    """The path of the manifest that says it; None when none does."""
    paths = (f"manifests/{model}/{name}" for name in _CARRIERS)
    return next((path for path in paths if path in files and _read(files[path])), None)


def _read(text: str) -> dict[Digest, int]:
    try:
        annotations = yaml.load(text, _Loader)["metadata"]["annotations"]  # noqa: S506 - the loader is a safe one
        pairs = [_PAIR.fullmatch(pair) for pair in annotations[ANNOTATION].split(" ")]
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError):
        return {}
    found = {Digest(pair[1]): int(pair[2]) for pair in pairs if pair}
    return found if len(found) == len(pairs) else {}
