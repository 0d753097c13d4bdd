"""The check run of a pull request: every gate, and a remark on the very line of those that do not say YES. Pure."""

from collections.abc import Iterator

from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import Revision
from reconciler.domain.notices import Annotation, CheckReport, Conclusion, Level
from reconciler.plan.situation import Situation
from reconciler.render.check import check_summary
from reconciler.render.markdown import visible
from reconciler.specs.positions import place_of_value
from reconciler.specs.specs import Specs

NAME = "perennial/report"
_CONCLUSIONS = {
    Answer.YES: Conclusion.SUCCESS,
    Answer.NO: Conclusion.FAILURE,
    Answer.UNKNOWN: Conclusion.ACTION_REQUIRED,
}
"""Of what is UNKNOWN: the one that keeps a required check from passing; a neutral one would let it through."""


def gate_check(situation: Situation, tip: Revision, gates: Judgement | None, specs: Specs) -> CheckReport:
    """What the gates say, as a check of the commit; None of a commit that they say nothing of."""
    if gates is None:
        why = "no gate is judged of this commit"
        return CheckReport(revision=tip, name=NAME, conclusion=Conclusion.ACTION_REQUIRED, title=why, summary=f"{why}.\n")
    return CheckReport(
        revision=tip,
        name=NAME,
        conclusion=_CONCLUSIONS[gates.answer],
        title=visible(gates.message)[:250],
        summary=check_summary(gates),
        annotations=tuple(_remarks(situation, gates, specs)),
    )


def _remarks(situation: Situation, gates: Judgement, specs: Specs) -> Iterator[Annotation]:
    """The gates' judgements stand in the order of the policy's list."""
    path = f"policies/gates/{situation.model.spec.gates}.yaml"
    text = specs.files.get(path, b"").decode(errors="replace")
    for index, gate in enumerate(gates.parts):
        if gate.answer is not Answer.YES:
            line = place_of_value(text, ("spec", "gates", index))[0] if text else 1
            level = Level.FAILURE if gate.answer is Answer.NO else Level.WARNING
            message = visible(f"{gate.rule} says {gate.answer} ({gate.code}): {gate.message}")
            yield Annotation(path=path, line=line, level=level, message=message)
