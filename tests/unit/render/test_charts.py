"""Charts of characters: all of one width, whatever the numbers."""

import math

from reconciler.render.charts import BAR, INTERVAL, bar, columns, interval
from tests.cases import each


@each(
    ("share", "drawn"),
    [
        (0.0, "░" * 20),
        (0.5, "█" * 10 + "░" * 10),
        (1.0, "█" * 20),
        (1.7, "█" * 20),
        (0.33, "██████▋░░░░░░░░░░░░░"),
        (0.001, "░" * 20),
        (-0.1, "░" * 20),
        (math.nan, "░" * 20),
        (math.inf, "░" * 20),
    ],
)
def test_a_bar_is_as_long_as_its_share(share, drawn):
    assert bar(share) == drawn
    assert len(drawn) == BAR


@each(
    ("bounds", "far", "drawn"),
    [
        ((0.01, 0.02, 0.03), 0.0, "┄┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄├───╋───┤"),
        ((-0.03, -0.02, -0.01), 0.0, "├───╋───┤┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄┄"),
        ((-0.01, 0.005, 0.03), 0.0, "┄┄┄┄┄┄┄┄├───┼─╋─────────┤"),
        ((-0.01, 0.0, 0.01), 0.1, "┄┄┄┄┄┄┄┄┄┄┄├╋┤┄┄┄┄┄┄┄┄┄┄┄"),
        ((0.02, 0.02, 0.02), 0.0, "┄┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄╋"),
        ((0.0, 0.0, 0.0), 0.0, "┄┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄┄"),
        ((math.nan, 0.0, 1.0), 0.0, "┄┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄┄"),
        ((-math.inf, 0.0, math.inf), 0.0, "┄┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄┄"),
    ],
)
def test_an_interval_stands_where_it_is_beside_zero(bounds, far, drawn):
    assert interval(*bounds, far) == drawn
    assert len(drawn) == INTERVAL


def test_columns_compare_on_one_scale_and_nothing_is_a_dot():
    assert columns([0.0, 0.1, 0.2, 0.4], 0.4) == "·▂▄█"
    assert columns([0.0, 0.1, 0.2], 0.4) == "·▂▄"
