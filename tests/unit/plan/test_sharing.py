"""When a candidate's data is pushed: while somebody may still need it, and never for what is stopped or overtaken."""

from dataclasses import replace

import pytest

from reconciler.domain.decisions import Decision, Hold, Promote, Retrain, Rung, Withdraw
from reconciler.domain.judgements import no
from reconciler.domain.sharing import NOT_SHARED, Output, Sharing
from reconciler.domain.steps import Share
from reconciler.plan.sharing import share
from reconciler.plan.situation import Situation
from tests.builders import NOW, a_candidate, facts
from tests.cases import each
from tests.unit.plan.situations import a_situation

CANDIDATE = a_candidate()
DIGEST = CANDIDATE.build.digest
OUTPUTS = (Output(path="b.zip", md5="1" * 32), Output(path="a.zip", md5="0" * 32, size=0))
LOCAL = Sharing(judgement=no("dataRemote", "notInRemote", "2 of 5 outputs are not there"), absent=OUTPUTS)
WAITS = Hold(model="flight-delay", code="notYet", message="waits", rung=Rung.CANDIDATE_WAITS)
PROMOTES = Promote(model="flight-delay", environment="staging", digest=DIGEST, code="passed", message="passed")


def seen(sharing: Sharing = LOCAL) -> Situation:
    return a_situation(facts(candidate=CANDIDATE, sharing=sharing))


def test_all_that_is_absent_is_pushed_in_one_step_as_it_was_found() -> None:
    assert share(PROMOTES, seen()) == [Share(model="flight-delay", digest=DIGEST, outputs=OUTPUTS)]
    assert share(WAITS, seen()) == share(PROMOTES, seen())


@pytest.mark.parametrize("sharing", [NOT_SHARED, replace(LOCAL, absent=())], ids=["no remote", "nothing absent"])
def test_nothing_is_pushed_where_nothing_is_absent(sharing: Sharing) -> None:
    assert share(PROMOTES, seen(sharing)) == []


@each("rung", list(Rung))
def test_only_a_person_and_a_broken_ledger_stop_a_push(rung: Rung) -> None:
    stopped = rung in (Rung.HELD_BY_A_PERSON, Rung.LEDGER_IS_BROKEN)
    assert (share(replace(WAITS, rung=rung), seen()) == []) == stopped


@pytest.mark.parametrize(
    "decision",
    [
        Retrain(model="flight-delay", as_of=NOW, code="newLabels", message="due"),
        Withdraw(model="flight-delay", number=7, code="overtaken", message="another one is newer"),
    ],
)
def test_what_is_overtaken_is_not_pushed(decision: Decision) -> None:
    assert share(decision, seen()) == []


def test_without_a_candidate_there_is_nothing_to_push() -> None:
    assert share(WAITS, a_situation(facts(sharing=LOCAL))) == []
