"""What `status` says of releases on their way: how far a soak is, what is stopped, and what comes next."""

from datetime import timedelta
from typing import Any

from reconciler.domain.clusters import Health
from reconciler.domain.facts import ModelFacts
from reconciler.domain.names import short
from reconciler.domain.releases import HoldNote
from reconciler.plan.whereabouts import whereabouts
from tests.builders import NOW, a_build, a_candidate, a_release, an_open_change, facts
from tests.cases import each
from tests.unit.plan.chains import HOUR, SOAKED, a_chain, deployed, soaking

NEXT = a_build("next").digest
NEW = f"1.2.0 ({short(a_candidate().build.digest)})"
ON = f"1.1.0 ({short(NEXT)})"


def told(seen: ModelFacts, chain: Any = None) -> dict[str, tuple[str, ...]]:
    return {place.environment: place.says for place in whereabouts(a_chain(seen, chain))}


def test_a_chain_of_names_in_which_nothing_moves_has_nothing_to_say() -> None:
    assert told(facts(), ["staging", "production"]) == {}


def test_a_soak_tells_how_far_it_is_and_what_waits_for_it() -> None:
    assert told(soaking(13 * HOUR, newer=a_candidate())) == {
        "staging": (
            "1.1.0 soaks until 2013-06-01T23:00:00Z, 13 of 24 hours are over",
            f"{NEW} comes next, when pinCandidate says YES",
        ),
        "production": (f"{ON} comes next, when soak says YES",),
    }


def test_what_has_soaked_comes_next_or_has_its_pull_request() -> None:
    assert told(soaking())["production"] == (f"{ON} comes next",)
    change = an_open_change(environment="production", digest=NEXT)
    assert told(soaking(changes=(change,)))["production"] == (f"{ON} comes next: pull request #7",)


@each(
    ("soak", "ago", "words"),
    [
        ("30m", timedelta(minutes=13), "13 of 30 minutes are over"),
        ("119m", timedelta(minutes=13), "13 of 119 minutes are over"),
        ("2h", timedelta(minutes=61), "1 of 2 hours are over"),
        ("2d", 30 * HOUR, "30 of 48 hours are over"),
        ("2w", 80 * HOUR, "3 of 14 days are over"),
        ("1h", 80 * HOUR, "60 of 60 minutes are over"),
        ("1h", -HOUR, "0 of 60 minutes are over"),
    ],
)
def test_a_share_has_a_unit_that_fits(soak: str, ago: timedelta, words: str) -> None:
    assert words in told(soaking(ago), [{**SOAKED[0], "soak": soak}, "production"])["staging"][0]


def test_a_soak_that_does_not_count_says_why_instead() -> None:
    (said,) = told(soaking(deployed={"staging": deployed(NEXT, Health.DEGRADED)}))["staging"]
    assert said.endswith("but it is Degraded")


def test_what_is_frozen_held_or_pinned_says_so() -> None:
    window = {"from": "2013-05-30", "until": "2013-06-03", "reason": "Fair"}
    pin = {"release": "1.0.0", "reason": "audit", "owner": "ada"}
    note = HoldNote(reason="works", owner="ann", until=NOW + HOUR, environments=("production",))
    chain = [SOAKED[0], {"name": "production", "freeze": [window], "pin": pin}]
    assert told(soaking(hold=note), chain)["production"] == (
        "held by ann until 2013-06-01T13:00:00Z: works",
        "frozen until 2013-06-03: Fair (from 2013-05-30 until 2013-06-03)",
        "pinned to 1.0.0 by ada: audit",
        f"{ON} comes next, when hold says YES",
    )


@each(
    ("pin", "words"),
    [
        ({"release": "1.0.0"}, "pinned to 1.0.0 by ada: audit"),
        ({"release": a_release().digest}, f"pinned to {short(a_release().digest)} by ada: audit"),
        ({"release": "0.9.0", "until": "2013-07-01"}, "pinned to 0.9.0 by ada until 2013-07-01: audit; it runs 1.0.0"),
        ({"release": "0.9.0", "until": "2013-05-01"}, None),
    ],
)
def test_a_pin_says_what_runs_where_that_is_something_else(pin: Any, words: str | None) -> None:
    chain = ["staging", {"name": "production", "pin": {"reason": "audit", "owner": "ada", **pin}}]
    assert told(facts(), chain) == ({"production": (words,)} if words else {})


def test_what_its_gates_refuse_does_not_come() -> None:
    found = whereabouts(a_chain(soaking(), gates=[{"type": "floor", "metric": "rocAuc", "atLeast": 0.99}]))
    assert found[-1].says == (f"{ON} does not come: 1 of 1 say NO: floor",)


def test_how_many_rows_there_are_is_told_to_whoever_looks() -> None:
    (said,) = told(soaking(answered={"staging": 1234}), [{**SOAKED[0], "minimumRows": 5000}, "production"])["staging"]
    assert said.endswith("5,000 answered rows wanted, and there are fewer yet: 1,234")
