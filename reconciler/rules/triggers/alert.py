"""Trigger `alert`: Alertmanager says in a file that an alert fires."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.live import Alert as Seen
from reconciler.domain.needs import AlertNeed, Need
from reconciler.rules.base import Rule
from reconciler.rules.fields import time_text


class Alert(Rule):
    """An alert of this name, with at least these labels, fires."""

    type: Literal["alert"]
    file: Annotated[str, Field(min_length=1)]
    """Payloads of Alertmanager's webhook: a path or a glob such as `alerts/*.json`."""
    name: Annotated[str, Field(min_length=1)]
    """The label `alertname`."""
    labels: dict[str, str] = {}
    """Labels that it must have, with these values."""

    def needs(self) -> frozenset[Need]:
        """The alerts of the file."""
        return frozenset({AlertNeed(file=self.file)})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when such an alert fires; NO when none does; UNKNOWN when the file could not be read."""
        match facts.live.alerts.get(AlertNeed(file=self.file)):
            case None:
                return unknown(self.type, "notRead", f"{self.file} was not read", remedy=f"make {self.file} readable")
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy=f"make {self.file} readable")
            case alerts:
                return self._judge_alerts(alerts)

    def _judge_alerts(self, alerts: tuple[Seen, ...]) -> Judgement:
        firing = [alert for alert in alerts if alert.firing and self._is_meant(alert)]
        labels = ", ".join(f"{key}={value}" for key, value in sorted(self.labels.items()))
        wanted = f"{self.name}{{{labels}}}" if labels else self.name
        said = f"{len(firing)} of {len(alerts)} alerts in {self.file} are {wanted} and fire, 1 wanted"
        if firing:
            since = max(alert.starts_at for alert in firing)
            return yes(self.type, "alertFires", f"{said}; the newest since {time_text(since)}")
        return no(self.type, "noAlert", said, remedy=f"{wanted} firing in {self.file}")

    def _is_meant(self, alert: Seen) -> bool:
        return alert.name == self.name and self.labels.items() <= dict(alert.labels).items()
