"""What a model's alarms say of the release that one environment runs. Pure."""

from datetime import datetime, timedelta

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, Judgement, unknown
from reconciler.domain.names import short
from reconciler.rules.alarms import Alarm, NumberAlarm
from reconciler.rules.alarms.aborted import Aborted
from reconciler.rules.alarms.degraded import Degraded
from reconciler.rules.fields import duration_text
from reconciler.rules.triggers.alert import Alert
from reconciler.rules.triggers.business_metric import BusinessMetric
from reconciler.rules.triggers.performance import Performance
from reconciler.rules.triggers.promql import Promql
from reconciler.rules.triggers.slo_burn_rate import SloBurnRate
from reconciler.specs.model import Model


def judge_alarms(model: Model, facts: ModelFacts, environment: str, now: datetime) -> tuple[Judgement, ...]:
    """What each alarm says, in the order of the YAML; numbers are of the last environment, and judged only there."""
    judged: list[Judgement] = []
    for alarm in model.spec.rollback.when if environment in facts.releases else ():
        match alarm:
            case Degraded() | Aborted():
                judged.append(alarm.judge_cluster(facts, environment, now))
            case _ if environment == facts.environments[-1]:
                judged.append(_judge_numbers(model, alarm, facts, environment, now))
            case _:
                pass
    return tuple(judged)


def fires(judged: tuple[Judgement, ...]) -> Judgement | None:
    """The first alarm that says YES: one that cannot tell takes nothing back."""
    return next((one for one in judged if one.answer is Answer.YES), None)


def _judge_numbers(model: Model, alarm: NumberAlarm, facts: ModelFacts, environment: str, now: datetime) -> Judgement:
    """Numbers of a time in which another release ran say nothing of this one."""
    since, wanted = facts.since.get(environment), max(model.spec.rollback.settle, reach(alarm))
    if since is None:
        return unknown(alarm.type, "sinceUnknown", f"main does not tell since when it names what {environment} runs")
    if now - since < wanted:
        release = facts.releases[environment]
        said = f"{release.version} ({short(release.digest)}) is on main for {_whole(now - since)}, {duration_text(wanted)} wanted"
        return unknown(alarm.type, "tooYoung", said, remedy="wait")
    return alarm.judge(facts, now)


def _whole(length: timedelta) -> str:
    """In whole minutes: seconds would change what is said with every look."""
    return duration_text(timedelta(minutes=max(length, timedelta()) // timedelta(minutes=1)))


def reach(alarm: Alarm) -> timedelta:
    """How far back the alarm looks; what a query says of that by itself is not known."""
    match alarm:
        case SloBurnRate(windows=windows):
            return max(pair.long for pair in windows)
        case Promql(over=over):
            return over or timedelta()
        case Performance(window=window, consecutive=consecutive) | BusinessMetric(window=window, consecutive=consecutive):
            return window * consecutive
        case Alert() | Degraded() | Aborted():
            return timedelta()
