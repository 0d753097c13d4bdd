"""Trigger `newRows`: enough rows have come since the newest build, labelled or not."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.rules.base import Rule
from reconciler.rules.fields import Count


class NewRows(Rule):
    """At least `rows` rows that the newest build has not seen."""

    type: Literal["newRows"]
    rows: Count

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when so many rows are new."""
        match facts.live.rows:
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy="make the dataset's rows readable")
            case rows:
                said = f"{rows} new rows, {self.rows} wanted"
        if rows >= self.rows:
            return yes(self.type, "enoughNewRows", said)
        return no(self.type, "fewNewRows", said, remedy=f"{self.rows - rows} more rows")
