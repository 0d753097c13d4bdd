"""Expectations are those of Great Expectations, and addresses hold no secret."""

import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.specs.load import load_specs
from tests.cases import each
from tests.specs import ROOT, a_repository, edited, problems

DATASET = "datasets/flights.yaml"
EXPECTS = """\
  expectations:
    - {type: expect_column_mean_to_be_betwen, arguments: {column: distance}}
    - {type: expect_column_median_to_be_between, arguments: {column: distance, minvalue: 500}}
    - {type: expect_column_max_to_be_between, arguments: {min_value: 500}}
    - {type: expect_column_to_exist}
    - {type: expect_column_pair_values_to_be_equal, arguments: {column_A: distance, column_B: distanc, severity: warn}}
    - {type: expect_compound_columns_to_be_unique, arguments: {column_list: [distance, delai]}}
    - {type: unexpected_rows_expectation, arguments: {unexpected_rows_query: SELECT 1, severity: info}}
"""


def test_expectations_are_those_of_great_expectations_and_so_are_their_arguments():
    before, _, _ = ROOT[DATASET].partition("  expectations:")
    dataset = before + EXPECTS
    with pytest.raises(InvalidSpecsError) as caught:
        load_specs(a_repository(**{DATASET: dataset}))
    told = [f"{problem.field}: {problem.message} ({problem.hint})" for problem in caught.value.problems]
    assert told == [
        'spec.expectations[0].type: there is no expectation "expect_column_mean_to_be_betwen" in Great Expectations '
        '(did you mean "expect_column_mean_to_be_between"?)',
        'spec.expectations[1].arguments.minvalue: expect_column_median_to_be_between takes no argument "minvalue" '
        '(did you mean "min_value"?)',
        'spec.expectations[2].arguments: expect_column_max_to_be_between needs the argument "column" '
        "(add column to its arguments)",
        'spec.expectations[3]: expect_column_to_exist needs the argument "column" (add column to its arguments)',
        'spec.expectations[4].arguments.column_B: "distanc" is not a column of this dataset (did you mean "distance"?)',
        'spec.expectations[4].arguments.severity: "warn" is no severity (did you mean "warning"?)',
        'spec.expectations[5].arguments.column_list[1]: "delai" is not a column of this dataset (did you mean "delay"?)',
    ]


@each(
    ("url", "refused"),
    [
        ("postgresql://bob:hunter2@db/shop", True),
        ("postgresql://bob:${PASSWORD}@db/shop", False),
        ("${SHOP_URL}", False),
        ("sqlite:///shop.db", False),
    ],
)
def test_a_password_in_a_url_is_refused_and_not_repeated(url, refused):
    source = "    type: python\n    function: datasets.flights:flights\n"
    files = edited(DATASET, source, f"    type: sql\n    url: {url}\n    query: flights\n")
    if not refused:
        assert load_specs(files).datasets
        return
    (said,) = problems(files)
    assert "the URL holds a password" in said
    assert "hunter2" not in said
