"""Trigger `specChanged`: Git no longer says what the model was made from."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import Candidate, Missing, ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.names import short
from reconciler.domain.releases import Build
from reconciler.rules.base import Rule


class SpecChanged(Rule):
    """The model's spec, code, parameters or environment lock differ from what it was made from."""

    type: Literal["specChanged"]

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when neither the champion nor a candidate was made from what Git says now."""
        candidate = facts.candidate
        if isinstance(candidate, Candidate) and not candidate.build.made_from.differences(facts.fingerprint):
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
        parts = build.made_from.differences(facts.fingerprint)
        if not parts:
            return no(self.type, "specSame", f"{name} was made from what Git says", remedy="change the spec, code or parameters")
        was, now = (", ".join(short(getattr(side, part)) for part in parts) for side in (build.made_from, facts.fingerprint))
        return yes(self.type, "specChanged", f"{', '.join(parts)} changed since {name}: {was} then, {now} now")
