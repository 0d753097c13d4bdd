"""Lists of gates fail closed; combined messages say what decided, and remedies what would change it."""

from reconciler.domain.judgements import Answer, no, unknown, yes
from reconciler.rules.combine import all_of, any_of, at_least, judge_all, negation, over_windows
from reconciler.rules.gates.data_quality import DataQuality
from reconciler.rules.gates.floor import Floor
from tests.builders import NOW, a_candidate, facts
from tests.cases import each

FACTS = facts(candidate=a_candidate())
PASSES = Floor(type="floor", metric="rocAuc", at_least=0.7)
FAILS = Floor(type="floor", metric="rocAuc", at_least=0.9)
IN_DOUBT = Floor(type="floor", metric="brier", at_most=0.2)


@each(
    ("gates", "answer", "code"),
    [
        ([], Answer.NO, "noGates"),
        ([PASSES], Answer.YES, "allPassed"),
        ([PASSES, DataQuality(type="dataQuality")], Answer.YES, "allPassed"),
        ([PASSES, FAILS], Answer.NO, "gateFailed"),
        ([PASSES, IN_DOUBT], Answer.UNKNOWN, "gateUnknown"),
        ([FAILS, IN_DOUBT], Answer.NO, "gateFailed"),
    ],
)
def test_gates_pass_only_when_there_is_one_and_all_say_yes(gates, answer, code):
    judgement = judge_all(gates, FACTS, NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("gates", answer, code)
    assert len(judgement.parts) == len(gates)


def test_the_message_says_what_decided_and_the_remedy_what_would_help():
    judgement = judge_all([PASSES, FAILS, IN_DOUBT], FACTS, NOW)
    assert judgement.message == "1 of 3 say NO: floor"
    assert judgement.remedy == "rocAuc at least 0.9; train again: perennial reconcile"
    assert judge_all([PASSES], FACTS, NOW).remedy == ""


def test_an_empty_combination_never_says_yes():
    assert (any_of([]).answer, any_of([]).code) == (Answer.NO, "emptyList")
    assert (all_of([]).answer, all_of([]).code) == (Answer.NO, "emptyList")


def test_windows_are_one_judgement_of_the_rule():
    windows = [yes("drift", "drifted", "a"), no("drift", "noDrift", "b", "c"), unknown("drift", "insufficientData", "d")]
    judgement = over_windows("drift", windows)
    assert (judgement.answer, judgement.code, judgement.remedy, judgement.parts) == (Answer.NO, "noDrift", "c", ())
    assert judgement.message == "1 of 3 windows say NO, the newest: b"
    assert over_windows("drift", windows[:1]).message == "a"


SAYS = {"Y": yes("a", "x", "m"), "N": no("b", "x", "m"), "U": unknown("c", "x", "m")}


@each(
    ("count", "parts", "answer"),
    [
        (1, "Y", Answer.YES),
        (2, "YYN", Answer.YES),
        (2, "YUN", Answer.UNKNOWN),
        (2, "UU", Answer.UNKNOWN),
        (2, "YNN", Answer.NO),
        (2, "UNN", Answer.NO),
        (3, "YY", Answer.NO),
        (0, "Y", Answer.NO),
        (1, "", Answer.NO),
    ],
)
def test_at_least_so_many_must_say_yes(count, parts, answer):
    assert at_least(count, [SAYS[part] for part in parts]).answer is answer


def test_nothing_asked_for_never_fires():
    assert at_least(0, [SAYS["Y"]]).code == "emptyList"
    assert at_least(1, []).code == "emptyList"
    assert negation(any_of([])).answer is Answer.YES
