"""What a reviewer is shown, as rows for the tables of pull requests and model cards. Pure."""

from collections.abc import Iterable
from datetime import datetime

from reconciler.domain.blessings import blessing_of_gate
from reconciler.domain.evidence import Comparison, Evidence, Gain, NoBaseline
from reconciler.domain.facts import RetrainGain
from reconciler.domain.judgements import OVERRIDDEN, Answer, Judgement
from reconciler.domain.known import Measured, Missing
from reconciler.domain.names import short
from reconciler.domain.releases import Build
from reconciler.render.charts import interval
from reconciler.render.markdown import Drawn
from reconciler.render.numbers import NOTHING, between, number
from reconciler.render.review import Review
from reconciler.render.sections.robustness import bounds_of
from reconciler.rules.fields import time_text
from reconciler.specs.dataset import Column, Dataset
from reconciler.specs.model import Model

SYMBOLS = {Answer.YES: "✓", Answer.NO: "✗", Answer.UNKNOWN: "?"}
ASIDE = "!"
Row = dict[str, str]


def gate_rows(gates: Judgement) -> list[Row]:
    """One row per single gate: what it said, and why. A gate that a person set aside does not look like one that passed."""
    return [
        {
            "symbol": ASIDE if leaf.code == OVERRIDDEN else SYMBOLS[leaf.answer],
            "answer": OVERRIDDEN if leaf.code == OVERRIDDEN else leaf.answer,
            "rule": leaf.rule,
            "verdict": OVERRIDDEN.upper() if leaf.code == OVERRIDDEN else str(blessing_of_gate(leaf)),
            "code": leaf.code,
            "message": leaf.message,
        }
        for leaf in gates.leaves()
    ]


def metric_rows(model: Model, evidence: Evidence) -> list[Row]:
    """One row per metric of the spec: live, candidate with its interval, and the gain on identical rows with its own."""
    gains = evidence.comparison.gains if isinstance(evidence.comparison, Comparison) else {}
    measured = {} if isinstance(evidence.metrics, Missing) else evidence.metrics
    names = [name for name in model.spec.metrics if name in measured or name in gains]
    return [_metric_row(name, measured.get(name), gains.get(name)) for name in names]


def evidence_notes(evidence: Evidence) -> list[str]:
    """Sentences on what could not be measured, and on what the numbers were compared with."""
    notes = []
    if isinstance(evidence.metrics, Missing):
        notes.append(f"The metrics are missing: {evidence.metrics.why}.")
    match evidence.comparison:
        case Missing(why=why):
            notes.append(f"The comparison with the live model is missing: {why}.")
        case NoBaseline():
            notes.append("Nothing is live yet, so there was nothing to compare with.")
        case Comparison(champion=champion):
            notes.append(f"Compared with {short(champion)} on identical rows that neither was trained on.")
    match evidence.quality:
        case Missing(why=why):
            notes.append(f"The quality of the data is unknown: {why}.")
        case quality:
            lesser = len(quality.warnings) + len(quality.infos)
            told = f", {lesser} more failed that only warn" if lesser else ""
            notes.append(f"{quality.evaluated} expectations of the dataset were evaluated, {len(quality.failures)} failed{told}.")
    return notes


def lineage_rows(build: Build, champion: Build | None) -> list[Row]:
    """What data the candidate saw, beside what the live model saw."""
    before = dict(_lineage(champion)) if champion else {}
    return [{"what": what, "value": value, "before": before.get(what, NOTHING)} for what, value in _lineage(build)]


def part_rows(build: Build, champion: Build | None) -> list[Row]:
    """The digests that the release digest is made of, and whether each one differs from the live model's."""
    before = _parts(champion) if champion else {}
    return [
        {
            "part": part,
            "value": short(value),
            "before": short(before[part]) if champion else NOTHING,
            "changed": "changed" if champion and before[part] != value else "same" if champion else "new",
        }
        for part, value in _parts(build).items()
    ]


def _parts(build: Build) -> dict[str, str]:
    made = build.made_from
    return {
        "data": build.data.digest,
        "spec": made.spec,
        "code": made.code,
        "parameters": made.parameters,
        "environment": made.environment,
        "artifact": build.artifact.sha256,
    }


def _lineage(build: Build) -> Iterable[tuple[str, str]]:
    data = build.data
    yield "dataset", data.dataset
    yield "known until", time_text(data.as_of)
    yield "trained on", f"{_range(data.train_from, data.train_until)}, {data.train_rows:,} rows"
    yield "judged on", f"{_range(data.holdout_from, data.holdout_until)}, {data.holdout_rows:,} rows"
    yield "data digest", short(data.digest)


def _range(start: datetime, end: datetime) -> str:
    return f"{time_text(start)} to {time_text(end)}"


def _metric_row(name: str, measured: Measured | None, gain: Gain | None) -> Row:
    bounds = bounds_of(gain) if gain else None
    return {
        "metric": name,
        "live": number(gain.champion) if gain else NOTHING,
        "candidate": number(measured.value if measured else gain.challenger if gain else None),
        "interval": between(measured.low, measured.high) if measured else NOTHING,
        "gain": number(gain.gain, signed=True) if gain else NOTHING,
        "gain_interval": between(*bounds, signed=True) if bounds else NOTHING,
        "chart": Drawn(interval(bounds[0], gain.gain, bounds[1])) if bounds and gain else "",
        "rows": f"{measured.rows if measured else gain.rows if gain else 0:,}",
    }


def trigger_rows(trigger: Judgement) -> list[Row]:
    """One row per single trigger: what it said when the training was ordered."""
    return [
        {"symbol": SYMBOLS[leaf.answer], "answer": str(leaf.answer), "rule": leaf.rule, "message": leaf.message}
        for leaf in trigger.leaves()
    ]


def way_rows(review: Review) -> list[Row]:
    """One row for each thing that the environment asks of a release, beside its gates."""
    return [
        {
            "symbol": ASIDE if one.code == OVERRIDDEN else SYMBOLS[one.answer],
            "rule": one.rule,
            "code": one.code,
            "message": one.message,
        }
        for one in review.way
    ]


def environment_rows(review: Review) -> list[Row]:
    """What each environment runs now and after the merge, in the order of promotion."""
    releases = review.specs.releases.get(review.model.name, {})
    rows = []
    for name in review.model.spec.environments:
        now = releases[name].version if name in releases else NOTHING
        after = review.release.version if name == review.release.environment else now
        rows.append({"environment": name, "now": now, "after": after, "changes": "yes" if after != now else ""})
    return rows


def cost_of(spent: RetrainGain | None) -> str:
    """What the training cost, as the ledger has it; empty where it has nothing."""
    return f"{spent.cost:,.2f} {spent.currency}" if spent and spent.cost is not None else ""


def feature_rows(model: Model, dataset: Dataset | None) -> list[Row]:
    """What goes in: how it is treated, and what the dataset's contract says of it."""
    treated = [(name, "number") for name in model.spec.features.numeric]
    treated += [(name, "category") for name in model.spec.features.categorical]
    return [_feature_row(name, sort, dataset.column(name) if dataset else None) for name, sort in treated]


def _feature_row(name: str, sort: str, column: Column | None) -> Row:
    if column is None:
        return {"feature": name, "as": sort, "range": "", "description": ""}
    return {
        "feature": name,
        "as": sort,
        "range": ", ".join(column.categories or ()) or _bounds(column.minimum, column.maximum),
        "description": column.description,
    }


def _bounds(low: float | None, high: float | None) -> str:
    match low, high:
        case None, None:
            return ""
        case low, None:
            return f"from {number(low)}"
        case None, high:
            return f"up to {number(high)}"
        case low, high:
            return f"{number(low)} to {number(high)}"
