"""Gate `schema`: the data has the columns that the contract promises, and the model takes and answers what the live one does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.measured.data import Changed, LiveSchema, SchemaChange, UnknownCategories
from reconciler.rules.base import GateRule
from reconciler.rules.evidence import TRAIN_AGAIN, beside_champion, evidence_of
from reconciler.rules.fields import Count, Share


class SchemaGate(GateRule):
    """No column is otherwise than declared, and none is otherwise than the live model knows it, but for what is allowed."""

    type: Literal["schema"]
    allow: Annotated[tuple[Annotated[SchemaChange, Field(strict=False)], ...], Field(strict=False)] = ()
    """Changes that may happen, e.g. [newFeature]."""
    new_categories: Share = 0.05
    """At most this share of the newer rows may have a category of one feature that the live model has not learnt."""
    minimum_rows: Count = 200
    """Fewer rows that the live model has not been trained on are no answer about values."""

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `schemaKept` or `noBaseline`, NO `contractBroken`, `schemaChanged` or `newCategories`, else UNKNOWN."""
        evidence = evidence_of(facts)
        schema = evidence if isinstance(evidence, Missing) else evidence.schema
        if isinstance(schema, Missing):
            return unknown(self.type, schema.code, schema.why, remedy=TRAIN_AGAIN)
        if odd := self._not_allowed(schema.breaches):
            return no(self.type, "contractBroken", _told(odd), remedy="mend the source or change the dataset's contract")
        live = beside_champion(self.type, facts, schema.live)
        return live if isinstance(live, Judgement) else self._against(live, schema.columns)

    def _not_allowed(self, changes: Sequence[Changed]) -> list[Changed]:
        return [change for change in changes if change.kind not in self.allow]

    def _against(self, live: LiveSchema, columns: int) -> Judgement:
        enough = live.rows >= self.minimum_rows
        odd = [one for one in self._not_allowed(live.changes) if enough or one.kind is not SchemaChange.EMPTIED_FEATURE]
        if odd:
            kinds = ", ".join(sorted({change.kind for change in odd}))
            remedy = f"bring back what the live model knows, or, if it is meant to change, allow: [{kinds}] in the gate"
            return no(self.type, "schemaChanged", _told(odd), remedy=remedy)
        if not enough:
            said = f"{live.rows} rows are newer than what the live model learnt, {self.minimum_rows} needed"
            return unknown(self.type, "insufficientData", said, remedy="wait for more rows, then train again")
        worst = max(live.categories.items(), key=lambda item: (_more(item[1], live.rows), item[0]), default=None)
        if worst is None:
            return yes(self.type, "schemaKept", f"all {columns} columns are as declared, and as the live model knows them")
        return self._categories(*worst, live.rows, columns)

    def _categories(self, name: str, found: UnknownCategories, rows: int, columns: int) -> Judgement:
        share = _more(found, rows)
        said = (
            f"{name} has a category that the live model has not learnt in {found.unknown} of {rows} newer rows "
            f"({share:.1%} more than in its training), at most {self.new_categories:.1%} wanted"
        )
        if share > self.new_categories:
            remedy = "look at the new categories; if they are real, raise newCategories of the gate"
            return no(self.type, "newCategories", said, remedy=remedy)
        return yes(self.type, "schemaKept", f"all {columns} columns are as declared; {said}")


def _more(found: UnknownCategories, rows: int) -> float:
    """The share of rows with unknown categories, beyond that in the live model's own training."""
    return max(0.0, found.unknown / rows - found.before) if rows else 0.0


def _told(changes: Sequence[Changed]) -> str:
    return f"{len(changes)} changed, 0 wanted: " + "; ".join(change.said for change in changes)
