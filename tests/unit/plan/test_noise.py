"""How much of what is decided may disturb people now."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from reconciler.domain.decisions import Hold, Promote
from reconciler.domain.live import Fleet, OpenPull, Proposed
from reconciler.domain.releases import digest_of
from reconciler.domain.steps import Describe, Merge, Propose
from reconciler.plan.noise import Asked, Limits, objections
from reconciler.plan.plan import make_plan
from reconciler.specs.noise import NoiseSettings
from reconciler.specs.settings import Settings
from tests.builders import NOW, a_candidate, a_revision, facts, first_evidence
from tests.cases import each
from tests.unit.plan.worlds import a_world, proposed, the_specs

MINUTE = timedelta(minutes=1)
NIGHT = {"from": "22:00", "until": "06:00", "timezone": "Europe/Berlin"}
SEEN = facts(candidate=a_candidate(evidence=first_evidence()), releases={})
(PROPOSE,) = [step for step in make_plan(a_world(SEEN), the_specs(SEEN)).steps if isinstance(step, Propose)]
MERGE = Merge(model="m", environment="staging", number=1, expected=a_revision("tip"), base=a_revision(), files={})


def asked(model: str, minutes_ago: int = 0, step: Any = PROPOSE, opened: OpenPull | None = None, **changes: bool) -> Asked:
    merges = {"merges": step is MERGE} | changes
    return Asked(model=model, step=step, since=NOW - minutes_ago * MINUTE, opened=opened, **merges)


def a_pull(model: str, minutes_ago: int | None = 600, number: int = 1) -> OpenPull:
    written = None if minutes_ago is None else NOW - minutes_ago * MINUTE
    return OpenPull(model=model, environment="staging", digest=digest_of(model), number=number, written=written)


def a_proposal(model: str, minutes_ago: int) -> Proposed:
    return Proposed(model=model, environment="staging", digest=digest_of(model), at=NOW - minutes_ago * MINUTE)


def held(*wanted: Asked, fleet: Fleet | None = None, now: datetime = NOW, teams: Any = None, **noise: Any) -> dict[str, str]:
    limits = Limits(noise=NoiseSettings.model_validate(noise), fleet=fleet or Fleet(), teams=teams or {}, now=now)
    return {model: objection.code for model, objection in objections(wanted, limits).items()}


def test_nothing_is_limited_that_is_not_written() -> None:
    full = Fleet(open=tuple(a_pull(f"m{i}", 1, i) for i in range(99)), proposals=tuple(a_proposal(f"m{i}", 1) for i in range(99)))
    assert held(*(asked(f"n{i}") for i in range(99)), fleet=full) == {}


def test_the_oldest_candidates_go_first_whatever_their_names() -> None:
    wanted = [asked("a", 1), asked("b", 3), asked("c", 2), asked("d", 3)]
    assert held(*wanted, openPullRequests=2) == {"a": "tooManyOpen", "c": "tooManyOpen"}
    assert held(*wanted, newPerHour=3) == {"a": "tooManyNew"}
    assert held(*wanted, commitsPerHour=1) == {"a": "tooManyCommits", "c": "tooManyCommits", "d": "tooManyCommits"}


def test_what_is_open_counts_and_is_itself_no_new_one() -> None:
    fleet = Fleet(open=(a_pull("a"), a_pull("b", number=2)))
    assert held(asked("a", opened=a_pull("a")), asked("c"), fleet=fleet, openPullRequests=2, newPerHour=1) == {"c": "tooManyOpen"}
    assert held(asked("c"), fleet=fleet, openPullRequests=3) == {}


@pytest.mark.parametrize(("minutes", "expected"), [(59, {"c": "tooManyNew"}), (60, {})])
def test_an_hour_is_an_hour(minutes: int, expected: dict[str, str]) -> None:
    assert held(asked("c"), fleet=Fleet(proposals=(a_proposal("a", minutes),)), newPerHour=1) == expected


def test_a_branch_gets_one_commit_in_an_hour_and_all_together_so_many() -> None:
    young, old = a_pull("a", 59), a_pull("b", 60, 2)
    fleet = Fleet(open=(young, old))
    wanted = (asked("a", opened=young), asked("b", opened=old))
    assert held(*wanted, fleet=fleet, commitsPerHour=2) == {"a": "writtenLately"}
    assert held(*wanted, fleet=fleet, commitsPerHour=1) == {"a": "writtenLately", "b": "tooManyCommits"}


def test_a_proposal_and_its_branch_are_one_commit_and_a_closed_one_counts_too() -> None:
    both = Fleet(open=(a_pull("a", 5),), proposals=(a_proposal("a", 5),))
    assert held(asked("c"), fleet=both, commitsPerHour=2) == {}
    closed = Fleet(proposals=(a_proposal("a", 5), a_proposal("b", 5)))
    assert held(asked("c"), fleet=closed, commitsPerHour=2) == {"c": "tooManyCommits"}


def test_teams_share_a_budget_of_their_own() -> None:
    teams = {"a": "ops", "b": "ops", "c": "sales", "d": "", "e": ""}
    wanted = [asked(name, 10 - i) for i, name in enumerate(teams)]
    assert held(*wanted, teams=teams, newPerHour=1, perTeam=True) == {"b": "tooManyNew", "e": "tooManyNew"}
    assert len(held(*wanted, teams=teams, newPerHour=1)) == 4


@each(
    ("hour", "quiet"),
    [(19, False), (20, True), (23, True), (3, True), (4, False)],  # Berlin is two hours ahead in June
)
def test_quiet_hours_go_by_the_clock_on_the_wall(hour: int, quiet: bool) -> None:
    now = NOW.replace(hour=hour, minute=0)
    expected = {"a": "quietHours", "m": "quietHours"} if quiet else {}
    assert held(asked("a"), asked("m", step=MERGE), now=now, quietHours=[NIGHT]) == expected


def test_of_those_that_merge_themselves_one_is_rebuilt_in_a_pass_and_none_waits_for_one_that_is_stuck() -> None:
    rebuilt = [asked(name, ago, PROPOSE, a_pull(name), merges=True) for name, ago in (("a", 1), ("b", 5))]
    assert held(*rebuilt, asked("c", 0, PROPOSE, a_pull("c"))) == {"a": "mergeAhead"}
    assert held(*rebuilt, asked("d", 9, MERGE), asked("e", 9, MERGE)) == {"a": "mergeAhead"}


def test_messages_tell_both_numbers_and_when_it_goes_on() -> None:
    fleet = Fleet(open=(a_pull("a"),), proposals=(a_proposal("a", 50), a_proposal("b", 20)))
    limits = Limits(
        noise=NoiseSettings(new_per_hour=2, per_team=True), fleet=fleet, teams={"a": "ops", "b": "ops", "c": "ops"}, now=NOW
    )
    said = objections([asked("c")], limits)["c"]
    assert said.message == "2 pull requests of ops were opened within the last hour, 2 is the most"
    assert said.remedy == "wait until 2013-06-01T12:10:00Z"


def test_what_is_held_keeps_its_reason_and_loses_its_steps() -> None:
    specs = replace(
        the_specs(SEEN),
        settings=Settings(noise=NoiseSettings.model_validate({"quietHours": [{"from": "00:00", "until": "23:59"}]})),
    )
    plan = make_plan(a_world(SEEN), specs)
    (decision,) = plan.decisions
    assert isinstance(decision, Hold)
    assert decision.code == "quietHours"
    assert decision.message.endswith("passed 3 of 3 gates, but not now: quiet hours until 2013-06-01T23:59:00Z")
    assert decision.judgements[-1].rule == "noise"
    assert not [step for step in plan.steps if isinstance(step, Propose)]


def test_an_open_pull_request_that_is_true_or_only_needs_words_is_no_disturbance() -> None:
    specs = replace(the_specs(SEEN), settings=Settings(noise=NoiseSettings(open_pull_requests=1, commits_per_hour=1)))
    for change, steps in ((proposed(PROPOSE), 0), (proposed(PROPOSE, labels=()), 1)):
        plan = make_plan(a_world(replace(SEEN, changes=(change,))), specs)
        assert isinstance(plan.decisions[0], Promote)
        assert len([step for step in plan.steps if isinstance(step, Describe)]) == steps
