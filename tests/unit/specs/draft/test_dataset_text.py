"""The drafted contract: what a reader should know stands in comments, and expectations are few and robust."""

import pytest

from reconciler.domain.data import FileFormat
from reconciler.domain.survey import TableSurvey
from reconciler.specs.dataset import Dataset
from reconciler.specs.draft.columns import features
from reconciler.specs.draft.dataset_text import dataset_text
from reconciler.specs.draft.target import target_of
from reconciler.specs.draft.timing import timing_of
from reconciler.specs.draft.wishes import Wishes
from reconciler.specs.syntax import parse
from tests.cases import each
from tests.surveys import ROWS, a_number, a_table, a_text, numbers


def written(table: TableSurvey, **wishes: str) -> str:
    target = target_of(table.label, None)
    asked = Wishes(**{"model": "m", "dataset": "d"} | wishes)
    return dataset_text(table, asked, target, features(table), timing_of(table, target, None))


def contract(table: TableSurvey) -> Dataset:
    return Dataset.model_validate(parse("datasets/d.yaml", written(table).encode())[1])


@each(
    ("changes", "remark"),
    [
        ({"without_time": 1234}, "# 1,234 rows have no when: no run ever reads them."),
        ({"duplicates": 7}, "# 7 rows repeat another row in all columns: are they meant to count twice?"),
        ({"unnamed": 1}, "# 1 column without a name (often the row number of an export) is left out."),
        ({"label": a_text("bought", "no", "yes", missing=5)}, "# 5 rows have no bought: nothing is learnt from them."),
    ],
)
def test_what_is_odd_about_the_table_is_remarked_on(changes, remark):
    assert remark in written(a_table(**changes)).splitlines()
    assert remark not in written(a_table())


@each(
    ("changes", "source"),
    [
        ({}, "{type: file, path: data/table.csv, format: csv}"),
        ({"separator": ";"}, '{type: file, path: data/table.csv, format: csv, separator: ";"}'),
        ({"separator": "\t"}, '{type: file, path: data/table.csv, format: csv, separator: "\\t"}'),
        ({"time_format": "%d/%m/%Y"}, '{type: file, path: data/table.csv, format: csv, timeFormat: "%d/%m/%Y"}'),
        ({"format": FileFormat.PARQUET, "separator": ";"}, "{type: file, path: data/table.csv, format: parquet}"),
        ({"path": "s3://b/x y.csv"}, '{type: file, path: "s3://b/x y.csv", format: csv}'),
    ],
)
def test_the_source_says_how_the_file_is_read(changes, source):
    assert f"  source: {source}\n" in written(a_table(**changes))
    assert contract(a_table(**changes)).spec.source.type == "file"


def test_the_owner_stands_only_when_there_is_one():
    assert "owner" not in written(a_table()).split("spec:")[0]
    assert "\n  owner: ann\n" in written(a_table(), owner="ann")


@pytest.mark.parametrize(
    ("label", "declared"),
    [
        (a_text("y", "no", "yes"), {"type": "category", "categories": ("no", "yes"), "minimum": None}),
        (a_number("y"), {"type": "number", "categories": None, "minimum": 0.0, "maximum": 150.0}),
    ],
)
def test_the_label_is_known_only_afterwards(label, declared):
    column = contract(a_table(label=label)).column("y")
    assert column.known == "after"
    assert column.nullable
    assert {key: getattr(column, key) for key in declared} == declared


def test_each_column_is_declared_once_in_the_order_of_the_file():
    table = a_table(a_number("b"), a_text("a"), a_number("c", explains=1.0), a_number("d", copy_of="b"))
    columns = contract(table).spec.columns
    assert [column.name for column in columns] == ["when", "b", "a", "c", "d", "bought"]
    assert [column.name for column in columns if column.known == "after"] == ["c", "bought"]


@pytest.mark.parametrize(("length", "lines"), [(3, 1), (60, 2)], ids=["short ones on one line", "long ones below each other"])
def test_categories_are_written_so_that_lines_stay_short(length, lines):
    names = tuple(f"{n}{'x' * length}" for n in range(5))
    text = written(a_table(a_text("colour", *names)))
    assert max(map(len, text.splitlines())) <= 130
    assert ("        - " in text) is (lines > 1)
    assert contract(a_table(a_text("colour", *names))).column("colour").categories == names


def expectations(table: TableSurvey) -> list[tuple[str, dict[str, object]]]:
    return [(one.type.removeprefix("expect_"), one.arguments) for one in contract(table).spec.expectations]


@pytest.mark.parametrize(("present", "least"), [(20_000, 2000), (400, 50), (100, 50)])
def test_enough_rows_are_expected(present, least):
    table = a_table(label=a_text("y", "no", "yes", present=present))
    assert expectations(table)[0] == ("table_row_count_to_be_between", {"min_value": least})


def test_a_category_of_three_must_not_freeze_and_one_of_two_may():
    found = expectations(a_table(a_text("three", "a", "b", "c"), a_text("two", "a", "b")))
    assert ("column_unique_value_count_to_be_between", {"column": "three", "min_value": 2}) in found
    assert not any(arguments.get("column") == "two" for _, arguments in found)


@pytest.mark.parametrize(
    ("missing", "late", "mostly"),
    [
        (200, 100, 0.8),
        (2000, 1000, 0.8),
        (10_000, 5000, 0.4),
        (10_000, 10_000, None),
        (10_000, 0, None),
        (17_000, 8500, None),
    ],
    ids=["few gaps", "a tenth", "half", "the newer half is empty", "the older half is empty", "nearly all"],
)
def test_gaps_may_grow_by_a_tenth_but_not_to_silence(missing, late, mostly):
    column = a_number("size", missing=missing, present=ROWS - missing, late_missing=late)
    found = [arguments for kind, arguments in expectations(a_table(column)) if kind == "column_values_to_not_be_null"]
    assert found == ([] if mostly is None else [{"column": "size", "mostly": mostly}])


def test_many_columns_do_not_make_endless_expectations():
    table = a_table(*(a_text(f"c{n}", "a", "b", "c") for n in range(50)))
    assert len(expectations(table)) == 1 + 20


def test_a_side_without_a_bound_says_what_was_seen():
    text = written(a_table(a_number("load", numbers=numbers(maximum=1e6, high=100.0))))
    assert "seen 0 to 1000000; a side without a bound" in text
    assert contract(a_table(a_number("load", numbers=numbers(maximum=1e6, high=100.0)))).column("load").maximum is None
