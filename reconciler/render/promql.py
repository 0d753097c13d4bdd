"""Checks of a rollout as questions to Prometheus, for a runtime that asks by itself: Argo Rollouts. Pure.

Both releases are counted over the same time. A check is two questions: is the candidate surely worse, and is it surely not
worse? By the first it is taken back, by the second it goes on. Neither is no answer, and too few rows give no number at all.
What is worse but surely by less than the margin is not worse, as in the rules of the same names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from reconciler.render.histograms import Histogram
from reconciler.render.strategy import Check
from reconciler.rules.analysis.check import CheckRule
from reconciler.rules.analysis.errors import Errors
from reconciler.rules.analysis.latency import LatencyCheck

REQUESTS = "perennial_requests_total"
"""Requests that a pod answered; the label `code` is the HTTP status."""
SECONDS = "perennial_request_seconds_bucket"
"""How long they took: the buckets of a histogram."""
ASKED = ("errors", "latency")
"""Types of checks that Prometheus can answer. All others need rows and labels, which Perennial looks at."""
_ONE = "len(result) == 1"
_CANDIDATE, _LIVE = 'perennial_release="{{args.release}}"', 'perennial_release!="{{args.release}}"'
_FAILED = ',code=~"5.."'
_WINDOW = "{{args.window}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sureness:
    """Scores of the standard normal distribution that a difference must exceed, and the rows that each release must have."""

    harm: float
    proof: float
    rows: int


def sureness(confidence: float, rows: int, looks: int) -> Sureness:
    """All looks of all checks share the chance to take a good release back; each proof has it by itself.

    Bonferroni: a rollout looks only a few times, once at the end of each step. Round to four digits, the same everywhere.
    """
    wrong, normal = 1 - confidence, NormalDist()
    return Sureness(
        harm=round(normal.inv_cdf(1 - wrong / max(looks, 1)), 4), proof=round(normal.inv_cdf(1 - wrong), 4), rows=rows
    )


def questions(checks: Sequence[CheckRule], sure: Sureness) -> tuple[Check, ...]:
    """Two for each check that Prometheus can answer, in the order of the YAML."""
    found: list[Check] = []
    for check in checks:
        match check:
            case Errors():
                found += _errors(check, sure)
            case LatencyCheck():
                found += _latency(check, sure)
            case _:
                pass
    return tuple(found)


def _errors(check: Errors, sure: Sureness) -> tuple[Check, Check]:
    """The difference of two shares in its standard errors, with one failure and one success more than were seen each.

    Agresti and Caffo 2000, without the factor 1 - p of the variance, which makes both answers a little more careful.
    """
    (mine, my_spread), (live, live_spread) = (_share(side) for side in (_CANDIDATE, _LIVE))
    difference, error = f"({mine} - {live})", f"sqrt({my_spread} + {live_spread})"
    room = f"({check.margin} - {difference}) / {error}"
    return (
        Check(
            name="errors-harm",
            query=f"{difference} / {error} * ({room} <= bool {sure.proof}) {_enough(sure)}",
            good=f"{_ONE} && result[0] <= {sure.harm}",
            bad=f"{_ONE} && result[0] > {sure.harm}",
        ),
        Check(
            name="errors-proof",
            query=f"{room} {_enough(sure)}",
            good=f"{_ONE} && result[0] > {sure.proof}",
            bad="false",
        ),
    )


def _latency(check: LatencyCheck, sure: Sureness) -> tuple[Check, Check]:
    """Whether it takes longer by the edges of buckets, which are sure: 1 or 0; and how many times as long it takes at most.

    The limits of a quantile are quantiles themselves, so many standard errors of a share away. The latter is told by straight
    lines within buckets, so there is no answer where these grow by more than what would have to be proven.
    """
    mine, live = (Histogram.of(SECONDS, _labels(side), _WINDOW) for side in (_CANDIDATE, _LIVE))
    share, times = check.quantile, check.at_most_times
    least, live_most = mine.limit(share, -sure.harm), live.limit(share, sure.harm)
    most, live_least = mine.limit(share, sure.proof), live.limit(share, -sure.proof)
    longer = f"({mine.low(least)} >= bool {live.high(live_most)}) * {live.within(live_most)}"
    ratio = f"{mine.quantile(most)} / {live.quantile(live_least)}"
    fine = " * ".join(f"({one.high(str(share))} / {one.low(str(share))} <= bool {times})" for one in (mine, live))
    told = f"{fine} * {mine.within(most)} * {live.within(str(share))}"
    return (
        Check(
            name="latency-harm",
            query=f"{longer} * (1 - ({ratio} < bool {times}) * {told}) {_enough(sure)}",
            good=f"{_ONE} && result[0] == 0",
            bad=f"{_ONE} && result[0] == 1",
        ),
        Check(
            name="latency-proof",
            query=f"{ratio} and {told} == 1 {_enough(sure)}",
            good=f"{_ONE} && result[0] < {times}",
            bad="false",
        ),
    )


def _labels(side: str) -> str:
    return f'perennial_model="{{{{args.model}}}}",perennial_environment="{{{{args.environment}}}}",{side}'


def _requests(side: str, more: str = "") -> str:
    """By how many the requests of one side have grown since the step began."""
    return f"sum(increase({REQUESTS}{{{_labels(side)}{more}}}[{_WINDOW}]))"


def _share(side: str) -> tuple[str, str]:
    """The share of failed requests, and its variance. A release that never failed has no series of failures: that is 0."""
    failed = f"(({_requests(side, _FAILED)} or vector(0)) + 1)"
    return f"{failed} / ({_requests(side)} + 2)", f"{failed} / ({_requests(side)} + 2) ^ 2"


def _enough(sure: Sureness) -> str:
    """No answer at all with too few rows of either."""
    return f"and {_requests(_CANDIDATE)} >= {sure.rows} and {_requests(_LIVE)} >= {sure.rows}"
