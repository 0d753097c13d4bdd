"""Measurement `training`: the metrics on the rows that were learnt from, where a model always looks better than it is."""

from collections.abc import Mapping

from reconciler.pipeline.context import StageContext
from reconciler.pipeline.log import metrics_on
from reconciler.pipeline.scored import Scored


def training(context: StageContext, scored: Scored) -> Mapping[str, float]:
    """Each metric that has a value on the training rows."""
    rows = scored.stored.train
    return metrics_on(context, scored.truth(rows), scored.predict(rows))
