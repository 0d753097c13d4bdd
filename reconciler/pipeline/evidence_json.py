"""Between the stages and observe: the numbers that gates judge, as JSON in Git and back. Pure; reading raises nothing.

Each field of `Evidence` is a key of the file that its stage writes, in the form of `render.canonical`.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_type_hints

from pydantic.alias_generators import to_camel

from reconciler.domain.evidence import NOT_MEASURED, VERIFIED, Evidence, Quality
from reconciler.domain.known import Known, Measured, Missing
from reconciler.render.canonical import canonical_json
from reconciler.render.decoded import DecodeError, decode

VALIDATION, EVALUATION, VERIFICATION = "validation.json", "evaluation.json", "verification.json"
_HINTS = get_type_hints(Evidence)
_FIRST = frozenset({"metrics", "comparison"})
"""What every candidate has; without them its file is broken, not old."""


def evidence_text(measured: Mapping[str, object]) -> str:
    """`evaluation.json` or `verification.json`: fields of `Evidence` to what was measured. Raises TypeError for others."""
    if foreign := measured.keys() - _HINTS.keys():
        raise TypeError(f"evidence has no {', '.join(sorted(foreign))}")
    return canonical_json(dict(measured))


def read_evidence(files: Mapping[str, str]) -> Evidence:
    """The evidence in the texts of the three files (keys are names or whole paths).

    What is absent, garbled or not a number is Missing with code `noEvidence`, `notMeasured` or `unreadableEvidence`.
    """
    texts = {path.rsplit("/", 1)[-1]: text for path, text in files.items()}
    parsed = {name: _parse(texts, name) for name in (VALIDATION, EVALUATION, VERIFICATION)}
    found = {field.name: _field(field.name, parsed) for field in fields(Evidence) if field.name != "quality"}
    return Evidence(quality=_quality(parsed[VALIDATION]), **found)


def read_report(text: str) -> Evidence:
    """The evidence in a gate report (`models/<model>/evidence/<digest>.json`), in which nothing stands of what nobody asked."""
    try:
        measured = json.loads(text)["measured"]
    except (ValueError, KeyError, TypeError, RecursionError):
        measured = None
    if not isinstance(measured, dict):
        measured = {}
    names = {field.name: to_camel(field.name) for field in fields(Evidence)}
    found = {name: _valid(name, measured[key], "the evidence") for name, key in names.items() if key in measured}
    absent = dict.fromkeys(("quality", "metrics", "comparison"), NOT_MEASURED)
    return Evidence(**absent | found)


def read_measured_metrics(content: bytes) -> Known[Mapping[str, Measured]]:
    """The metrics in the gate report that main keeps of a release (`models/<model>/evidence/<digest>.json`)."""
    try:
        measured = json.loads(content)["measured"]["metrics"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return Missing(code="unreadableEvidence", why=f"the evidence of the release cannot be understood: {error!r}")
    metrics: Known[Mapping[str, Measured]] = _valid("metrics", measured, "the evidence of the release")
    return metrics


def _field(name: str, parsed: Mapping[str, Known[Mapping[str, Any]]]) -> Any:
    file = VERIFICATION if name in VERIFIED else EVALUATION
    match parsed[file]:
        case Missing(code="noEvidence") if file == VERIFICATION:
            return NOT_MEASURED
        case Missing() as missing:
            return missing
        case measured if name not in measured:
            absent = Missing(code="unreadableEvidence", why=f"{file} has no {name}")
            return absent if name in _FIRST else NOT_MEASURED
        case measured:
            return _valid(name, measured[name], file)


def _valid(name: str, value: object, file: str) -> Any:
    try:
        return decode(_HINTS[name], value, name)
    except (DecodeError, RecursionError) as error:
        return Missing(code="unreadableEvidence", why=f"{file}: {error}")


def _parse(texts: Mapping[str, str], name: str) -> Known[Mapping[str, Any]]:
    if name not in texts:
        return Missing(code="noEvidence", why=f"the candidate has no {name}")
    try:
        value = json.loads(texts[name])
    except (ValueError, RecursionError) as error:
        return Missing(code="unreadableEvidence", why=f"{name} is not JSON: {error}")
    return value if isinstance(value, dict) else Missing(code="unreadableEvidence", why=f"{name} is not a JSON object")


def _quality(validation: Known[Mapping[str, Any]]) -> Known[Quality]:
    """validation.json tells more than the numbers, so only they are read."""
    if isinstance(validation, Missing):
        return validation
    kept = {key: validation[key] for key in ("evaluated", "failures", "warnings", "infos") if key in validation}
    return _valid("quality", kept, VALIDATION)  # type: ignore[no-any-return]
