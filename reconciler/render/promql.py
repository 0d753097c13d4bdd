"""Checks of a rollout as questions to Prometheus, for a runtime that asks by itself: Argo Rollouts. Pure.

Both releases are counted over the same time. A check is two questions: is the candidate surely worse, and is it surely not
worse? By the first it is taken back, by the second it goes on. Neither is no answer, and too few rows give no number at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

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
    return (
        Check(
            name="errors-harm",
            query=f"{difference} / {error} {_enough(sure)}",
            good=f"{_ONE} && result[0] <= {sure.harm}",
            bad=f"{_ONE} && result[0] > {sure.harm}",
        ),
        Check(
            name="errors-proof",
            query=f"({check.margin} - {difference}) / {error} {_enough(sure)}",
            good=f"{_ONE} && result[0] > {sure.proof}",
            bad="false",
        ),
    )


def _latency(check: LatencyCheck, sure: Sureness) -> tuple[Check, Check]:
    """How many times as long: the limits of a quantile are quantiles themselves, so many standard errors of a share away."""
    least = f"{_quantile(check, _CANDIDATE, -sure.harm)} / {_quantile(check, _LIVE, sure.harm)}"
    most = f"{_quantile(check, _CANDIDATE, sure.proof)} / {_quantile(check, _LIVE, -sure.proof)}"
    return (
        Check(
            name="latency-harm",
            query=f"{least} {_enough(sure)}",
            good=f"{_ONE} && result[0] <= {check.at_most_times}",
            bad=f"{_ONE} && result[0] > {check.at_most_times}",
        ),
        Check(
            name="latency-proof",
            query=f"{most} {_enough(sure)}",
            good=f"{_ONE} && result[0] < {check.at_most_times}",
            bad="false",
        ),
    )


def _increase(series: str, side: str, more: str = "") -> str:
    """By how much the series of one side have grown since the step began."""
    labels = f'perennial_model="{{{{args.model}}}}",perennial_environment="{{{{args.environment}}}}",{side}{more}'
    return f"increase({series}{{{labels}}}[{{{{args.window}}}}])"


def _rows(side: str) -> str:
    return f"sum({_increase(REQUESTS, side)})"


def _share(side: str) -> tuple[str, str]:
    """The share of failed requests, and its variance. A release that never failed has no series of failures: that is 0."""
    failed = f"((sum({_increase(REQUESTS, side, _FAILED)}) or vector(0)) + 1)"
    return f"{failed} / ({_rows(side)} + 2)", f"{failed} / ({_rows(side)} + 2) ^ 2"


def _quantile(check: LatencyCheck, side: str, score: float) -> str:
    error = f"sqrt({check.quantile * (1 - check.quantile):.6f} / {_rows(side)})"
    return f"histogram_quantile(scalar({check.quantile} + {score} * {error}), sum by (le) ({_increase(SECONDS, side)}))"


def _enough(sure: Sureness) -> str:
    """No answer at all with too few rows of either."""
    return f"and {_rows(_CANDIDATE)} >= {sure.rows} and {_rows(_LIVE)} >= {sure.rows}"
