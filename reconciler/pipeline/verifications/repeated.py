"""Measurement `repeated`: the model trained a second time, in another process with other hash seeds and more or fewer threads."""

import sys

from reconciler.domain.evidence import NOT_MEASURED, Repeated
from reconciler.domain.known import Known
from reconciler.domain.names import Digest
from reconciler.domain.programs import Program
from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.fitted import fitted_digest, read_fitted

_SEED = "2718281828"
"""Of hashes; whoever fixed one for the first training chose another."""


def repeated(context: StageContext) -> Known[Repeated]:
    """Both digests of the model's bytes. Raises ReconcilerError when the second training fails, or takes more than it may."""
    if "reproducibility" not in context.asked:
        return NOT_MEASURED
    if context.programs is None:
        raise ReconcilerError("nothing here runs programs, so there is no second training")
    command = (sys.executable, "-P", "-m", "reconciler", "--repo", str(context.root), "stage", "repeat", context.model.name)
    ran = context.programs.run(
        Program(
            command=command,
            directory=context.root,
            variables={"PYTHONHASHSEED": _SEED, "OMP_NUM_THREADS": _other_threads()},
            limits=context.model.spec.training.limits.of_run(),
            inherits=True,
            called="the second training",
        )
    )
    words = ran.said.split()
    if ran.failure or not words:
        raise ReconcilerError(ran.failure or "the second training ended without a word")
    return Repeated(first=fitted_digest(read_fitted(context)), second=Digest(words[-1]))


def _other_threads() -> str:
    """Half as many as OpenMP has here, and so had in the stage `train`; two in place of one."""
    import sklearn.ensemble  # noqa: F401 - loads OpenMP
    from threadpoolctl import threadpool_info

    here = max((pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "openmp"), default=1)
    return str(here // 2 or 2)
