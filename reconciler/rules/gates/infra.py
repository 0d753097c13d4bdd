"""Gate `infra`: in the serving environment the package loads, and its sample requests are answered."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.measured.serving import Infra as Tried
from reconciler.rules.base import GateRule
from reconciler.rules.evidence import TRAIN_AGAIN, evidence_of

_MEND = "install there what the package was made with (requirements.lock in it), or train with what is there"


class Alike(StrEnum):
    """How much of the versions must be the same."""

    LOADABLE = "loadable"
    """The minor version of scikit-learn, without which nothing is loaded."""
    MINOR = "minor"
    """The minor versions of Python, scikit-learn, numpy and skops."""
    LOCK = "lock"
    """Each version to its last digit, and of every installed package that the lock names."""


class Infra(GateRule):
    """Versions are the same as far as `versions` says, the package loads, and all sample requests get numbers for answers."""

    type: Literal["infra"]
    measured_in: ClassVar[str] = "verify"
    versions: Alike = Field(default=Alike.MINOR, strict=False)

    def asks(self) -> frozenset[str]:
        """A process of the serving environment."""
        return frozenset({"infra"})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `served`; NO `versionsDiffer`, `notInstalled`, `cannotBeLoaded` or `unanswered`; UNKNOWN without samples."""
        evidence = evidence_of(facts)
        tried = evidence if isinstance(evidence, Missing) else evidence.infra
        if isinstance(tried, Missing):
            return unknown(self.type, tried.code, tried.why, remedy=TRAIN_AGAIN)
        if differing := list(self._differing(tried)):
            return no(self.type, "versionsDiffer", "; ".join(differing), remedy=_MEND)
        match tried.answered:
            case Missing(code=code, why=why):
                return no(self.type, code, f"the package does not load in the serving environment: {why}", remedy=_MEND)
            case answered:
                return self._judge_answers(answered, tried)

    def _judge_answers(self, answered: int, tried: Tried) -> Judgement:
        said = f"{answered} of {tried.samples} sample requests answered, with {_listed(tried)}"
        if tried.samples < 1:
            return unknown(self.type, "insufficientData", f"{said}; 1 needed", remedy=TRAIN_AGAIN)
        if answered < tried.samples:
            return no(self.type, "unanswered", said, remedy="a model that answers every row with a number")
        return yes(self.type, "served", said)

    def _differing(self, tried: Tried) -> Iterator[str]:
        digits = None if self.versions is Alike.LOCK else 2
        for name, made in sorted(tried.made.items()):
            here = tried.installed.get(name)
            if self.versions is Alike.LOADABLE and name != "scikit-learn":
                continue
            if here is None:
                yield f"made with {name} {made}, the serving environment has none"
            elif made.split(".")[:digits] != here.split(".")[:digits]:
                yield f"made with {name} {made}, the serving environment has {here}"
        if self.versions is Alike.LOCK:
            yield from (f"the serving environment has {package}" for package in tried.otherwise)


def _listed(tried: Tried) -> str:
    return ", ".join(f"{name} {version}" for name, version in sorted(tried.installed.items()))
