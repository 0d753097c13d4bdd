import pytest

from reconciler.domain.survey import ColumnSurvey, Kind
from reconciler.specs.dataset import ColumnType
from reconciler.specs.draft.columns import ColumnDraft, Role, features
from tests.cases import each
from tests.surveys import ROWS, a_number, a_table, a_text, numbers


def drafted(column: ColumnSurvey) -> ColumnDraft:
    return features(a_table(column))[0]


@each(
    ("column", "reason"),
    [
        (a_number(explains=0.9995), "tells bought all by itself"),
        (a_number(copy_of="bought"), "tells bought all by itself"),
        (a_number(copy_of="weight"), "the same values as weight"),
        (a_number(present=0, missing=ROWS, distinct=0, numbers=None), "no value in any of 20,000 rows"),
        (a_text("colour", "red"), "the same value red in all 20,000 rows"),
        (a_number(kind=Kind.TIME, numbers=None), "a time, which no estimator takes"),
        (a_number(numbers=numbers(infinite=3)), "3 infinite values"),
        (a_number(numbers=numbers(ordered=True)), "follows the event time like a counter"),
        (a_number(kind=Kind.INTEGER, numbers=numbers(maximum=ROWS - 1)), "an identifier: 20,000 different whole numbers"),
        (a_number(kind=Kind.INTEGER, numbers=numbers(maximum=2.0**62)), "an identifier"),
        (a_number("customer_id", kind=Kind.INTEGER, numbers=numbers(maximum=1e6)), "an identifier"),
        (a_text(punctuated="1,234"), 'written like "1,234"'),
        (a_text(distinct=ROWS, values=()), "an identifier: 20,000 different values"),
        (a_text(distinct=19_500, values=(), words=12.0), "free text: 19,500 different values of 12 words"),
        (a_text(distinct=101, values=()), "101 categories in 20,000 rows"),
    ],
)
def test_what_cannot_help_is_left_out_with_the_reason(column: ColumnSurvey, reason: str) -> None:
    draft = drafted(column)

    assert draft.role is Role.LEFT_OUT
    assert reason in draft.why
    assert draft.nullable, "what is not used is not checked"


def test_a_column_that_tells_the_target_is_declared_to_be_known_after_it() -> None:
    assert drafted(a_number(explains=1.0)).leak
    assert not drafted(a_number(explains=0.99)).leak


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.INTEGER])
def test_numbers_with_gaps_between_the_values_are_features_though_all_differ(kind: Kind) -> None:
    draft = drafted(a_number(kind=kind, numbers=numbers(maximum=1e7, high=9.9e6, median=5e6, early_maximum=1e7)))

    assert (draft.role, draft.minimum, draft.maximum) == (Role.NUMERIC, 0, 1.5e7)


def test_a_column_with_gaps_may_have_them_again() -> None:
    assert drafted(a_number(present=ROWS - 1, missing=1)).nullable
    assert not drafted(a_number()).nullable


def test_truth_values_are_numeric_features() -> None:
    draft = drafted(
        ColumnSurvey(name="paid", kind=Kind.BOOLEAN, present=ROWS, missing=0, distinct=2, values=(("true", 9), ("false", 9)))
    )

    assert (draft.type, draft.role) == (ColumnType.BOOLEAN, Role.NUMERIC)


def test_categories_are_listed_when_they_seem_to_be_all() -> None:
    assert drafted(a_text("colour", "red", "blue")).categories == ("blue", "red")


@pytest.mark.parametrize(
    "column",
    [
        a_text("colour", "red", "blue", late_values=1),
        a_text("colour", "red", "blue", values=(("red", ROWS - 4), ("blue", 4))),
        a_text("colour", *(f"c{i}" for i in range(51))),
    ],
    ids=["new ones came late", "a rare one", "many"],
)
def test_categories_stay_open_when_more_may_come(column: ColumnSurvey) -> None:
    draft = drafted(column)

    assert (draft.role, draft.categories) == (Role.CATEGORICAL, None)
    assert "any may come" in draft.why
