"""Measurement `memory`: the largest resident memory of processes of the serving environment that answer requests."""

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.serving import Memory, Spread
from reconciler.pipeline.artifact import open_artifact
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.package import PACKAGE
from reconciler.pipeline.requests import request_of
from reconciler.pipeline.serving_process import ask_serving
from reconciler.pipeline.stored import read_stored

PROCESSES = 3
_REQUESTS = 3
"""How often each of them answers."""


def memory(context: StageContext) -> Known[dict[str, Known[Memory]]]:
    """By how many rows a request has. Raises ReconcilerError when the package cannot be asked at all."""
    asked = sorted(int(key.split("/")[1]) for key in context.asked if key.startswith("memory/"))
    return {str(rows): _weighed(context, rows) for rows in asked} if asked else NOT_MEASURED


def _weighed(context: StageContext, rows: int) -> Known[Memory]:
    holdout = read_stored(context).holdout
    if rows > holdout.height:
        return Missing(
            code="insufficientData", why=f"a request of {rows} rows is to be weighed, and the hold-out has {holdout.height}"
        )
    request = request_of(open_artifact(context.path(PACKAGE)).contract, holdout[:rows])
    found = [ask_serving(context, "weigh", requests=[request] * _REQUESTS) for _ in range(PROCESSES)]
    bare, libraries, peak = (sorted(int(one[key]) for one in found) for key in ("bare", "libraries", "peak"))
    middle = PROCESSES // 2
    return Memory(
        rows=rows,
        processes=PROCESSES,
        bare=bare[middle],
        libraries=libraries[middle],
        peak=Spread(low=float(peak[0]), middle=float(peak[middle]), high=float(peak[-1])),
    )
