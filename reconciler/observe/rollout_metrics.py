"""What Prometheus counted of one release over one stretch of time: requests, failures, seconds, minutes under load."""

import math
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest
from reconciler.domain.tallies import Buckets, Share, Tally
from reconciler.errors import ReconcilerError
from reconciler.observe.elsewhere import NO_PROMETHEUS
from reconciler.ports import Metrics
from reconciler.render.promql import REQUESTS, SECONDS
from reconciler.render.served import PART_LENGTH
from reconciler.rules.analysis.errors import Errors
from reconciler.rules.analysis.latency import LatencyCheck
from reconciler.rules.analysis.saturation import Saturation
from reconciler.specs.serving import Resources

PROCESSOR, MEMORY = "process_cpu_seconds_total", "process_resident_memory_bytes"
"""What Prometheus' own client libraries tell of the process that serves."""
_FAILED = ',code=~"5.."'


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One release in one environment, from `since` until before `until`; `resources` are the limits of each pod."""

    metrics: Metrics | None
    model: str
    environment: str
    digest: Digest
    since: datetime
    until: datetime
    resources: Resources

    def count(self, check: Errors | LatencyCheck | Saturation) -> Known[Tally]:
        """What the check looks at; Missing when there is no Prometheus, or it does not answer with counts."""
        if self.metrics is None:
            return NO_PROMETHEUS
        try:
            match check:
                case Errors():
                    return self._failures(self.metrics)
                case LatencyCheck():
                    return self._seconds(self.metrics)
                case Saturation():
                    return self._minutes(self.metrics, check)
        except ReconcilerError as error:
            return Missing(code="notMeasured", why=error.message)

    def _failures(self, metrics: Metrics) -> Known[Share]:
        """Requests, and those whose status is 5xx. A release that has no series was asked nothing."""
        return _share(
            *(self._number(metrics, f"sum(increase({REQUESTS}{self._of(more)}{self._range}))") for more in ("", _FAILED))
        )

    def _seconds(self, metrics: Metrics) -> Known[Buckets]:
        """Requests per bucket. Prometheus counts what is up to each edge, so neighbours are taken from each other."""
        found = metrics.vector(f"sum by (le) (increase({SECONDS}{self._of()}{self._range}))", self.until)
        below = sorted((float(one.labels.get("le", "nan")), one.value) for one in found)
        if not below:
            return Missing(code="notMeasured", why=f"Prometheus has no {SECONDS} of this release")
        edges, counts = zip(*below, strict=True)
        if not all(map(math.isfinite, counts)) or edges[-1] != math.inf or not all(map(math.isfinite, edges[:-1])):
            return Missing(code="notANumber", why=f"{SECONDS} has the edges {edges} and {counts} up to them")
        up_to = [0, *(round(count) for count in counts)]
        return Buckets(counts=tuple(max(0, b - a) for a, b in pairwise(up_to)), edges=edges[:-1])

    def _minutes(self, metrics: Metrics, check: Saturation) -> Known[Share]:
        """Minutes of all pods, and those in which a pod used more of its limit than the check allows."""
        used, limit = self._use(check)
        every = f"[{self._length}s:1m]"
        numbers = (f"{used} >= 0", f"{used} > {check.above * limit:.9g}")
        return _share(*(self._number(metrics, f"sum(count_over_time(({number}){every}))") for number in numbers))

    def _use(self, check: Saturation) -> tuple[str, float]:
        """What a pod uses of the resource, and its limit, in one unit."""
        if check.resource == "cpu":
            return f"sum by (instance) (rate({PROCESSOR}{self._of()}[2m]))", _cores(self.resources.cpu)
        return f"sum by (instance) ({MEMORY}{self._of()})", _bytes(self.resources.memory)

    def _number(self, metrics: Metrics, query: str) -> float:
        """0 where there is no series."""
        return metrics.instant(f"{query} or vector(0)", self.until)

    def _of(self, more: str = "") -> str:
        """The labels that the ServiceMonitor gives to whatever a pod of the release counts."""
        release = self.digest.removeprefix("sha256:")[:PART_LENGTH]
        return (
            f'{{perennial_model="{self.model}",perennial_environment="{self.environment}",perennial_release="{release}"{more}}}'
        )

    @property
    def _range(self) -> str:
        return f"[{self._length}s]"

    @property
    def _length(self) -> int:
        """Whole seconds; Prometheus knows no range of none."""
        return max(1, math.floor((self.until - self.since).total_seconds()))


def _share(rows: float, hits: float) -> Known[Share]:
    """Prometheus estimates between scrapes, so counts are not whole, and a part may come out larger than the whole."""
    if not (math.isfinite(rows) and math.isfinite(hits)):
        return Missing(code="notANumber", why=f"Prometheus counted {hits:g} of {rows:g}")
    return Share(rows=round(rows), hits=min(round(hits), round(rows)))


def _cores(written: str) -> float:
    return int(written.removesuffix("m")) / 1000 if written.endswith("m") else float(written)


def _bytes(written: str) -> float:
    return float(int(written[:-2]) * {"Mi": 2**20, "Gi": 2**30}[written[-2:]])
