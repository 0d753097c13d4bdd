"""What the stage evaluate measures, one module each: field of `Evidence` to the function that finds it out."""

from collections.abc import Mapping

from reconciler.pipeline.measurements.asked import asked
from reconciler.pipeline.measurements.calibration import calibration
from reconciler.pipeline.measurements.comparison import comparison
from reconciler.pipeline.measurements.fairness import fairness
from reconciler.pipeline.measurements.importance import importance
from reconciler.pipeline.measurements.labels import labels
from reconciler.pipeline.measurements.leakage import leakage
from reconciler.pipeline.measurements.primary import primary
from reconciler.pipeline.measurements.robustness import robustness
from reconciler.pipeline.measurements.schema import schema
from reconciler.pipeline.measurements.slices import slices
from reconciler.pipeline.measurements.training import training
from reconciler.pipeline.measurements.volume import volume
from reconciler.pipeline.scored import Measure

MEASUREMENTS: Mapping[str, Measure] = {
    "asked": asked,
    "calibration": calibration,
    "comparison": comparison,
    "primary": primary,
    "training": training,
    "slices": slices,
    "fairness": fairness,
    "robustness": robustness,
    "schema": schema,
    "leakage": leakage,
    "labels": labels,
    "volume": volume,
    "importance": importance,
}
"""Each gets the context and the scored hold-out. What it cannot measure it raises as ReconcilerError, or answers with Missing."""
