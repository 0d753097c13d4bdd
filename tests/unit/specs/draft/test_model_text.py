"""The drafted model: each guess with its reason, and everything that was left out can be put back by hand."""

from datetime import timedelta

import pytest

from reconciler.domain.survey import TableSurvey, Trivial
from reconciler.specs.draft.draft import Draft, draft
from reconciler.specs.draft.wishes import UnfitDataError, Wishes
from reconciler.specs.model import Model
from reconciler.specs.syntax import parse
from tests.cases import each
from tests.surveys import a_number, a_table, a_text, numbers

MOVING = Trivial(mae_of_median=10.0, mae_of_mean=10.0, mae_of_recent_mean=5.0)
RARE = a_text("y", "a", "b", "c", values=(("a", 10_000), ("b", 9_990), ("c", 10)))


def drafted(table: TableSurvey, **wishes: object) -> Draft:
    return draft(table, Wishes(**{"model": "m", "dataset": "d"} | wishes))


def text_of(table: TableSurvey, **wishes: object) -> str:
    return drafted(table, **wishes).files["models/m/model.yaml"]


def model(table: TableSurvey) -> Model:
    return Model.model_validate(parse("models/m/model.yaml", text_of(table).encode())[1])


@pytest.mark.parametrize(
    ("label", "target"),
    [
        (a_text("y", "no", "yes"), {"positive": "yes"}),
        (a_text("y", "no", "on"), {"positive": "on"}),
        (a_number("y", distinct=2, numbers=numbers(minimum=0, maximum=1, whole=True), values=(("0", 9000), ("1", 11_000))), {}),
        (
            a_number("y", distinct=2, numbers=numbers(minimum=1, maximum=2.5), values=(("1", 9000), ("2.5", 11_000))),
            {"at_least": 2.5},
        ),
        (a_number("y"), {}),
        (RARE, {}),
    ],
    ids=["two texts", "a text that YAML might misread", "0 and 1", "two numbers", "a quantity", "classes"],
)
def test_the_target_says_how_the_label_is_predicted(label, target):
    found = model(a_table(label=label)).spec.target
    assert {key: value for key, value in found.model_dump().items() if value is not None} == target


@each(
    ("table", "line"),
    [
        (
            a_table(label=a_number("y"), trivial=MOVING),
            "    window: 73d   # learn only from this much history; without it, from all",
        ),
        (a_table(label=a_number("y")), "    # window: 90d   # learn only from this much history; without it, from all"),
        (a_table(), "    # parameters: {max_iter: 200}   # keyword arguments of scikit-learn's HistGradientBoosting"),
        (
            a_table(label=RARE),
            "    parameters: {early_stopping: false, l2_regularization: 10}   "
            "# a class is too rare to set some of its rows apart, or to be sure of",
        ),
        (a_table(), "  # owner: the person or team that answers for it"),
    ],
)
def test_the_usual_is_a_comment_and_the_unusual_is_set(table, line):
    assert line in text_of(table).splitlines()


def test_an_owner_replaces_the_comment():
    assert "  owner: ann\n" in text_of(a_table(), owner="ann")


def test_what_is_left_out_stands_with_its_reason():
    text = text_of(a_table(a_number("size"), a_number("twin", copy_of="size"), a_number("told", explains=1.0)))
    assert "    #   twin: the same values as size in all rows.\n" in text
    assert "    #   told: tells bought all by itself" in text
    assert "Left out" not in text_of(a_table())


def test_a_long_list_of_features_is_written_below_each_other():
    names = [f"a_rather_long_name_of_a_column_{n}" for n in range(9)]
    table = a_table(*map(a_number, names))
    assert model(table).spec.features.numeric == tuple(names)
    assert max(map(len, text_of(table).splitlines())) <= 130


@each(
    ("table", "wishes", "fragment"),
    [
        (a_table(), {}, "datasets/d.yaml: label.delay 1d is a guess; how long after the event is bought known?"),
        (a_table(), {}, "datasets/d.yaml: is every other column really known before the event?"),
        (a_table(), {}, "policies/gates/m.yaml: rocAuc atLeast 0.55 is only a little more than the 0.5 of guessing"),
        (a_table(a_number(), a_number("told", explains=1.0)), {}, "marked `known: after`: told"),
        (a_table(a_number(), a_number("twin", copy_of="size")), {}, "models/m/model.yaml: left out, each with its reason: twin"),
        (a_table(without_time=4), {}, "0 rows without a target, 4 without a time: none is learnt from"),
        (a_table(a_number("size"), *(a_number(f"t{n}", copy_of="size") for n in range(7))), {}, "t0, t1, t2, t3, t4 and 2 more"),
    ],
)
def test_guesses_are_listed_for_a_person_to_look_at(table, wishes, fragment):
    assert any(fragment in line for line in drafted(table, **wishes).look), drafted(table, **wishes).look


def test_a_delay_that_was_given_is_no_guess():
    look = drafted(a_table(), label_delay=timedelta(days=3)).look
    assert not any("label.delay" in line for line in look)


def test_the_summary_has_all_the_numbers():
    assert drafted(a_table(a_number("size"), a_text("colour"), a_number("twin", copy_of="size"))).summary == (
        "20,000 rows, 2022-01-01 to 2023-01-01: binary on bought from 2 of 3 columns; hold-out 73d, about 4,000 rows"
    )


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ([a_number("twin", explains=1.0)], "twin: tells bought all by itself"),
        ([a_number("id", numbers=numbers(ordered=True))], "id: follows the event time like a counter"),
    ],
)
def test_a_table_without_a_feature_is_refused_with_the_reason_for_each_column(columns, reason):
    with pytest.raises(UnfitDataError, match="has 0 columns that a model could learn from, 1 needed") as refused:
        drafted(a_table(*columns))
    assert reason in refused.value.message


def test_a_table_of_only_time_and_target_is_refused():
    table = a_table()
    with pytest.raises(UnfitDataError, match="there is no other column"):
        drafted(a_table(columns=(table.column("when"), table.label)))


def test_the_same_table_gives_the_same_bytes():
    assert drafted(a_table()) == drafted(a_table())
