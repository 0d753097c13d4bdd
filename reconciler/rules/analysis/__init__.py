"""Checks compare a candidate with the live release while both serve: YES is "proven not worse". The unions of all `type:`s."""

from typing import Annotated, TypeAlias

from pydantic import Field

from reconciler.rules.analysis.answers import Answers
from reconciler.rules.analysis.business import BusinessCheck
from reconciler.rules.analysis.errors import Errors
from reconciler.rules.analysis.latency import LatencyCheck
from reconciler.rules.analysis.metric import MetricCheck
from reconciler.rules.analysis.predictions import Predictions
from reconciler.rules.analysis.saturation import Saturation

UserCheck: TypeAlias = Annotated[
    Errors | LatencyCheck | Predictions | MetricCheck | BusinessCheck | Saturation, Field(discriminator="type")
]
"""Where each request is answered by one of the releases, so that what users do next tells them apart."""

MirrorCheck: TypeAlias = Annotated[
    Errors | LatencyCheck | Predictions | MetricCheck | Saturation | Answers, Field(discriminator="type")
]
"""Where both releases answer the same requests, and nobody sees what the candidate says."""

Check = Errors | LatencyCheck | Predictions | MetricCheck | BusinessCheck | Saturation | Answers
