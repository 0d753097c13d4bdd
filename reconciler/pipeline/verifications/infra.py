"""Measurement `infra`: the package installed and loaded in the serving environment, versions compared, its samples answered."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.serving import Infra
from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.serving_process import try_serving


def infra(context: StageContext) -> Known[Infra]:
    """What is installed there, and how many samples were answered. Raises ReconcilerError when nothing can be found out."""
    if "infra" not in context.asked:
        return NOT_MEASURED
    found = try_serving(context, "install")
    if "made" not in found:
        raise ReconcilerError(str(found.get("failure", "the package tells nothing of itself")))
    return Infra(
        made={name: str(made) for name, made in found["made"].items()},
        installed={name: str(here) for name, here in found["installed"].items()},
        otherwise=tuple(f"{name} {here}, locked {locked}" for name, (locked, here) in sorted(found["otherwise"].items())),
        samples=int(found["samples"]),
        answered=_answered(found),
    )


def _answered(found: Mapping[str, Any]) -> Known[int]:
    if "failure" in found:
        return Missing(code="notInstalled" if "absent" in found else "cannotBeLoaded", why=found["failure"])
    answers = np.asarray(found["predictions"], dtype=np.float64)
    return int(np.isfinite(answers).reshape(len(answers), -1).all(axis=1).sum())
