"""How many rows a release has answered in the environment where it soaks, by the prediction log."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from reconciler.domain.facts import Candidate, History
from reconciler.domain.known import Known, Missing
from reconciler.errors import ObserveError
from reconciler.ports import Logs
from reconciler.specs.environments import Environment


def answered_of(
    chain: Iterable[Environment], onward: Mapping[str, Candidate], history: History, logs: Logs | None, now: datetime
) -> Mapping[str, Known[int]]:
    """Environment to the rows since it runs the release, of those that ask for some and have one that is to go on."""
    asking = [one.name for one in chain if one.minimum_rows is not None and one.name in onward]
    return {name: _answered(name, onward[name], history, logs, now) for name in asking}


def _answered(environment: str, candidate: Candidate, history: History, logs: Logs | None, now: datetime) -> Known[int]:
    model, digest = candidate.build.model, candidate.build.digest
    moves = history.in_environment(environment)
    if not moves or moves[-1].digest != digest:
        return Missing(code="notOnRecord", why=f"the ledger does not say yet since when {environment} runs it")
    if logs is None:
        return Missing(code="noLogs", why="there is no prediction log")
    try:
        rows = logs.predictions(model, moves[-1].at, now)
    except ObserveError as error:
        return Missing(code="logUnreadable", why=error.message)
    return rows.filter(rows["digest"] == digest).height if "digest" in rows.columns else 0
