"""After a push to an environment's branch: have Argo CD look at what changed now, where it would else take minutes."""

from collections.abc import Mapping
from dataclasses import replace

from reconciler.domain.outcomes import Status, StepOutcome
from reconciler.domain.steps import Publish
from reconciler.errors import ReconcilerError
from reconciler.ports import Readers, Writers

_MANIFESTS = "manifests/"


def refreshed(outcome: StepOutcome, readers: Readers, writers: Writers) -> StepOutcome:
    """The outcome of a step, with what came of asking. That Argo CD cannot be asked is no failure: it looks by itself, later."""
    step, reader, writer = outcome.step, readers.clusters, writers.clusters
    if not isinstance(step, Publish) or outcome.status is not Status.DONE or not (reader and writer):
        return outcome
    if not reader.reaches(step.environment):
        return outcome
    try:
        models = changed_models(step, readers)
        if models:
            writer.refresh(step.environment, models)
    except ReconcilerError as error:
        return replace(outcome, message=f"{outcome.message}; Argo CD was not asked to look at it now: {error.message}")
    said = f"Argo CD looks at {', '.join(models)} now" if len(models) <= 3 else f"Argo CD looks at {len(models)} models now"
    return replace(outcome, message=f"{outcome.message}; {said}") if models else outcome


def changed_models(step: Publish, readers: Readers) -> list[str]:
    """Those whose manifests are others than before, sorted; one that left is Argo CD's to forget. Raises ObserveError."""
    found = readers.repository.files(step.replaces, _MANIFESTS.rstrip("/")) if step.replaces else {}
    before = by_model({path: text.decode(errors="replace") for path, text in found.items()})
    return sorted(model for model, files in by_model(step.files).items() if files != before.get(model))


def by_model(files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The manifests of each model."""
    found: dict[str, dict[str, str]] = {}
    for path, text in files.items():
        if path.startswith(_MANIFESTS) and path.count("/") > 1:
            found.setdefault(path.split("/")[1], {})[path] = text
    return found
