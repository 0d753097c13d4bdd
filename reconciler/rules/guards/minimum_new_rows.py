"""Guard `minimumNewRows`: a training must have new rows, whether or not their labels are known."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.rules.base import Exemptible
from reconciler.rules.fields import Count


class MinimumNewRows(Exemptible):
    """At least `rows` rows newer than all that the newest build has seen."""

    type: Literal["minimumNewRows"]
    rows: Count

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when so many rows are new; UNKNOWN when they cannot be counted."""
        match facts.live.rows:
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy="make the dataset's rows readable")
            case rows:
                said = f"{rows} new rows, {self.rows} needed"
        if rows >= self.rows:
            return yes(self.type, "enoughNewRows", said)
        return no(self.type, "fewNewRows", said, remedy=f"wait for {self.rows - rows} more rows")
