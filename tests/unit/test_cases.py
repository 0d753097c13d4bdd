"""Tables as one test: every case is tried, and the one that fails is named."""

import pytest

from tests.cases import each


def test_every_case_is_tried_with_every_other() -> None:
    tried = []

    @each("one", [1, 2])
    @each(("two", "three"), [("a", "b"), ("c", "d")])
    def table(one: int, two: str, three: str) -> None:
        tried.append((one, two, three))

    table()
    assert tried == [(1, "a", "b"), (1, "c", "d"), (2, "a", "b"), (2, "c", "d")]


def test_a_case_that_fails_fails_the_test_and_is_named() -> None:
    @each("number", [3, 2, 1, 0])
    def table(number: int) -> None:
        assert 6 // number < 6

    with pytest.raises(AssertionError) as caught:
        table()
    assert caught.value.__notes__ == ["case 3 of 4: {'number': 1}"]


def test_what_pytest_raises_when_nothing_was_raised_is_named_too() -> None:
    @each("number", [1])
    def table(number: int) -> None:
        with pytest.raises(ZeroDivisionError):
            1 / number

    with pytest.raises(pytest.fail.Exception) as caught:
        table()
    assert caught.value.__notes__ == ["case 1 of 1: {'number': 1}"]


def test_a_table_without_cases_proves_nothing_and_marks_would_be_lost() -> None:
    with pytest.raises(ValueError, match="no case of number"):
        each("number", [])
    with pytest.raises(TypeError, match=r"pytest\.param"):
        each("number", [pytest.param(1, marks=pytest.mark.slow)])
