"""Checks of what promotions wrote: a release tells of its own path, carries its true digest, and stays in the repository."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from reconciler.errors import Problem
from reconciler.specs.checks.references import check_unique
from reconciler.specs.document import Document
from reconciler.specs.guide import shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.release import ReleaseSpec
from reconciler.specs.stops import QuarantineFile


def check_release(document: Document[ReleaseSpec], loaded: Loaded) -> Iterator[Problem]:
    """Everything about one release."""
    place, spec = document.place, document.spec.spec
    for key, wanted, found in (("model", place.model, spec.model), ("environment", place.name, spec.environment)):
        if wanted != found:
            yield document.problem(("spec", key), f"expected {shown(wanted)} as in the path, got {shown(found)}")
    computed = document.spec.release().digest
    if spec.digest != computed:
        message = f"the digest of what stands here is {computed}, and {spec.digest} is written"
        yield document.problem(("spec", "digest"), message, "releases are written by promotions only: revert the edit")
    path = PurePosixPath(spec.artifact.path)
    if path.is_absolute() or ".." in path.parts or "\\" in spec.artifact.path:
        yield document.problem(("spec", "artifact", "path"), f"{shown(spec.artifact.path)} leads out of the repository")
    model = loaded.models.get(place.model)
    if model is not None and place.name not in model.spec.spec.environments:
        environments = ", ".join(model.spec.spec.environments)
        message = f"model {place.model} has no environment {place.name}"
        yield document.problem(
            ("spec", "environment"), message, f"it has {environments}: remove this file, or add the environment"
        )


def check_quarantine(document: Document[QuarantineFile]) -> Iterator[Problem]:
    """Each digest stands once."""
    digests = tuple(one.digest for one in document.spec.spec.digests)
    yield from check_unique(document, ("spec", "digests"), digests, "digest", key="digest")
