"""Amounts as Kubernetes writes them back."""

from reconciler.render.quantities import quantity
from tests.cases import each


@each(
    ("written", "stored"),
    [
        ("500m", "500m"),
        ("1000m", "1"),
        ("1500m", "1500m"),
        ("64", "64"),
        ("1000000m", "1k"),
        ("1024Mi", "1Gi"),
        ("1536Mi", "1536Mi"),
        ("1048576Mi", "1Ti"),
        ("0512Mi", "512Mi"),
        ("0", "0"),
        ("1000x", "1000x"),
        ("٣", "٣"),
        ("{{ 1 }}", "{{ 1 }}"),
    ],
)
def test_the_same_amount_has_one_word(written, stored):
    assert quantity(written) == stored
    assert quantity(stored) == stored
