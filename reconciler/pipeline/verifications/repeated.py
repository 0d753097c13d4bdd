"""Measurement `repeated`: the model trained a second time, in another process with other hash seeds."""

import os
import subprocess
import sys

from reconciler.domain.evidence import NOT_MEASURED, Repeated
from reconciler.domain.known import Known
from reconciler.domain.names import Digest
from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.fitted import fitted_digest, read_fitted
from reconciler.rules.gates.reproducibility import Reproducibility


def repeated(context: StageContext) -> Known[Repeated]:
    """Both digests of the model's bytes. Raises ReconcilerError when the second training fails."""
    if not any(isinstance(gate, Reproducibility) for gate in context.gates):
        return NOT_MEASURED
    command = [sys.executable, "-P", "-m", "reconciler", "--repo", str(context.root), "stage", "repeat", context.model.name]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONHASHSEED"}  # noqa: TID251
    ended = subprocess.run(command, cwd=context.root, env=environment, capture_output=True, text=True, check=False)
    words = ended.stdout.split()
    if ended.returncode or not words:
        last = (ended.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        raise ReconcilerError(f"the second training failed: {last}")
    return Repeated(first=fitted_digest(read_fitted(context)), second=Digest(words[-1]))
