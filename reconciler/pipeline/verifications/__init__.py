"""What the stage verify measures of the finished package, one module each: field of `Evidence` to the function that finds out."""

from collections.abc import Callable, Mapping
from typing import Any

from reconciler.pipeline.context import StageContext
from reconciler.pipeline.verifications.custom import custom
from reconciler.pipeline.verifications.infra import infra
from reconciler.pipeline.verifications.interpreter import interpreter
from reconciler.pipeline.verifications.latency import latency
from reconciler.pipeline.verifications.memory import memory
from reconciler.pipeline.verifications.parity import parity
from reconciler.pipeline.verifications.repeated import repeated

Verify = Callable[[StageContext], Any]
"""A measurement of `runs/<model>/model.zip`, made only if a gate of `context.gates` asks for it."""

VERIFICATIONS: Mapping[str, Verify] = {
    "repeated": repeated,
    "interpreter": interpreter,
    "infra": infra,
    "parity": parity,
    "latency": latency,
    "memory": memory,
    "custom": custom,
}
"""Each raises ReconcilerError for what it cannot measure, or answers with Missing. The names are those of `VERIFIED`."""
