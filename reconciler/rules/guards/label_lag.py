"""Guard `labelLag`: while labels come late, the newest rows that can be learnt from are not the newest rows."""

from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import ConfigDict, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.live import LabelLag as Lag
from reconciler.rules.base import Exemptible
from reconciler.rules.choices import OptionalDuration

HOUR = timedelta(hours=1)


class LabelLag(Exemptible):
    """Labels come after their events at most this late: half of them within `median`, 95 % within `p95`."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["median"]}, {"required": ["p95"]}]})

    type: Literal["labelLag"]
    median: OptionalDuration = None
    p95: OptionalDuration = None

    @model_validator(mode="after")
    def _one_at_least(self) -> Self:
        if self.median is None and self.p95 is None:
            raise ValueError("give at least one of median and p95, not 0")
        return self

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when labels are in time; UNKNOWN when nobody knows when they come."""
        match facts.live.lag:
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy="make the times at which labels came readable")
            case lag if lag.rows < 1:
                return unknown(self.type, "noLabels", "0 labelled rows, 1 needed", remedy="wait for labels")
            case lag:
                return self._judge_lag(lag)

    def _judge_lag(self, lag: Lag) -> Judgement:
        asked = [
            (name, found, most)
            for name, found, most in (("median", lag.median, self.median), ("p95", lag.p95, self.p95))
            if most is not None
        ]
        told = ", ".join(f"{name} {found / HOUR:.1f} h, at most {most / HOUR:g} h" for name, found, most in asked)
        said = f"labels of the newest {lag.rows} labelled rows came late by: {told}"
        late = [name for name, found, most in asked if found > most]
        if not late:
            return yes(self.type, "labelsInTime", said)
        return no(self.type, "labelsLate", said, remedy="wait for the labels, or find out why they are late")
