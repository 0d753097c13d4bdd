"""Gate `custom`: a check of the team's own, a Python function or any command, that says a judgement in JSON."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, Judgement, unknown
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.serving import Opinion
from reconciler.domain.releases import digest_of
from reconciler.rules.amounts import Brief, OptionalSize, brief_text
from reconciler.rules.base import GateRule
from reconciler.rules.choices import Names, exactly_one, not_null
from reconciler.rules.evidence import evidence_of
from reconciler.rules.fields import Name

FUNCTION_PATTERN = r"^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)*:[A-Za-z_][A-Za-z0-9_]*$"
_MEND = "mend the check, then train again: perennial reconcile"
_CODES = {Answer.YES: "passed", Answer.NO: "refused", Answer.UNKNOWN: "cannotTell"}


class Custom(GateRule):
    """What the check says, under its name; a check that fails, takes too long or says anything else is UNKNOWN."""

    model_config = ConfigDict(json_schema_extra=exactly_one("function", "command"))

    type: Literal["custom"]
    measured_in: ClassVar[str] = "verify"
    name: Name
    """What it is called; the verdict table and overrides say `custom/<name>`."""
    function: Annotated[Annotated[str, Field(pattern=FUNCTION_PATTERN)] | SkipJsonSchema[None], BeforeValidator(not_null)] = None
    """E.g. `policies.gates.checks:judge` for `judge(given)` of policies/gates/checks.py."""
    command: Annotated[Names | SkipJsonSchema[None], BeforeValidator(not_null)] = None
    """A program and its arguments, run in the checkout, e.g. [python, checks/smoke.py]."""
    timeout: Brief = timedelta(minutes=1)
    """How long it may take."""
    memory: OptionalSize = None
    """What it may use, all its processes together; left out: no limit of its own."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.function is None) == (self.command is None):
            raise ValueError("give exactly one of function and command")
        return self

    @property
    def rule(self) -> str:
        """A policy may have several checks, so each has a name."""
        return f"{self.type}/{self.name}"

    @property
    def key(self) -> str:
        """Another command, or other limits, is another check."""
        what = {"function": self.function, "command": self.command, "timeout": brief_text(self.timeout), "memory": self.memory}
        return f"{self.name}/{digest_of(what).removeprefix('sha256:')[:12]}"

    def asks(self) -> frozenset[str]:
        """The check as it is written."""
        return frozenset({f"custom/{self.key}"})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """What it said; UNKNOWN `timedOut`, `tooMuchMemory`, `failed`, `garbled` or not measured."""
        match self._opinion(facts):
            case Missing(code=code, why=why):
                return unknown(self.rule, code, why, remedy=_MEND)
            case Opinion(answer=answer, code=code, message=message, remedy=remedy):
                usual = "" if answer is Answer.YES else "whatever the check wants; it names no remedy"
                return Judgement(
                    rule=self.rule, answer=answer, code=code or _CODES[answer], message=message, remedy=remedy or usual
                )

    def _opinion(self, facts: ModelFacts) -> Known[Opinion]:
        evidence = evidence_of(facts)
        if isinstance(evidence, Missing):
            return evidence
        if isinstance(evidence.custom, Missing):
            return evidence.custom
        absent = Missing(code="notMeasured", why=f"the check {self.name} was not asked as it is written now")
        return evidence.custom.get(self.key, absent)
