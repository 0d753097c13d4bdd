"""Arbitrary facts of one model, for laws that must hold whatever is seen."""

from dataclasses import replace

from hypothesis import strategies as st

from reconciler.domain.clusters import Health
from reconciler.domain.conversations import CommentCommand, Permission, Question
from reconciler.domain.evidence import Evidence, NoBaseline, Quality
from reconciler.domain.facts import Candidate, History, LabelFacts, ModelFacts
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.needs import Lookback, ScoreNeed
from reconciler.domain.overrides import GateOverride
from reconciler.domain.profiles import Profile
from reconciler.domain.releases import HoldNote
from reconciler.domain.tiers import Tier
from tests.builders import (
    DAY,
    NOW,
    a_candidate,
    a_comparison,
    a_fingerprint,
    a_gain,
    a_profile,
    a_release,
    a_revision,
    an_open_change,
    facts,
    first_evidence,
)
from tests.unwell import a_deployed, a_fallback, a_takeback

MISSING = Missing(code="rowsUnreadable", why="no such file")
WEEK = Lookback(length=7 * DAY)
ALARMED = ScoreNeed(metric="rocAuc", window=WEEK)
TRIGGERS = {
    "any": [
        {"type": "newLabels", "rows": 20_000},
        {"type": "maxAge", "age": "90d"},
        {"type": "specChanged"},
        {"type": "dataDrift", "statistic": "psi", "above": 0.2, "shareOfFeatures": 0.3, "window": "1w"},
        {"type": "performance", "metric": "rocAuc", "below": 0.68, "window": "1w"},
    ]
}
GUARDS = [
    {"type": "cooldown", "period": "1d", "exempt": ["specChanged"]},
    {"type": "minimumNewLabels", "rows": 2_000},
    {"type": "hold"},
    {"type": "oneChangeOpen"},
]

labels: st.SearchStrategy[Known[LabelFacts]] = st.one_of(
    st.just(MISSING),
    st.integers(0, 50_000).map(lambda new: LabelFacts(delay=DAY, new=new, newest=NOW - DAY)),
)
profiles: st.SearchStrategy[Known[Profile]] = st.one_of(
    st.just(MISSING),
    st.lists(st.integers(0, 400), min_size=10, max_size=10).map(lambda counts: a_profile(*counts)),
)
scores: st.SearchStrategy[Known[Measured]] = st.one_of(
    st.just(MISSING),
    st.tuples(st.floats(0, 1), st.integers(0, 5000)).map(lambda m: Measured(value=m[0], low=m[0], high=m[0], rows=m[1])),
)
evidences: st.SearchStrategy[Evidence] = st.builds(
    lambda quality, metric, comparison: first_evidence(quality=quality, metrics=metric, comparison=comparison),
    st.one_of(st.just(MISSING), st.builds(Quality, evaluated=st.integers(0, 3), failures=st.sampled_from([(), ("bad",)]))),
    st.one_of(st.just(MISSING), scores.filter(lambda s: isinstance(s, Measured)).map(lambda s: {"rocAuc": s})),
    st.one_of(
        st.just(MISSING),
        st.just(NoBaseline()),
        st.floats(-0.1, 0.1).map(lambda gain: a_comparison(a_gain(gain=gain))),
    ),
)
candidates: st.SearchStrategy[Known[Candidate] | None] = st.one_of(
    st.none(), st.just(MISSING), evidences.map(lambda evidence: a_candidate(evidence=evidence))
)
histories = st.builds(
    History,
    last_trained_at=st.one_of(st.none(), st.just(NOW - DAY / 2), st.just(NOW - 30 * DAY)),
    last_failed_at=st.one_of(st.none(), st.just(NOW - DAY / 48)),
    failures=st.integers(0, 3),
    failed_from=st.one_of(st.none(), st.just(a_fingerprint())),
    released=st.sampled_from([frozenset(), frozenset({("staging", a_candidate().build.digest)})]),
)
holds = st.one_of(st.none(), st.just(HoldNote(reason="audit", owner="ada", until=None)))
releases = st.sampled_from([{}, {"production": a_release()}])
fingerprints = st.sampled_from([a_fingerprint(), a_fingerprint(code="edited")])
opened = st.builds(
    an_open_change,
    edited=st.booleans(),
    draft=st.booleans(),
    labels=st.sampled_from([(), ("tier/low", "urgent")]),
    approved_by=st.sampled_from([(), ("eve",)]),
)
changes = st.one_of(st.just(()), opened.map(lambda change: (change,)))
tiers = st.sampled_from([*Tier])
COMMANDS = ("explain", "retry", "rollback", "hold odd", "hold until 2013-07-01 odd", "hold", "what")
questions = st.lists(
    st.builds(
        lambda number, text, permission: Question(
            command=CommentCommand(
                number=7, id=str(number), author="eve", permission=permission, words=tuple(text.split()), at=NOW
            ),
            model="flight-delay",
            environment="staging",
        ),
        st.integers(1, 99),
        st.sampled_from(COMMANDS),
        st.sampled_from([*Permission]),
    ),
    max_size=3,
    unique_by=lambda question: question.command.id,
).map(tuple)
OVERRIDE = GateOverride(
    gates=("beatsLive", "floor"),
    candidate=None,
    champion=a_release().digest,
    owner="ada",
    reason="it loads nowhere",
    since=NOW - DAY,
    until=NOW + DAY,
)
overrides = st.sampled_from([None, OVERRIDE, replace(OVERRIDE, until=NOW), replace(OVERRIDE, gates=("dataQuality",))])
WELL = a_deployed(health=Health.HEALTHY)
seen_in_clusters = st.sampled_from([MISSING, MISSING, WELL, WELL, a_deployed()])
"""Mostly well: what is taken back hides all that stands below it on the ladder."""
fallbacks = st.sampled_from([a_fallback(), MISSING, a_fallback(restored=True), a_fallback(release=None)])
takebacks = st.sampled_from([(), (), (a_takeback(),), (a_takeback(edited=True),)])
barred = st.sampled_from([{}, {a_candidate().build.digest: 3}])


@st.composite
def any_facts(draw: st.DrawFn) -> ModelFacts:
    """Any combination of what may be seen."""
    return replace(
        facts(),
        releases=draw(releases),
        fingerprint=draw(fingerprints),
        hold=draw(holds),
        override=draw(overrides),
        candidate=draw(candidates),
        changes=draw(changes),
        declined=draw(barred),
        quarantine=dict.fromkeys(draw(barred), "bad"),
        history=draw(histories),
        labels=draw(labels),
        profiles={WEEK: draw(profiles)},
        scores={ALARMED: draw(scores)},
        introduced={"production": a_revision("promotion")},
        deployed={"production": draw(seen_in_clusters)},
        fallbacks={"production": draw(fallbacks)},
        takebacks=draw(takebacks),
    )
