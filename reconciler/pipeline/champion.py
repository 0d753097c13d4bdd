"""Used by evaluate: the champion on the candidate's hold-out: rows it never learned from, columns it knows, the same question."""

from typing import TYPE_CHECKING

import numpy as np

from reconciler.domain.known import Known, Missing
from reconciler.domain.names import evidence_path, short
from reconciler.domain.releases import Build
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract, ModelPackage, open_artifact
from reconciler.pipeline.build_json import read_evidence_build
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.rows import labelled, read_rows
from reconciler.pipeline.stored import Stored
from reconciler.specs.model import Features, Task
from reconciler.specs.specs import Specs

if TYPE_CHECKING:
    import polars as pl

FEWEST_UNSEEN = 200
"""Fewer rows that the champion has not been trained on are no hold-out for it."""


def champion_build(specs: Specs, model: str, digest: str) -> Build | None:
    """The build that params.yaml names: a release's, or one that its evidence remembers; None for `none`.

    Raises ReconcilerError when neither is in the repository.
    """
    if digest == "none":
        return None
    for release in specs.releases.get(model, {}).values():
        if release.digest == digest:
            return release.build
    evidence = specs.files.get(evidence_path(model, digest))
    if evidence is None:
        raise ReconcilerError(
            f"params.yaml names {digest} for {model}, of which there is neither a release nor evidence",
            help=f"set it in models.{model} of params.yaml to none, or to the digest of a release",
        )
    return read_evidence_build(evidence)


def unseen_rows(context: StageContext, champion: Build, holdout: "pl.DataFrame") -> Known[np.ndarray]:
    """(n,) True for rows that happened after the labels of the champion's training rows were known; Missing when too few did."""
    seen_until = champion.data.train_until + context.dataset.spec.label.delay
    times = holdout[context.dataset.spec.event_time]
    unseen = np.asarray((times >= seen_until).to_numpy(), dtype=bool)
    count = int(unseen.sum())
    if count >= min(FEWEST_UNSEEN, unseen.size):
        return unseen
    why = f"{count} of {unseen.size} rows of the hold-out are newer than what {short(champion.digest)} was trained on"
    return Missing(code="holdoutSeenByChampion", why=f"{why}, {FEWEST_UNSEEN} needed")


def with_columns(context: StageContext, features: Features, stored: Stored) -> "pl.DataFrame":
    """The hold-out, with the champion's features too: those that the candidate dropped are read from the source again.

    The source sorts by the columns in their order, so with new columns last the old ones come in the order of the snapshot.
    Raises ReconcilerError when the source has other rows by now, ObserveError when it has no such columns.
    """
    holdout, label = stored.holdout, context.dataset.spec.label.column
    dropped = tuple(name for name in features.names if name not in holdout.columns)
    if not dropped:
        return holdout
    known = tuple(name for name in holdout.columns if name != context.dataset.spec.event_time)
    rows = read_rows(context.dataset, context.data, (*known, *dropped), stored.data.holdout_from, stored.data.holdout_until)
    rows = labelled(rows, label)
    if not rows.select(holdout.columns).equals(holdout):
        raise ReconcilerError(
            f"it needs {', '.join(dropped)}, which the snapshot lacks, and the source now has {rows.height} other rows "
            f"in place of the {holdout.height} of the snapshot"
        )
    return rows


def open_champion(context: StageContext, champion: Build) -> Known[ModelPackage]:
    """The champion's package, also where its answers cannot be compared; Missing when it cannot be opened."""
    try:
        return open_artifact(context.artifacts.fetch(champion.artifact), champion.artifact.sha256, context.programs)
    except ReconcilerError as error:
        return Missing(code="championNotComparable", why=f"champion {short(champion.digest)} cannot be opened: {error.message}")


def champion_predictions(package: ModelPackage, candidate: Contract, rows: "pl.DataFrame") -> np.ndarray:
    """The champion's predictions in the candidate's classes. Raises ReconcilerError when the two answer different questions."""
    old = package.contract
    fits = (old.task, old.label, old.bounds) == (candidate.task, candidate.label, candidate.bounds)
    several = candidate.task is Task.MULTICLASS
    if not fits or not (set(old.classes) <= set(candidate.classes) if several else old.classes == candidate.classes):
        raise ReconcilerError(
            f"it predicts {old.label} as {', '.join(old.classes) or 'a number'}, "
            f"the candidate {candidate.label} as {', '.join(candidate.classes) or 'a number'}"
        )
    answers = package.predict(rows)
    if not several:
        return answers
    shares = np.zeros((rows.height, len(candidate.classes)))
    shares[:, [candidate.classes.index(name) for name in old.classes]] = answers
    return shares
