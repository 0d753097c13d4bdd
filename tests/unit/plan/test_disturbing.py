"""Whose turn it is to disturb people: at the edges of an hour, with clocks that differ, and in whatever order they are asked."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from pydantic import ValidationError

from reconciler.domain.judgements import Judgement
from reconciler.domain.live import Fleet, OpenPull, Proposed
from reconciler.domain.releases import digest_of
from reconciler.domain.steps import Merge, Propose
from reconciler.plan.noise import Asked, Limits, objections
from reconciler.specs.noise import NoiseSettings
from tests.builders import NOW, a_revision, an_event
from tests.cases import each

MINUTE = timedelta(minutes=1)
MERGE = Merge(model="m", environment="staging", number=1, expected=a_revision("tip"), base=a_revision(), files={})
PROPOSE = Propose(
    model="m",
    environment="staging",
    digest=digest_of("m"),
    base=a_revision(),
    branch="perennial/m/staging",
    replaces=None,
    files={},
    commit_message="Promote m",
    title="Promote m",
    body="",
    event=an_event(),
)


def asked(model: str, ago: int = 0, opened: OpenPull | None = None, **changes: Any) -> Asked:
    return Asked(**{"model": model, "step": PROPOSE, "since": NOW - ago * MINUTE, "opened": opened, **changes})


def a_pull(model: str, ago: float | None, number: int = 1) -> OpenPull:
    written = None if ago is None else NOW - ago * MINUTE
    return OpenPull(model=model, environment="staging", digest=digest_of(model), number=number, written=written)


def proposed(model: str, ago: float, environment: str = "staging") -> Proposed:
    return Proposed(model=model, environment=environment, digest=digest_of(model), at=NOW - ago * MINUTE)


def said(*wanted: Asked, fleet: Fleet | None = None, teams: Any = None, **noise: Any) -> dict[str, Judgement]:
    limits = Limits(noise=NoiseSettings.model_validate(noise), fleet=fleet or Fleet(), teams=teams or {}, now=NOW)
    return objections(wanted, limits)


def codes(*wanted: Asked, **more: Any) -> dict[str, str]:
    return {model: objection.code for model, objection in said(*wanted, **more).items()}


def test_nobody_who_asks_is_nobody_who_waits() -> None:
    assert codes(openPullRequests=1, newPerHour=1, commitsPerHour=1) == {}


def test_who_waits_does_not_depend_on_the_order_of_asking() -> None:
    wanted = [asked("a", 1), asked("b", 3), asked("c", 3), asked("d", 2)]
    assert {tuple(sorted(codes(*order, newPerHour=2).items())) for order in permutations(wanted)} == {
        (("a", "tooManyNew"), ("d", "tooManyNew"))
    }


def test_who_is_held_takes_no_room_from_those_after_it() -> None:
    young = a_pull("a", 5)
    assert codes(asked("a", 9, young), asked("b", 1), fleet=Fleet(open=(young,)), commitsPerHour=2) == {"a": "writtenLately"}


def test_merging_is_neither_opening_nor_writing() -> None:
    full = Fleet(open=(a_pull("a", 1),), proposals=(proposed("a", 1),))
    merges = [asked(name, step=MERGE, merges=True) for name in ("a", "b")]
    assert codes(*merges, fleet=full, openPullRequests=1, newPerHour=1, commitsPerHour=1) == {}
    assert codes(*merges, asked("c"), newPerHour=1) == {}


def test_the_first_limit_that_is_in_the_way_is_the_one_that_is_told() -> None:
    full = Fleet(open=(a_pull("a", 1),), proposals=(proposed("a", 1),))
    assert codes(asked("b"), fleet=full, openPullRequests=1, newPerHour=1, commitsPerHour=1) == {"b": "tooManyOpen"}
    assert codes(asked("b"), fleet=full, openPullRequests=2, newPerHour=1, commitsPerHour=1) == {"b": "tooManyNew"}
    assert codes(asked("b"), fleet=full, openPullRequests=2, newPerHour=2, commitsPerHour=1) == {"b": "tooManyCommits"}


def test_it_goes_on_when_enough_of_the_hour_is_over_and_not_when_all_of_it_is() -> None:
    fleet = Fleet(proposals=(proposed("a", 10), proposed("b", 50), proposed("c", 30)))
    remedies = [said(asked("d"), fleet=fleet, newPerHour=most)["d"].remedy for most in (1, 2, 3)]
    assert remedies == [f"wait until 2013-06-01T{at}:00Z" for at in ("12:50", "12:30", "12:10")]


def test_a_clock_that_runs_ahead_counts_as_within_the_hour() -> None:
    assert codes(asked("b"), fleet=Fleet(proposals=(proposed("a", -5),)), newPerHour=1) == {"b": "tooManyNew"}


def test_a_branch_that_is_gone_was_not_written_lately() -> None:
    gone = a_pull("a", None)
    assert codes(asked("a", 0, gone), fleet=Fleet(open=(gone,)), commitsPerHour=1) == {}


def test_the_hour_of_a_branch_ends_to_the_second() -> None:
    for ago, expected in ((60, {}), (60 - 1 / 60, {"a": "writtenLately"})):
        pull = a_pull("a", ago)
        assert codes(asked("a", 0, pull), fleet=Fleet(open=(pull,)), commitsPerHour=9) == expected


def test_one_model_in_two_environments_is_two_commits() -> None:
    fleet = Fleet(proposals=(proposed("a", 5), proposed("a", 5, "production")))
    assert codes(asked("b"), fleet=fleet, commitsPerHour=2) == {"b": "tooManyCommits"}
    assert codes(asked("b"), fleet=Fleet(proposals=(proposed("a", 5), proposed("a", 5))), commitsPerHour=2) == {}


def test_models_without_an_owner_are_a_team_and_told_as_one() -> None:
    fleet = Fleet(open=(a_pull("a", 600),))
    held = said(asked("b"), asked("c"), fleet=fleet, teams={"a": "", "c": "ops"}, openPullRequests=1, perTeam=True)
    assert {model: one.message for model, one in held.items()} == {
        "b": "1 pull requests of models without an owner are open, 1 is the most"
    }


def test_a_team_that_waits_keeps_no_other_team_waiting_except_for_a_merge() -> None:
    teams = {"a": "ops", "b": "sales"}
    rebuilt = [asked(name, ago, a_pull(name, 600), merges=True) for name, ago in (("a", 9), ("b", 1))]
    assert codes(*rebuilt, teams=teams, perTeam=True) == {"b": "mergeAhead"}
    assert codes(asked("a", 9), asked("b", 1), teams=teams, perTeam=True, newPerHour=1) == {}


@each("most", [0, -1, 1.5, float("nan"), float("inf"), "2", True])
def test_a_limit_is_a_whole_number_of_at_least_one(most: Any) -> None:
    for key in ("openPullRequests", "newPerHour", "commitsPerHour"):
        with pytest.raises(ValidationError):
            NoiseSettings.model_validate({key: most})
