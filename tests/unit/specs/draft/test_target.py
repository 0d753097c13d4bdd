import pytest

from reconciler.domain.survey import ColumnSurvey, Kind
from reconciler.specs.dataset import ColumnType
from reconciler.specs.draft.target import TargetDraft, target_of
from reconciler.specs.draft.wishes import UnfitDataError
from reconciler.specs.model import Task
from tests.cases import each
from tests.surveys import a_number, a_text, numbers


def whole(*values: float, kind: Kind = Kind.INTEGER) -> ColumnSurvey:
    seen = numbers(minimum=min(values), maximum=max(values), whole=True)
    counted = tuple((str(int(value)), 100) for value in values)
    return a_number("label", kind=kind, distinct=len(values), values=counted, numbers=seen)


@each(
    ("label", "wanted", "task", "kind"),
    [
        (a_text("label", "yes", "no"), None, Task.BINARY, ColumnType.CATEGORY),
        (a_text("label", "a", "b", "c"), None, Task.MULTICLASS, ColumnType.CATEGORY),
        (a_text("label", *map(str, range(30))), Task.MULTICLASS, Task.MULTICLASS, ColumnType.CATEGORY),
        (a_number("label", kind=Kind.BOOLEAN, distinct=2, numbers=None), None, Task.BINARY, ColumnType.BOOLEAN),
        (whole(0, 1), None, Task.BINARY, ColumnType.INTEGER),
        (whole(0, 1, kind=Kind.NUMBER), None, Task.BINARY, ColumnType.INTEGER),
        (whole(0, 1), Task.REGRESSION, Task.REGRESSION, ColumnType.INTEGER),
        (whole(1, 2, 3), None, Task.MULTICLASS, ColumnType.INTEGER),
        (whole(1, 2, 3), Task.REGRESSION, Task.REGRESSION, ColumnType.INTEGER),
        (whole(*range(11)), None, Task.REGRESSION, ColumnType.INTEGER),
        (whole(*range(11)), Task.MULTICLASS, Task.MULTICLASS, ColumnType.INTEGER),
        (a_number("label"), None, Task.REGRESSION, ColumnType.NUMBER),
    ],
)
def test_the_task_that_the_values_suggest(label: ColumnSurvey, wanted: Task | None, task: Task, kind: ColumnType) -> None:
    draft = target_of(label, wanted)

    assert (draft.task, draft.type) == (task, kind)


@each(
    ("values", "positive"),
    [(("no", "yes"), "yes"), (("yes", "no"), "yes"), (("False ", "True "), "True "), (("many", "few"), "few")],
)
def test_the_positive_text_is_the_one_that_says_so_or_the_rarer(values: tuple[str, str], positive: str) -> None:
    assert target_of(a_text("label", *values), None).positive == positive


def test_two_numbers_that_are_not_0_and_1_are_cut_at_the_larger() -> None:
    draft = target_of(whole(-1, 1), None)

    assert (draft.task, draft.at_least, draft.minimum) == (Task.BINARY, 1, None)


def test_classes_of_texts_are_declared_as_categories() -> None:
    assert target_of(a_text("label", "b", "a", "c"), None).categories == ("a", "b", "c")
    assert target_of(whole(1, 2, 3), None).categories is None


@each(
    ("label", "wanted", "message"),
    [
        (a_text("label", "a"), None, "target label is a in all 20,000 rows that have it: 2 values needed"),
        (a_text("label", *map(str, range(21))), None, "21 different texts, at most 20"),
        (a_text("label", "1,234", "2,345", punctuated="1,234"), None, 'written like "1,234"'),
        (a_number("label", numbers=numbers(infinite=2)), None, "infinite in 2 of 20,000 rows"),
        (a_number("label", kind=Kind.TIME), None, "holds times"),
        (a_text("label", "a", "b"), Task.REGRESSION, "2 different values, which makes a binary task, not regression"),
        (a_number("label"), Task.BINARY, "20,000 different values, which makes a regression task, not binary"),
        (a_text("label", "a", "b", "c"), Task.BINARY, "3 different values, which makes a multiclass task, not binary"),
    ],
)
def test_what_cannot_be_predicted_is_refused(label: ColumnSurvey, wanted: Task | None, message: str) -> None:
    with pytest.raises(UnfitDataError) as refused:
        target_of(label, wanted)

    assert message in refused.value.message


def test_the_rarest_class_is_counted() -> None:
    draft: TargetDraft = target_of(a_text("label", "a", "b", "c", values=(("a", 90), ("b", 9), ("c", 1))), None)

    assert draft.rarest == 1
