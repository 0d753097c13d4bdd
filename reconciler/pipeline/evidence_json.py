"""Between evaluate, validate and observe: the numbers that gates judge, as JSON in Git and back. Pure; nothing here raises."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from reconciler.domain.evidence import Comparison, Evidence, Gain, NoBaseline, Quality
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.names import Digest
from reconciler.pipeline.build_json import json_text
from reconciler.rules.fields import Written
from reconciler.specs.release import Sha256

EVALUATION = "evaluation.json"
VALIDATION = "validation.json"

T = TypeVar("T")
_Rows = Annotated[int, Field(ge=0)]


class _MeasuredBody(Written):
    value: float
    low: float
    high: float
    rows: _Rows


class _GainBody(Written):
    champion: float
    challenger: float
    gain: float
    quantiles: dict[Annotated[float, Field(gt=0, lt=1, strict=False)], float]
    rows: _Rows


class _ComparisonBody(Written):
    champion: Sha256
    evaluation_set: Sha256
    gains: dict[str, _GainBody]


class _NoBaselineBody(Written):
    no_baseline: Literal[True]


class _MissingBody(Written):
    code: str
    why: str


class _MissingFact(Written):
    missing: _MissingBody


_METRICS = TypeAdapter(dict[str, _MeasuredBody])
_COMPARISON: TypeAdapter[_ComparisonBody | _NoBaselineBody | _MissingFact] = TypeAdapter(
    _ComparisonBody | _NoBaselineBody | _MissingFact
)


def evaluation_text(
    metrics: Mapping[str, Measured], unmeasured: Mapping[str, str], comparison: Known[Comparison | NoBaseline]
) -> str:
    """`evaluation.json`. `unmeasured` says of each other metric why it has no number on these rows."""
    bodies = {name: {"value": m.value, "low": m.low, "high": m.high, "rows": m.rows} for name, m in metrics.items()}
    return json_text({"metrics": bodies, "unmeasured": dict(unmeasured), "comparison": _comparison_value(comparison)})


def _comparison_value(comparison: Known[Comparison | NoBaseline]) -> Mapping[str, Any]:
    match comparison:
        case Missing(code=code, why=why):
            return {"missing": {"code": code, "why": why}}
        case NoBaseline():
            return {"noBaseline": True}
        case Comparison():
            gains = {name: _gain_value(gain) for name, gain in comparison.gains.items()}
            return {"champion": comparison.champion, "evaluationSet": comparison.evaluation_set, "gains": gains}


def _gain_value(gain: Gain) -> Mapping[str, Any]:
    return {
        "champion": gain.champion,
        "challenger": gain.challenger,
        "gain": gain.gain,
        "quantiles": {f"{level:g}": value for level, value in gain.quantiles.items()},
        "rows": gain.rows,
    }


def read_evidence(files: Mapping[str, str]) -> Evidence:
    """The evidence in the texts of `validation.json` and `evaluation.json` (keys are names or whole paths).

    What is absent, garbled or not a number is Missing with code `noEvidence` or `unreadableEvidence`; nothing is raised.
    """
    texts = {path.rsplit("/", 1)[-1]: text for path, text in files.items()}
    validation, evaluation = (_parse(texts, name) for name in (VALIDATION, EVALUATION))
    return Evidence(
        quality=validation if isinstance(validation, Missing) else _quality(validation),
        metrics=evaluation if isinstance(evaluation, Missing) else _metrics(evaluation),
        comparison=evaluation if isinstance(evaluation, Missing) else _comparison(evaluation),
    )


def read_measured_metrics(content: bytes) -> Known[Mapping[str, Measured]]:
    """The metrics in the gate report that main keeps of a release (`models/<model>/evidence/<digest>.json`)."""
    try:
        measured = json.loads(content)["measured"]["metrics"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return Missing(code="unreadableEvidence", why=f"the evidence of the release cannot be understood: {error!r}")
    return _metrics({"metrics": measured})


def _parse(texts: Mapping[str, str], name: str) -> Known[Mapping[str, Any]]:
    if name not in texts:
        return Missing(code="noEvidence", why=f"the candidate has no {name}")
    try:
        value = json.loads(texts[name])
    except (ValueError, RecursionError) as error:
        return Missing(code="unreadableEvidence", why=f"{name} is not JSON: {error}")
    return value if isinstance(value, dict) else Missing(code="unreadableEvidence", why=f"{name} is not a JSON object")


def _valid(adapter: TypeAdapter[T], value: Any, what: str) -> Known[T]:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        return Missing(code="unreadableEvidence", why=f"{what}: {where}: {problem['msg']}")


def _quality(value: Mapping[str, Any]) -> Known[Quality]:
    evaluated = _valid(TypeAdapter(_Rows), value.get("evaluated"), f"{VALIDATION} evaluated")
    failures = _valid(TypeAdapter(list[str]), value.get("failures"), f"{VALIDATION} failures")
    if isinstance(evaluated, Missing):
        return evaluated
    if isinstance(failures, Missing):
        return failures
    return Quality(evaluated=evaluated, failures=tuple(failures))


def _metrics(value: Mapping[str, Any]) -> Known[Mapping[str, Measured]]:
    bodies = _valid(_METRICS, value.get("metrics"), f"{EVALUATION} metrics")
    if isinstance(bodies, Missing):
        return bodies
    return {name: Measured(value=b.value, low=b.low, high=b.high, rows=b.rows) for name, b in bodies.items()}


def _comparison(value: Mapping[str, Any]) -> Known[Comparison | NoBaseline]:
    match _valid(_COMPARISON, value.get("comparison"), f"{EVALUATION} comparison"):
        case Missing() as missing:
            return missing
        case _MissingFact(missing=body):
            return Missing(code=body.code, why=body.why)
        case _NoBaselineBody():
            return NoBaseline()
        case body:
            gains = {name: Gain(metric=name, **gain.model_dump()) for name, gain in body.gains.items()}
            return Comparison(champion=Digest(body.champion), evaluation_set=Digest(body.evaluation_set), gains=gains)
