"""Findings of the doctor."""

import pytest

from reconciler.domain.diagnosis import Finding, Level, bad, doubt, good


@pytest.mark.parametrize(
    ("finding", "level", "remedy"),
    [
        (good("git", "2.39"), Level.GOOD, ""),
        (doubt("git", "2.39", "upgrade"), Level.DOUBT, "upgrade"),
        (bad("git", "2.39", "install git"), Level.BAD, "install git"),
    ],
)
def test_each_level_has_its_word(finding, level, remedy):
    assert finding == Finding(check="git", level=level, message="2.39", remedy=remedy)


def test_levels_are_in_the_order_of_their_weight():
    assert [*Level] == ["good", "doubt", "bad"]
