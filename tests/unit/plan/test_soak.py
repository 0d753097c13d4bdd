"""How long a release must have run in one environment before it goes on to the next one, and what does not count."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from reconciler.domain.clusters import Health, RolloutStatus
from reconciler.domain.facts import Aborted, History
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.known import Missing
from reconciler.plan.onward import going_on
from reconciler.plan.soak import judge_soak, times_replaced
from tests.builders import NOW, a_build, a_release
from tests.cases import each
from tests.rollouts import a_changeover
from tests.unit.plan.chains import HOUR, SOAKED, a_chain, a_move, deployed, soaking

NEXT = a_build("next").digest
NO_CLUSTER = Missing(code="noCluster", why="no cluster is configured")
SILENT = Missing(code="clusterSilent", why="it does not answer")
DEGRADED = deployed(NEXT, Health.DEGRADED, message="0 of 2 pods are ready")
ABORTED = deployed(NEXT, rollout=RolloutStatus(phase="Degraded", aborted=True))


def soak(seen: Any, require: str | None = None) -> Judgement:
    chain = [{"name": "staging", "soak": "24h", **({"require": require} if require else {})}, "production"]
    (subject,) = going_on(a_chain(seen, chain))
    said = judge_soak(subject, "production")
    assert said is not None
    return said


@each(
    ("ago", "answer"),
    [(24 * HOUR - timedelta(seconds=1), "NO soaking"), (24 * HOUR, "YES soaked"), (-HOUR, "NO soaking")],
)
def test_a_soak_is_over_when_its_time_is(ago: timedelta, answer: str) -> None:
    said = soak(soaking(ago))
    assert f"{said.answer} {said.code}" == answer
    assert "1.1.0 runs in staging since " in said.message
    assert said.message.endswith("no cluster is configured, so only time counts")


@each(
    ("seen", "require", "answer", "words"),
    [
        (None, None, "YES soaked", "only time counts"),
        (NO_CLUSTER, None, "YES soaked", "only time counts"),
        (NO_CLUSTER, "time", "YES soaked", "as its spec says"),
        (NO_CLUSTER, "healthy", "UNKNOWN noCluster", "no cluster is configured that could tell"),
        (None, "healthy", "UNKNOWN noCluster", "no cluster is configured that could tell"),
        (SILENT, None, "UNKNOWN healthUnknown", "cannot be seen: it does not answer"),
        (SILENT, "time", "YES soaked", "as its spec says"),
        (deployed(NEXT), None, "YES soaked", "its cluster says Healthy"),
        (deployed(NEXT), "healthy", "YES soaked", "its cluster says Healthy"),
        (deployed(NEXT, since=NOW - 24 * HOUR), "healthy", "YES soaked", "since 2013-05-31T12:00:00Z"),
        (deployed(NEXT, since=NOW - 3 * HOUR), "healthy", "NO soaking", "since 2013-06-01T09:00:00Z"),
        (deployed(NEXT, since=NOW - 3 * HOUR), None, "YES soaked", "since 2013-05-31T11:00:00Z"),
        (deployed(NEXT, since=NOW - 3 * HOUR), "time", "YES soaked", "since 2013-05-31T11:00:00Z"),
        (DEGRADED, None, "NO unwell", "but it is Degraded: 0 of 2 pods are ready"),
        (DEGRADED, "time", "YES soaked", "as its spec says"),
        (ABORTED, None, "NO unwell", "its rollout was aborted"),
        (deployed(NEXT, Health.MISSING), None, "NO unwell", "Missing"),
        (deployed(NEXT, Health.UNKNOWN), None, "UNKNOWN healthUnknown", "Unknown"),
        (deployed(NEXT, Health.PROGRESSING), None, "UNKNOWN healthUnknown", "Progressing"),
        (deployed(NEXT, digests=frozenset()), None, "UNKNOWN notThere", "nothing that tells its digest"),
        (deployed(a_build().digest), None, "UNKNOWN notThere", "its cluster runs "),
    ],
)
def test_a_soak_that_nobody_vouches_for_did_not_pass(seen: Any, require: str | None, answer: str, words: str) -> None:
    said = soak(soaking(deployed={} if seen is None else {"staging": seen}), require)
    assert f"{said.answer} {said.code}" == answer
    assert words in said.message


def test_what_people_are_told_stays_true_while_nothing_happens() -> None:
    (subject,) = going_on(a_chain(soaking(3 * HOUR)))
    later = replace(subject, now=subject.now + 20 * HOUR)
    assert judge_soak(subject, "production") == judge_soak(later, "production")


def test_the_clock_starts_with_the_line_in_the_ledger_of_the_very_commit() -> None:
    seen = soaking()
    assert soak(replace(seen, history=History())).code == "notOnRecord"
    assert soak(replace(seen, introduced={})).code == "notOnRecord"


def test_the_same_digest_again_is_no_break_and_another_one_between_is() -> None:
    before, now = a_release("before", environment="staging"), a_release("next", environment="staging", version="1.1.0")
    again = a_move(now, HOUR, rolled_back=True)
    for moves, code in (((now, now), "soaked"), ((now, before), "soaking")):
        history = History(moves=(a_move(moves[0], 30 * HOUR), a_move(moves[1], 20 * HOUR), again))
        assert soak(soaking(history=history, releases={"production": a_release(), "staging": now})).code == code


def test_where_no_soak_is_asked_none_is_judged() -> None:
    (subject,) = going_on(a_chain(chain=["staging", "production"]))
    assert judge_soak(subject, "production") is None
    assert judge_soak(a_chain(), "staging") is None


def test_how_often_newer_releases_took_the_place_is_counted_since_the_last_one_went_on() -> None:
    made = [a_release(str(number), environment="staging", version=f"1.{number}.0") for number in range(5)]
    stays = [a_move(one, hours * HOUR) for one, hours in zip(made, (90, 80, 50, 40, 30), strict=True)]
    seen = soaking(history=History(moves=(a_move(a_release(), 85 * HOUR), *stays)))
    environment = a_chain().model.spec.environment("staging")
    assert times_replaced(seen, environment, "production") == 2
    gone_back = replace(stays[-1], rolled_back=True)
    seen = replace(seen, history=History(moves=(*stays[:-1], gone_back)))
    assert times_replaced(seen, environment, "production") == 2
    assert times_replaced(seen, replace_soak("9h"), "production") == 0


def replace_soak(soak: str) -> Any:
    return a_chain(chain=[{**SOAKED[0], "soak": soak}, "production"]).model.spec.environment("staging")


@each(
    ("rows", "answer", "words"),
    [
        (1000, "YES soaked", "over since"),
        (999, "NO tooFewRows", "1,000 answered rows wanted, and there are fewer yet"),
        (0, "NO tooFewRows", "1,000 answered rows wanted, and there are fewer yet"),
        (Missing(code="noLogs", why="there is no prediction log"), "UNKNOWN rowsUnknown", "there is no prediction log"),
        (None, "UNKNOWN rowsUnknown", "nobody counted them"),
    ],
)
def test_a_soak_without_requests_proves_nothing_where_rows_are_asked_for(rows: Any, answer: str, words: str) -> None:
    chain = [{**SOAKED[0], "minimumRows": 1000}, "production"]
    (subject,) = going_on(a_chain(soaking(answered={} if rows is None else {"staging": rows}), chain))
    said = judge_soak(subject, "production")
    assert said is not None
    assert f"{said.answer} {said.code}" == answer
    assert words in said.message


def test_a_rollout_that_is_under_way_or_ended_badly_is_no_soak() -> None:
    seen = soaking()
    said = soak(replace(seen, rollouts={"staging": a_changeover()}))
    assert (said.answer, said.code, "is under way" in said.message) == (Answer.NO, "rollingOut", True)
    ended = Aborted(digest=NEXT, code="worse", why="errors 5 %, at most 1 %")
    history = replace(seen.history, aborted={("staging", seen.introduced["staging"]): ended})
    said = soak(replace(seen, history=history))
    assert (said.answer, said.code) == (Answer.NO, "aborted")
    assert "was aborted: errors 5 %, at most 1 %" in said.message
