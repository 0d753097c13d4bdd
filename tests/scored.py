"""A candidate in memory as the measurements of the stage evaluate get it: really fitted, on rows that a test chooses."""

from pathlib import Path
from typing import Any

import polars as pl
from pydantic import TypeAdapter

from reconciler.domain.judgements import Judgement
from reconciler.domain.known import Known
from reconciler.pipeline.artifact import predictions
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.fit import fit
from reconciler.pipeline.scored import Rescored, Scored
from reconciler.pipeline.stored import read_stored
from reconciler.pipeline.train import contract_of
from reconciler.rules.gates import Gate
from tests.builders import NOW, a_candidate, evidence, facts
from tests.runs import HOUR, START, a_context, flights, take_snapshot

GATE: TypeAdapter[Any] = TypeAdapter(Gate)


def a_gate(**written: Any) -> Any:
    """A gate as people write it."""
    return GATE.validate_python(written)


def a_scored(
    root: Path,
    *gates: Any,
    train: pl.DataFrame | None = None,
    holdout: pl.DataFrame | None = None,
    champion: Known[Rescored] | None = None,
    **spec: Any,
) -> tuple[StageContext, Scored]:
    """The context of a policy with these gates, and the model of this spec, fitted on the one and asked about the other."""
    train = flights(1500) if train is None else train
    holdout = flights(800, start=START + 1524 * HOUR, seed=1) if holdout is None else holdout
    context = a_context(root, gates=gates, **spec)
    take_snapshot(context, train, holdout)
    stored = read_stored(context)
    contract = contract_of(context, stored)
    fitted = fit(context, contract, stored.train)
    return context, Scored(
        contract=contract,
        stored=stored,
        estimator=fitted,
        target=contract.coding().encode(holdout[contract.label]),
        prediction=predictions(fitted, contract, holdout),
        champion=champion,
    )


def judged(gate: Any, **measured: Any) -> Judgement:
    """What the gate says of a candidate of which this was measured; nothing is live."""
    found = evidence(**measured)
    return gate.judge(facts(releases={}, candidate=a_candidate(evidence=found)), NOW)  # type: ignore[no-any-return]
