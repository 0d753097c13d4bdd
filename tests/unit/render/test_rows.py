from dataclasses import replace

import pytest

from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.render.rows import NOTHING, evidence_notes, gate_rows, lineage_rows, metric_rows, number, part_rows
from tests.builders import a_build, a_comparison, a_gain, a_model, a_release, evidence, first_evidence
from tests.cases import each


def test_nested_gates_are_one_row_per_rule():
    inner = Judgement(rule="any", answer=Answer.YES, code="c", message="m", parts=(yes("a", "c", "m"), no("b", "c", "m")))
    outer = Judgement(rule="all", answer=Answer.UNKNOWN, code="c", message="m", parts=(inner, unknown("d", "c", "m")))
    assert [(row["rule"], row["symbol"]) for row in gate_rows(outer)] == [("a", "✓"), ("b", "✗"), ("d", "?")]


def test_metrics_come_in_the_order_of_the_spec_with_their_intervals():
    gains = a_comparison(a_gain("brier", gain=-0.001), a_gain())
    rows = metric_rows(a_model(metrics=["brier", "rocAuc", "f1"]), evidence(comparison=gains))
    assert [row["metric"] for row in rows] == ["brier", "rocAuc"]
    assert (rows[0]["interval"], rows[0]["candidate"]) == (NOTHING, "0.699")
    assert (rows[1]["interval"], rows[1]["gain"], rows[1]["gain_interval"]) == ("0.71 to 0.73", "+0.02", "+0.0102 to +0.0298")


def test_a_gain_without_the_needed_quantiles_has_no_interval():
    gain = replace(a_gain(), quantiles={0.05: 0.01})
    (row,) = metric_rows(a_model(metrics=["rocAuc"]), evidence(comparison=a_comparison(gain)))
    assert row["gain_interval"] == NOTHING


def test_a_first_release_has_nothing_beside_it():
    (row,) = metric_rows(a_model(metrics=["rocAuc"]), first_evidence())
    assert (row["live"], row["gain"]) == (NOTHING, NOTHING)
    assert {row["before"] for row in (*lineage_rows(a_build(), None), *part_rows(a_build(), None))} == {NOTHING}
    assert {row["changed"] for row in part_rows(a_build(), None)} == {"new"}


def test_only_the_parts_that_differ_are_changed():
    rows = part_rows(a_build("candidate"), a_release().build)
    assert [row["part"] for row in rows if row["changed"] == "changed"] == ["data", "artifact"]


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"metrics": Missing(code="c", why="no file")}, "The metrics are missing: no file."),
        ({"comparison": Missing(code="c", why="no rows")}, "The comparison with the live model is missing: no rows."),
        ({"quality": Missing(code="c", why="not run")}, "The quality of the data is unknown: not run."),
    ],
)
def test_what_is_missing_is_said(changes, note):
    assert note in evidence_notes(evidence(**changes))


@each(("value", "text"), [(None, NOTHING), (0.123456, "0.1235"), (1234567.0, "1.235e+06"), (float("nan"), "nan")])
def test_numbers_have_four_digits(value, text):
    assert number(value) == text
