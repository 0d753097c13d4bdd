"""What facts tell about themselves: who is champion, what is newest, what runs."""

from dataclasses import FrozenInstanceError, replace

import pytest

from reconciler.domain.known import Missing
from reconciler.domain.needs import Lookback, ProfileNeed, ScoreNeed
from reconciler.domain.world import EnvironmentFacts, World
from tests.builders import DAY, NOW, a_build, a_candidate, a_release, a_revision, facts
from tests.cases import each

STAGING = a_release("staged", environment="staging")
PRODUCTION = a_release()
UNREADABLE = Missing(code="candidateUnreadable", why="broken")


@pytest.mark.parametrize(
    ("environments", "releases", "champion"),
    [
        (("staging", "production"), {"production": PRODUCTION}, PRODUCTION),
        (("staging", "production"), {"staging": STAGING, "production": PRODUCTION}, PRODUCTION),
        (("production", "staging"), {"staging": STAGING, "production": PRODUCTION}, STAGING),
        (("staging", "production"), {"staging": STAGING}, None),
        (("production",), {}, None),
    ],
    ids=["the only release", "the last of two", "the order decides, not the word", "not live in the last yet", "nothing is live"],
)
def test_the_champion_runs_in_the_last_environment(environments, releases, champion):
    assert facts(environments=environments, releases=releases).champion == champion


@each(
    ("changes", "newest"),
    [
        ({}, PRODUCTION.build),
        ({"candidate": a_candidate()}, a_candidate().build),
        ({"candidate": UNREADABLE}, PRODUCTION.build),
        ({"candidate": a_candidate(), "releases": {}}, a_candidate().build),
        ({"candidate": UNREADABLE, "releases": {}}, None),
        ({"releases": {}}, None),
        ({"releases": {"staging": STAGING}}, None),
    ],
)
def test_the_newest_build_is_the_candidate_else_the_champion(changes, newest):
    assert facts(**changes).newest == newest


def test_a_digest_runs_when_any_environment_runs_it():
    seen = facts(releases={"staging": STAGING, "production": PRODUCTION})
    assert seen.runs(STAGING.digest)
    assert seen.runs(PRODUCTION.digest)
    assert not seen.runs(a_build("another").digest)
    assert not facts(releases={}).runs(PRODUCTION.digest)


def test_needs_are_keys_by_what_they_say():
    week = Lookback(length=7 * DAY)
    assert ProfileNeed(window=week) == ProfileNeed(window=Lookback(length=7 * DAY, index=0))
    assert len({week, Lookback(length=7 * DAY, index=1), Lookback(length=DAY)}) == 3
    plain, wide = ScoreNeed(metric="rocAuc", window=week), ScoreNeed(metric="rocAuc", window=week, interval=True)
    assert len({plain, wide, ScoreNeed(metric="brier", window=week)}) == 3


def test_facts_do_not_change():
    with pytest.raises(FrozenInstanceError):
        facts().model = "other"
    assert replace(facts(), model="other").model == "other"


def test_a_world_holds_models_and_environments_apart():
    environment = EnvironmentFacts(tip=a_revision("env"), files={"a.yaml": "a: 1\n"}, proofs={})
    world = World(head=a_revision(), at=NOW, models={"m": facts()}, environments={"staging": environment}, branches={})
    assert world.environments["staging"].files == {"a.yaml": "a: 1\n"}
    assert world.models["m"].champion == PRODUCTION
