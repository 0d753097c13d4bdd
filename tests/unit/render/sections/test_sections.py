"""Each measurement as a section: what is told, what is said when it is missing, and nothing when nobody asked."""

from dataclasses import fields, replace

from reconciler.domain.evidence import NOT_MEASURED, Evidence, NoBaseline
from reconciler.domain.known import Missing
from reconciler.render.markdown import Drawn
from reconciler.render.sections import SECTIONS, sections_of, untested
from reconciler.render.sections.cause import drift_section
from reconciler.render.sections.importance import SHOWN, kept_section
from reconciler.render.sections.section import folded
from tests.builders import evidence
from tests.cases import each
from tests.measured import an_importance, full_evidence
from tests.reviews import a_drift

EVERYTHING = full_evidence()
GONE = Missing(code="cannotBeMeasured", why="the disk was full")
FIELDS = [shown.field for shown in SECTIONS]


def section(field: str, found=EVERYTHING):
    (shown,) = (one for one in SECTIONS if one.field == field)
    return shown.section(found)


def rows(field: str, found=EVERYTHING):
    return section(field, found).table.rows


def test_every_measurement_has_a_section():
    """Metrics and the comparison are a table of their own; the others are about the measuring."""
    apart = {"metrics", "comparison", "asked", "primary", "interpreter"}
    assert {one.name for one in fields(Evidence)} - apart == set(FIELDS)


@each("field", FIELDS)
def test_a_section_is_there_when_something_was_measured_or_could_not_be(field):
    assert section(field).title
    assert section(field, replace(EVERYTHING, **{field: NOT_MEASURED})) is None
    if field != "quality":
        assert section(field, replace(EVERYTHING, **{field: GONE})).notes == ("Not measured: the disk was full.",)


@each("field", FIELDS)
def test_every_row_has_a_cell_for_each_column(field):
    table = section(field).table
    for row in table.rows if table else ():
        assert len(row) == len(table.head)


def test_sections_come_in_their_order_and_what_was_not_tested_is_named():
    assert [one.title for one in sections_of(EVERYTHING)] == [section(field).title for field in FIELDS]
    assert untested(EVERYTHING) == []
    assert "whether its probabilities hold" in untested(evidence())
    assert "whether its probabilities hold" in untested(replace(EVERYTHING, calibration=GONE))


def test_features_are_ranked_by_what_they_matter_and_new_ones_have_nothing_live():
    first, *_, last = rows("importance")
    assert first == ("minuteOfDay", "████████▊░░░░░░░░░░░", "44 %", "42 % to 46 %", "50 %", "-6.0 %")
    assert isinstance(first[1], Drawn)
    assert last[0] == "origin"
    assert rows("importance")[3][-2:] == ("none", "none")


def test_many_features_are_counted_and_a_first_release_has_nothing_beside_it():
    share = an_importance().shares["carrier"]
    many = {f"feature{number:02}": share for number in range(SHOWN + 3)}
    found = section("importance", replace(EVERYTHING, importance=replace(an_importance(), shares=many, beside=NoBaseline())))
    assert len(found.table.rows) == SHOWN
    assert found.notes[1:] == ("The importance is not compared: nothing is live yet.", "3 more features have less.")


def test_importance_that_train_kept_is_shown_without_intervals():
    assert kept_section({}) is None
    assert kept_section({"b": 0.25, "a": 0.75}).table.rows == (
        ("a", "███████████████░░░░░", "75 %"),
        ("b", "█████░░░░░░░░░░░░░░░", "25 %"),
    )


def test_spoiled_inputs_are_drawn_on_one_scale():
    drawn = {row[0]: row[-1] for row in rows("robustness")}
    worst = "missing in 100 % of the values, one feature at a time, worst minuteOfDay"
    assert drawn[worst] == "├╋┄┄┄┄┄┄┄┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄┄"
    assert drawn["noise of 0.1 in 100 % of the values"] == "┄┄┄┄┄┄┄┄┄┄┄├╋┤┄┄┄┄┄┄┄┄┄┄┄"
    assert section("robustness").notes[:2] == (
        "The model breaks: unseenCategories in 5 % of the values: ValueError: Found unknown categories.",
        "increasesWith distance: 31 of 10,000 answers go against it.",
    )


def test_a_loss_is_a_loss_whatever_the_direction_of_the_metric():
    assert rows("training") == (("rocAuc", "0.78", "0.72", "+0.06"), ("brier", "0.14", "0.151", "+0.011"))


def test_numbers_are_in_units_that_people_read():
    assert rows("latency")[0][:3] == ("1", "4.2 ms", "4.2 ms")
    assert section("latency").notes == ("1000: the package could not be asked.",)
    assert rows("memory") == (("1", "172 MiB", "28.6 MiB"),)
    assert rows("infra") == (("numpy", "2.5.0", "not installed"), ("scikit-learn", "1.9.1", "1.9.1"))
    assert rows("calibration")[0] == ("4.0 %", "3.6 %", "▊░░░░░░░░░░░░░░░░░░░", "1,000")


def test_drift_is_drawn_bin_by_bin():
    found = drift_section(a_drift())
    assert found.title == "Drift over the last 7d"
    assert found.table.rows[0] == ("departuresThatHour", "0.356", "0.2", "drifted", "▅▅▅▅▅▅▅▅▅▅", "▁▂▃▄▅▅▆▇██", "12 %")
    assert found.notes[0].endswith("1 of the 3 heaviest of 8 features drifted.")


def test_a_section_is_markdown_for_templates():
    text = folded(section("importance"))["text"]
    assert text.startswith("| feature | importance | share | 95 % | live | shift |\n| --- | --- | ---: | --- | ---: | ---: |\n")
    assert "| minuteOfDay | `████████▊░░░░░░░░░░░` | 44 % |" in text
    assert "\n\n- A feature's share of" in text
