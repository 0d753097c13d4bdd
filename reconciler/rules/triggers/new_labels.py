"""Trigger `newLabels`: enough rows whose label is known have come since the newest build."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.rules.base import Rule
from reconciler.rules.fields import Count


class NewLabels(Rule):
    """At least `rows` mature rows that the newest build has not seen."""

    type: Literal["newLabels"]
    rows: Count

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when so many labels are new."""
        match facts.labels:
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy="make the dataset's labels readable")
            case labels:
                said = f"{labels.new} new labelled rows, {self.rows} wanted"
        if labels.new >= self.rows:
            return yes(self.type, "enoughNewLabels", said)
        return no(self.type, "fewNewLabels", said, remedy=f"{self.rows - labels.new} more labelled rows")
