"""The three answers, and a judgement: an answer with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """YES, NO, and UNKNOWN, which never counts as YES."""

    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"


OVERRIDDEN = "overridden"
"""The code of a YES that is not the rule's own: a person set the rule aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one rule says. For a trigger YES is "fires"; for a guard "may go"; for a gate "passes".

    `code` is a stable camelCase word for machines, `message` a sentence with both numbers, `remedy` what would change
    the answer. A combination keeps the judgements it was made from in `parts`.
    """

    rule: str
    answer: Answer
    code: str
    message: str
    remedy: str = ""
    parts: tuple["Judgement", ...] = ()

    def leaves(self) -> Iterator["Judgement"]:
        """The judgements of single rules, in the order of the YAML."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def reasons(self) -> Iterator["Judgement"]:
        """The judgements of single rules that made the answer: of a combination only the parts that say what it says."""
        if not self.parts:
            yield self
        for part in self.parts:
            if part.answer is self.answer:
                yield from part.reasons()


def yes(rule: str, code: str, message: str, remedy: str = "") -> Judgement:
    """The rule says YES."""
    return Judgement(rule=rule, answer=Answer.YES, code=code, message=message, remedy=remedy)


def no(rule: str, code: str, message: str, remedy: str = "") -> Judgement:
    """The rule says NO."""
    return Judgement(rule=rule, answer=Answer.NO, code=code, message=message, remedy=remedy)


def unknown(rule: str, code: str, message: str, remedy: str = "") -> Judgement:
    """The rule cannot tell."""
    return Judgement(rule=rule, answer=Answer.UNKNOWN, code=code, message=message, remedy=remedy)
