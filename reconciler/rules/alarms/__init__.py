"""Alarms ask for a roll-back: YES is "take it back". The union of all `type:`s; those that are triggers, too, judge numbers."""

from typing import Annotated, TypeAlias

from pydantic import Field

from reconciler.rules.alarms.aborted import Aborted
from reconciler.rules.alarms.degraded import Degraded
from reconciler.rules.triggers.alert import Alert
from reconciler.rules.triggers.business_metric import BusinessMetric
from reconciler.rules.triggers.performance import Performance
from reconciler.rules.triggers.promql import Promql
from reconciler.rules.triggers.slo_burn_rate import SloBurnRate

ClusterAlarms: TypeAlias = Degraded | Aborted
"""What listens to a cluster."""
NumberAlarm: TypeAlias = SloBurnRate | Promql | Alert | Performance | BusinessMetric
"""What listens to the numbers of production."""
Alarm: TypeAlias = Annotated[
    Degraded | Aborted | SloBurnRate | Promql | Alert | Performance | BusinessMetric, Field(discriminator="type")
]
