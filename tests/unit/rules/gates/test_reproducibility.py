"""Gate reproducibility."""

from reconciler.domain.evidence import NOT_MEASURED, Repeated
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.releases import digest_of
from reconciler.rules.gates.reproducibility import Reproducibility
from tests.builders import NOW, a_candidate, evidence, facts
from tests.cases import each

GATE = Reproducibility(type="reproducibility")
ONE, OTHER = digest_of("one"), digest_of("other")


@each(
    ("repeated", "answer", "code"),
    [
        (Repeated(first=ONE, second=ONE), Answer.YES, "reproduced"),
        (Repeated(first=ONE, second=OTHER), Answer.NO, "notReproduced"),
        (Missing(code="cannotBeMeasured", why="the second training failed"), Answer.UNKNOWN, "cannotBeMeasured"),
        (NOT_MEASURED, Answer.UNKNOWN, "notMeasured"),
    ],
)
def test_two_trainings_give_the_same_bytes_or_it_is_no(repeated, answer, code):
    judgement = GATE.judge(facts(candidate=a_candidate(evidence=evidence(repeated=repeated))), NOW)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_without_a_candidate_nothing_is_known():
    assert GATE.judge(facts(), NOW).answer is Answer.UNKNOWN
