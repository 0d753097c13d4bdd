"""Guard `minimumNewLabels`: a training must have something new to learn from."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.rules.base import Exemptible
from reconciler.rules.fields import Count


class MinimumNewLabels(Exemptible):
    """At least `rows` mature rows that the newest build has not seen."""

    type: Literal["minimumNewLabels"]
    rows: Count

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when so many labels are new; UNKNOWN when they cannot be counted."""
        match facts.labels:
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy="make the dataset's labels readable")
            case labels:
                said = f"{labels.new} new labelled rows, {self.rows} needed"
        if labels.new >= self.rows:
            return yes(self.type, "enoughNewLabels", said)
        return no(self.type, "fewNewLabels", said, remedy=f"wait for {self.rows - labels.new} more labelled rows")
