"""What was observed, for people: a block per model; what could not be seen says why in a line of its own."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.live import QualityCheck
from reconciler.domain.names import short
from reconciler.domain.verdicts import DriftVerdict
from reconciler.report.drift_text import REMEDIES
from reconciler.report.model_view import MetricView, ModelView, Spent
from reconciler.report.sparkline import sparkline
from reconciler.report.terminal import WIDTH, draw, line, said
from reconciler.rules.fields import duration_text, time_text

LABEL = 18
"""Columns that a line's name takes."""


def observe_text(views: Sequence[ModelView], *, width: int = WIDTH, color: bool = False) -> str:
    """All models as text."""
    return draw(_parts(views), width=width, color=color)


def _parts(views: Sequence[ModelView]) -> Iterator[RenderableType]:
    for number, view in enumerate(views):
        if number:
            yield Text()
        yield from _model(view)
    if views:
        yield Text()
        yield _named("fleet", spent_text(views[0].fleet), indent="")
    else:
        yield said("There are no models.", "dim")


def _model(view: ModelView) -> Iterator[RenderableType]:
    span = duration_text(view.window)
    yield line(said(view.model, "bold underline") + Text("  "), said(f"at {time_text(view.at)}, windows of {span}", "dim"))
    yield _named("release", running_text(view))
    yield _fact("new rows", view.rows, f"{view.rows:,} since the newest training" if not isinstance(view.rows, Missing) else "")
    yield _fact("new labels", view.labels, labels_text(view))
    yield _fact("label lag", view.lag, lag_text(view))
    yield _fact("maturity", view.maturity, maturity_text(view))
    for metric in view.metrics:
        yield from _metric(metric)
    yield _fact("quality", view.quality, quality_text(view))
    if not isinstance(view.quality, Missing):
        for finding in view.quality.findings:
            yield line(Text(f"{'':{LABEL + 2}}! ", style="red"), said(finding.check, "bold"), said(finding.message))
    yield _fact("concept", view.concept, concept_text(view))
    share = view.verdict.share
    moved = "no feature could be compared" if share is None else f"{share:.0%} of {len(view.verdict.features)} features drifted"
    yield _named("drift", moved)
    for name, value in view.business.items():
        yield _fact(name, value, f"{number_text(value)} over {span}" if not isinstance(value, Missing) else "")
    yield _named("cost", spent_text(view.spent))
    yield from _verdict(view.verdict)


def running_text(view: ModelView) -> str:
    """`1.2.0 (0a1b2c3d4e5f) in production, has seen data up to 2013-05-22`, or why nothing runs."""
    running = view.running
    if isinstance(running, Missing):
        return running.why
    return f"{running.version} ({short(running.digest)}) in {running.environment}, has seen data up to {time_text(running.as_of)}"


def labels_text(view: ModelView) -> str:
    """How many new labels there are, and how long after the event they are taken for known."""
    if isinstance(view.labels, Missing):
        return view.labels.why
    newest = f", the newest of {time_text(view.labels.newest)}" if view.labels.newest else ""
    return f"{view.labels.new:,} mature ones since the newest training{newest}; known after {duration_text(view.labels.delay)}"


def lag_text(view: ModelView) -> str:
    """Median and 95 % quantile."""
    if isinstance(view.lag, Missing):
        return view.lag.why
    return f"{age(view.lag.median)} in the median, {age(view.lag.p95)} for 95% of the newest {view.lag.rows:,}"


def maturity_text(view: ModelView) -> str:
    """How many rows that should have their label have it."""
    if isinstance(view.maturity, Missing):
        return view.maturity.why
    rows, labelled = view.maturity.rows, view.maturity.labelled
    return f"{labelled:,} of {rows:,} rows that are due have their label" + (f" ({labelled / rows:.0%})" if rows else "")


def quality_text(view: ModelView) -> str:
    """How many checks were made, and how many findings they have."""
    if isinstance(view.quality, Missing):
        return view.quality.why
    made, findings = len(view.quality.evaluated), len(view.quality.findings)
    found = f"{findings} finding{'' if findings == 1 else 's'}"
    return f"{found} in {view.quality.rows:,} rows; {made} of {len(QualityCheck)} checks could be made"


def concept_text(view: ModelView) -> str:
    """The changes of the loss."""
    if isinstance(view.concept, Missing):
        return view.concept.why
    changes = len(view.concept.changes)
    found = f"{changes} change{'' if changes == 1 else 's'}"
    told = f"{found} of the loss ({view.concept.loss}) in {view.concept.rows:,} mature rows"
    if view.concept.changes:
        last = view.concept.changes[-1]
        told += (
            f"; the newest at {time_text(last.at)}: {last.before:.4g} to {last.after:.4g}, {view.concept.kind or 'unclassified'}"
        )
    return told


def spent_text(spent: Spent) -> str:
    """`4 trainings in 30 days, 2.0 hours, 5.10 USD`."""
    count = f"{spent.trainings} training{'' if spent.trainings == 1 else 's'} in 30 days"
    took = f", {age(timedelta(seconds=spent.seconds))} of the {spent.measured} that were measured" if spent.measured else ""
    cost = "".join(f", {value:,.2f} {currency}" for currency, value in spent.cost.items())
    return count + took + (cost or (", no price was declared" if spent.trainings else ""))


def number_text(value: float) -> str:
    """Four digits, or all before the point and two behind it."""
    return f"{value:,.2f}" if 1000 <= abs(value) < 1e15 else f"{value:.4g}"


def measured_text(measured: Known[Measured]) -> str:
    """`0.71 [0.70, 0.72] of 1,234 rows`, or why not."""
    if isinstance(measured, Missing):
        return measured.why
    interval = f" [{measured.low:.4g}, {measured.high:.4g}]" if measured.low > float("-inf") else ""
    return f"{measured.value:.4g}{interval} of {measured.rows:,} rows"


def age(span: timedelta) -> str:
    """Days, hours, minutes or seconds, whichever fits."""
    for unit, word in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes")):
        if span >= 2 * unit:
            return f"{span / unit:.1f} {word}"
    return f"{span.total_seconds():.0f} seconds"


def _verdict(verdict: DriftVerdict) -> Iterator[RenderableType]:
    word, style = REMEDIES[verdict.remedy]
    yield line(_name("verdict"), said(word, style), said(f"({', '.join(verdict.kinds)})"), said(verdict.why))
    if count := len(verdict.unknown):
        things = "1 thing is" if count == 1 else f"{count} things are"
        yield line(_name(""), Text("?", style="yellow"), said(f"{things} not known: perennial drift {verdict.model}", "dim"))


def _metric(view: MetricView) -> Iterator[RenderableType]:
    values = [one.value if isinstance(one, Measured) else None for one in view.windows]
    bars = said(sparkline(values), "cyan")
    newest = view.windows[-1]
    doubt = Text("?" if isinstance(newest, Missing) else "", style="yellow")
    yield line(_name(view.metric), doubt, said(measured_text(newest)), bars)
    if isinstance(view.baseline, Measured):
        yield line(_name(""), said(f"{measured_text(view.baseline)} in the evidence", "dim"))
    if isinstance(view.estimated, Measured):
        yield line(_name(""), said("estimated,", "bold yellow"), said(f"not measured: {measured_text(view.estimated)}", "yellow"))
    else:
        yield line(_name(""), said(f"no estimate: {view.estimated.why}", "dim"))


def _fact(name: str, fact: Known[object], text: str) -> RenderableType:
    if isinstance(fact, Missing):
        return line(_name(name), Text("?", style="yellow"), said(fact.why, "dim"))
    return _named(name, text)


def _named(name: str, text: str, indent: str = "  ") -> RenderableType:
    return line(_name(name, indent), said(text))


def _name(name: str, indent: str = "  ") -> Text:
    text = Text(indent) + said(name, "bold")
    text.pad_right(max(1, len(indent) + LABEL - text.cell_len))
    return text
