"""The rows of a trial, each answered by the model that was live when it happened, and what they measure together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from reconciler.domain.known import Known, Missing
from reconciler.observe.answers import Answers
from reconciler.pipeline.artifact import open_artifact
from reconciler.pipeline.rows import labelled, read_rows
from reconciler.pipeline.score import Predicted, check_question, predicted
from reconciler.simulate.trial import Live, Trial
from reconciler.statistics.metrics import measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Labelled rows of one stretch, and the classes (none for a regression) that their codes stand for."""

    rows: Predicted
    classes: tuple[str, ...]


def answer(trial: Trial, live: Live, start: datetime, end: datetime) -> Answered | None:
    """The rows of [start, end), answered by what is live; None when nothing is, or no row has a label."""
    if live.release is None:
        return None
    opened = open_artifact(live.shelf.fetch(live.release.build.artifact), programs=trial.readers.programs)
    check_question(opened, trial.model, trial.dataset)
    body = trial.dataset.spec
    columns = (*opened.contract.features.names, body.label.column)
    rows = labelled(read_rows(trial.dataset, trial.context.data, columns, start, end), body.label.column)
    if not rows.height:
        return None
    answers = Answers(package=opened, memory=trial.readers.memory).of(rows, body.event_time)
    return Answered(rows=predicted(opened, rows, answers), classes=opened.contract.classes)


def measured(parts: Sequence[Answered], metrics: Sequence[str]) -> Mapping[str, Known[float]]:
    """Each metric over the rows of all parts together; Missing when there are none, or their codes mean different classes."""
    known = {part.classes for part in parts}
    if not parts:
        why = Missing(code="insufficientData", why="0 labelled rows came while a model was live")
    elif len(known) > 1:
        counts = " and ".join(str(len(classes)) for classes in sorted(known))
        why = Missing(code="otherClasses", why=f"models of {len(known)} sets of classes were live, of {counts} classes")
    else:
        truth, answers = (
            np.concatenate(sides) for sides in zip(*((p.rows.truth, p.rows.prediction) for p in parts), strict=True)
        )
        return {metric: measure(parts[0].rows.task, metric, truth, answers) for metric in metrics}
    return dict.fromkeys(metrics, why)
