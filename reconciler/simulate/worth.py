"""What a retrain was worth: the old and the new release on the same rows, from the promotion to the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.releases import Release
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import open_artifact
from reconciler.pipeline.rows import read_rows
from reconciler.pipeline.score import measure_rows, predict_rows
from reconciler.ports import Readers
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Reign:
    """A release and the moment from which it was live."""

    release: Release
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """The primary metric of the release before and of this one, on the rows of this one's time."""

    version: str
    metric: str
    before: Known[Measured]
    after: Known[Measured]


def worth_of(reigns: Sequence[Reign], end: datetime, model: Model, dataset: Dataset, readers: Readers) -> list[Worth]:
    """For every release but the first, what it changed, on rows that neither had seen when it was promoted."""
    ends = [*(reign.since for reign in reigns[1:]), end]
    return [
        _worth(old, new, until, model, dataset, readers) for (old, new), until in zip(pairwise(reigns), ends[1:], strict=True)
    ]


def _worth(old: Reign, new: Reign, until: datetime, model: Model, dataset: Dataset, readers: Readers) -> Worth:
    before, after = (_score(reign.release, new.since, until, model, dataset, readers) for reign in (old, new))
    return Worth(version=new.release.version, metric=model.spec.metrics[0], before=before, after=after)


def _score(release: Release, start: datetime, end: datetime, model: Model, dataset: Dataset, readers: Readers) -> Known[Measured]:
    try:
        package = open_artifact(readers.artifacts.fetch(release.build.artifact), programs=readers.programs)
        columns = (*package.contract.features.names, dataset.spec.label.column)
        rows = read_rows(dataset, readers.data, columns, start, end - dataset.spec.label.delay)
        return measure_rows(predict_rows(package, rows, model, dataset), model.spec.metrics[0])
    except ReconcilerError as error:
        return Missing(code="notScored", why=error.message)
