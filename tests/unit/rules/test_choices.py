"""Choices from short lists: refused alike by code and JSON Schema, null included."""

import pytest
from jsonschema import Draft202012Validator
from pydantic import ConfigDict, ValidationError

from reconciler.domain.metrics import METRICS
from reconciler.rules.choices import (
    GAIN_CONFIDENCES,
    GainConfidence,
    IntervalConfidence,
    MetricName,
    OptionalNumber,
    check_exactly_one,
    exactly_one,
    one_of,
)
from reconciler.rules.fields import Written
from reconciler.statistics.bootstrap import INTERVAL, QUANTILES
from tests.cases import each


class Choice(Written):
    """One of each."""

    metric: MetricName = "rocAuc"
    gain: GainConfidence = 0.95
    interval: IntervalConfidence = None
    at_least: OptionalNumber = None
    at_most: OptionalNumber = None


class Bounded(Choice):
    """Exactly one bound."""

    model_config = ConfigDict(json_schema_extra=exactly_one("atLeast", "atMost"))

    def model_post_init(self, _context: object) -> None:
        check_exactly_one(self, at_least="atLeast", at_most="atMost")


SCHEMA = Draft202012Validator(Choice.model_json_schema())


def accepted(kind: type[Choice], written: dict[str, object]) -> bool:
    try:
        kind.model_validate(written)
    except ValidationError:
        return False
    return True


@each(
    "written",
    [
        {},
        *({"metric": name} for name in METRICS),
        *({"gain": confidence} for confidence in GAIN_CONFIDENCES),
        {"interval": 0.95},
        {"atLeast": 0},
        {"atLeast": -1e300},
        {"atMost": 0.5, "atLeast": 0.5},
    ],
)
def test_a_choice_from_the_list_is_taken_by_both(written):
    assert accepted(Choice, written)
    assert SCHEMA.is_valid(written)


@each(
    "written",
    [
        *({"metric": word} for word in ("", "ROCAUC", "rocauc", "auc", None, 1, ["rocAuc"])),
        *({"gain": word} for word in (0, 1, 0.5, 0.949, "0.95", None, True)),
        *({"interval": word} for word in (None, 0.9, 95, "0.95", True)),
        *({"atLeast": word} for word in (None, "1", True, [])),
    ],
)
def test_anything_else_is_refused_by_both(written):
    assert not accepted(Choice, written)
    assert not SCHEMA.is_valid(written)


@pytest.mark.parametrize(
    ("written", "good"),
    [({}, False), ({"atLeast": 0}, True), ({"atMost": 0}, True), ({"atLeast": 0, "atMost": 0}, False)],
    ids=["none", "the first, though it is zero", "the second, though it is zero", "both"],
)
def test_exactly_one_of_two_keys(written, good):
    assert accepted(Bounded, written) is good
    assert Draft202012Validator(Bounded.model_json_schema()).is_valid(written) is good


def test_a_refusal_lists_what_there_is():
    with pytest.raises(ValueError, match="expected one of a, 2"):
        one_of(("a", 2))("b")


def test_every_confidence_that_may_be_asked_for_has_a_quantile():
    """Else a gate would be UNKNOWN for ever."""
    levels = {round(1 - confidence, 6) for confidence in GAIN_CONFIDENCES}
    assert levels <= {round(level, 6) for level in QUANTILES}
    assert INTERVAL == (0.025, 0.975)
