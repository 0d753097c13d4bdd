"""The very bytes of what people read before they merge, and of what the merge brings."""

from reconciler.domain.judgements import OVERRIDDEN, Answer, Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.releases import Release
from reconciler.render.card import render_card
from reconciler.render.evidence import render_evidence
from reconciler.render.pull_request import render_pull_request
from reconciler.render.release import release_yaml
from tests.builders import a_candidate, a_comparison, a_gain, a_model, a_release, a_review, evidence, first_evidence, specs_of
from tests.reviews import a_full_review

BLESSED = Judgement(
    rule="gates",
    answer=Answer.YES,
    code="allPassed",
    message="3 of 3 gates say YES",
    parts=(
        yes("dataQuality", "expectationsMet", "0 of 12 expectations failed"),
        yes("floor", "floorKept", "rocAuc 0.72 over 10000 rows, at least 0.65 wanted"),
        yes("beatsLive", "blessed", "rocAuc 0.7 live, 0.72 candidate on 10000 rows; gain +0.02, lower bound +0.0118"),
    ),
)
DOUBTFUL = Judgement(
    rule="gates",
    answer=Answer.UNKNOWN,
    code="notAllPassed",
    message="1 of 3 gates says YES",
    parts=(
        no("dataQuality", "expectationsFailed", "1 of 12 expectations failed: distance | 3 rows < 0"),
        yes("beatsLive", "noBaseline", "no release is live, so there is nothing to beat; floors decide"),
        unknown("floor", "notMeasured", "rocAuc was not measured"),
    ),
)


def test_a_promotion_is_described_as_expected(golden):
    candidate = a_candidate(
        reason="newLabels: 21,000 new labels, 20,000 wanted",
        evidence=evidence(comparison=a_comparison(a_gain(), a_gain("brier", gain=-0.001, champion=0.1812, challenger=0.1822))),
    )
    specs = specs_of(releases={"flight-delay": {"staging": a_release(environment="staging"), "production": a_release()}})
    review = a_review(candidate=candidate, specs=specs, gates=BLESSED)
    title, body = render_pull_request(review)
    golden("pull-request/next-release", {"title.txt": title + "\n", "body.md": body})
    golden(
        "card/next-release",
        {
            "CARD.md": render_card(review),
            "evidence.json": render_evidence(review),
            "release.yaml": release_yaml(review.release),
        },
    )


def test_a_release_that_goes_on_tells_what_its_environment_asks(golden):
    gone = a_candidate(landed=True, files={})
    release = Release(environment="production", version="1.1.0", build=gone.build)
    releases = {"staging": Release(environment="staging", version="1.1.0", build=gone.build), "production": a_release()}
    chain = ["staging", {"name": "production", "approvals": {"owners": ["ada", "grace"]}}]
    way = (
        yes("soak", "soaked", "1.1.0 runs in staging since 2013-05-31, 1d wanted; its cluster says Healthy"),
        yes(
            "freeze",
            OVERRIDDEN,
            "set aside by ada until 2013-06-02: JFK | is wrong; by itself it says NO frozen",
        ),
    )
    review = a_review(
        candidate=gone,
        model=a_model(environments=chain),
        specs=specs_of(releases={"flight-delay": releases}),
        release=release,
        gates=BLESSED,
        way=way,
    )
    title, body = render_pull_request(review)
    golden("pull-request/goes-on", {"title.txt": title + "\n", "body.md": body})


def test_a_first_promotion_with_gaps_is_described_as_expected(golden):
    missing = Missing(code="notMeasured", why="runs/metrics.json is not there")
    candidate = a_candidate(evidence=first_evidence(metrics=missing), reason="")
    release = Release(environment="production", version="1.0.0", build=candidate.build)
    review = a_review(candidate=candidate, release=release, champion=None, gates=DOUBTFUL)
    title, body = render_pull_request(review)
    golden("pull-request/first-release", {"title.txt": title + "\n", "body.md": body})
    golden("card/first-release", {"evidence.json": render_evidence(review)})


def test_a_promotion_of_which_everything_is_known_is_described_as_expected(golden):
    review = a_full_review()
    golden("pull-request/everything", {"body.md": render_pull_request(review)[1]})
    golden("card/everything", {"CARD.md": render_card(review), "evidence.json": render_evidence(review)})
