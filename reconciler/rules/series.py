"""What the rules that look at Prometheus share: one value of an instant query, or why there is none."""

import math

from reconciler.domain.facts import ModelFacts
from reconciler.domain.known import Known, Missing
from reconciler.domain.needs import PromqlNeed


def newest_value(facts: ModelFacts, need: PromqlNeed) -> Known[float]:
    """The newest value that answers the need. Missing where nobody asked, nothing came, or it is no number."""
    match facts.live.series.get(need):
        case None:
            return Missing(code="notAsked", why=f"{need.query} was not asked")
        case Missing() as missing:
            return missing
        case ():
            return Missing(code="noData", why=f"{need.query} has 0 values, 1 needed")
        case points if math.isfinite(points[-1].value):
            return points[-1].value
        case points:
            return Missing(code="notANumber", why=f"{need.query} is {points[-1].value:g}, which is no number")
