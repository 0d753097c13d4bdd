"""How far a rollout is, as people are told: in explain, in status, on the dashboard, and where nobody has come."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from reconciler.domain.decisions import Hold, Rung
from reconciler.domain.notices import Comment, Dashboard
from reconciler.plan.decide import decide
from reconciler.plan.notices import standing
from reconciler.plan.rollout_view import RolloutView, rollouts_of
from reconciler.plan.situation import Situation
from reconciler.render.rollout_words import stage_at, stages_of
from reconciler.report.explain_text import OnItsWay, explain_json, explain_text
from tests.builders import DAY, NOW
from tests.cases import each
from tests.rollouts import NEXT, a_canary, a_changeover, a_rollout, as_changing, errors
from tests.unit.plan.situations import a_situation
from tests.unit.plan.test_rollouts import rolling
from tests.unit.plan.worlds import a_world, the_specs

FEW = as_changing(errors((0, 30), (5, 570)))
LATE = a_changeover(5, since=4 * DAY, facts=FEW)
CHECKS: dict[str, Any] = {"analysis": [{"type": "errors", "margin": 0.02}]}
AIM: dict[str, Any] = {"metric": "revenue", "better": "higher"}


def situation(*args: Any, **changes: Any) -> Situation:
    return a_situation(rolling(a_changeover(*args, **changes)), rollout=a_canary())


def view(*args: Any, **changes: Any) -> RolloutView:
    (found,) = rollouts_of(situation(*args, **changes))
    return found


def test_a_view_tells_the_stage_the_shares_and_what_is_next() -> None:
    seen = view(5, since=timedelta(minutes=30))
    assert [(part.version, part.weight) for part in seen.parts] == [("1.0.0", 95), ("1.1.0", 5)]
    assert (seen.environment, seen.rollout, seen.stage, seen.stages) == ("production", "canary", 1, 2)
    assert (seen.since, seen.until) == (NOW - timedelta(minutes=30), NOW + timedelta(minutes=30))
    assert seen.now == "5 % of the requests, for 1h at least, until all checks are proven"
    assert seen.after.startswith("50 % of the requests")
    assert view(50).after == "all of the requests"


def test_before_it_begins_it_has_nothing() -> None:
    seen = view(0)
    assert (seen.stage, seen.since, seen.now, seen.code) == (0, None, "none of the requests", "begin")
    assert [part.weight for part in seen.parts] == [100, 0]


def test_explain_shows_the_checks_with_both_numbers() -> None:
    here = situation(5, facts=FEW)
    text = explain_text(decide(here), OnItsWay(rollouts=rollouts_of(here)), width=200)
    assert "production: canary, stage 1 of 2: 1.0.0 (b1ae9882293b) 95 %, 1.1.0 (0c87bc8a0d04) 5 %" in text
    assert "30 rows of the candidate, 570 of the live release, 200 of each needed" in text
    assert "then  50 % of the requests" in text
    (told,) = json.loads(explain_json(decide(here), OnItsWay(rollouts=rollouts_of(here))))["rollouts"]
    assert (told["stage"], told["code"], len(told["checks"])) == (1, "tooFewRows", 1)


ROLLOUTS = {
    "direct": ({}, 0, ["all of the requests, at once"]),
    "blueGreen": (CHECKS, 100, ["copies of 10%", "all of the requests, with the old", "all of the requests, alone"]),
    "shadow": (CHECKS, 0, ["copies of 10% of the requests, for 1d at least", "all of the requests"]),
    "abTest": (AIM | {"unit": "customer", "gain": 1.0}, 50, ["50 % of each customer, for 7d at least", "all of the requests"]),
    "bandit": (AIM | {"margin": 0.5}, 30, ["a share like all others, moved every 1h, 5 % at least", "all of the requests"]),
}


@each("name", ROLLOUTS)
def test_every_rollout_has_words_for_its_stages(name: str) -> None:
    written, weight, begins = ROLLOUTS[name]
    rollout = a_rollout(type=name, **written)
    stages = stages_of(rollout)
    assert [stage.startswith(begin) for stage, begin in zip(stages, begins, strict=True)] == [True] * len(begins)
    assert stage_at(rollout, weight) == (1 if name == "blueGreen" else 0)


def notices(seen: Any) -> list[Any]:
    here = a_situation(seen, rollout=a_canary())
    return [told.notice for told in standing(a_world(seen, tells=True), the_specs(seen), {seen.model: here}, [decide(here)])]


def test_a_person_is_asked_where_the_release_was_merged_and_the_words_do_not_tell_the_time() -> None:
    seen = rolling(LATE, merged={("production", NEXT.digest): 7})
    (comment,) = [one for one in notices(seen) if isinstance(one, Comment)]
    assert (comment.number, comment.key) == (7, "overdue/production/1")
    assert "1.1.0 in production" in comment.body
    later = a_changeover(5, since=5 * DAY, facts=FEW)
    assert comment in notices(rolling(later, merged={("production", NEXT.digest): 7}))
    assert not [one for one in notices(rolling(LATE)) if isinstance(one, Comment)]
    quick = rolling(a_changeover(5, facts=FEW), merged={("production", NEXT.digest): 7})
    assert not [one for one in notices(quick) if isinstance(one, Comment)]


def test_the_dashboard_stays_the_same_while_rows_come_in() -> None:
    bodies = set()
    for rows in (30, 31):
        facts = as_changing(errors((0, rows), (5, 570)))
        (dashboard,) = [one for one in notices(rolling(a_changeover(5, facts=facts))) if isinstance(one, Dashboard)]
        bodies.add(dashboard.body)
    assert len(bodies) == 1
    assert isinstance(decide(situation(5, facts=FEW)), Hold)
    assert replace(decide(situation(5, facts=FEW))).rung is Rung.ROLLOUT_IS_UNDER_WAY
