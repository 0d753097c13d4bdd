"""Link `metrics`: the artifact opens here, and its answers for the kept hold-out give the numbers of the gate report again."""

import math
from collections.abc import Mapping
from dataclasses import astuple

from reconciler.audit.claims import Claim
from reconciler.audit.links.artifact import how_to_pull
from reconciler.audit.links.data import BrokenLinkError, snapshot_places
from reconciler.audit.links.lock import SNAPSHOT
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.names import evidence_path, provenance_path, run_path
from reconciler.errors import ObserveError, ReconcilerError
from reconciler.pipeline.artifact import open_artifact
from reconciler.pipeline.evidence_json import read_measured_metrics

METRICS = "metrics"
CLOSE = 1e-6
"""Relative. Sums of the same floats may differ in their last digits between processors, and by no more."""
_HOLDOUT = "holdout.parquet"


def judge_metrics(claim: Claim) -> Judgement:
    """Value and both ends of the interval of each metric of the report, within `CLOSE`."""
    path = evidence_path(claim.model, claim.digest)
    said = read_measured_metrics(claim.files(path).get(path, b""))
    if isinstance(said, Missing):
        return no(METRICS, "unreadable", said.why)
    try:
        found = measure(claim)
    except BrokenLinkError as error:
        pull = how_to_pull(claim, run_path(claim.model, SNAPSHOT))
        return (unknown if error.missing else no)(METRICS, "noRows", str(error), remedy=pull)
    except ObserveError as error:
        return unknown(METRICS, "notHere", error.message, remedy=error.help)
    except ReconcilerError as error:
        return no(METRICS, "doesNotAnswer", f"the artifact does not open, or does not answer: {error.message}")
    return compare(said, found)


def measure(claim: Claim) -> Mapping[str, Known[Measured]]:
    """The metrics of the spec, on the hold-out of the snapshot, as the stage `evaluate` measures them.

    Raises BrokenLinkError for rows that are not here, ReconcilerError for an artifact that is not, or does not answer.
    """
    import polars as pl
    from threadpoolctl import threadpool_limits

    from reconciler.statistics.bootstrap import Resampling, intervals

    artifact, body = claim.release.build.artifact, claim.books.model.spec
    package = open_artifact(claim.readers.artifacts.fetch(artifact), artifact.sha256, claim.readers.programs)
    places = snapshot_places(claim, run_path(claim.model, SNAPSHOT))
    if _HOLDOUT not in places:
        raise BrokenLinkError(f"the snapshot has no {_HOLDOUT}")
    statement = claim.provenance(provenance_path(claim.model, claim.digest))
    if statement is None:
        raise ReconcilerError("no statement that can be read says with which seed it was measured")
    rows, contract = pl.read_parquet(places[_HOLDOUT]), package.contract
    resampling = Resampling(seed=statement.seed, resamples=body.bootstrap)
    with threadpool_limits(limits=1, user_api="blas"):
        target = contract.coding().encode(rows[contract.label])
        return intervals(contract.task, body.metrics, target, package.predict(rows), resampling)


def compare(said: Mapping[str, Measured], found: Mapping[str, Known[Measured]]) -> Judgement:
    """Every metric of the report was measured again, and is the same."""
    if not said:
        return no(METRICS, "none", "the gate report has no metric")
    for name, there in sorted(said.items()):
        here = found.get(name, Missing(code="notMeasured", why="it is no metric of the spec"))
        if isinstance(here, Missing):
            return no(METRICS, "notMeasured", f"the report says {_shown(there)} of {name}, here it is not measured: {here.why}")
        if not _same(there, here):
            return no(METRICS, "otherNumbers", f"the report says {_shown(there)} of {name}, measured again it is {_shown(here)}")
    values = ", ".join(f"{name} {one.value:.4g}" for name, one in sorted(said.items()))
    return yes(METRICS, "same", f"the artifact opens, and gives the same numbers again: {values}")


def _shown(one: Measured) -> str:
    return f"{one.value:.6g} ({one.low:.6g} to {one.high:.6g}, {one.rows} rows)"


def _same(one: Measured, other: Measured) -> bool:
    pairs = zip(astuple(one), astuple(other), strict=True)
    return all(math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE) for a, b in pairs)
