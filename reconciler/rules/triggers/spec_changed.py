"""Trigger `specChanged`: Git no longer says what the model was made from."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.names import short
from reconciler.domain.releases import Build
from reconciler.rules.base import Rule
from reconciler.rules.choices import not_empty


class Part(StrEnum):
    """What a model is made from, beside its data."""

    SPEC = "spec"
    CODE = "code"
    PARAMETERS = "parameters"
    ENVIRONMENT = "environment"


class SpecChanged(Rule):
    """The model's spec, code, parameters or environment lock differ from what it was made from."""

    type: Literal["specChanged"]
    parts: Annotated[
        tuple[Annotated[Part, Field(strict=False)], ...],
        Field(strict=False, json_schema_extra={"minItems": 1}),
        AfterValidator(not_empty),
    ] = tuple(Part)
    """Which differences count."""

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when neither the champion nor a candidate was made from what Git says now."""
        candidate = facts.candidate
        if isinstance(candidate, Candidate) and not self._differences(candidate.build, facts):
            return no(self.type, "specTrained", f"candidate {short(candidate.build.digest)} was made from what Git says")
        if facts.champion is not None:
            return self._compare(f"release {facts.champion.version}", facts.champion.build, facts)
        match candidate:
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy="make the candidate readable")
            case None:
                return yes(self.type, "neverBuilt", "0 builds of what Git says")
            case Candidate():
                return self._compare(f"candidate {short(candidate.build.digest)}", candidate.build, facts)

    def _compare(self, name: str, build: Build, facts: ModelFacts) -> Judgement:
        parts = self._differences(build, facts)
        if not parts:
            ignored = build.made_from.differences(facts.fingerprint)
            but = f", but for {', '.join(ignored)}, of which no change counts" if ignored else ""
            counted = " or ".join((", ".join(self.parts[:-1]), self.parts[-1]) if len(self.parts) > 1 else self.parts)
            return no(self.type, "specSame", f"{name} was made from what Git says{but}", remedy=f"change the {counted}")
        was, now = (", ".join(short(getattr(side, part)) for part in parts) for side in (build.made_from, facts.fingerprint))
        return yes(self.type, "specChanged", f"{', '.join(parts)} changed since {name}: {was} then, {now} now")

    def _differences(self, build: Build, facts: ModelFacts) -> tuple[str, ...]:
        """The parts that differ and count."""
        return tuple(part for part in build.made_from.differences(facts.fingerprint) if part in self.parts)
