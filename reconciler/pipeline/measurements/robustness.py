"""Measurement `robustness`: the candidate asked again about hold-out rows that were spoiled as the gates want it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.robustness import Response, Strain, Strained
from reconciler.errors import ReconcilerError
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.growth import spread_of
from reconciler.pipeline.perturbed import concerned, moved, spoil
from reconciler.pipeline.scored import Scored
from reconciler.rules.gates.robustness import Robustness
from reconciler.rules.perturbation import Perturbation, Relation
from reconciler.specs.model import Task

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS = 20_000
"""Of the hold-out; more tell little more and take long."""
SAME = 0.01
"""Answers that differ by less are the same: of a probability, or of a regression's usual spread of labels."""


class Broken(Exception):  # noqa: N818 - it is no error of ours
    """The model does not answer as it should; the text says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The model with the rows that it is asked about: features as `features_of` makes them, of n rows and of training."""

    context: StageContext
    scored: Scored
    rows: "pl.DataFrame"
    training: "pl.DataFrame"
    target: np.ndarray
    usual: np.ndarray

    def ask(self, rows: "pl.DataFrame") -> np.ndarray:
        """Answers of the usual shape, all of them numbers. Raises Broken."""
        try:
            answers = self.scored.predict(rows)
        except Exception as error:  # a team's own estimator may raise anything
            said = error.message if isinstance(error, ReconcilerError) else f"{type(error).__name__}: {error}"
            raise Broken(said) from error
        if answers.shape != self.usual.shape:
            raise Broken(f"{answers.shape} answers in place of {self.usual.shape}")
        if bad := int(np.count_nonzero(~np.isfinite(answers))):
            raise Broken(f"{bad} of {answers.size} answers are not numbers")
        return answers


def robustness(context: StageContext, scored: Scored) -> Known[Strained]:
    """What every gate `robustness` of the policy asks for, once per key."""
    gates = [gate for gate in context.gates if isinstance(gate, Robustness)]
    if not gates:
        return NOT_MEASURED
    subject = _subject(context, scored)
    strains: dict[str, Strain] = {}
    responses: dict[str, Response] = {}
    broken: dict[str, str] = {}
    for gate in gates:
        metric = gate.metric or context.model.spec.metrics[0]
        for key, perturbation in gate.strains().items():
            with _noting(broken, key, str(perturbation)):
                strains[key] = _strain(subject, metric, perturbation)
        for key, (relation, name) in gate.relations().items():
            with _noting(broken, key, f"{relation} {name}"):
                responses[key] = _response(subject, relation, name)
    return Strained(strains=strains, responses=responses, broken=broken)


@contextmanager
def _noting(broken: dict[str, str], key: str, what: str) -> Iterator[None]:
    try:
        yield
    except Broken as error:
        broken[key] = f"{what}: {error}"


def _subject(context: StageContext, scored: Scored) -> Subject:
    holdout, features = scored.stored.holdout, scored.contract.features
    generator = np.random.default_rng(context.parameters.seed)
    kept = np.sort(generator.permutation(holdout.height)[:MOST_ROWS])
    return Subject(
        context=context,
        scored=scored,
        rows=features_of(holdout[kept.tolist()], features),
        training=features_of(scored.stored.train, features),
        target=scored.target[kept],
        usual=scored.prediction[kept],
    )


def _strain(subject: Subject, metric: str, perturbation: Perturbation) -> Strain:
    """Raises Broken, and ReconcilerError when the metric cannot be told."""
    names = concerned(perturbation, subject.scored.contract.features)
    if not perturbation.one_by_one:
        return _cost(subject, metric, perturbation, names)
    strains = [replace(_cost(subject, metric, perturbation, [name]), feature=name) for name in names]
    return min(strains, key=lambda strain: strain.gain.gain, default=_cost(subject, metric, perturbation, ()))


def _cost(subject: Subject, metric: str, perturbation: Perturbation, names: Sequence[str]) -> Strain:
    from reconciler.statistics.bootstrap import Resampling, paired_gains

    body, seed = subject.context.model.spec, subject.context.parameters.seed
    spoiled = spoil(subject.rows, perturbation, names, subject.training, seed)
    pair = (subject.usual, subject.ask(spoiled.rows))
    gain = paired_gains(body.task, [metric], subject.target, pair, Resampling(seed=seed, resamples=body.bootstrap))[metric]
    if isinstance(gain, Missing):
        raise ReconcilerError(f"{metric} of the spoiled hold-out cannot be told: {gain.why}")
    return Strain(what=str(perturbation), gain=gain, values=spoiled.values)


def _response(subject: Subject, relation: Relation, name: str) -> Response:
    """Rows whose answer went against the relation. Raises Broken."""
    rows = moved(subject.rows, relation, name, subject.training, subject.context.parameters.seed)
    change = subject.ask(rows) - subject.usual
    least = SAME * (spread_of(subject.target) if subject.scored.contract.task is Task.REGRESSION else 1.0)
    wrong = np.abs(change) if relation is Relation.INVARIANT else change if relation is Relation.DECREASING else -change
    against = (wrong > least).reshape(len(wrong), -1).any(axis=1)
    return Response(rows=len(wrong), against=int(against.sum()))
