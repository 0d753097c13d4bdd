"""One page for people: what was observed of models, and a plot per feature. It needs no network, no JavaScript, no other file."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.domain.known import Measured, Missing
from reconciler.domain.verdicts import ColumnVerdict, DriftVerdict, Reading
from reconciler.report.drift_text import REMEDIES, against, together
from reconciler.report.model_view import MetricView, ModelView
from reconciler.report.observe_text import (
    concept_text,
    labels_text,
    lag_text,
    maturity_text,
    measured_text,
    number_text,
    quality_text,
    running_text,
    spent_text,
)
from reconciler.report.page import render_page
from reconciler.report.plots import SIZES, SPARK_HEIGHT, SPARK_WIDTH, bars_of
from reconciler.rules.fields import duration_text, time_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """The windows of a metric as a drawing: the band of the intervals, the line of the values, and a dot per window."""

    band: str
    line: str
    dots: tuple[tuple[float, float, str], ...]


def drift_page(verdict: DriftVerdict) -> str:
    """The verdict with a plot per feature, prediction and label."""
    return _page(f"Drift of {verdict.model}", (), (verdict,))


def observe_page(views: Sequence[ModelView]) -> str:
    """All models, each with its verdict."""
    return _page("What Perennial sees", tuple(views), tuple(view.verdict for view in views))


def spark_of(metric: MetricView) -> Spark | None:
    """The metric over its windows; None when none was measured. What an interval does not say is drawn without one."""
    places = [(index, one) for index, one in enumerate(metric.windows) if isinstance(one, Measured) and math.isfinite(one.value)]
    if not places:
        return None
    bounded = [
        (x, one.low, one.value, one.high) if _is_bounded(one) else (x, one.value, one.value, one.value) for x, one in places
    ]
    low, high = min(one[1] for one in bounded), max(one[3] for one in bounded)
    step = SPARK_WIDTH / max(1, len(metric.windows) - 1)

    def y(value: float) -> float:
        return round(4 + (SPARK_HEIGHT - 8) * (0.5 if high == low else (high - value) / (high - low)), 1)

    upper = [(round(x * step, 1), y(top)) for x, _, _, top in bounded]
    lower = [(round(x * step, 1), y(bottom)) for x, bottom, _, _ in reversed(bounded)]
    middle = [(round(x * step, 1), y(value)) for x, _, value, _ in bounded]
    said = [measured_text(one) for _, one in places]
    return Spark(
        band=_points([*upper, *lower]),
        line=_points(middle),
        dots=tuple((x, height, text) for (x, height), text in zip(middle, said, strict=True)),
    )


def _is_bounded(measured: Measured) -> bool:
    return math.isfinite(measured.low) and math.isfinite(measured.high)


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def facts_of(view: ModelView) -> tuple[tuple[str, str, bool], ...]:
    """(name, sentence, whether it is known) of all that is not drawn."""
    rows = view.rows.why if isinstance(view.rows, Missing) else f"{view.rows:,} since the newest training"
    told: list[tuple[str, str, object]] = [
        ("Release", running_text(view), view.running),
        ("New rows", rows, view.rows),
        ("New labels", labels_text(view), view.labels),
        ("Label lag", lag_text(view), view.lag),
        ("Maturity", maturity_text(view), view.maturity),
        ("Quality", quality_text(view), view.quality),
        ("Concept", concept_text(view), view.concept),
        *(
            (name, value.why if isinstance(value, Missing) else number_text(value), value)
            for name, value in view.business.items()
        ),
        ("Cost", spent_text(view.spent), view.spent),
        ("Fleet", spent_text(view.fleet), view.fleet),
    ]
    return tuple((name, text, not isinstance(fact, Missing)) for name, text, fact in told)


def readings_of(column: ColumnVerdict) -> tuple[tuple[str, str, str, bool], ...]:
    """(statistic, value with its cut, p-value, whether it drifted) of all statistics, measured or not."""
    return tuple(
        (key, f"{one.value:.4g} (cut {one.cut:g})", f"{one.p_value:.2g}", one.drifted)
        if isinstance(one, Reading)
        else (key, one.why, "", False)
        for key, one in column.readings.items()
    )


def _page(title: str, views: tuple[ModelView, ...], verdicts: tuple[DriftVerdict, ...]) -> str:
    pairs = list(zip(views or [None] * len(verdicts), verdicts, strict=True))
    return render_page(
        "drift.html.j2",
        title=title,
        pairs=pairs,
        bars_of=bars_of,
        spark_of=spark_of,
        facts_of=facts_of,
        readings_of=readings_of,
        measured_text=measured_text,
        duration_text=duration_text,
        time_text=time_text,
        remedies=REMEDIES,
        against=against,
        together=together,
        sizes=SIZES,
    )
