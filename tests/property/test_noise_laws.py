"""Laws of the limits to noise: they say when, never what, and nobody waits behind a younger candidate."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.decisions import Hold
from reconciler.domain.facts import ModelFacts
from reconciler.domain.live import Fleet, OpenPull, Proposed
from reconciler.domain.names import Digest
from reconciler.domain.steps import Merge, Propose
from reconciler.plan.noise import Asked, Limits, objections
from reconciler.plan.plan import make_plan
from reconciler.specs.noise import NoiseSettings
from reconciler.specs.settings import Settings
from tests.builders import NOW
from tests.examples import examples
from tests.property.worlds import GUARDS, TRIGGERS, any_facts, tiers
from tests.unit.plan.test_noise import MERGE, PROPOSE
from tests.unit.plan.worlds import a_world, the_specs

CODES = {"quietHours", "tooManyOpen", "tooManyNew", "tooManyCommits", "writtenLately", "mergeAhead"}
OFTEN = examples(2)
minutes = st.integers(0, 120).map(lambda ago: NOW - timedelta(minutes=ago))
names = st.sampled_from("abcdef")
pulls = st.builds(
    OpenPull, model=names, environment=st.just("staging"), digest=names.map(Digest), number=st.integers(1, 9), written=minutes
)
proposals = st.builds(Proposed, model=names, environment=st.just("staging"), digest=names.map(Digest), at=minutes)
fleets = st.builds(Fleet, open=st.lists(pulls, max_size=4).map(tuple), proposals=st.lists(proposals, max_size=4).map(tuple))
limits = st.none() | st.integers(1, 3)
noises = st.builds(
    NoiseSettings,
    open_pull_requests=limits,
    new_per_hour=limits,
    commits_per_hour=limits,
    per_team=st.booleans(),
    quiet_hours=st.sampled_from([(), ({"from": "00:00", "until": "23:59"},)]),
)
asked = st.builds(
    lambda merges, **values: Asked(**values, merges=merges or values["step"] is MERGE),
    merges=st.booleans(),
    model=names,
    step=st.sampled_from([PROPOSE, MERGE]),
    since=minutes,
    opened=st.none() | pulls,
)


@OFTEN
@given(any_facts(), fleets, noises, tiers)
def test_limits_change_when_and_never_what(seen: ModelFacts, fleet: Fleet, noise: NoiseSettings, tier: str) -> None:
    world = a_world(replace(seen, fleet=fleet))
    free = the_specs(seen, triggers=TRIGGERS, guards=GUARDS, tier=tier, promotion={"owners": ["ada"]})
    wild, calm = (make_plan(world, replace(free, settings=Settings(noise=one))) for one in (NoiseSettings(), noise))
    assert [step for step in wild.steps if not isinstance(step, Propose | Merge)] == [
        step for step in calm.steps if not isinstance(step, Propose | Merge)
    ]
    for before, after in zip(wild.decisions, calm.decisions, strict=True):
        if before != after:
            assert isinstance(after, Hold)
            assert after.code in CODES
            assert after.message.startswith(before.message)
            assert after.judgements[:-1] == before.judgements
        else:
            assert wild.steps == calm.steps


@OFTEN
@given(st.lists(asked, max_size=6, unique_by=lambda one: one.model), fleets, noises)
def test_nothing_goes_beyond_a_limit_and_nobody_overtakes(wanted: list[Asked], fleet: Fleet, noise: NoiseSettings) -> None:
    held = objections(wanted, Limits(noise=noise, fleet=fleet, teams={}, now=NOW))
    goes = [one for one in wanted if one.model not in held]
    new = [one for one in goes if isinstance(one.step, Propose) and one.opened is None]
    assert sum(one.merges and isinstance(one.step, Propose) for one in goes) <= 1
    assert noise.open_pull_requests is None or not new or len(new) + len(fleet.open) <= noise.open_pull_requests
    recent = [one for one in fleet.proposals if NOW - one.at < timedelta(hours=1)]
    assert noise.new_per_hour is None or not new or len(new) + len(recent) <= noise.new_per_hour
    for one in wanted:
        if held.get(one.model) and held[one.model].code in {"tooManyOpen", "tooManyNew"}:
            assert all((other.since, other.model) < (one.since, one.model) for other in new)
