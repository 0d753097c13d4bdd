"""Whether a training goes on with the champion's model, or begins anew."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.domain.releases import Lineage, digest_of
from reconciler.plan.lineage import continued
from tests.builders import NOW, a_build, a_candidate, a_fingerprint, a_model, a_release, facts
from tests.unit.plan.situations import a_situation

DAY = timedelta(days=1)
MODEL = a_model(training={"estimator": "sgd", "holdout": "14d", "incremental": {"fullEvery": "30d"}})
OTHER = digest_of("another release")


def a_champion(*, age: timedelta = 10 * DAY, since: timedelta | None = None):
    """A release in production, trained so long before NOW, whose full training was that long ago."""
    build = a_build("champion", as_of=NOW - age)
    lineage = Lineage(continues=OTHER, since=NOW - since) if since else None
    return a_release(data=replace(build.data, lineage=lineage))


def decide(champion, candidate=None, model=MODEL, **changes):
    releases = {"production": champion} if champion else {}
    situation = a_situation(facts(releases=releases, candidate=candidate, **changes))
    return continued(replace(situation, model=model), NOW)


def test_it_goes_on_with_what_is_live():
    champion = a_champion()
    assert decide(champion) == champion.digest
    further = a_champion(since=29 * DAY)
    assert decide(further) == further.digest


@pytest.mark.parametrize(
    ("champion", "model", "changes"),
    [
        (None, MODEL, {}),
        (a_champion(), a_model(), {}),
        (a_champion(age=30 * DAY), MODEL, {}),
        (a_champion(since=30 * DAY), MODEL, {}),
        (a_champion(age=0 * DAY), MODEL, {}),
        (a_champion(), MODEL, {"fingerprint": a_fingerprint(spec="new")}),
        (a_champion(), MODEL, {"fingerprint": a_fingerprint(code="new")}),
        (a_champion(), MODEL, {"fingerprint": a_fingerprint(environment="new")}),
    ],
    ids=["nothing live", "not asked", "old", "its root is old", "nothing newer", "spec", "code", "environment"],
)
def test_it_begins_anew(champion, model, changes):
    assert decide(champion, model=model, **changes) is None


def test_a_candidate_that_is_measured_again_goes_on_with_what_it_went_on_with():
    candidate = a_candidate(as_of=NOW)
    assert decide(a_champion(), candidate) is None
    data = replace(candidate.build.data, lineage=Lineage(continues=OTHER, since=NOW - 5 * DAY))
    assert decide(a_champion(), replace(candidate, build=replace(candidate.build, data=data))) == OTHER
